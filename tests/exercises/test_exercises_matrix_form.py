"""The exercises of 04_matrix_form: right by scipy and by hand, and tested where it is hard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import linalg, signal

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from autograder.authoring.loop_probes import probes
from autograder.judging.rules.loops import looped_over
from autograder.sandbox.inside.effort import growth
from tests.course import find_assignment

SECRET = b"a course"
ASSIGNMENT = find_assignment("04_matrix_form")


def toeplitz_matrix(w, n):
    column = np.zeros(n - len(w) + 1)
    column[0] = w[0]
    return linalg.toeplitz(column, np.pad(w, (0, n - len(w))))


def conv_matrix2d(k, input_shape):
    pixels = np.eye(input_shape[0] * input_shape[1]).reshape(-1, *input_shape)
    return np.stack([signal.correlate2d(x, k, "valid").ravel() for x in pixels], axis=1)


def windows(x, kernel, stride, padding):
    kh, kw = np.broadcast_to(kernel, 2)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    shape = (len(x), rows, columns, kh, kw, x.shape[3])
    return np.fromfunction(
        np.vectorize(lambda n, i, j, a, c, m: padded[n, i * stride + a, j * stride + c, m]),
        shape,
        dtype=int,
    )


def im2col(x, kernel, stride=1, padding=0):
    found = windows(x, kernel, stride, padding)
    return found.reshape(np.prod(found.shape[:3]), np.prod(found.shape[3:]))


def conv2d_im2col(x, w, b, stride=1, padding=0):
    return np.tensordot(windows(x, w.shape[:2], stride, padding), w, axes=3) + b


INDEPENDENT = {
    "toeplitz_matrix": toeplitz_matrix,
    "conv_matrix2d": conv_matrix2d,
    "im2col": im2col,
    "conv2d_im2col": conv2d_im2col,
}

BY_HAND = {
    "padded_matrix": [
        [3, -1, 2, 0, 0, 0],
        [0, 3, -1, 2, 0, 0],
        [0, 0, 3, -1, 2, 0],
        [0, 0, 0, 3, -1, 2],
    ],
    "unpadded_matrix": [[-1, 2, 0, 0], [3, -1, 2, 0], [0, 3, -1, 2], [0, 0, 3, -1]],
    "matrix_counts": [24 * 24 * 28 * 28, 24 * 24 * 5 * 5, 5 * 5],
    "gradient_of_pixels": [[1, 3, -1, -3], [2, 1, 4, 1], [0, 4, -2, 0]],
    "window_as_row": [5, 50, 6, 60, 8, 80, 9, 90],
    "columns_shape": [2 * 4 * 5, 3 * 3 * 3],
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_scipy_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        expected = INDEPENDENT[name](*case.args, **case.kwargs)
        np.testing.assert_allclose(right, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name])


def test_the_gradient_of_the_pixels_is_the_full_convolution() -> None:
    """The transposed matrix stamps kernels, which is what a true convolution does."""
    dy, k = [[1, 0, -1], [0, 2, 0]], [[1, 3], [2, -1]]
    right = ASSIGNMENT.exercise("gradient_of_pixels").oracle()
    np.testing.assert_allclose(right, signal.convolve2d(dy, k))


def test_every_exercise_is_checked_here() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys()


def test_points_add_up_to_fifty() -> None:
    points = [each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)]
    assert sum(points) == 50


def option(case: Case, name: str, default: int) -> int:
    return case.kwargs.get(name, default)


def kernel_size(case: Case) -> tuple[int, int]:
    given = case.args[1]
    return given.shape[:2] if isinstance(given, np.ndarray) else np.broadcast_to(given, 2)


def rest(case: Case, axis: int) -> int:
    """How many rows or columns of the padded images the last window leaves over."""
    size = case.args[0].shape[1 + axis] + 2 * option(case, "padding", 0)
    return (size - kernel_size(case)[axis]) % option(case, "stride", 1)


def output_is_square(case: Case) -> bool:
    height, width = (
        (case.args[0].shape[1 + axis] + 2 * option(case, "padding", 0) - kernel_size(case)[axis])
        // option(case, "stride", 1)
        for axis in (0, 1)
    )
    return height == width


HARD_CASES: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("toeplitz_matrix", "plain", lambda case: case.args[1] > 2 * len(case.args[0])),
    ("toeplitz_matrix", "one_window", lambda case: case.args[1] == len(case.args[0])),
    ("conv_matrix2d", "plain", lambda case: case.args[1][0] < case.args[1][1]),
    ("conv_matrix2d", "plain", lambda case: case.args[1][0] > case.args[1][1]),
    ("conv_matrix2d", "kernel_shape", lambda case: 1 < case.args[0].shape[0] < 3),
    ("conv_matrix2d", "one_window", lambda case: case.args[1] == case.args[0].shape),
    ("im2col", "plain", lambda case: case.args[0].dtype.kind == "i"),
    ("im2col", "channels", lambda case: case.args[0].shape[3] > 2),
    ("im2col", "stride", lambda case: rest(case, 0) == 0 < rest(case, 1)),
    ("im2col", "stride", lambda case: rest(case, 1) == 0 < rest(case, 0)),
    ("im2col", "padding", lambda case: option(case, "padding", 0) > 1),
    ("im2col", "kernel_shape", lambda case: isinstance(case.args[1], tuple)),
    ("im2col", "everything", lambda case: rest(case, 0) != rest(case, 1)),
    ("conv2d_im2col", "filters", lambda case: case.args[1].shape[3] > 1),
    ("conv2d_im2col", "stride_padding", lambda case: rest(case, 0) != rest(case, 1)),
    ("conv2d_im2col", "stride_padding", lambda case: option(case, "padding", 0) > 1),
    ("conv2d_im2col", "integers", lambda case: case.args[0].dtype.kind == "i"),
    ("conv2d_im2col", "everything", lambda case: len(set(case.args[1].shape)) == 4),
]


@pytest.mark.parametrize(("name", "group", "is_hard"), HARD_CASES)
def test_a_group_holds_the_case_where_mistakes_show(
    name: str, group: str, is_hard: Callable[[Case], bool]
) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    assert any(is_hard(case) for case in cases if case.group == group)


@pytest.mark.parametrize("name", ["im2col", "conv2d_im2col"])
def test_every_group_has_an_output_that_is_not_square(name: str) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    groups = {case.group for case in cases}
    assert groups == {case.group for case in cases if not output_is_square(case)}


def test_loops_over_taps_images_channels_and_filters_are_no_loops_over_pixels() -> None:
    def conv2d_by_slices(x, w, b, stride=1, padding=0):
        rows, columns = x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1
        y = np.zeros((len(x), rows, columns, len(b))) + b
        for n, f, a, c, m in np.ndindex(len(x), len(b), *w.shape[:3]):
            y[n, :, :, f] += w[a, c, m, f] * x[n, a : a + rows, c : c + columns, m]
        return y

    rule = ASSIGNMENT.exercise("conv2d_im2col").loops
    assert rule is not None
    smallest, *larger = probes(rule)
    assert looped_over(rule, growth(conv2d_by_slices, smallest, larger)) == ()
