"""The case that shows what is wrong with a line, ready for whoever draws the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.authoring.answer_key import AnswerKey, call_ids
from autograder.authoring.exercise import Case, Exercise
from autograder.core.check import Difference, compare
from autograder.judging.attempt import Given
from autograder.judging.pasteable import pasteable
from autograder.sandbox.protocol.plan import QuestionResult


@dataclass(frozen=True)
class Shown:
    """One case, what was answered, and what is right.

    Attributes
    ----------
    case : Case
        What was asked. It belongs to others: nobody changes it.
    call : str
        The same as lines that can be pasted; "" for a value, which is read.
    arrays : dict
        Name of a file -> array that `call` loads from it.
    given : Given
        The answer, or the exception with its message and its line.
    has_right : bool
        Whether the right answer may be shown.
    right : object
        The right answer; None where it may not be shown.
    difference : Difference or None
        Where the answer is not the right one, if that may be shown and there is one answer alone
        that is right.
    """

    case: Case
    call: str
    arrays: Mapping[str, NDArray[Any]]
    given: Given
    has_right: bool = False
    right: Any = None
    difference: Difference | None = None


def shown(
    exercise: Exercise, key: AnswerKey, question: QuestionResult, index: int, varies: bool
) -> Shown:
    """Lay out one case of an exercise for the student who answered it.

    Parameters
    ----------
    key : AnswerKey
        The cases of the run, and what is right.
    question : QuestionResult
        What was answered.
    index : int
        Which case.
    varies : bool
        Whether the right answer to this case is another one in another draw. Only then may it be
        shown: it is of no use in the next run. What a case brings as right, such as labels, and
        the right answer of a value are never shown.
    """
    case, right = key.cases[index], key.right[index]
    answers = {answer.call: answer for answer in question.answers}
    given = Given.of(answers.get(call_ids(exercise, key.cases)[index]))
    if exercise.kind == "value":
        return Shown(case, "", {}, given)
    lines = pasteable(exercise, case, f"{exercise.name}-{index}")
    if not (varies and case.right is None):
        return Shown(case, lines.code, lines.arrays, given)
    found = None
    if given.kind == "value" and not exercise.accepts:
        found = compare(given.value, right, rtol=exercise.rtol, atol=exercise.atol)
    return Shown(case, lines.code, lines.arrays, given, True, right, found)


def varying(one: AnswerKey, other: AnswerKey) -> frozenset[int]:
    """Which cases have another right answer in another draw, by their index.

    Parameters
    ----------
    one, other : AnswerKey
        Of one exercise in two draws.
    """
    both = zip(one.cases, other.cases, one.right, other.right, strict=False)
    return frozenset(
        index
        for index, (case, counterpart, right, another) in enumerate(both)
        if case.group == counterpart.group and not _is_equal(right, another)
    )


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(_is_equal, one, other))
    try:
        return bool(np.array_equal(one, other, equal_nan=True))
    except TypeError:
        return bool(np.array_equal(one, other))
