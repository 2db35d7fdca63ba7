"""The exercises of 06_gradients: right by brute force and by hand, and tested where it is hard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import signal

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from tests.course import find_assignment

ASSIGNMENT = find_assignment("06_gradients")

SECRET = b"a course"


def derivative(forward: Callable[[np.ndarray], np.ndarray], shape, dy: np.ndarray) -> np.ndarray:
    """Gradient of a linear map by its definition: one unit array for each entry."""
    gradient = np.zeros(shape)
    for place in np.ndindex(*shape):
        unit = np.zeros(shape)
        unit[place] = 1.0
        gradient[place] = np.sum(forward(unit) * dy)
    return gradient


def layer(x, w, stride, padding):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    maps = [
        signal.correlate(image, w[..., f], "valid", "direct")[::stride, ::stride, 0]
        for image in padded
        for f in range(w.shape[3])
    ]
    return np.moveaxis(np.reshape(maps, (len(x), w.shape[3], *maps[0].shape)), 1, -1)


def conv2d_backward(dy, x, w, stride=1, padding=0):
    return (
        derivative(lambda unit: layer(unit, w, stride, padding), x.shape, dy),
        derivative(lambda unit: layer(x, unit, stride, padding), w.shape, dy),
        derivative(lambda unit: np.broadcast_to(unit, dy.shape), w.shape[3:], dy),
    )


def correlate1d_backward(dy, x, w):
    return (
        derivative(lambda unit: signal.correlate(unit, w, "valid", "direct"), x.shape, dy),
        derivative(lambda unit: signal.correlate(x, unit, "valid", "direct"), w.shape, dy),
    )


def filter_gradient(dy, x):
    shape = tuple(n - m + 1 for n, m in zip(x.shape, dy.shape, strict=True))
    return derivative(lambda unit: signal.correlate2d(x, unit, "valid"), shape, dy)


def input_gradient(dy, k):
    shape = tuple(n + m - 1 for n, m in zip(dy.shape, k.shape, strict=True))
    return derivative(lambda unit: signal.correlate2d(unit, k, "valid"), shape, dy)


def adversarial_step(x, dx, epsilon):
    ahead = np.where(dx > 0, epsilon, np.where(dx < 0, -epsilon, 0.0))
    return np.sort([np.zeros(x.shape), x + ahead, np.ones(x.shape)], axis=0)[1]


INDEPENDENT = {
    "correlate1d_backward": correlate1d_backward,
    "filter_gradient": filter_gradient,
    "input_gradient": input_gradient,
    "conv2d_backward": conv2d_backward,
    "adversarial_step": adversarial_step,
}

BY_HAND = {
    "hand_dx": [2, -5, 5, -6],
    "hand_dw": [-7, 4, -4],
    "backward_matrix": [[2, 0], [-1, 2], [3, -1], [0, 3]],
    "true_convolution_dx": [3, -7, 4, -4],
    "touched_outputs": 6,
    "ones_gradient": [
        [4, 7, 10, 6, 3],
        [9, 17, 25, 16, 8],
        [11, 23, 34, 23, 11],
        [7, 16, 24, 17, 8],
        [2, 6, 9, 7, 3],
    ],
    "products_in_sum": [2 * 4 * 5, 3 * 3 * 8],
    "nudged_derivative": (9.261 - 6.859) / 0.2,
}


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_the_definition_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        expected = INDEPENDENT[name](*case.args, **case.kwargs)
        pairs = zip(right, expected, strict=True) if type(right) is tuple else [(right, expected)]
        for one, other in pairs:
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-10, strict=True)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name])


def test_the_true_convolution_has_the_gradient_of_its_definition() -> None:
    w, dy = np.array([2, -1, 3]), np.array([1, -2])
    expected = derivative(lambda unit: np.convolve(unit, w, "valid"), (4,), dy)
    np.testing.assert_allclose(ASSIGNMENT.exercise("true_convolution_dx").oracle(), expected)


def test_every_exercise_is_checked_here() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys()


def test_points_add_up_to_fifty() -> None:
    points = [each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)]
    assert sum(points) == 50


def rest(case: Case, axis: int) -> int:
    """How many rows or columns of the padded images the last window leaves over."""
    _, x, w = case.args
    room = x.shape[1 + axis] + 2 * case.kwargs.get("padding", 0) - w.shape[axis]
    return room % case.kwargs.get("stride", 1)


def some_zero(array: np.ndarray) -> bool:
    return bool((array == 0).any())


HARD_CASES: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("correlate1d_backward", "kernel", lambda case: not case.args[2].any()),
    ("correlate1d_backward", "signal", lambda case: not case.args[1].any()),
    ("correlate1d_backward", "both", lambda case: len(case.args[0]) < len(case.args[2])),
    ("correlate1d_backward", "both", lambda case: len(case.args[0]) > len(case.args[2])),
    ("correlate1d_backward", "integers", lambda case: case.args[0].dtype.kind == "i"),
    ("correlate1d_backward", "integers", lambda case: case.args[1].dtype.kind == "i"),
    ("input_gradient", "kernel_larger", lambda case: case.args[0].shape < case.args[1].shape),
    ("conv2d_backward", "bias", lambda case: not case.args[1].any() and not case.args[2].any()),
    ("conv2d_backward", "kernel", lambda case: not case.args[2].any() and case.args[1].all()),
    ("conv2d_backward", "image", lambda case: not case.args[1].any() and case.args[2].all()),
    ("conv2d_backward", "stride", lambda case: rest(case, 0) == rest(case, 1) == 0),
    ("conv2d_backward", "remainder", lambda case: rest(case, 0) > 0),
    ("conv2d_backward", "remainder", lambda case: rest(case, 0) != rest(case, 1)),
    ("conv2d_backward", "padding", lambda case: case.kwargs["padding"] == 1),
    ("conv2d_backward", "padding", lambda case: case.kwargs["padding"] > 1),
    ("conv2d_backward", "everything", lambda case: rest(case, 0) != rest(case, 1)),
    ("conv2d_backward", "everything", lambda case: case.kwargs["padding"] > 1),
    ("adversarial_step", "flat", lambda case: some_zero(case.args[1])),
    ("adversarial_step", "inside", lambda case: bool((abs(case.args[1]) < 0.05).any())),
    ("adversarial_step", "batch", lambda case: case.args[0].ndim == 4),
]


@pytest.mark.parametrize(("name", "group", "is_hard"), HARD_CASES)
def test_a_group_holds_the_case_where_mistakes_show(
    name: str, group: str, is_hard: Callable[[Case], bool]
) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    assert any(is_hard(case) for case in cases if case.group == group)


def test_windows_overlap_wherever_shares_must_be_added() -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise("conv2d_backward")):
        dy, x, w = case.args
        assert dy.shape[1] != dy.shape[2]
        assert x.shape[1] != x.shape[2]
        assert w.shape[2] != w.shape[3]
        if case.group == "stride":
            assert min(w.shape[:2]) > case.kwargs["stride"]


@pytest.mark.parametrize("draw", [b"one", b"two", b"three"])
def test_wide_and_tall_images_are_in_every_group_of_every_draw(draw: bytes) -> None:
    for name, place in (("conv2d_backward", 1), ("filter_gradient", 1), ("input_gradient", 0)):
        sizes: dict[str, set[int]] = {}
        for case in hidden_cases(draw, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
            image = case.args[place]
            height, width = image.shape[1:3] if image.ndim == 4 else image.shape
            sizes.setdefault(case.group, set()).add(int(np.sign(width - height)))
        for group, found in sizes.items():
            assert {-1, 1} <= found or (name, group) == ("input_gradient", "one_output"), group


def test_only_some_groups_of_the_attack_need_to_be_cut_off() -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise("adversarial_step")):
        x, dx, epsilon = case.args
        moved = x + epsilon * np.sign(dx)
        leaves = {"below": (moved < 0).any(), "above": (moved > 1).any()}
        assert set(leaves.values()) == {case.group in ("border", "batch")}
        assert some_zero(dx) == (case.group in ("flat", "batch"))
