"""`check` names a known mistake in the grader's words, and never another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.authoring.exercise import Exercise, Misconception
from convkit.check import check
from convkit.check.general import find, known_mistake, read_all
from tests.course import ASSIGNMENTS

EXERCISES = [
    pytest.param(exercise, id=exercise.name)
    for assignment in ASSIGNMENTS
    for exercise in assignment.exercises
    if "mistakes" in read_all()[exercise.name]
]


def told(exercise: Exercise) -> Iterator[tuple[Misconception, str]]:
    """Each known mistake, and the sentence that whoever makes it reads."""
    for mistake in exercise.misconceptions:
        with np.errstate(all="ignore"):
            yield mistake, known_mistake(find(exercise.name), mistake.implementation)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_known_mistake_gets_its_own_sentence_or_none(exercise: Exercise) -> None:
    names = {mistake.name: said for mistake, said in told(exercise)}
    own = {mistake.name: mistake.says for mistake in exercise.misconceptions}
    assert {name: said for name, said in names.items() if said not in ("", own[name])} == {}
    silent = [name for name, said in names.items() if not said]
    assert len(silent) <= len(names) // 3, silent


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_is_right_makes_no_mistake(exercise: Exercise) -> None:
    for wheat in exercise.wheats:
        assert known_mistake(find(exercise.name), wheat.implementation) == ""


def test_the_sentence_stands_above_the_call(capsys) -> None:
    check("convolve1d", lambda x, w: np.correlate(x, w, "full"))
    first, sentence, call, *_ = capsys.readouterr().out.splitlines()
    assert first.startswith("[not right yet] convolve1d: First difference at")
    assert sentence.startswith("    A known mistake gives just these answers: ")
    assert sentence.partition(": ")[2] in find("convolve1d").mistakes
    assert call.startswith("    Example 1 of 5: convolve1d(x, w)")


def numbers_only(printed: Any) -> bool:
    """Whether a print holds nothing but numbers, and None where that is the answer."""
    if isinstance(printed, dict):
        return printed == {"is": None} or all(map(numbers_only, printed["parts"]))
    shape, *sums = printed
    return len(sums) == 2 and all(type(each) in (int, float) for each in (*shape, *sums))


def test_no_code_of_a_mistake_is_public() -> None:
    for exercise in (each.values[0] for each in EXERCISES):
        written = read_all()[exercise.name]
        assert set(written["mistakes"]) <= {each.says for each in exercise.misconceptions}
        for example in written["examples"]:
            assert all(map(numbers_only, example.get("mistaken", {}).values()))
