"""What the locked room has to do for a submission: its cells, and questions with hidden cases."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, replace

from nbformat import NotebookNode

from autograder.authoring.answer_key import answer_keys, call_ids
from autograder.authoring.exercise import Assignment, Case, Exercise, source_as
from autograder.authoring.loop_probes import probes
from autograder.core.cells import EXTRA, at_the_end, marker_of, test_id
from autograder.core.definitions import bound_names
from autograder.running.rebuild import CleanNotebook
from autograder.sandbox.protocol.plan import Call, Cell, Question, Step
from autograder.sandbox.protocol.values import encode

_RUN_KINDS = ("", "setup", "solution", "value", "playground", EXTRA)


def plan(clean: CleanNotebook, assignment: Assignment, secret: bytes) -> tuple[Step, ...]:
    """What the locked room has to do for a clean notebook.

    Code cells are run in order. A test cell becomes a question, with the hidden cases as its
    calls: what a name means there is the answer. Where the name is bound again behind it, the
    question is put once more at the end, for an answer that was not there in time. Figures are left
    out, and playgrounds that nobody has changed: they draw for the student and define nothing.
    """
    questions, again = _questions(assignment, secret), _questions_at_the_end(assignment, secret)
    steps: list[Step] = []
    late: dict[str, Step] = {}
    for cell in clean.notebook.cells:
        kind = marker_of(cell).kind
        if kind == "test":
            steps.append(questions[cell.id])
        elif _is_run(cell, clean):
            steps.append(Cell(cell.id, cell.source))
            late |= {asked: again[asked] for asked in _bound_again(cell.source, steps)}
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


@functools.lru_cache(maxsize=8)
def _questions(assignment: Assignment, secret: bytes) -> dict[str, Question]:
    """The question of each test cell; the same objects for every submission."""
    return {
        test_id(exercise.name): _question(test_id(exercise.name), exercise, key.cases)
        for exercise, key in answer_keys(assignment, secret)
    }


@functools.lru_cache(maxsize=8)
def _questions_at_the_end(assignment: Assignment, secret: bytes) -> dict[str, Question]:
    """The same questions under the names that they have at the end of a notebook."""
    return {
        id_: replace(question, id=at_the_end(id_))
        for id_, question in _questions(assignment, secret).items()
    }


def _question(id_: str, exercise: Exercise, cases: tuple[Case, ...]) -> Question:
    if exercise.kind == "value":
        return Question(id_, exercise.name)
    ids = call_ids(exercise, cases)
    calls = (Call(id_, case.args, case.kwargs) for id_, case in zip(ids, cases, strict=True))
    return Question(
        id_,
        exercise.name,
        calls=tuple(calls),
        watch=exercise.forbidden,
        use=source_as(exercise.use, "use") if exercise.use else "",
        probes=tuple(Call("probe", args) for args in probes(exercise.loops)),
    )


@functools.lru_cache(maxsize=8)
def cases_digest(assignment: Assignment, secret: bytes) -> str:
    """Digest of the hidden cases: it changes with the secret and with the exercises."""
    text = [
        json.dumps(asdict(question), default=encode)
        for question in _questions(assignment, secret).values()
    ]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()
