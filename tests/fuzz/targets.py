"""What reads data made by an enemy, each as one function of that data.

A target returns what it made of the data, or None where the data was refused in the documented
way. Any other exception is a hole.
"""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from autograder.authoring.answer_key import REFERENCE_DRAW, AnswerKey, answer_keys, call_ids
from autograder.authoring.exercise import Assignment, Exercise
from autograder.core.cells import marker_of
from autograder.core.course import Course
from autograder.core.errors import RefusedError
from autograder.core.outcome import Outcome
from autograder.judging.compare import difference
from autograder.judging.judge import judge
from autograder.judging.verdict import Verdict
from autograder.publishing.graded_notebook import annotated_notebook
from autograder.publishing.page.feedback_page import feedback_page
from autograder.records.record import Record, RecordError, load_record, save_record
from autograder.running.read import SubmittedFile, parse_submission
from autograder.running.rebuild import CleanNotebook, rebuild
from autograder.running.stems import Releases
from autograder.sandbox.outside.replies import Budget
from autograder.sandbox.outside.session import RoomLost, Session
from autograder.sandbox.outside.snapshot import PendingQuestion, Snapshot
from autograder.sandbox.protocol.outputs import OutputError, check_outputs
from autograder.sandbox.protocol.plan import (
    Answer,
    Call,
    Cell,
    CellResult,
    Limits,
    Question,
    QuestionResult,
)
from autograder.sandbox.protocol.values import DecodeError, decode, encode
from autograder.sandbox.protocol.wire import Channel, WireError, pair
from tests.course import find_assignment

NAME = "02_convolution"
SECRET = b"a secret of the fuzzers"
LIMIT = 1 << 16
SECONDS = 5.0

CELL = Cell("cell", "1 + 1")
QUESTION = Question(
    "test-f", "f", (Call("a", (1,)), Call("b", (2,))), ("numpy.convolve", "scipy.signal.*")
)
VALUE = Question("test-v", "v")


@functools.cache
def released() -> bytes:
    """A notebook as students get it."""
    root = Path(__file__).resolve().parents[2]
    return Course(root).released(NAME).read_bytes()


@functools.cache
def master() -> nbformat.NotebookNode:
    return nbformat.reads(released().decode(), 4)


@functools.cache
def assignment() -> Assignment:
    return find_assignment(NAME)


@functools.cache
def good_record() -> Record:
    """The record of a notebook that answers everything as the oracle does."""
    questions = tuple(
        QuestionResult(
            f"test-{exercise.name}",
            Outcome.OK,
            answers=tuple(
                Answer(call, value=encode(right))
                for call, right in zip(call_ids(exercise, key.cases), key.right, strict=True)
            ),
        )
        for exercise, key in answer_keys(assignment(), SECRET)
    )
    text = {"output_type": "stream", "name": "stdout", "text": "hello\n"}
    cells = tuple(
        CellResult(cell.id, Outcome.OK, (text,)) for cell in master().cells if _is_run(cell)
    )
    return Record(NAME, "ada", "key", notebook=dict(master()), cells=cells, questions=questions)


def _is_run(cell: nbformat.NotebookNode) -> bool:
    return cell.cell_type == "code" and marker_of(cell).kind != "test"


def value(encoded: object) -> Any:
    """Decode, encode again, and compare with answers of every form."""
    try:
        decoded = decode(encoded, max_bytes=LIMIT)
    except DecodeError:
        return None
    again = json.loads(json.dumps(encode(decoded), allow_nan=False))
    decode(again, max_bytes=LIMIT)
    for expected in (np.ones(3), np.int64(1), (1, np.ones(2)), True, "text", None, 1.5):
        difference(decoded, expected, rtol=1e-6, atol=1e-9, accepts_lists=True)
        difference(decoded, expected, rtol=0, atol=0, at_least=0.5)
    return decoded


def outputs(raw: object) -> list[dict[str, Any]] | None:
    """Check the outputs of a cell; what is kept is within the budget and can be written."""
    try:
        kept, used, _ = check_outputs(raw, budget=LIMIT)
    except OutputError:
        return None
    assert used <= LIMIT
    assert check_outputs(kept, budget=LIMIT)[:2] == (kept, used)
    json.dumps(kept, ensure_ascii=False).encode()
    return kept


def submission(content: bytes) -> CleanNotebook | None:
    """Take a submission in; the tests and the set-up are the master's whatever it says."""
    try:
        clean = rebuild(Releases(master()), parse_submission(SubmittedFile.of([content])))
    except RefusedError as refusal:
        return _refused(refusal)
    nbformat.validate(clean.notebook)
    known = {cell.id: cell for cell in clean.notebook.cells}
    for cell in master().cells:
        if marker_of(cell).kind in ("test", "setup"):
            assert known[cell.id] == cell
    return clean


def _refused(error: Exception) -> None:
    """The reason is for a person to read."""
    assert len(str(error)) < 1000


def record(content: bytes) -> Record | None:
    """Load a record, judge it, and write the pages that are made of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        path.write_bytes(content)
        try:
            loaded = load_record(path)
        except RecordError as error:
            return _refused(error)
        verdict = judge(loaded, assignment(), SECRET)
        assert 0 <= verdict.earned <= sum(e.points for e in assignment().exercises)
        feedback_page(loaded, verdict, assignment(), SECRET).encode()
        if verdict.scored and loaded.notebook is not None:
            nbformat.writes(annotated_notebook(loaded, verdict)).encode()
        save_record(loaded, path)
        load_record(path)
    return loaded


@functools.cache
def asked(name: str) -> tuple[tuple[Exercise, AnswerKey], ...]:
    """The exercises of an assignment, each with what is asked and right in one draw."""
    return answer_keys(find_assignment(name), SECRET)


def answers(name: str, exercise: Exercise, given: Sequence[object]) -> Verdict:
    """Judge encoded answers to an exercise, and show them."""
    calls = call_ids(exercise, dict(asked(name))[exercise].cases)
    said = [Answer(call, value=each) for call, each in zip(calls, given, strict=True)]
    question = QuestionResult(f"test-{exercise.name}", Outcome.OK, answers=tuple(said))
    made = Record(name, "ada", "key", draw=REFERENCE_DRAW, questions=(question,))
    verdict = judge(made, find_assignment(name), SECRET)
    assert 0 <= verdict.earned <= exercise.points
    feedback_page(made, verdict, find_assignment(name), SECRET).encode()
    return verdict


def frames(data: bytes) -> list[dict[str, Any]]:
    """Receive messages until something is no message."""
    mine, other = socket.socketpair()
    messages = []
    with Channel(mine) as channel, other, contextlib.suppress(WireError):
        other.sendall(data[:LIMIT])
        other.close()
        while True:
            messages.append(channel.receive(limit=LIMIT, seconds=SECONDS, most_parts=LIMIT))
    return messages


def cell_reply(data: bytes) -> CellResult | None:
    """Run a cell in a room that answers with `data`."""
    with _answering(data) as session:
        try:
            result, _ = session.run_cell(CELL, LIMIT)
        except RoomLost:
            return None
    _keep(Record(NAME, "ada", "key", cells=(result,)))
    return result


def value_reply(data: bytes) -> QuestionResult | None:
    """Ask for the value of a name in a room that answers with `data`."""
    with _answering(data) as session:
        try:
            result = session.read(VALUE, Budget.of(LIMIT))
        except RoomLost:
            return None
    _keep(Record(NAME, "ada", "key", questions=(result,)))
    return result


def snapshot_reply(data: bytes) -> QuestionResult | None:
    """Ask a question of a snapshot that answers with `data`."""
    asked_of, theirs = pair()
    budget = Budget.of(LIMIT)
    with _answering(b"") as session, theirs:
        _say(theirs, data)
        try:
            result = session.answer(PendingQuestion(QUESTION, Snapshot("q", asked_of)), budget)
        except RoomLost as lost:
            result = lost.result
    assert result is not None
    _keep(Record(NAME, "ada", "key", questions=(result,)))
    return result


@contextlib.contextmanager
def _answering(data: bytes) -> Any:
    """A session with a room that says `data` and is gone."""
    student, theirs = pair()
    guard, at_guard = pair()
    with student, theirs, guard, at_guard:
        _say(theirs, data)
        at_guard.close()
        limits = Limits(answer_bytes=LIMIT, output_bytes=LIMIT)
        yield Session(student, guard, limits, time.monotonic() + SECONDS)


def _say(sock: socket.socket, data: bytes) -> None:
    """Send what the socket takes at once, and nothing more; what comes in is still taken."""
    sock.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        sock.sendall(data)
    sock.shutdown(socket.SHUT_WR)


def _keep(made: Record) -> None:
    """What was taken from a room can be saved, and is the same when it is loaded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record.json"
        save_record(made, path)
        assert load_record(path) == made
    judge(made, assignment(), SECRET)
