"""What a wheat, a chaff or a rule breaker is blamed for, in one line."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_key
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    LoopRule,
    Misconception,
    RubricLine,
    RuleBreaker,
    Wheat,
)
from autograder.trials.table import markdown_table
from autograder.trials.wheat_chaff import try_exercise

SECRET = b"a secret of this test"


def double(x, shift=0):
    return 2 * x + shift


def cases(rng):
    yield Case("plain", (rng.uniform(1, 2, (2, 3)),))
    yield Case("shift", (rng.uniform(1, 2, 4),), {"shift": 3})


DOUBLE = Exercise(
    "double",
    oracle=double,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"), RubricLine("shift", 1, "with a shift")),
    forbidden=("numpy.add",),
)


def tried(**changes):
    exercise = replace(DOUBLE, **changes)
    return list(try_exercise(exercise, answer_key(SECRET, "99_tried", exercise)))


def blamed(**changes):
    return [trial.complaint for trial in tried(**changes)]


def no_shift(x, shift=0):
    return 2 * x


def no_shift_either(x, shift=0):
    return x + x


def three_times(x, shift=0):
    return 3 * x + shift


def adds(x, shift=0):
    return np.add(x, x) + shift


def by_chance(x, shift=0):
    return 2 * x + (shift and np.random.default_rng().random())


def wrong_and_by_chance(x, shift=0):
    return 2 * x + np.random.default_rng().random() if shift else 3 * x


def stumbles(x, shift=0):
    if shift:
        raise ValueError("no shift today")
    return 2 * x


def wrong_or_stumbles(x, shift=0):
    if not shift:
        return 3 * x
    raise ValueError("no shift today")


def always_stumbles(x, shift=0):
    raise ValueError("no shift today" if shift else "no number today")


def undefined(x: Nowhere, shift=0):  # noqa: F821
    return 2 * x + shift


def chaff(implementation, *groups, says="No."):
    return Misconception(implementation, says, frozenset(groups))


def test_nobody_is_blamed_where_all_is_as_it_should_be():
    everyone = tried(
        wheats=(Wheat(double),),
        misconceptions=(chaff(no_shift, "shift"), chaff(three_times, "plain", "shift")),
        rule_breakers=(RuleBreaker(adds, "numpy.add"),),
    )
    assert [trial.kind for trial in everyone] == ["wheat", "chaff", "chaff", "rule breaker"]
    assert [trial.complaint for trial in everyone] == [""] * 4
    assert all(trial.as_expected for trial in everyone)


class TestWheat:
    def test_that_loses_a_line_is_told_which_and_why(self):
        assert blamed(wheats=(Wheat(no_shift),)) == [
            "the wheat no_shift loses 'shift' (4 of 4 values are wrong, first at [0] (4, shift=3))"
        ]

    def test_that_loses_all_is_told_the_reason_of_the_first(self):
        (said,) = blamed(wheats=(Wheat(three_times),))
        assert said.startswith("the wheat three_times loses 'plain', 'shift' (6 of 6 values are")

    def test_that_raises_is_told_what(self):
        assert blamed(wheats=(Wheat(stumbles),)) == [
            "the wheat stumbles loses 'shift' (raised ValueError (4, shift=3): no shift today)"
        ]

    def test_that_is_wrong_on_a_line_is_not_told_what_it_raises_on_another(self):
        (said,) = blamed(wheats=(Wheat(wrong_or_stumbles),))
        assert said.endswith("(6 of 6 values are wrong, first at [0, 0] (2×3))")

    def test_that_raises_on_its_second_line_is_told_of_that(self):
        assert blamed(misconceptions=(chaff(always_stumbles, "plain"),)) == [
            "the chaff always_stumbles breaks 'shift' as well "
            "(raised ValueError (4, shift=3): no shift today)"
        ]

    def test_that_breaks_a_rule_is_told_which(self):
        (said,) = blamed(wheats=(Wheat(adds),))
        assert "(uses numpy.add, which this exercise rules out (line 2 of its cell))" in said

    def test_whose_cell_does_not_run_is_told_why(self):
        """A student's cell looks annotations up, whatever the author's file says."""
        (said,) = blamed(wheats=(Wheat(undefined),))
        assert said.startswith("the wheat undefined loses 'plain', 'shift' (double is not defined")
        assert "name 'Nowhere' is not defined" in said


class TestChaff:
    def test_that_keeps_a_line_is_told_which(self):
        chaffs = (chaff(no_shift, "plain", "shift"),)
        assert blamed(misconceptions=chaffs) == ["the chaff no_shift does not break 'plain'"]

    def test_that_breaks_another_line_is_told_which_and_why(self):
        assert blamed(misconceptions=(chaff(three_times, "plain"),)) == [
            "the chaff three_times breaks 'shift' as well "
            "(4 of 4 values are wrong, first at [0] (4, shift=3))"
        ]

    def test_that_is_right_is_told_so(self):
        assert blamed(misconceptions=(chaff(double, "plain"),)) == [
            "the chaff double earns everything; it should break 'plain'"
        ]

    def test_with_the_answers_of_another_is_not_named(self):
        chaffs = (chaff(no_shift, "shift"), chaff(no_shift_either, "shift", says="Nor."))
        assert blamed(misconceptions=chaffs) == [
            "the chaff no_shift is not named",
            "the chaff no_shift_either is not named",
        ]

    def test_that_says_the_same_as_another_goes_by_both_names(self):
        chaffs = (chaff(no_shift, "shift"), chaff(no_shift_either, "shift"))
        assert blamed(misconceptions=chaffs) == ["", ""]

    def test_that_is_not_named_on_one_of_its_lines_is_told_which(self):
        assert blamed(misconceptions=(chaff(wrong_and_by_chance, "plain", "shift"),)) == [
            "the chaff wrong_and_by_chance is not named on 'shift'"
        ]

    @pytest.mark.parametrize(
        ("implementation", "groups"), [(by_chance, {"shift"}), (adds, {"plain", "shift"})]
    )
    def test_that_the_judge_cannot_know_is_not_named(self, implementation, groups):
        name = implementation.__name__
        assert blamed(misconceptions=(chaff(implementation, *groups),)) == [
            f"the chaff {name} is not named"
        ]

    def test_is_blamed_for_everything_in_one_line(self):
        chaffs = (chaff(no_shift, "shift"), chaff(no_shift_either, "plain", says="Nor."))
        (_, said) = blamed(misconceptions=chaffs)
        assert said.startswith("the chaff no_shift_either does not break 'plain'; breaks 'shift' ")
        assert said.endswith("; is called no_shift by the judge")


class TestRuleBreaker:
    def test_that_is_not_found_is_told_what_it_earns(self):
        assert blamed(rule_breakers=(RuleBreaker(no_shift, "numpy.add"),)) == [
            "the rule breaker no_shift is not found: it earns 'plain'"
        ]

    def test_that_is_found_for_another_reason_is_told_the_words(self):
        assert blamed(rule_breakers=(RuleBreaker(adds, "a loop"),)) == [
            "the rule breaker adds is told 'uses numpy.add, which this exercise rules out "
            "(line 2 of its cell)', without the words 'a loop'"
        ]

    def test_that_is_only_wrong_is_not_found(self):
        (said,) = blamed(rule_breakers=(RuleBreaker(three_times, "numpy.add"),))
        assert said == "the rule breaker three_times is told '', without the words 'numpy.add'"

    def test_that_loops_is_found_by_its_loops(self):
        def by_rows(x):
            return np.array([2 * row for row in x])

        rule = LoopRule(0, ("rows",), lambda rng, rows: (rng.random((rows, 2)),), (3,))
        several = lambda rng: [Case("plain", (rng.random((2, 3)),))]  # noqa: E731
        rubric = (RubricLine("plain", 2, "twice"),)
        found = {"cases": several, "rubric": rubric, "loops": rule}
        assert blamed(rule_breakers=(RuleBreaker(by_rows, "loops over the rows"),), **found) == [""]


def test_the_table_prints_what_is_not_as_expected_in_bold():
    exercise = replace(DOUBLE, wheats=(Wheat(double), Wheat(no_shift)))
    trials = list(try_exercise(exercise, answer_key(SECRET, "99_tried", exercise)))
    text = markdown_table([(Assignment("99_tried", (exercise,)), trials)])
    assert "1 of 2 wheats get full marks" in text
    assert "| `double` | ✓ | ✓ | 3/3 |" in text
    assert "| **`no_shift`** | ✓ | · | 2/3 |" in text
