"""What the cases of a draw are, and what is right on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autograder.authoring.answer_key import (
    REFERENCE_DRAW,
    answer_key,
    answer_keys,
    common_calls,
    common_cases,
    hidden_cases,
    new_draw,
)
from autograder.authoring.exercise import Case

SECRET = b"the secret of this course"


def inputs(tiny, secret=SECRET, draw=REFERENCE_DRAW):
    (plain, _) = hidden_cases(secret, tiny.name, tiny.exercises[0], draw)
    return plain.args[0].tolist()


def test_the_numbers_follow_from_the_secret_and_the_draw(tiny):
    draw = new_draw()
    assert inputs(tiny, draw=draw) == inputs(tiny, draw=draw)
    others = [inputs(tiny, draw=new_draw()), inputs(tiny, b"another", draw), inputs(tiny)]
    assert all(other != inputs(tiny, draw=draw) for other in others)


def test_each_draw_has_right_answers_of_its_own(tiny):
    for draw in ("1" * 32, "2" * 32):
        (_, key), _ = answer_keys(tiny, SECRET, draw)
        np.testing.assert_array_equal(key.right[0], 2 * np.array(inputs(tiny, draw=draw)))


def test_a_mistake_is_worked_out_when_it_is_asked_for_and_once(tiny):
    exercise, calls = tiny.exercises[0], []

    def squares(x):
        calls.append(len(calls))
        return x**2

    chaff = replace(exercise.misconceptions[0], implementation=squares)
    key = answer_key(SECRET, tiny.name, replace(exercise, misconceptions=(chaff,)))
    assert not calls
    for _ in range(2):
        kind, value = key.mistaken(0, 1)
        assert kind == "value"
        np.testing.assert_array_equal(value, key.cases[1].args[0] ** 2)
    assert len(calls) == 1


def test_common_cases_are_the_first_of_each_group_and_never_have_labels(tiny):
    def cases(rng):
        yield Case("plain", (rng.integers(9),))
        yield Case("plain", (rng.integers(9),))
        yield Case("labels", (rng.integers(9),), right=3)
        for number in range(9):
            yield Case(f"more {number}", (rng.integers(9),))

    exercise = replace(tiny.exercises[0], cases=cases)
    assert [case.group for case in common_cases(exercise)] == ["plain", "more 0", "more 1"]
    assert common_calls(exercise) == ("common-0", "common-1", "common-2")
    assert common_cases(tiny.exercises[1]) == ()
