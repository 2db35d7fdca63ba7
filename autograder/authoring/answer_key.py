"""Hidden cases, right answers, and what each known mistake would answer."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.blame import blame, kind_of
from autograder.authoring.exercise import Assignment, Case, Exercise
from autograder.core.course import case_generator
from autograder.core.errors import GraderError

VALUE_CALL = "value"


MOST_CASES = 10_000


@dataclass(frozen=True)
class AnswerKey:
    """What an exercise's cases are, what is right, and what each known mistake gives.

    A result is ``("value", value)`` or ``("raised", name of the exception's class)``.
    """

    cases: tuple[Case, ...]
    right: tuple[Any, ...]
    mistakes: tuple[tuple[tuple[str, Any], ...], ...]


class CasesError(GraderError):
    """The hidden cases of an exercise, or the right answers to them, cannot be had."""


def hidden_cases(secret: bytes, assignment: str, exercise: Exercise) -> tuple[Case, ...]:
    """The hidden cases of one exercise, as the course secret draws them.

    Raises
    ------
    CasesError
        If they cannot be drawn, are no cases, are none, or have no end.
    """
    try:
        drawn = exercise.cases(case_generator(secret, assignment, exercise.name))
        if not isinstance(drawn, Iterable):
            raise CasesError(
                f"its cases are {kind_of(drawn)}; a generator or a list of Case is wanted"
            )
        cases = tuple(itertools.islice(drawn, MOST_CASES + 1))
    except CasesError:
        raise
    except Exception as error:
        raise CasesError(f"its cases raise {blame(error, exercise.cases)}") from error
    for case in cases:
        if not isinstance(case, Case):
            raise CasesError(f"one of its cases is {kind_of(case)} and no Case")
    if not cases:
        raise CasesError("it has no cases, so nothing would be asked")
    if len(cases) > MOST_CASES:
        raise CasesError(f"it has more than {MOST_CASES} cases; do they come to an end?")
    return cases


@functools.lru_cache(maxsize=8)
def answer_keys(assignment: Assignment, secret: bytes) -> tuple[tuple[Exercise, AnswerKey], ...]:
    """Each exercise of `assignment` with its answer key; computed once a class.

    Raises
    ------
    CasesError
        If the cases or the oracle of an exercise raise.
    """
    return tuple(
        (exercise, answer_key(secret, assignment.name, exercise))
        for exercise in assignment.exercises
    )


def answer_key(secret: bytes, assignment: str, exercise: Exercise) -> AnswerKey:
    """The answer key of one exercise.

    Raises
    ------
    CasesError
        If its cases or its oracle raise.
    """
    cases, right = solved_cases(secret, assignment, exercise)
    mistakes = tuple(
        tuple(_result(put_to_use(exercise, mistake.implementation), case) for case in cases)
        for mistake in exercise.misconceptions
    )
    return AnswerKey(cases, right, mistakes)


@functools.lru_cache(maxsize=128)
def solved_cases(
    secret: bytes, assignment: str, exercise: Exercise
) -> tuple[tuple[Case, ...], tuple[Any, ...]]:
    """The hidden cases of one exercise, and the right answer to each.

    Raises
    ------
    CasesError
        If the cases or the oracle raise.
    """
    cases = hidden_cases(secret, assignment, exercise)
    return cases, tuple(_right(exercise, case) for case in cases)


def put_to_use(exercise: Exercise, implementation: Callable[..., Any]) -> Callable[..., Any]:
    """What is called on the cases: the implementation, or the exercise's use of it."""
    return functools.partial(exercise.use, implementation) if exercise.use else implementation


def _right(exercise: Exercise, case: Case) -> Any:
    if case.right is not None:
        return case.right
    try:
        return called(put_to_use(exercise, exercise.oracle), case)
    except Exception as error:
        said = blame(error, exercise.oracle, exercise.use)
        raise CasesError(f"its oracle raises {said} on {described(case)}") from error


def described(case: Case) -> str:
    """A case in words: its group, and its inputs."""
    return f"a case of the group {case.group!r}" + (f", {case.inputs}" if case.inputs else "")


def _result(function: Callable[..., Any], case: Case) -> tuple[str, Any]:
    try:
        return "value", called(function, case)
    except Exception as error:
        return "raised", type(error).__name__


def called(function: Callable[..., Any], case: Case) -> Any:
    """What a function gives on a case, of which it gets a copy."""
    own = case.copy()
    with np.errstate(all="ignore"):
        return function(*own.args, **own.kwargs)


def call_ids(exercise: Exercise, cases: tuple[Case, ...]) -> tuple[str, ...]:
    """Ids of the calls that belong to the cases, in order.

    They say nothing of the rubric: the student's process can read them.
    """
    if exercise.kind == "value":
        return (VALUE_CALL,)
    return tuple(f"call-{index}" for index in range(len(cases)))
