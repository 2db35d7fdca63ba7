"""The hidden cases: do they accept all that is right, and tell apart all that is wrong?"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.authoring.answer_key import hidden_cases
from autograder.authoring.exercise import Assignment, Exercise, Misconception, RuleBreaker, Wheat
from autograder.core.errors import CourseError
from autograder.trials.table import markdown_table
from autograder.trials.wheat_chaff import try_out
from exercises.convolution.correlate1d import EXERCISE as CORRELATE1D
from tests.course import ASSIGNMENTS, COURSE, find_assignment

SECRETS = [f"course {number}".encode() for number in range(6)]
TABLE = Path(__file__).parents[2] / "docs" / "wheats-and-chaffs.md"

EXERCISES = [
    pytest.param(assignment, exercise, id=f"{assignment.name}-{exercise.name}")
    for assignment in ASSIGNMENTS
    for exercise in assignment.exercises
]
FUNCTIONS = [each for each in EXERCISES if each.values[1].kind != "value"]


@pytest.mark.parametrize("secret", SECRETS, ids=bytes.decode)
@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_every_wheat_and_chaff_gets_what_it_deserves(assignment: Assignment, secret: bytes) -> None:
    """Each chaff is called by its own name, so no two give the same answers."""
    wrong = [trial for trial in try_out(assignment, secret) if not trial.as_expected]
    assert wrong == []


def test_a_chaff_that_loses_too_much_or_a_wheat_that_fails_is_noticed() -> None:
    flipped = CORRELATE1D.misconceptions[0]
    harmless = Misconception(flipped.implementation, flipped.says, frozenset({"plain"}))
    exercise = Exercise(
        name="correlate1d",
        oracle=CORRELATE1D.oracle,
        cases=CORRELATE1D.cases,
        rubric=CORRELATE1D.rubric,
        wheats=(CORRELATE1D.wheats[0], Wheat(flipped.implementation)),
        misconceptions=(harmless, Misconception(flipped.implementation, "the same", frozenset())),
    )
    trials = try_out(Assignment("a_test", (exercise,)), b"any")
    assert [trial.as_expected for trial in trials] == [True, False, False, False]
    assert "**`flipped_kernel`**" in markdown_table([(Assignment("a_test", (exercise,)), trials)])


def test_a_chaff_with_the_answers_of_another_is_noticed() -> None:
    flipped = CORRELATE1D.misconceptions[0]

    def turned_round(x, w, stride=1, padding=0):
        padded = np.pad(x, padding)
        size = (len(padded) - len(w)) // stride + 1
        return np.array([padded[i * stride : i * stride + len(w)] @ w[::-1] for i in range(size)])

    twin = Misconception(turned_round, "the same mistake", flipped.breaks)
    exercise = Exercise(
        name="correlate1d",
        oracle=CORRELATE1D.oracle,
        cases=CORRELATE1D.cases,
        rubric=CORRELATE1D.rubric,
        misconceptions=(flipped, twin),
    )
    both = try_out(Assignment("a_test", (exercise,)), b"any")
    assert [trial.named for trial in both] == [(), ()]
    assert [trial.complaint.endswith("is not named") for trial in both] == [True, True]


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES)
def test_rubric_and_cases_have_the_same_groups(assignment: Assignment, exercise: Exercise) -> None:
    cases = hidden_cases(SECRETS[0], assignment.name, exercise)
    groups = [line.group for line in exercise.rubric]
    assert len(groups) == len(set(groups))
    assert {case.group for case in cases} == set(groups)
    assert all(line.points > 0 and line.text for line in exercise.rubric)


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES)
def test_chaffs_break_something_and_say_so_without_code(
    assignment: Assignment, exercise: Exercise
) -> None:
    groups = {line.group for line in exercise.rubric}
    names = [each.name for each in (*exercise.wheats, *exercise.misconceptions)]
    assert len(names) == len(set(names))
    for chaff in exercise.misconceptions:
        assert chaff.breaks
        assert chaff.breaks <= groups
        assert chaff.says.endswith((".", "?"))
        assert not set(chaff.says) & set("=`_"), chaff.says


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_every_function_has_three_wheats_and_five_chaffs(
    assignment: Assignment, exercise: Exercise
) -> None:
    assert len(exercise.wheats) >= 3
    assert len(exercise.misconceptions) >= 5


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES)
def test_every_value_and_function_has_wheats_and_chaffs(
    assignment: Assignment, exercise: Exercise
) -> None:
    assert exercise.wheats
    assert len(exercise.misconceptions) >= 2


def test_every_declared_wheat_and_chaff_is_listed_in_an_exercise() -> None:
    listed = {
        each
        for assignment in ASSIGNMENTS
        for exercise in assignment.exercises
        for each in (*exercise.wheats, *exercise.misconceptions, *exercise.rule_breakers)
    }
    folder = f"{COURSE.exercises}/"
    loaded = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("_course_") and str(getattr(module, "__file__", "")).startswith(folder)
    ]
    assert len(loaded) > len(ASSIGNMENTS)
    for module in loaded:
        for name, thing in vars(module).items():
            if isinstance(thing, Wheat | Misconception | RuleBreaker):
                assert thing in listed, f"{module.__name__}.{name} is in no exercise"


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_names_in_an_assignment_are_unique(assignment: Assignment) -> None:
    names = [each.name for each in (*assignment.exercises, *assignment.written)]
    assert len(names) == len(set(names))
    assert all(written.points > 0 for written in assignment.written)


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_cases_follow_from_the_secret_alone(assignment: Assignment, exercise: Exercise) -> None:
    once, again, other = (
        hidden_cases(secret, assignment.name, exercise)
        for secret in (SECRETS[0], SECRETS[0], SECRETS[1])
    )
    for first, second in zip(once, again, strict=True):
        assert (first.group, first.kwargs) == (second.group, second.kwargs)
        np.testing.assert_equal(second.args, first.args)
    if any(case.args for case in once):
        assert repr([case.args for case in once]) != repr([case.args for case in other])


def test_the_published_table_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == markdown_table(
        (assignment, try_out(assignment)) for assignment in ASSIGNMENTS
    ), "run: autograder table --write docs/wheats-and-chaffs.md"


def test_find_assignment_lists_what_there_is() -> None:
    assert find_assignment("02_convolution") in ASSIGNMENTS
    with pytest.raises(CourseError, match=r"no assignment is called '99_nothing'.*02_convolution"):
        find_assignment("99_nothing")
