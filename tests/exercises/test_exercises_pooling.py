"""The exercises of 05_pooling: right by brute force and by hand, and tested where it is hard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from tests.course import find_assignment

ASSIGNMENT = find_assignment("05_pooling")

SECRET = b"a course"


def by_windows(x, size, stride, padding, outside, value):
    """One number for each window, one window at a time."""
    stride = size if stride is None else stride
    sides = [(0, 0), (padding, padding), (padding, padding), (0, 0)]
    padded = np.pad(x.astype(float), sides, constant_values=outside)
    starts = [range(0, n - size + 1, stride) for n in padded.shape[1:3]]
    y = np.empty((len(x), *map(len, starts), x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        a, b = starts[0][i], starts[1][j]
        y[n, i, j, c] = value([float(v) for v in padded[n, a : a + size, b : b + size, c].flat])
    return y


def max_pool2d(x, size, stride=None, padding=0):
    return by_windows(x, size, stride, padding, -np.inf, max)


def avg_pool2d(x, size, stride=None, padding=0):
    return by_windows(x, size, stride, padding, 0.0, lambda pixels: sum(pixels) / len(pixels))


def lp_pool2d(x, size, p, stride=None):
    def norm(pixels):
        sizes = [abs(v) for v in pixels]
        return max(sizes) if p == np.inf else sum(v**p for v in sizes) ** (1 / p)

    return by_windows(x, size, stride, 0, 0.0, norm)


def adaptive_avg_pool2d(x, output_size):
    """Each pixel counted once for each of the m parts of an axis that it touches."""

    def along(axis, image, m):
        n = image.shape[axis]
        touched = [[k for k in range(n) if k * m < (i + 1) * n and (k + 1) * m > i * n]
                   for i in range(m)]  # fmt: skip
        return np.stack([image.take(part, axis).mean(axis) for part in touched], axis)

    return along(2, along(1, x, output_size[0]), output_size[1])


def backward(share):
    def gradient(dy, x, size, stride=None):
        stride = size if stride is None else stride
        dx = np.zeros(x.shape)
        for n, i, j, c in np.ndindex(dy.shape):
            places = [(n, i * stride + a, j * stride + b, c) for a, b in np.ndindex(size, size)]
            for place, part in zip(places, share([float(x[at]) for at in places]), strict=True):
                dx[place] += part * dy[n, i, j, c]
        return dx

    return gradient


def first_winner(pixels):
    return [float(k == pixels.index(max(pixels))) for k in range(len(pixels))]


INDEPENDENT: dict[str, Callable[..., np.ndarray]] = {
    "max_pool2d": max_pool2d,
    "avg_pool2d": avg_pool2d,
    "lp_pool2d": lp_pool2d,
    "adaptive_avg_pool2d": adaptive_avg_pool2d,
    "max_pool2d_backward": backward(first_winner),
    "avg_pool2d_backward": backward(lambda pixels: [1 / len(pixels)] * len(pixels)),
}

BY_HAND = {
    "max_pool_c": [[109, 92], [110, 85]],
    "pool_shape": [16, 14, 9, 48],
    "max_pool_i": [[4, 4], [0, 4]],
    "max_pool_minus_i": [[-1, -1], [2, 0]],
    "lp_by_hand": [11, 7, 6],
    "average_from_lp": 4,
    "max_gradient": [[0, 12, 0], [0, 28, 0], [0, 0, 0]],
    "avg_gradient": [[1, 3, 2], [4, 10, 6], [3, 7, 4]],
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_brute_force_on_the_hidden_cases(name: str) -> None:
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
    assert sum(each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)) == 50


def option(case: Case, name: str, default: int) -> int:
    return case.kwargs.get(name, default)


def rests(case: Case) -> tuple[int, ...]:
    """How many rows and columns the last windows leave over."""
    size = case.kwargs["size"]
    padding, stride = option(case, "padding", 0), option(case, "stride", size)
    height, width = case.args[-1].shape[1:3]
    return tuple((n + 2 * padding - size) % stride for n in (height, width))


def overlaps(case: Case) -> bool:
    return option(case, "stride", case.kwargs["size"]) < case.kwargs["size"]


def has_gaps(case: Case) -> bool:
    return option(case, "stride", 0) > case.kwargs["size"]


def differs_for_zeros(case: Case) -> bool:
    zeros = by_windows(case.args[0], case.kwargs["size"], case.kwargs.get("stride"),
                       case.kwargs["padding"], 0.0, max)  # fmt: skip
    return not np.array_equal(zeros, max_pool2d(*case.args, **case.kwargs))


def window_has_ties(case: Case) -> bool:
    def count(pixels):
        return float(pixels.count(max(pixels)))

    return bool((by_windows(case.args[1], 2, None, 0, 0.0, count) > 1).any())


def divides(case: Case) -> bool:
    rows, columns = case.kwargs["output_size"]
    return case.args[0].shape[1] % rows == 0 or case.args[0].shape[2] % columns == 0


HARD_CASES: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("max_pool2d", "stride", overlaps),
    ("max_pool2d", "stride", has_gaps),
    ("max_pool2d", "leftover", lambda case: min(rests(case)) > 0),
    ("max_pool2d", "padding", differs_for_zeros),
    ("max_pool2d", "padding", lambda case: case.kwargs["padding"] > 1),
    ("max_pool2d", "integers", lambda case: case.args[0].dtype.kind == "i"),
    ("max_pool2d", "negative", lambda case: case.args[0].max() < 0),
    ("max_pool2d", "batch", lambda case: min(len(case.args[0]), case.args[0].shape[3]) > 1),
    ("avg_pool2d", "stride", overlaps),
    ("avg_pool2d", "stride", has_gaps),
    ("avg_pool2d", "leftover", lambda case: min(rests(case)) > 0),
    ("avg_pool2d", "padding", lambda case: case.kwargs["padding"] > 1),
    ("avg_pool2d", "integers", lambda case: case.args[0].dtype.kind == "i"),
    ("lp_pool2d", "odd", lambda case: case.args[0].min() < 0 and case.kwargs["p"] == 3),
    ("lp_pool2d", "fraction", lambda case: case.args[0].min() < 0),
    ("lp_pool2d", "infinity", lambda case: case.args[0].max() < 0),
    ("lp_pool2d", "stride", overlaps),
    ("lp_pool2d", "stride", has_gaps),
    ("adaptive_avg_pool2d", "overlap", lambda case: not divides(case)),
    ("max_pool2d_backward", "overlap", overlaps),
    ("max_pool2d_backward", "gaps", has_gaps),
    ("max_pool2d_backward", "gaps", lambda case: min(rests(case)) > 0),
    ("max_pool2d_backward", "ties", window_has_ties),
    ("max_pool2d_backward", "integers", lambda case: case.args[1].dtype.kind == "i"),
    ("avg_pool2d_backward", "overlap", overlaps),
    ("avg_pool2d_backward", "gaps", has_gaps),
    ("avg_pool2d_backward", "integers", lambda case: case.args[1].dtype.kind == "i"),
]


@pytest.mark.parametrize(("name", "group", "is_hard"), HARD_CASES)
def test_a_group_holds_the_case_where_mistakes_show(
    name: str, group: str, is_hard: Callable[[Case], bool]
) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    assert any(is_hard(case) for case in cases if case.group == group)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_no_image_is_square(name: str) -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
        assert case.args[-1].shape[1] != case.args[-1].shape[2]


@pytest.mark.parametrize("secret", [f"course {number}".encode() for number in range(20)])
def test_two_pixels_are_equal_only_where_the_ties_are_graded(secret: bytes) -> None:
    for case in hidden_cases(secret, ASSIGNMENT.name, ASSIGNMENT.exercise("max_pool2d_backward")):
        x = case.args[1]
        assert (len(np.unique(x)) < x.size) == (case.group == "ties")


@pytest.mark.parametrize("secret", [f"course {number}".encode() for number in range(20)])
def test_padding_is_at_most_half_a_window(secret: bytes) -> None:
    for name in ("max_pool2d", "avg_pool2d"):
        for case in hidden_cases(secret, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
            assert option(case, "padding", 0) <= case.kwargs["size"] // 2
