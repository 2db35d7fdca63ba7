"""Values of several entries earn by the entry, and mistakes are known by the entry."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_key
from autograder.authoring.exercise import Case, Exercise, Misconception, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge_exercise
from autograder.judging.verdict import Verdict
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode

RIGHT = np.array([[55, 55, 96], [27, 27, 0], [13, 13, 384], [6, 6, 1]])


def without_rounding():
    changed = RIGHT.astype(float)
    changed[0, :2], changed[1, :2] = 54.25, 26.5
    return changed


def channels_kept():
    return np.where(np.arange(3) == 2, 48, RIGHT)


def emptied():
    return np.where(RIGHT > 5, RIGHT, 0)


def value(right, *chaffs, points=2):
    return Exercise(
        "shapes",
        oracle=lambda: right,
        cases=lambda rng: [Case("value")],
        rubric=(RubricLine("value", points, "by hand"),),
        kind="value",
        misconceptions=tuple(
            Misconception(each, f"{each.__name__}.", frozenset({"value"})) for each in chaffs
        ),
    )


def judged(answer, right=RIGHT, chaffs=(without_rounding, channels_kept, emptied), points=2):
    exercise = value(right, *chaffs, points=points)
    key = answer_key(b"a secret of this test", "99_example", exercise)
    answers = (Answer("value", encode(answer)),)
    question = QuestionResult("test-shapes", Outcome.OK, answers=answers)
    return judge_exercise(exercise, key, question, [])


def changed(*places, by=1000):
    answer = RIGHT.copy()
    for place in places:
        answer[place] += by
    return answer


def test_each_right_entry_earns_its_share():
    verdict = judged(changed((0, 0), (2, 1)))
    assert (verdict.earned, verdict.outcome) == (1.66, Outcome.WRONG)
    assert verdict.lines[0].message == "2 of 12 values are wrong, at [0, 0] and [2, 1]"
    assert judged(RIGHT.tolist()).earned == 2


@pytest.mark.parametrize("points", [1, 2, 3, 0.5])
@pytest.mark.parametrize("size", [2, 3, 7, 12, 999])
def test_only_a_value_that_is_right_throughout_is_full(points, size):
    right = np.arange(1, size + 1)
    assert judged(right, right, (), points).earned == points
    one_wrong = judged(right - (right == size), right, (), points).earned
    assert 0 < one_wrong < points
    assert one_wrong == round(one_wrong, 2)


def test_points_of_several_exercises_add_up_without_a_remainder():
    third = judged([1, 2, 0], np.array([1, 2, 3]), (), 1)
    tenth = judged([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], np.arange(1, 11), (), 1)
    verdict = Verdict("99_example", "ada", Outcome.WRONG, (third, tenth, tenth, tenth))
    assert [each.earned for each in verdict.exercises] == [0.66, 0.1, 0.1, 0.1]
    assert verdict.earned == 0.96


def test_what_is_not_filled_in_is_wrong_and_the_rest_counts():
    assert judged([[55, 55, 96], [27, ..., None], [13, 13, "x"], [6, 6, 1]]).earned == 1.5
    assert judged([[55, 55, np.nan], [27, 27, 0], [13, 13, 384], [6, 6, 1]]).earned == 1.83


def test_nothing_but_zeros_earns_nothing():
    assert judged(np.zeros((4, 3))).earned == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (RIGHT.T, "returned shape (3, 4) where (4, 3) is right"),
        (RIGHT[0], "returned shape (3,) where (4, 3) is right"),
        ([[55, 55], [27]], "gave a list of 2 where an array is wanted"),
        (None, "returned None (is a return missing?)"),
    ],
)
def test_another_form_earns_nothing_and_is_told(answer, said):
    verdict = judged(answer)
    assert (verdict.earned, verdict.lines[0].message) == (0, said)


@pytest.mark.parametrize("answer", [[0, 4], [0, 4, 7, 8], [[0, 4, 8]], [], 8])
def test_a_size_that_is_asked_for_is_not_told(answer):
    exercise = replace(value(np.array([0, 4, 8])), open_size=True)
    key = answer_key(b"a secret of this test", "99_example", exercise)
    answers = (Answer("value", encode(answer)),)
    question = QuestionResult("test-shapes", Outcome.OK, answers=answers)
    (line,) = judge_exercise(exercise, key, question, []).lines
    assert line.earned == 0
    assert line.message
    assert "3" not in line.message


def test_no_right_entry_is_told():
    said = judged(changed(*np.ndindex(4, 3))).lines[0]
    assert (said.earned, said.message) == (0, "12 of 12 values are wrong, first at [0, 0]")


def test_many_wrong_entries_are_counted():
    said = judged(changed(*((row, column) for row in range(3) for column in range(3))))
    assert said.lines[0].message == "9 of 12 values are wrong, first at [0, 0]"


def test_a_mistake_in_one_entry_is_known():
    answer = RIGHT.astype(float)
    answer[1, 0] = 26.5
    assert judged(answer).misconception == "without_rounding"
    answer[0, 0], answer[:, 2] = 54.25, 48
    verdict = judged(answer)
    assert verdict.misconception == "without_rounding, channels_kept"
    assert verdict.lines[0].says == "without_rounding. channels_kept."


@pytest.mark.parametrize("entry", [26, 28, -27, 54, 13.5, 55, 0, 7])
def test_one_entry_that_many_mistakes_give_names_none(entry):
    def this_too():
        return np.where(RIGHT == 27, entry, RIGHT)

    answer = RIGHT.astype(float)
    answer[1, 0] = entry
    assert judged(answer, chaffs=(this_too,)).misconception == ""
    answer[1, 1] = entry
    assert judged(answer, chaffs=(this_too,)).misconception == "this_too"


def test_few_equal_entries_among_others_that_are_wrong_name_none():
    answer = RIGHT.astype(float)
    answer[1, 0], answer[3] = 26.5, 7
    assert judged(answer, chaffs=(without_rounding,)).misconception == ""
    answer[0, 0] = 54.25
    assert judged(answer, chaffs=(without_rounding,)).misconception == "without_rounding"


def test_most_of_what_is_wrong_names_a_mistake_by_small_numbers_too():
    def cut():
        return np.where(RIGHT == 27, 26, np.where(RIGHT == 13, 12, RIGHT))

    answer = cut()
    answer[0, 0] = 1000
    assert judged(answer, chaffs=(cut,)).misconception == "cut"
    answer[3] = 1000
    assert judged(answer, chaffs=(cut,)).misconception == ""


def test_an_entry_that_two_mistakes_give_names_neither():
    answer = RIGHT.astype(float)
    answer[1, 0] = 26.5

    def another():
        return np.where(RIGHT == 27, 26.5, RIGHT)

    assert judged(answer, chaffs=(without_rounding, another)).misconception == ""
    answer[0, 0] = 54.25
    assert judged(answer, chaffs=(without_rounding, another)).misconception == "without_rounding"


def test_a_zero_may_be_what_was_there_before():
    answer = RIGHT.copy()
    answer[3, 2] = 0

    def mostly_zeros():
        return np.where(RIGHT > 50, RIGHT, 0)

    assert judged(answer, chaffs=(mostly_zeros,)).misconception == ""

    def two_zeros():
        return np.where(RIGHT == 6, 0, RIGHT)

    answer = two_zeros()
    answer[0, 0] = 1000
    assert judged(answer, chaffs=(two_zeros,)).misconception == "two_zeros"


def test_a_mistake_with_another_shape_is_known_as_a_whole():
    def transposed():
        return RIGHT.T

    assert judged(RIGHT.T, chaffs=(transposed,)).misconception == "transposed"
    assert judged(RIGHT.T + 1, chaffs=(transposed,)).misconception == ""


def test_parts_of_a_tuple_are_entries():
    right = (np.array([3, 4]), 7)
    assert judged(([3, 4], 8), right, ()).earned == 1.33
    assert judged((np.array([3, 5]), 7), right, ()).earned == 1.33
    assert judged(([3, 4], 7), right, ()).earned == 0
