"""Can the known mistakes of an exercise be told from each other, and from an honest exception?"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.authoring.answer_key import Answered, AnswerKey
from autograder.authoring.asking import ask
from autograder.authoring.exercise import Case, Exercise
from autograder.core.check import compare


def chaff_faults(exercise: Exercise, key: AnswerKey) -> Iterator[str]:
    """What keeps known mistakes from ever being named, as one draw shows it.

    Parameters
    ----------
    exercise : Exercise
        It may have chaffs.
    key : AnswerKey
        The cases of the draw, what is right, and what each chaff gives.
    """
    chaffs = tuple(zip(exercise.misconceptions, _wrong(exercise, key), strict=True))
    named = []
    for chaff, wrong in chaffs:
        if wrong and all(kind == "raised" for kind, _ in wrong.values()):
            yield (
                f"the chaff {chaff.name} gives nothing but exceptions where it is wrong, and an "
                "exception names nobody; give it a case in which it gives a wrong value"
            )
        elif wrong:
            named.append((chaff, wrong))
    for (one, mine), (other, theirs) in itertools.combinations(named, 2):
        if one.says != other.says and _are_the_same(exercise, mine, theirs):
            yield (
                f"the chaffs {one.name} and {other.name} give the same wherever they are wrong, "
                "and say different things"
            )


def _wrong(exercise: Exercise, key: AnswerKey) -> Iterator[dict[int, Answered]]:
    """What each chaff gives, by the index of the case, where that is wrong."""
    for results in key.mistakes:
        each = enumerate(zip(key.cases, key.right, results, strict=True))
        yield {
            index: result
            for index, (case, right, result) in each
            if result[0] == "raised" or not _is_right(exercise, case, right, result[1])
        }


def _is_right(exercise: Exercise, case: Case, right: Any, answer: Any) -> bool:
    if exercise.accepts is None:
        return _is_same(exercise, answer, right, case.at_least)
    try:
        return ask(exercise.accepts, case, right, answer) is True
    except Exception:
        return False


def _are_the_same(
    exercise: Exercise, one: Mapping[int, Answered], other: Mapping[int, Answered]
) -> bool:
    return one.keys() == other.keys() and all(
        kind == other[index][0] and (kind == "raised" or _is_same(exercise, value, other[index][1]))
        for index, (kind, value) in one.items()
    )


def _is_same(exercise: Exercise, answer: Any, expected: Any, at_least: float = 1.0) -> bool:
    by_hand = exercise.kind == "value"
    found = compare(
        answer,
        expected,
        rtol=exercise.rtol,
        atol=exercise.atol,
        lists=by_hand,
        at_least=at_least,
    )
    return found is None
