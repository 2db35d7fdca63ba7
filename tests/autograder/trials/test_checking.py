"""All that is wrong with an assignment: static faults first, then what the trials show."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import hidden_cases
from autograder.authoring.examples import call
from autograder.authoring.exercise import (
    Assignment,
    Case,
    Exercise,
    Misconception,
    RubricLine,
    Wheat,
    Written,
)
from autograder.core.errors import CourseError
from autograder.trials.check import check, check_exercise, draws_from


def double(x):
    return 2 * x


def cases(rng):
    yield Case("plain", (rng.random((2, 3)),))


def unchanged(x):
    return x


def wrong_for_large(x):
    return 2 * x if x.ravel()[0] < 0.5 else x


DOUBLE = Exercise(
    "double",
    oracle=double,
    cases=cases,
    rubric=(RubricLine("plain", 2, "twice"),),
    wheats=(Wheat(double),),
    misconceptions=(Misconception(unchanged, "That is the input.", frozenset({"plain"})),),
    examples=(call(np.full((2, 3), 0.25)),),
)
OTHER = replace(DOUBLE, name="other", misconceptions=(), rubric=(RubricLine("plain", 1, "twice"),))
SOUND = Assignment("99_sound", (DOUBLE, OTHER), (Written("why", 2.5),))


def draws(exercise, *large):
    """Secrets that draw a large first number, or a small one."""
    found = []
    for wanted in large:
        candidates = (f"{len(found)} {number}".encode() for number in range(1000))
        found.append(
            next(
                secret
                for secret in candidates
                for case in hidden_cases(secret, SOUND.name, exercise)
                if (case.args[0][0, 0] >= 0.5) == wanted
            )
        )
    return found


def test_a_sound_assignment_is_summed_up_in_one_line():
    found = check(SOUND)
    assert found.faults == ()
    assert found.summary == (
        "99_sound: 2 exercises and 1 written question, 5.5 points; "
        "2 wheats, 1 chaff, 0 rule breakers: all as they should be"
    )
    assert check_exercise(SOUND, "other").summary == (
        "99_sound other: 1 point; 1 wheat, 0 chaffs, 0 rule breakers: all as they should be"
    )


def test_static_faults_come_first_and_keep_only_their_exercise_from_being_tried():
    harmless = replace(DOUBLE.misconceptions[0], implementation=double)
    fails = replace(DOUBLE, misconceptions=(harmless,), wheats=())
    worthless = replace(
        OTHER, rubric=(RubricLine("plain", 0, "twice"),), wheats=(Wheat(unchanged),)
    )
    seen = []
    written = (Written("why", -1),)
    found = check(Assignment("99_faulty", (fails, worthless), written), advance=seen.append)
    assert found.faults == (
        "why: -1 points; it needs more than 0",
        "other: 0 points for 'plain'; a line needs more than 0",
        "double: the chaff double earns everything; it should break 'plain'",
    )
    assert sorted(seen) == 3 * ["double"] + 3 * ["other"]


def test_what_holds_by_chance_in_one_draw_fails_in_another():
    exercise = replace(DOUBLE, wheats=(Wheat(wrong_for_large),))
    assignment = Assignment(SOUND.name, (exercise,))
    some = check(assignment, draws(exercise, False, True, True))
    (said,) = some.faults
    assert said.startswith("double: the wheat wrong_for_large loses 'plain' (6 of 6 values are ")
    assert said.endswith(" (in 2 of 3 draws)")
    (said,) = check(assignment, draws(exercise, True, True)).faults
    assert "draws" not in said
    assert check(assignment, draws(exercise, False, False)).faults == ()


@pytest.mark.parametrize("changed", ["group", "number", "order"])
def test_every_draw_has_the_same_groups(changed):
    def other_cases(rng):
        odd = rng.uniform() < 0.5
        groups = {"number": ["a", "b", "b"], "order": ["b", "a"], "group": ["a", "a"]}[changed]
        for group in groups if odd else ["a", "b"]:
            yield Case(group, (rng.uniform(0.5, 2, (2, 3)),))

    lines = (RubricLine("a", 1, "one"), RubricLine("b", 1, "the other"))
    exercise = replace(OTHER, cases=other_cases, rubric=lines)
    found = check(Assignment(SOUND.name, (exercise,)), draws_from("any", 9)).faults
    assert found[0].startswith(
        "other: no case belongs to the line 'b'"
        if changed == "group"
        else "other: another draw has cases of other groups, or in another order or number"
    )


def test_an_oracle_that_raises_in_some_draw_is_found():
    def oracle(x):
        if x[0, 0] >= 0.5:
            raise ValueError("too large")
        return 2 * x

    exercise = replace(DOUBLE, oracle=oracle)
    assignment = Assignment(SOUND.name, (exercise,))
    (said,) = check(assignment, draws(exercise, False, True)).faults
    assert said.startswith("double: its oracle raises ValueError: too large (")
    assert said.endswith(", 2×3 (not in every draw of the cases)")
    (said,) = check(assignment, draws(exercise, True, True)).faults
    assert said.endswith(", 2×3")


def test_a_checker_that_gives_no_verdict_on_a_chaff_is_told():
    def accepts(answer, case):
        if np.array_equal(answer, case.args[0]):
            return None
        return np.array_equal(answer, case.right)

    assignment = Assignment("99_many", (replace(DOUBLE, accepts=accepts),))
    assert check(assignment).faults == (
        "double: its checker returns None, which is neither a bool nor a sentence, for what the "
        "chaff unchanged answers to a case of the group 'plain', 2×3",
    )


def test_wheats_are_tried_with_the_checker():
    def accepts(answer, case):
        return (
            "is not the oracle's" if answer.sum() < case.right.sum() else not np.isnan(answer).any()
        )

    def more(x):
        return 2 * x + 1

    exercise = replace(DOUBLE, accepts=accepts, wheats=(Wheat(double), Wheat(more)))
    assert check(Assignment("99_many", (exercise,))).faults == ()
    exercise = replace(exercise, wheats=(Wheat(unchanged),), misconceptions=())
    assert check(Assignment("99_many", (exercise,))).faults == (
        "double: the wheat unchanged loses 'plain' (is not the oracle's (2×3))",
    )


def test_only_the_cases_of_the_named_exercise_are_drawn():
    def costly(rng):
        raise AssertionError("nobody asked for these")

    assignment = replace(SOUND, exercises=(DOUBLE, replace(OTHER, cases=costly)))
    assert check_exercise(assignment, "double").faults == ()
    assert "nobody asked" in check_exercise(assignment, "other").faults[0]


def test_an_exercise_that_is_not_there_lists_those_that_are():
    with pytest.raises(
        CourseError, match="99_sound has no exercise 'why'; there are: double, other"
    ):
        check_exercise(SOUND, "why")


def test_a_name_that_occurs_twice_is_told_of_one_exercise_as_well():
    twice = replace(SOUND, exercises=(DOUBLE, OTHER, DOUBLE), written=(Written("other", 1),))
    assert "double is listed 2 times" in check_exercise(twice, "double").faults
    assert check_exercise(twice, "other").faults == (
        "other is the name of an exercise and of a written question",
    )
