"""When `check` names a mistake: one explains a wrong value, and contradicts nothing."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.authoring.examples import call, program
from autograder.authoring.exercise import Exercise, Misconception
from autograder.authoring.public_examples import exercise_data
from autograder.authoring.public_mistakes import with_mistakes
from autograder.core.check import fingerprint, is_printed, known_mistake, read_exercise


def scaled(x, by=1):
    """The oracle."""
    return x * by


def without_by(x, by=1):
    return x * 1


def doubled(x, by=1):
    return x * by * 2


def doubled_in_another_way(x, by=1):
    return x * by + x * by


def raises_for_two(x, by=1):
    if by == 2:
        raise ValueError("two")
    return x * by + 1


def sorts_itself(x, by=1):
    return {1, 2}


MISTAKES = (without_by, doubled, raises_for_two, sorts_itself)
X = np.array([[1.0, 2.0, 3.0], [0.5, 0.25, np.nan]])
EXAMPLES = (call(X), call(X, by=2), call(3))


def public(*mistakes, oracle=scaled, examples=EXAMPLES, **more):
    """What `check` knows of an exercise with these mistakes."""
    chaffs = tuple(Misconception(each, f"It is {each.__name__}.", frozenset()) for each in mistakes)
    exercise = Exercise(
        "scaled", (), cases=iter, oracle=oracle, examples=examples, misconceptions=chaffs, **more
    )
    return read_exercise("scaled", with_mistakes(exercise, exercise_data(exercise)))


@pytest.mark.parametrize("mistake", [without_by, doubled, raises_for_two])
def test_a_mistake_is_named(mistake):
    assert known_mistake(public(*MISTAKES), mistake) == f"It is {mistake.__name__}."


def test_numbers_may_be_as_far_off_as_right_ones():
    def almost(x, by=1):
        return doubled(x, by) * (1 + 9e-6)

    def further(x, by=1):
        return doubled(x, by) * (1 + 1e-3)

    assert known_mistake(public(*MISTAKES), almost) == "It is doubled."
    assert known_mistake(public(*MISTAKES), further) == ""


def test_float32_is_near_enough():
    def short(x, by=1):
        return np.asarray(doubled(x, by), np.float32)[()]

    assert known_mistake(public(*MISTAKES), short) == "It is doubled."


def test_two_that_explain_are_none():
    assert known_mistake(public(doubled, doubled_in_another_way), doubled) == ""


def test_one_contradiction_is_enough():
    def doubled_but_for_numbers(x, by=1):
        return doubled(x, by) if isinstance(x, np.ndarray) else scaled(x, by)

    def doubled_but_for_two(x, by=1):
        if by == 2:
            raise ValueError
        return doubled(x, by)

    assert known_mistake(public(*MISTAKES), doubled_but_for_numbers) == ""
    assert known_mistake(public(*MISTAKES), doubled_but_for_two) == ""


def test_where_a_mistake_is_right_an_answer_must_be_right():
    def without_by_and_more(x, by=1):
        return without_by(x, by) if isinstance(x, np.ndarray) else x + 1

    assert known_mistake(public(*MISTAKES), without_by_and_more) == ""


def test_where_a_mistake_raises_an_answer_must_raise():
    def never_raises(x, by=1):
        return x * by + 1

    def right_for_two(x, by=1):
        return x * by + (by != 2)

    assert known_mistake(public(*MISTAKES), never_raises) == ""
    assert known_mistake(public(*MISTAKES), right_for_two) == ""


def test_an_exception_explains_nothing():
    def raises(x, by=1):
        raise ValueError("two")

    def raises_and_is_right(x, by=1):
        return raises(x) if by == 2 else scaled(x, by)

    assert known_mistake(public(raises, *MISTAKES), raises) == ""
    assert known_mistake(public(*MISTAKES), raises_and_is_right) == ""


def test_mistakes_that_show_nothing_wrong_are_left_out():
    def right(x, by=1):
        return by * x

    known = public(right, sorts_itself, doubled)
    assert known.mistakes == ("It is doubled.",)


def test_what_a_checker_accepts_is_right():
    def has_that_square(answer, case):
        return bool(answer**2 == case.args[0])

    def positive(x, by=1):
        return float(x) ** 0.5

    def negative(x, by=1):
        return -positive(x)

    def half(x, by=1):
        return x / 2

    roots = public(
        half, negative, oracle=positive, examples=(call(9), call(4)), accepts=has_that_square
    )
    assert roots.mistakes == ("It is half.",)
    assert known_mistake(roots, half) == "It is half."
    assert known_mistake(roots, lambda x: -half(x) if x == 9 else half(x)) == ""


def test_classes_are_told_by_what_programs_show():
    class Tally:
        step = 1

        def __init__(self):
            self.count = 0

        def add(self):
            self.count += self.step
            return self

    class Twice(Tally):
        step = 2

    lines = program("t = scaled()", "t.add().add()", shown="t.count, t.add().count")
    known = public(Twice, oracle=Tally, examples=(lines,), kind="class")
    assert known_mistake(known, Twice) == "It is Twice."
    assert known_mistake(known, type("Thrice", (Tally,), {"step": 3})) == ""


VALUES = [
    *(3, 2.5, np.arange(6.0).reshape(2, 3), None, "same", 1 + 2j, np.array([np.nan, np.inf])),
    *((1, (np.ones(2), None)), np.zeros((0, 3)), 10**25, np.array(4, np.uint8)),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_has_its_own_print_and_no_other(value):
    own = [other for other in VALUES if is_printed(value, fingerprint(other), 1e-5, 1e-5)]
    assert len(own) == 1
    assert own[0] is value


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (np.ones((2, 3)), np.ones((3, 2))),
        (np.array([1.0, 2.0]), np.array([2.0, 1.0])),
        (np.ones(3), [1.0, 1.0, 1.0]),
        (np.ones(3), True),
        (1, True),
        (np.ones(2), np.array([True, True])),
        (np.ones(2), np.array(["1", "1"])),
        (None, ...),
        ((1, 2), (1, 2, 3)),
        ((1, 2), np.array([1, 2])),
        ("a", np.array(["a"])),
        (1, 10**400),
    ],
)
def test_what_is_different_has_another_print(value, other):
    assert not is_printed(other, fingerprint(value), 1e-5, 1e-5)
    assert is_printed(value, fingerprint(value), 1e-5, 1e-5)
