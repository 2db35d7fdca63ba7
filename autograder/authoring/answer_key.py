"""Hidden cases, right answers, and what each known mistake would answer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.authoring.exercise import Assignment, Case, Exercise
from autograder.core.course import case_generator
from autograder.core.errors import GraderError

VALUE_CALL = "value"


def hidden_cases(secret: bytes, assignment: str, exercise: Exercise) -> tuple[Case, ...]:
    """The hidden cases of one exercise, as the course secret draws them."""
    return tuple(exercise.cases(case_generator(secret, assignment, exercise.name)))


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


@functools.lru_cache(maxsize=8)
def answer_keys(assignment: Assignment, secret: bytes) -> tuple[tuple[Exercise, AnswerKey], ...]:
    """Each exercise of `assignment` with its answer key; computed once a class.

    Raises
    ------
    CasesError
        If the cases or the oracle of an exercise raise.
    """
    return tuple(
        (exercise, _answer_key(exercise, *solved_cases(secret, assignment.name, exercise)))
        for exercise in assignment.exercises
    )


def _answer_key(exercise: Exercise, cases: tuple[Case, ...], right: tuple[Any, ...]) -> AnswerKey:
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
    try:
        cases = hidden_cases(secret, assignment, exercise)
    except Exception as error:
        raise CasesError(f"its cases raise {_in_one_line(error)}") from error
    oracle = put_to_use(exercise, exercise.oracle)
    return cases, tuple(_right(oracle, case) for case in cases)


def put_to_use(exercise: Exercise, implementation: Callable[..., Any]) -> Callable[..., Any]:
    """What is called on the cases: the implementation, or the exercise's use of it."""
    return functools.partial(exercise.use, implementation) if exercise.use else implementation


def _right(oracle: Callable[..., Any], case: Case) -> Any:
    if case.right is not None:
        return case.right
    try:
        return _called(oracle, case)
    except Exception as error:
        where = f"the group {case.group!r}" + (f", {case.inputs}" if case.inputs else "")
        raise CasesError(f"its oracle raises {_in_one_line(error)} on a case of {where}") from error


def _result(function: Callable[..., Any], case: Case) -> tuple[str, Any]:
    try:
        return "value", _called(function, case)
    except Exception as error:
        return "raised", type(error).__name__


def _called(function: Callable[..., Any], case: Case) -> Any:
    own = case.copy()
    with np.errstate(all="ignore"):
        return function(*own.args, **own.kwargs)


def _in_one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


def call_ids(exercise: Exercise, cases: tuple[Case, ...]) -> tuple[str, ...]:
    """Ids of the calls that belong to the cases, in order.

    They say nothing of the rubric: the student's process can read them.
    """
    if exercise.kind == "value":
        return (VALUE_CALL,)
    return tuple(f"call-{index}" for index in range(len(cases)))
