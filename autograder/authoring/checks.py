"""Is an assignment sound? What is wrong with it is told before anything is built or graded."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Iterator

from autograder.authoring.answer_key import CasesError, solved_cases
from autograder.authoring.exercise import Assignment, Case, Exercise
from autograder.authoring.public_examples import example_faults
from autograder.core.errors import GraderError, itemized

_KINDS = ("function", "value", "class")


class UnsoundError(GraderError):
    """An assignment must not be used as it stands; the text has a line for each fault."""


@functools.lru_cache(maxsize=32)
def require_sound(assignment: Assignment, secret: bytes) -> None:
    """Refuse an assignment that has faults; a sound one is looked at once.

    Raises
    ------
    UnsoundError
        If there are any.
    """
    if found := tuple(faults(assignment, secret)):
        raise UnsoundError(itemized(f"{assignment.name} cannot be used as it stands", found))


def faults(assignment: Assignment, secret: bytes) -> Iterator[str]:
    """What is wrong with an assignment, a line for each fault.

    Parameters
    ----------
    secret : bytes
        What the hidden cases are drawn from.
    """
    names = [each.name for each in assignment.exercises]
    names += [each.name for each in assignment.written]
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{name} is listed {times} times"
    for exercise in assignment.exercises:
        for fault in _faults(exercise, assignment.name, secret):
            yield f"{exercise.name}: {fault}"
    for question in assignment.written:
        if not _is_worth(question.points):
            yield f"{question.name}: {question.points:g} points; it needs more than 0"


def _faults(exercise: Exercise, assignment: str, secret: bytes) -> Iterator[str]:
    yield from _rubric_faults(exercise)
    yield from _kind_faults(exercise)
    yield from _misconception_faults(exercise)
    yield from example_faults(exercise)
    try:
        cases, _ = solved_cases(secret, assignment, exercise)
    except CasesError as fault:
        yield str(fault)
        return
    yield from _case_faults(exercise, cases)


def _is_worth(points: float) -> bool:
    return math.isfinite(points) and points > 0


def _groups(exercise: Exercise) -> list[str]:
    return [line.group for line in exercise.rubric]


def _rubric_faults(exercise: Exercise) -> Iterator[str]:
    if not exercise.rubric:
        yield "it has no rubric"
    for line in exercise.rubric:
        if not _is_worth(line.points):
            yield f"{line.points:g} points for {line.group!r}; a line needs more than 0"
    for group, times in Counter(_groups(exercise)).items():
        if times > 1:
            yield f"{times} lines of the rubric are called {group!r}"


def _kind_faults(exercise: Exercise) -> Iterator[str]:
    if exercise.kind not in _KINDS:
        yield f"its kind {exercise.kind!r} is none of {', '.join(_KINDS)}"
    if exercise.kind == "class" and exercise.use is None:
        yield "a class needs a use that turns it into plain data"
    if exercise.kind == "value" and exercise.use is not None:
        yield "a value is read, not called, so it can have no use"
    if exercise.kind == "value" and exercise.loops is not None:
        yield "a value is read, not called, so its loops cannot be counted"


def _misconception_faults(exercise: Exercise) -> Iterator[str]:
    groups = set(_groups(exercise))
    for mistake in exercise.misconceptions:
        if not mistake.breaks:
            yield f"the misconception {mistake.name} breaks nothing"
        for group in sorted(mistake.breaks - groups):
            yield f"the misconception {mistake.name} breaks {group!r}, which the rubric lacks"


def _case_faults(exercise: Exercise, cases: Iterable[Case]) -> Iterator[str]:
    used = [case.group for case in cases]
    lines = _groups(exercise)
    for group in dict.fromkeys(lines):
        if group not in used:
            yield f"no case belongs to the line {group!r}, so everybody would earn it"
    for group in dict.fromkeys(used):
        if group not in lines:
            yield f"its cases of the group {group!r} earn no line of the rubric"
    if exercise.kind == "value" and any(case.args or case.kwargs for case in cases):
        yield "a value is read, not called, so its case can have no inputs"
    if exercise.kind == "value" and len(used) != 1:
        yield f"a value has one case, not {len(used)}"
