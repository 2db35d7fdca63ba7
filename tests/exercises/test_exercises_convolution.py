"""The exercises of 02_convolution: right by scipy and by hand, and tested where it is hard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from tests.course import find_assignment

SECRET = b"a course"
ASSIGNMENT = find_assignment("02_convolution")


def correlate1d(x, w, stride=1, padding=0):
    return signal.correlate(np.pad(x, padding), w, "valid", "direct")[::stride]


def pad2d(x, padding, mode="zeros"):
    names = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
    return np.pad(x, padding, names[mode])


def correlate2d(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    assert all(n >= m for n, m in zip(padded.shape, k.shape, strict=True))
    return signal.correlate2d(padded, k, "valid")[::stride, ::stride]


def conv2d(x, w, b, stride=1, padding=0):
    padded = np.pad(x.astype(float), [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    maps = [
        signal.correlate(image, w[..., f], "valid", "direct")[::stride, ::stride, 0] + b[f]
        for image in padded
        for f in range(len(b))
    ]
    return np.moveaxis(np.reshape(maps, (len(x), len(b), *maps[0].shape)), 1, -1)


INDEPENDENT = {
    "correlate1d": correlate1d,
    "convolve1d": lambda x, w: signal.convolve(x, w, "full", "direct"),
    "pad2d": pad2d,
    "correlate2d": correlate2d,
    "convolve2d": lambda x, k: signal.convolve2d(x, k, "full"),
    "conv2d": conv2d,
}

BY_HAND = {
    "corr_stride_1": [[5, 3, 1], [1, 3, 5], [-5, 7, -1]],
    "corr_stride_2_padded": [[2, 6, 0], [-6, 3, 1], [0, -6, 0]],
    "corr_a_b": [[109, 92, 72], [108, 85, 74], [110, 74, 79]],
    "patch_value": 65,
    "unseen_columns": 2,
    "swapped_correlation": [0, 3, 8, 5, 2],
    "combined_kernel": [[2, 4, 1, 2], [0, -2, 0, -1]],
    "centre_in_full": [4, 7],
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_scipy_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        expected = INDEPENDENT[name](*case.args, **case.kwargs)
        np.testing.assert_allclose(right, expected, rtol=1e-10, atol=1e-10, strict=True)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name])


def test_every_exercise_is_checked_here() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys()


def test_points_add_up_to_fifty() -> None:
    points = [each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)]
    assert sum(points) == 50


def option(case: Case, name: str, default: int) -> int:
    return case.kwargs.get(name, default)


def rest(case: Case, image_axis: int, kernel_axis: int) -> int:
    """How many rows or columns of the padded input the last window leaves over."""
    image, kernel = case.args[0].shape[image_axis], case.args[1].shape[kernel_axis]
    return (image + 2 * option(case, "padding", 0) - kernel) % option(case, "stride", 1)


def not_square(size: tuple[int, ...]) -> bool:
    return size[0] != size[1]


HARD_CASES: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("correlate1d", "stride", lambda case: rest(case, 0, 0) > 0),
    ("correlate1d", "stride", lambda case: rest(case, 0, 0) == 0),
    ("correlate1d", "stride_padding", lambda case: rest(case, 0, 0) > 0),
    ("correlate1d", "padding", lambda case: option(case, "padding", 0) > 1),
    ("correlate1d", "integers", lambda case: case.args[0].dtype.kind == "i"),
    ("convolve1d", "kernel_longer", lambda case: len(case.args[0]) < len(case.args[1])),
    ("pad2d", "zeros", lambda case: case.args[1] > min(case.args[0].shape)),
    ("pad2d", "zeros", lambda case: "mode" not in case.kwargs),
    ("pad2d", "replicate", lambda case: case.args[1] > min(case.args[0].shape)),
    ("pad2d", "reflect", lambda case: case.args[1] == min(case.args[0].shape) - 1),
    ("pad2d", "circular", lambda case: case.args[1] == min(case.args[0].shape)),
    ("correlate2d", "stride", lambda case: rest(case, 0, 0) != rest(case, 1, 1)),
    ("correlate2d", "stride_padding", lambda case: rest(case, 0, 0) != rest(case, 1, 1)),
    ("correlate2d", "stride_padding", lambda case: option(case, "padding", 0) > 1),
    ("correlate2d", "kernel_shape", lambda case: not_square(case.args[1].shape)),
    ("correlate2d", "borders", lambda case: case.args[0].shape == case.args[1].shape),
    ("convolve2d", "kernel_shape", lambda case: not_square(case.args[1].shape)),
    ("convolve2d", "single", lambda case: case.args[1].size == 1),
    ("conv2d", "stride", lambda case: rest(case, 1, 0) != rest(case, 2, 1)),
    ("conv2d", "padding", lambda case: option(case, "padding", 0) > 1),
    ("conv2d", "integers", lambda case: case.args[0].dtype == np.uint8),
    ("conv2d", "everything", lambda case: rest(case, 1, 0) != rest(case, 2, 1)),
    ("conv2d", "everything", lambda case: option(case, "padding", 0) > 1),
]


@pytest.mark.parametrize(("name", "group", "is_hard"), HARD_CASES)
def test_a_group_holds_the_case_where_mistakes_show(
    name: str, group: str, is_hard: Callable[[Case], bool]
) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    assert any(is_hard(case) for case in cases if case.group == group)


@pytest.mark.parametrize("name", ["pad2d", "correlate2d", "convolve2d"])
def test_no_image_of_more_than_one_pixel_is_square(name: str) -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
        assert case.args[0].size == 1 or not_square(case.args[0].shape)


def test_conv2d_never_has_square_images_and_mixes_all_sizes_at_the_end() -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise("conv2d")):
        x, w, b = case.args
        assert not_square(x.shape[1:3])
        assert w.shape[2:] == (x.shape[3], len(b))
        if case.group == "everything":
            assert len(x) > 1
            assert not_square(w.shape)
            assert len({1, *w.shape[2:]}) == 3


def test_answers_of_a_uint8_photograph_fit_a_uint8() -> None:
    """A float outside 0 to 255 has no one uint8, so a truncating answer could not be named."""
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys["conv2d"].cases, keys["conv2d"].right, strict=True):
        if case.args[0].dtype == np.uint8:
            assert right.min() >= 0
            assert right.max() < 256
