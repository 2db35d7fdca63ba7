"""What the locked room has to do for a submission: its cells, and questions with hidden cases."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace

from nbformat import NotebookNode

from autograder.authoring.answer_key import (
    REFERENCE_DRAW,
    answer_keys,
    call_ids,
    common_calls,
    common_cases,
)
from autograder.authoring.exercise import Assignment, Case, Exercise, source_as
from autograder.authoring.loop_probes import probes
from autograder.core.cells import EXTRA, at_the_end, marker_of, test_id
from autograder.core.definitions import bound_names
from autograder.running.rebuild import CleanNotebook
from autograder.sandbox.protocol.plan import Call, Cell, Question, Step
from autograder.sandbox.protocol.values import encode

_RUN_KINDS = ("", "setup", "solution", "value", "playground", EXTRA)


_QUESTIONS_AT_A_TIME = 32


def plan(
    clean: CleanNotebook, assignment: Assignment, secret: bytes, draw: str = REFERENCE_DRAW
) -> tuple[Step, ...]:
    """What the locked room has to do for a clean notebook, with the hidden cases of a draw.

    Code cells are run in order. A test cell becomes a question, with the hidden cases as its
    calls: what a name means there is the answer. Where the name is bound again behind it, the
    question is put once more at the end, for an answer that was not there in time. Figures are left
    out, and playgrounds that nobody has changed: they draw for the student and define nothing.
    """
    questions = _questions(assignment, secret, draw)
    steps: list[Step] = []
    late: dict[str, Step] = {}
    for cell in clean.notebook.cells:
        kind = marker_of(cell).kind
        if kind == "test":
            steps.append(questions[cell.id])
        elif _is_run(cell, clean):
            steps.append(Cell(cell.id, cell.source))
            late |= {
                asked: replace(questions[asked], id=at_the_end(asked))
                for asked in _bound_again(cell.source, steps)
            }
    return (*steps, *late.values())


def _bound_again(source: str, steps: list[Step]) -> Iterator[str]:
    """Questions that have been put already, whose answer a cell binds."""
    for step in steps:
        # Looking for the text first saves most cells from being parsed.
        if not isinstance(step, Question) or step.target not in source:
            continue
        if step.target in bound_names(source):
            yield step.id


def _is_run(cell: NotebookNode, clean: CleanNotebook) -> bool:
    kind = marker_of(cell).kind
    if kind == "playground" and cell.id in clean.untouched:
        return False
    return cell.cell_type == "code" and kind in _RUN_KINDS and cell.id not in clean.absent


def watched(assignment: Assignment) -> tuple[tuple[str, ...], ...]:
    """The lists of library callables that the questions of an assignment watch."""
    return tuple(sorted({exercise.forbidden for exercise in assignment.exercises} - {()}))


@functools.lru_cache(maxsize=_QUESTIONS_AT_A_TIME)
def _questions(assignment: Assignment, secret: bytes, draw: str) -> dict[str, Question]:
    """The question of each test cell."""
    return {
        test_id(exercise.name): _question(test_id(exercise.name), exercise, key.cases)
        for exercise, key in answer_keys(assignment, secret, draw)
    }


def _question(id_: str, exercise: Exercise, cases: tuple[Case, ...]) -> Question:
    if exercise.kind == "value":
        return Question(id_, exercise.name)
    asked = zip(call_ids(exercise, cases), cases, strict=True)
    common = zip(common_calls(exercise), common_cases(exercise), strict=True)
    return Question(
        id_,
        exercise.name,
        calls=tuple(Call(call, case.args, case.kwargs) for call, case in (*asked, *common)),
        watch=exercise.forbidden,
        use=source_as(exercise.use, "use") if exercise.use else "",
        probes=tuple(Call("probe", args) for args in probes(exercise.loops)),
    )


@functools.lru_cache(maxsize=8)
def cases_digest(assignment: Assignment, secret: bytes) -> str:
    """Digest of the hidden cases of one draw: it changes with the secret and the exercises."""
    text = [
        json.dumps(asdict(question), default=encode)
        for question in _questions(assignment, secret, REFERENCE_DRAW).values()
    ]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()
