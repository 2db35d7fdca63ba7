import numpy as np
import pytest

from autograder.authoring.exercise import Exercise
from autograder.core.check import TOLERANCE, compare
from autograder.judging.compare import difference

EXACT = {"rtol": 0.0, "atol": 0.0}
MATRIX = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
ONE_OFF = np.array([[0, 0, 0], [0, 1e-3, 0]])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (MATRIX, MATRIX),
        (MATRIX.astype(int), MATRIX),
        (65, 65.0),
        (np.float32(65), 65),
        (np.array(65), 65),
        ((MATRIX, 3), (MATRIX, 3)),
        ([MATRIX, 3], (MATRIX, 3)),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0])),
        (None, None),
        (True, True),
        (np.True_, True),
        (True, 1),
        (np.array([True, False]), np.array([1.0, 0.0])),
        (10**25, 1e25),
        (1e25, 10**25),
        (2j, 2j),
        ("same", "same"),
    ],
)
def test_equal_answers_have_no_difference(answer, expected):
    assert difference(answer, expected, **EXACT) is None


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (None, MATRIX, "return missing"),
        ([[1, 2, 3], [4, 5, 6]], MATRIX, "a list of 2 where an array is wanted"),
        (MATRIX.T, MATRIX, "shape (3, 2) where (2, 3) is right"),
        (MATRIX[None], MATRIX, "shape (1, 2, 3) where (2, 3) is right"),
        (MATRIX + ONE_OFF, MATRIX, "1 of 6 values is wrong, first at [1, 1]"),
        (-MATRIX, MATRIX, "6 of 6 values are wrong, first at [0, 0]"),
        (MATRIX.astype(complex), MATRIX, "complex"),
        (64, 65, "the number is wrong"),
        (np.nan, 65.0, "the number is wrong"),
        ("65", 65, "a text where a number is wanted"),
        (MATRIX, (MATRIX, 3), "where a tuple of 2 is wanted"),
        (4096, (4096,), "a number where a tuple of 1 is wanted"),
        ((MATRIX,), (MATRIX, 3), "1 results where 2 are wanted"),
        ((MATRIX, 4), (MATRIX, 3), "result 2: the number is wrong"),
        ((1, (4, 2)), (1, (3, 2)), "In result 2: In result 1: the number is wrong"),
        (np.array(["1", "2"]), np.ones(2), "an array of <U1 where numbers are wanted"),
        (MATRIX.astype(object), MATRIX, "an array of object where numbers are wanted"),
        pytest.param(10**400, 5, "object where numbers are wanted", id="beyond floats"),
        ([5], 5, "a list of 1 where a number is wanted"),
        ("full", "same", "a text, which is not right"),
        (np.False_, True, "gave False, which is not right"),
        (1, True, "a number, which is not right"),
        (MATRIX, None, "not right"),
    ],
)
def test_the_first_difference_is_said(answer, expected, said):
    assert said in difference(answer, expected, **EXACT)


def test_lists_count_as_arrays_only_where_they_are_accepted():
    rows = [[1, 2, 3], [4, 5, 6]]
    assert difference(rows, MATRIX, **EXACT, accepts_lists=True) is None
    assert "wrong" in difference([[1, 2, 3], [4, 5, 7]], MATRIX, **EXACT, accepts_lists=True)
    for ragged in ([[1, 2], [3]], [["a"]], [[None, 1]], [[10**25, 1]]):
        assert "array is wanted" in difference(ragged, MATRIX, **EXACT, accepts_lists=True)
        assert "number is wanted" in difference(ragged, 5, **EXACT, accepts_lists=True)


def test_tolerance_is_relative_and_absolute():
    assert difference(np.array([1e6 + 1]), np.array([1e6]), rtol=1e-5, atol=0) is None
    assert difference(np.array([1e-9]), np.array([0.0]), rtol=1e-5, atol=1e-8) is None
    assert difference(np.array([1e-7]), np.array([0.0]), rtol=1e-5, atol=1e-8)


def test_no_expected_value_is_ever_said():
    said = difference(np.array([1.0, 2.0]), np.array([1.0, 31.25]), **EXACT)
    assert "31" not in said


def test_a_share_that_is_just_too_small_does_not_read_as_enough():
    right = np.arange(2000)
    answer = np.where(right < 1899, right, -1)
    said = difference(answer, right, **EXACT, at_least=0.95)
    assert said == "94.9 % of 2000 are right where 95 % are wanted"
    assert difference(np.where(right < 1900, right, -1), right, **EXACT, at_least=0.95) is None


def test_a_difference_is_data():
    right = np.arange(12.0).reshape(3, 4)
    answer = right.copy()
    answer[1, 2:] = 0
    found = compare((5, (right, answer), 6), (5, (right, right), 6))
    assert (found.stage, found.parts) == ("values", ((2, 3), (2, 2)))
    assert (found.first, found.wrong, found.size, found.right) == ((1, 2), 2, 12, 10 / 12)
    assert found.answer is answer
    assert found.expected is right


def test_an_exercise_allows_what_check_allows_unless_it_says_otherwise():
    exercise = Exercise("f", (), oracle=abs, cases=iter)
    assert exercise.rtol == exercise.atol == TOLERANCE
    answer = np.array([1e3, 0.0]).astype(np.float32) * np.float32(1.000009)
    assert difference(answer, np.array([1e3, 9e-6]), rtol=TOLERANCE, atol=TOLERANCE) is None
