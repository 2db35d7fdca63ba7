"""Is an assignment sound? What is wrong with it is told before anything is built or graded."""

from __future__ import annotations

import functools
import keyword
import math
from collections import Counter
from collections.abc import Iterator
from numbers import Real

from autograder.authoring.exercise import (
    Assignment,
    Exercise,
    Misconception,
    RuleBreaker,
    Wheat,
)
from autograder.authoring.public_examples import example_faults
from autograder.core.errors import GraderError, itemized
from autograder.soundness.case_checks import case_faults
from autograder.soundness.standing import not_standing_alone

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
    yield from faults_of_the_whole(assignment)
    for exercise in assignment.exercises:
        for fault in exercise_faults(exercise, assignment.name, secret):
            yield f"{exercise.name}: {fault}"


def faults_of_the_whole(assignment: Assignment) -> Iterator[str]:
    """What is wrong with an assignment beside its exercises: names, and what is written."""
    exercises = Counter(each.name for each in assignment.exercises)
    written = Counter(each.name for each in assignment.written)
    for name, times in (*exercises.items(), *written.items()):
        if times > 1:
            yield f"{name} is listed {times} times"
    for name in exercises:
        if name in written:
            yield f"{name} is the name of an exercise and of a written question"
    for question in assignment.written:
        if not _is_worth(question.points):
            yield f"{question.name}: {_number(question.points)} points; it needs more than 0"


def exercise_faults(exercise: Exercise, assignment: str, secret: bytes) -> Iterator[str]:
    """What is wrong with one exercise, a line for each fault.

    Parameters
    ----------
    assignment : str
        The name of its assignment.
    secret : bytes
        What the hidden cases are drawn from.
    """
    yield from lasting_faults(exercise)
    yield from case_faults(exercise, assignment, secret)


def lasting_faults(exercise: Exercise) -> Iterator[str]:
    """What is wrong with one exercise whatever its cases are drawn from, a line for each fault."""
    malformed = tuple(_form_faults(exercise))
    yield from malformed
    yield from _rubric_faults(exercise)
    yield from _implementation_faults(exercise)
    if not malformed:
        yield from example_faults(exercise)


def _form_faults(exercise: Exercise) -> Iterator[str]:
    if not exercise.name.isidentifier() or keyword.iskeyword(exercise.name):
        yield "its name is none that a notebook could bind"
    if exercise.kind not in _KINDS:
        yield f"its kind {exercise.kind!r} is none of {', '.join(_KINDS)}"
    if exercise.kind == "class" and exercise.use is None:
        yield "a class needs a use that turns it into plain data"
    if exercise.kind == "value" and exercise.use is not None:
        yield "a value is read, not called, so it can have no use"
    if exercise.kind == "value" and exercise.loops is not None:
        yield "a value is read, not called, so its loops cannot be counted"
    for name, tolerance in (("rtol", exercise.rtol), ("atol", exercise.atol)):
        if not (_is_finite(tolerance) and tolerance >= 0):
            yield f"its {name} is {_number(tolerance)}; it needs a number, 0 or more"
    # Its source goes into the student's check.
    if exercise.accepts and (lacks := not_standing_alone(exercise.accepts)):
        yield f"its checker {lacks}"


def _rubric_faults(exercise: Exercise) -> Iterator[str]:
    if not exercise.rubric:
        yield "it has no rubric"
    for line in exercise.rubric:
        if not _is_worth(line.points):
            yield f"{_number(line.points)} points for {line.group!r}; a line needs more than 0"
    for group, times in Counter(line.group for line in exercise.rubric).items():
        if times > 1:
            yield f"{times} lines of the rubric are called {group!r}"


def _implementation_faults(exercise: Exercise) -> Iterator[str]:
    groups = {line.group for line in exercise.rubric}
    for mistake in exercise.misconceptions:
        if not mistake.says.strip():
            yield f"the chaff {mistake.name} says nothing to the student"
        if not mistake.breaks:
            yield f"the chaff {mistake.name} breaks nothing"
        for group in sorted(mistake.breaks - groups):
            yield f"the chaff {mistake.name} breaks {group!r}, which the rubric lacks"
    for breaker in exercise.rule_breakers:
        if not breaker.finds.strip():
            yield f"the rule breaker {breaker.name} does not say what the judge finds"
    listed: list[tuple[str, Wheat | Misconception | RuleBreaker]] = [
        *(("wheat", each) for each in exercise.wheats),
        *(("chaff", each) for each in exercise.misconceptions),
        *(("rule breaker", each) for each in exercise.rule_breakers),
    ]
    for name, times in Counter(each.name for _, each in listed).items():
        if times > 1:
            yield f"{times} of its wheats and chaffs are called {name}"
    for kind, each in listed:
        if lacks := not_standing_alone(each.implementation):
            yield f"the {kind} {each.name} {lacks}"
    if exercise.use and exercise.kind != "value" and (lacks := not_standing_alone(exercise.use)):
        yield f"its use {lacks}"


def _is_worth(points: float) -> bool:
    return _is_finite(points) and points > 0


def _is_finite(number: object) -> bool:
    return isinstance(number, Real) and math.isfinite(number)


def _number(number: object) -> str:
    """A number as an author writes it; what is none, as Python writes it."""
    return f"{number:g}" if isinstance(number, Real) else repr(number)
