"""The exercises of 03_gaussian_blobs: right by scipy, by hand and by their own laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import ndimage, signal

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from autograder.judging.rules.forbidden import forbidden_calls
from tests.course import find_assignment

ASSIGNMENT = find_assignment("03_gaussian_blobs")

SECRET = b"a course"
PAINTERS = ("blobs", "separable_blobs")


def bell(size: int, std: float) -> np.ndarray:
    return signal.windows.gaussian(size, std)


def lit(shape: tuple[int, int], points: tuple[tuple[int, int], ...]) -> np.ndarray:
    canvas = np.zeros(shape)
    np.add.at(canvas, tuple(np.array(points, int).reshape(-1, 2).T), 1)
    return canvas


def passes(shape: Any, points: Any, size: int, std: float) -> tuple[np.ndarray, np.ndarray]:
    down = signal.convolve2d(lit(shape, points), bell(size, std)[:, None], mode="same")
    return down, signal.convolve2d(down, bell(size, std)[None, :], mode="same")


def painted(shape: Any, points: Any, size: int, std: float) -> np.ndarray:
    kernel = np.outer(bell(size, std), bell(size, std))
    return signal.fftconvolve(lit(shape, points), kernel, mode="same")


INDEPENDENT: dict[str, Callable[..., Any]] = {
    "gaussian_kernel": lambda size, std: np.outer(bell(size, std), bell(size, std)),
    "impulses": lit,
    "blobs": painted,
    "separable_blobs": passes,
}

BY_HAND = {
    "bell_height": 0.6065306597,
    "visible_part": [15 + 1 + 15, 15 + 1 + 9],
    "even_rows": [20 - 4, 20 + 5],
    "two_heights": [1.1353352832, 1.2130613194],
    "separable": [1, 0, 1, 0],
    "multiplications": [2_402_500, 155_000],
}


def cases_of(name: str) -> list[Case]:
    return list(hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name)))


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_scipy_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        np.testing.assert_allclose(right, INDEPENDENT[name](*case.args), atol=1e-12)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name], rtol=1e-9)


def test_every_exercise_is_checked_here_and_the_points_add_up_to_thirty() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys()
    assert sum(each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)) == 30


@pytest.mark.parametrize("name", PAINTERS)
def test_each_group_of_cases_holds_what_its_rubric_line_says_and_no_more(name: str) -> None:
    for case in cases_of(name):
        (height, width), points, size, std = case.args
        assert height != width
        assert (size % 2 == 0) == (case.group == "even")
        assert (size > max(height, width)) == (case.group == "large")
        full = signal.convolve2d(lit((height, width), points), np.ones((size, size)))
        kept = painted((height, width), points, size, std) > 1e-9
        assert (full.max() > 1.5) == (case.group == "overlap")
        assert (kept.sum() < (full > 0.5).sum()) == (case.group in ("border", "large"))


@pytest.mark.parametrize("name", PAINTERS)
def test_ways_to_keep_the_size_differ_on_even_blobs_alone(name: str) -> None:
    """The three ways that scipy has are told apart by the line for even sizes."""
    for case in cases_of(name):
        shape, points, size, std = case.args
        kernel, canvas = np.outer(bell(size, std), bell(size, std)), lit(shape, points)
        right = painted(*case.args)
        for other in (
            ndimage.convolve(canvas, kernel, mode="constant"),
            signal.correlate2d(canvas, kernel, mode="same"),
        ):
            assert np.allclose(other, right, atol=1e-9) == (case.group != "even")


def test_a_repeated_point_is_where_the_rubric_says_so_and_no_points_are_tried() -> None:
    for case in cases_of("impulses"):
        _, points = case.args
        assert (len(set(points)) < len(points)) == (case.group == "repeated")
        assert (not points) == (case.group == "none")


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("signal.convolve2d(canvas, kernel, mode='same')", False),
        ("signal.fftconvolve(canvas, kernel, mode='same')", False),
        ("ndimage.convolve1d(canvas, kernel, axis=0)", False),
        ("np.convolve(canvas, kernel)", False),
        ("signal.windows.gaussian(9, std=2)", True),
        ("signal.get_window(('gaussian', 2), 9)", True),
        ("ndimage.gaussian_filter(canvas, 2)", True),
        ("ndimage.gaussian_filter1d(canvas, 2, axis=0)", True),
        ("convkit.blobs((9, 9), [(1, 2)], 3, 1)", True),
    ],
)
def test_convolutions_may_be_called_and_ready_made_gaussians_may_not(
    call: str, found: bool
) -> None:
    cells = [
        "import numpy as np\nimport convkit\nfrom scipy import ndimage, signal",
        f"def blobs(shape, points, size, std):\n    return {call}",
    ]
    forbidden = ASSIGNMENT.exercise("blobs").forbidden
    assert bool(forbidden_calls(cells, "blobs", forbidden)) == found
