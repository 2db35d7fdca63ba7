"""Which right answers may be shown: those that another run does not have."""

from __future__ import annotations

import functools

from autograder.authoring.answer_key import AnswerKey, answer_key
from autograder.authoring.exercise import Exercise
from autograder.core.check import compare

_PUBLIC = b""
_DRAWS = "0" * 32, "f" * 32


@functools.lru_cache(maxsize=512)
def varying(exercise: Exercise) -> tuple[bool, ...]:
    """Of which cases the right answer differs between two draws, which are the same in all courses.

    Those of a value question, of a function without inputs, and labels, never do: whoever learned
    one could hand it in next time.

    Returns
    -------
    tuple of bool
        One for each case; they are as many in every draw.

    Raises
    ------
    CasesError
        If the cases or the oracle raise.
    """
    one, other = (answer_key(_PUBLIC, "", exercise, draw) for draw in _DRAWS)
    return tuple(_varies(one, other, place) for place in range(len(one.cases)))


def _varies(one: AnswerKey, other: AnswerKey, place: int) -> bool:
    if place >= len(other.cases):
        return False
    case = one.cases[place]
    if case.right is not None or not (case.args or case.kwargs):
        return False
    exercise = one.exercise
    right, elsewhere = one.right[place], other.right[place]
    return compare(elsewhere, right, rtol=exercise.rtol, atol=exercise.atol) is not None
