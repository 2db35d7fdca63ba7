import numpy as np
import pytest

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
    for ragged in ([[1, 2], [3]], [["a"]], [[None, 1]]):
        assert "array is wanted" in difference(ragged, MATRIX, **EXACT, accepts_lists=True)


def test_tolerance_is_relative_and_absolute():
    assert difference(np.array([1e6 + 1]), np.array([1e6]), rtol=1e-5, atol=0) is None
    assert difference(np.array([1e-9]), np.array([0.0]), rtol=1e-5, atol=1e-8) is None
    assert difference(np.array([1e-7]), np.array([0.0]), rtol=1e-5, atol=1e-8)


def test_no_expected_value_is_ever_said():
    said = difference(np.array([1.0, 2.0]), np.array([1.0, 31.25]), **EXACT)
    assert "31" not in said
