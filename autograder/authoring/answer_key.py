"""Hidden cases, right answers, and what each known mistake would answer.

Every run of a submission has a *draw*, a text of 32 hexadecimal digits. With the course secret it
says which numbers its cases hold.
"""

from __future__ import annotations

import functools
import itertools
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.authoring.blame import blame, kind_of
from autograder.authoring.exercise import Assignment, Case, Exercise, own
from autograder.core.course import case_generator
from autograder.core.errors import GraderError

VALUE_CALL = "value"
MOST_CASES = 10_000
REFERENCE_DRAW = "0" * 32
"""The draw at which the questions of two releases are compared; no submission is run on it."""

_DRAW_BYTES = 16
_PUBLIC = b""
_MOST_COMMON = 3
_DRAWS_AT_A_TIME = 32

Answered = tuple[str, Any]
"""``("value", value)``, or ``("raised", name of the exception's class)``."""


def new_draw() -> str:
    """A draw that nobody can foresee.

    Examples
    --------
    >>> len(new_draw()), new_draw() == new_draw()
    (32, False)
    """
    return secrets.token_hex(_DRAW_BYTES)


@dataclass(frozen=True)
class AnswerKey:
    """What the cases of an exercise are in one draw, and what is right.

    What a known mistake answers is computed when it is asked for: few answers are wrong.
    """

    exercise: Exercise
    cases: tuple[Case, ...]
    right: tuple[Any, ...]
    _mistaken: dict[tuple[int, int], Answered] = field(
        default_factory=dict, repr=False, compare=False
    )

    def mistaken(self, misconception: int, case: int) -> Answered:
        """What a known mistake gives.

        Parameters
        ----------
        misconception, case : int
            Their places in the exercise's misconceptions and in the cases.
        """
        place = misconception, case
        if place not in self._mistaken:
            implementation = self.exercise.misconceptions[misconception].implementation
            used = put_to_use(self.exercise, implementation)
            self._mistaken[place] = _result(used, self.cases[case])
        return self._mistaken[place]

    @property
    def mistakes(self) -> tuple[tuple[Answered, ...], ...]:
        """What each known mistake gives on each case."""
        return tuple(
            tuple(self.mistaken(number, case) for case in range(len(self.cases)))
            for number in range(len(self.exercise.misconceptions))
        )


class CasesError(GraderError):
    """The hidden cases of an exercise, or the right answers to them, cannot be had."""


@functools.lru_cache(maxsize=2)
def hidden_cases(
    secret: bytes, assignment: str, exercise: Exercise, draw: str = REFERENCE_DRAW
) -> tuple[Case, ...]:
    """The hidden cases of one exercise in one draw; the last ones are kept, and not to be changed.

    Raises
    ------
    CasesError
        If they cannot be drawn, are no cases, are none, or have no end.
    """
    try:
        drawn = exercise.cases(case_generator(secret, assignment, exercise.name, draw))
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


@functools.lru_cache(maxsize=_DRAWS_AT_A_TIME)
def answer_keys(
    assignment: Assignment, secret: bytes, draw: str = REFERENCE_DRAW
) -> tuple[tuple[Exercise, AnswerKey], ...]:
    """Each exercise of `assignment` with its answer key in one draw.

    They are kept for a while: a submission is asked and judged by the same.

    Raises
    ------
    CasesError
        If the cases or the oracle of an exercise raise.
    """
    return tuple(
        (exercise, answer_key(secret, assignment.name, exercise, draw))
        for exercise in assignment.exercises
    )


@functools.lru_cache(maxsize=2)
def answer_key(
    secret: bytes, assignment: str, exercise: Exercise, draw: str = REFERENCE_DRAW
) -> AnswerKey:
    """The answer key of one exercise in one draw; the last ones are kept.

    Raises
    ------
    CasesError
        If its cases or its oracle raise.
    """
    cases = hidden_cases(secret, assignment, exercise, draw)
    return AnswerKey(exercise, cases, tuple(_right(exercise, case) for case in cases))


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


def _result(function: Callable[..., Any], case: Case) -> Answered:
    try:
        return "value", called(function, case)
    except Exception as error:
        return "raised", type(error).__name__


def called(function: Callable[..., Any], case: Case) -> Any:
    """What a function gives on a case, of which it gets a copy."""
    args, options = own(case.args), {name: own(value) for name, value in case.kwargs.items()}
    with np.errstate(all="ignore"):
        return function(*args, **options)


def call_ids(exercise: Exercise, cases: tuple[Case, ...]) -> tuple[str, ...]:
    """Ids of the calls that belong to the cases, in order.

    They say nothing of the rubric: the student's process can read them.
    """
    if exercise.kind == "value":
        return (VALUE_CALL,)
    return tuple(f"call-{index}" for index in range(len(cases)))


def common_cases(exercise: Exercise) -> tuple[Case, ...]:
    """Cases that are the same in every run of every course, to compare submissions by.

    They earn no points. They are the first of each group in one public draw, but for those whose
    right answer cannot be computed.

    Raises
    ------
    CasesError
        If the cases cannot be drawn.
    """
    return common_key(exercise).cases


@functools.lru_cache(maxsize=512)
def common_key(exercise: Exercise) -> AnswerKey:
    """The answer key of the common cases.

    Raises
    ------
    CasesError
        If the cases or the oracle raise.
    """
    groups: dict[str, Case] = {}
    if exercise.kind != "value":
        for case in hidden_cases(_PUBLIC, "", exercise):
            if case.right is None:
                groups.setdefault(case.group, case)
    cases = tuple(groups.values())[:_MOST_COMMON]
    return AnswerKey(exercise, cases, tuple(_right(exercise, case) for case in cases))


def common_calls(exercise: Exercise) -> tuple[str, ...]:
    """Ids of the calls that belong to the common cases, in order."""
    return tuple(f"common-{number}" for number in range(len(common_cases(exercise))))
