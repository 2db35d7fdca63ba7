"""Right answers are shown only where another run has others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.authoring.exercise import Case, Exercise, RubricLine
from autograder.authoring.varying import varying

LINE = (RubricLine("plain", 1, "all"),)


def exercise(cases, oracle=lambda x: 2 * x, **changes):
    return replace(Exercise("f", LINE, oracle, cases), **changes)


def test_right_answers_that_follow_from_drawn_inputs_vary_and_the_others_do_not():
    def cases(rng):
        yield Case("plain", (rng.integers(1000, 9999),))
        yield Case("plain", (7,))
        yield Case("plain", (rng.integers(1000, 9999),), right=rng.integers(1000))
        yield Case("plain", (0,), {"x0": rng.integers(1000, 9999)})

    def oracle(x, x0=0):
        return 2 * x + x0

    assert varying(exercise(cases, oracle)) == (True, False, False, True)


def test_a_right_answer_that_is_the_same_but_for_rounding_does_not_vary():
    def cases(rng):
        yield Case("plain", (rng.uniform(0, 1e-9),))

    assert varying(exercise(cases)) == (False,)


@pytest.mark.parametrize("kind", ["value", "function"])
def test_what_has_no_inputs_does_not_vary(kind):
    given = iter(range(99))
    found = exercise(lambda rng: [Case("plain")], lambda: next(given), kind=kind)
    assert varying(found) == (False,)
