"""Chaffs that nobody could ever be called by."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_key
from autograder.authoring.exercise import Case, Exercise, Misconception, RubricLine
from autograder.soundness.chaff_checks import chaff_faults


def double(x, shift=0):
    return 2 * x + shift


def cases(rng):
    yield Case("plain", (rng.uniform(1, 2, 3),))
    yield Case("shift", (rng.uniform(1, 2, 4),), {"shift": 3})
    yield Case("shift", (rng.uniform(1, 2, 5),), {"shift": 2})


def no_shift(x, shift=0):
    return 2 * x


def no_shift_either(x, shift=0):
    return x + x


def no_shift_for_many(x, shift=0):
    return 2 * x + shift * (len(x) < 5)


def squares(x, shift=0):
    return x**2


def raises(x, shift=0):
    if shift:
        raise ValueError
    return 2 * x


def raises_for_many(x, shift=0):
    if len(x) > 4:
        raise ValueError
    return 2 * x


def raises_for_many_too(x, shift=0):
    if len(x) > 4:
        raise IndexError
    return x + x


DOUBLE = Exercise(
    "double",
    oracle=double,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"), RubricLine("shift", 1, "with a shift")),
)


def faults(*chaffs, says=None, **changes):
    mistakes = tuple(
        Misconception(chaff, says or chaff.__name__, frozenset({"shift"})) for chaff in chaffs
    )
    exercise = replace(DOUBLE, misconceptions=mistakes, **changes)
    return list(chaff_faults(exercise, answer_key(b"a secret of this test", "99_a", exercise)))


def test_chaffs_that_can_be_told_apart_are_sound():
    assert faults(no_shift, no_shift_for_many, squares, raises_for_many) == []


def test_nothing_but_exceptions_is_a_fault():
    (said,) = faults(raises, no_shift)
    assert said.startswith("the chaff raises gives nothing but exceptions where it is wrong")


def test_two_that_give_nothing_but_exceptions_are_each_told_once():
    def raises_too(x, shift=0):
        return 2 * x if not shift else x / [][0]

    said = [fault.split()[2] for fault in faults(raises, raises_too)]
    assert said == ["raises", "raises_too"]


@pytest.mark.parametrize(
    "twins", [(no_shift, no_shift_either), (raises_for_many, raises_for_many_too)]
)
def test_the_same_values_under_two_sentences_are_a_fault(twins):
    (said,) = faults(squares, *twins)
    names = " and ".join(chaff.__name__ for chaff in twins)
    assert said.startswith(f"the chaffs {names} give the same wherever they are wrong")
    assert faults(*twins, says="The shift is left out.") == []


def test_a_checker_says_what_is_wrong():
    def accepts(answer, case):
        if np.allclose(answer, case.args[0] ** 2):
            raise ValueError("no double at all")
        return bool(np.allclose(answer, case.right))

    assert faults(raises, accepts=accepts) == faults(raises)
    assert faults(squares, no_shift, no_shift_either, accepts=accepts) == faults(
        no_shift, no_shift_either
    )
    assert faults(no_shift, no_shift_either, accepts=lambda answer, case: True) == []


def test_a_share_of_right_entries_may_be_enough():
    labels = replace(
        DOUBLE,
        cases=lambda rng: [Case("shift", (np.arange(8),), right=np.arange(8), at_least=0.75)],
    )

    def mostly(x):
        return np.where(x < 6, x, -1)

    def mostly_too(x):
        return np.where(x < 6, x, -1)

    assert faults(mostly, mostly_too, cases=labels.cases) == []
