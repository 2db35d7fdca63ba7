"""What was answered to one case, beside what is right: read once, for all that judges it."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.authoring.answer_key import AnswerKey, call_ids
from autograder.authoring.exercise import Case, Exercise
from autograder.core.check import compare
from autograder.core.stopped import STOPS
from autograder.judging.accepting import objection
from autograder.judging.compare import difference
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import DecodeError, decode

MAX_ANSWER_BYTES = 16 << 20

_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)

_ORDER = ("value", "unreadable", "raised", "missing")


@dataclass(frozen=True)
class Given:
    """What the locked room answered to one call. Nothing in it is trusted.

    Attributes
    ----------
    kind : {"value", "raised", "unreadable", "missing"}
        Unreadable is what no value is; missing is the answer to a call that was not reached.
    value : object
        Array, number, string, bool, None, tuple, list or dict.
    raised : str
        Name of the built-in exception; "an exception" for any other.
    message : str
        What the exception said.
    line : int or None
        Line of the student's cell that raised.
    """

    kind: Literal["value", "raised", "unreadable", "missing"]
    value: Any = None
    raised: str = ""
    message: str = ""
    line: int | None = None

    @staticmethod
    def of(answer: Answer | None) -> Given:
        """Read an answer."""
        if answer is None:
            return Given("missing")
        if answer.value is None:
            known = answer.raised if answer.raised in _EXCEPTIONS else None
            name = known or "an exception"
            return Given("raised", raised=name, message=answer.message, line=answer.line)
        try:
            return Given("value", decode(answer.value, max_bytes=MAX_ANSWER_BYTES))
        except DecodeError:
            return Given("unreadable")


@dataclass(frozen=True)
class Attempt:
    """One case, what is right for it, what was answered, and what is wrong with that, or ""."""

    index: int
    case: Case
    right: Any
    given: Given
    fault: str

    @property
    def is_wrong_value(self) -> bool:
        """Whether it gave a value, and not a right one."""
        return bool(self.fault) and self.given.kind == "value"

    @property
    def rank(self) -> tuple[int, int, int]:
        """What is shown first: a value before an exception, and few numbers before many.

        Of calls without an answer it is the first: calls are put in this order, so it was running
        when there was an end to it.
        """
        count = 0 if self.given.kind == "missing" else numbers(self.case)
        return _ORDER.index(self.given.kind), count, self.index


def attempts(exercise: Exercise, key: AnswerKey, question: QuestionResult) -> tuple[Attempt, ...]:
    """Hold the answers to a question against what is right.

    Parameters
    ----------
    question : QuestionResult
        What was answered.
    """
    answers = {answer.call: answer for answer in question.answers}
    given = [Given.of(answers.get(id_)) for id_ in call_ids(exercise, key.cases)]
    first = next((place for place, each in enumerate(given) if each.kind == "missing"), None)
    each = zip(key.cases, key.right, given, strict=True)
    return tuple(
        Attempt(
            index,
            case,
            right,
            mine,
            fault(exercise, case, right, mine, _no_answer(question, is_first=index == first)),
        )
        for index, (case, right, mine) in enumerate(each)
    )


def _no_answer(question: QuestionResult, *, is_first: bool) -> str:
    """Why a call has no answer.

    Calls are put one after the other, so the first without an answer was running at the end, if
    the question had begun.
    """
    stop = STOPS.get(question.outcome)
    if stop is None:
        return "gave no answer"
    if not question.answers and not question.seconds:
        return f"no call has an answer: it {stop.how}"
    return f"it {stop.how}" if is_first else f"was not called: an earlier call {stop.how}"


def of_group(all_: Iterable[Attempt], group: str) -> tuple[Attempt, ...]:
    """The attempts that belong to one rubric line."""
    return tuple(each for each in all_ if each.case.group == group)


def smallest_wrong(some: Sequence[Attempt]) -> Attempt | None:
    """The attempt that shows best what is wrong; None where nothing is."""
    return min((each for each in some if each.fault), key=lambda each: each.rank, default=None)


def numbers(case: Case) -> int:
    """How many numbers a case is made of.

    Examples
    --------
    >>> numbers(Case("any", (np.ones((2, 3)), (1, "two")), {"stride": 2}))
    8
    """
    return count_numbers((*case.args, *case.kwargs.values()))


def count_numbers(value: Any) -> int:
    """How many numbers there are in a value."""
    match value:
        case np.ndarray():
            return math.prod(value.shape)
        case tuple() | list():
            return sum(map(count_numbers, value))
        case Mapping():
            return sum(map(count_numbers, value.values()))
        case str() | None:
            return 0
    return 1


def same(exercise: Exercise, answer: Any, expected: Any) -> bool:
    """Whether two answers are the same to the judge."""
    by_hand = exercise.kind == "value"
    found = compare(answer, expected, rtol=exercise.rtol, atol=exercise.atol, lists=by_hand)
    return found is None


def fault(
    exercise: Exercise, case: Case, right: Any, given: Given, missing: str = "gave no answer"
) -> str:
    """What is wrong with one answer, or ""; where there is none, `missing` says why."""
    match given.kind:
        case "missing":
            return missing
        case "raised":
            where = f" in line {given.line} of its cell" if given.line else ""
            return f"raised {given.raised}{where}"
        case "unreadable":
            return "returned something that is no answer"
        case "value" if exercise.accepts:
            return objection(exercise, case, right, given.value)
        case "value":
            return _difference(exercise, given.value, right, case.at_least) or ""


def _difference(
    exercise: Exercise, answer: Any, expected: Any, at_least: float = 1.0
) -> str | None:
    """`difference` with the exercise's tolerance; values by hand may be lists."""
    by_hand = exercise.kind == "value"
    return difference(
        answer,
        expected,
        rtol=exercise.rtol,
        atol=exercise.atol,
        accepts_lists=by_hand,
        at_least=at_least,
        parts=exercise.parts,
        open_size=exercise.open_size,
    )
