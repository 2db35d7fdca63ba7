"""The exercises of 01_shapes: right by counting one by one, and tested where it is hard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Case
from tests.course import find_assignment

SECRET = b"a course"
ASSIGNMENT = find_assignment("01_shapes")


def starts(n, kernel, stride, padding):
    """Where a window starts that lies within the padded input."""
    return [i for i in range(0, n + 2 * padding, stride) if i + kernel <= n + 2 * padding]


def conv_output_size(n, kernel, stride=1, padding=0):
    return len(starts(n, kernel, stride, padding))


def conv_output_shape(input_shape, kernel, filters, stride=1, padding=0):
    sides = [
        (n + 2 * padding, k, starts(n, k, stride, padding))
        for n, k in zip(input_shape[:2], kernel, strict=True)
    ]
    if any(places[-1] + k != n for n, k, places in sides):
        return None
    return len(sides[0][2]), len(sides[1][2]), filters


def conv_parameters(kernel, in_channels, filters, bias=True):
    taps = product(range(kernel[0]), range(kernel[1]), range(in_channels), range(filters))
    return len(list(taps)) + (filters if bias else 0)


def conv_multiplications(input_shape, kernel, filters, stride=1, padding=0):
    places = [
        len(starts(n, k, stride, padding)) for n, k in zip(input_shape[:2], kernel, strict=True)
    ]
    return places[0] * places[1] * conv_parameters(kernel, input_shape[2], filters, bias=False)


def receptive_field(layers):
    first, last = 0, 0
    for kernel, stride in layers[::-1]:
        first, last = first * stride, last * stride + kernel - 1
    return last - first + 1


INDEPENDENT: dict[str, Callable] = {
    "conv_output_size": conv_output_size,
    "conv_output_shape": conv_output_shape,
    "conv_parameters": conv_parameters,
    "conv_multiplications": conv_multiplications,
    "linear_multiplications": lambda inputs, outputs: np.zeros((inputs, outputs)).size,
    "receptive_field": receptive_field,
}

BY_HAND = {
    "output_sizes": [28, 0, 10, 0, 12],
    "stride_three": [1, 16, 2],
    "kept_outputs": [0, 4, 8],
    "valid_and_same": [[26, 1], [24, 2], [22, 3]],
    "shapes_by_hand": [[3, 3, 1], [28, 28, 1], [32, 32, 1], [32, 32, 10], [32, 32, 7]],
    "one_by_one_pixel": [-1, 10],
    "pools": [[27, 27, 96, 0], [12, 8, 17, 0]],
    "small_kernels": [7, 2700, 4900],
    "weight_sharing": [600 * 504 + 504, 10 * 504, 10, 60],
    "parameter_counts": [34_944, 1_150, 750, 760, 112],
    "multiplications_by_hand": [7 * 18 * 26 * 15 * 4, 7 * 18 * 26 * 600 * 4, 1 / 40],
    "alexnet_parameters": [
        *(96 * (11 * 11 * 3 + 1), 256 * (5 * 5 * 48 + 1), 384 * (3 * 3 * 256 + 1)),
        *(384 * (3 * 3 * 192 + 1), 256 * (3 * 3 * 192 + 1)),
        *(4096 * (9216 + 1), 4096 * (4096 + 1), 1000 * (4096 + 1)),
    ],
    "alexnet_multiplications": [
        *(55**2 * 96 * 11**2 * 3, 27**2 * 256 * 5**2 * 48, 13**2 * 384 * 3**2 * 256),
        *(13**2 * 384 * 3**2 * 192, 13**2 * 256 * 3**2 * 192),
        *(4096 * 9216, 4096 * 4096, 1000 * 4096),
    ],
}

MAPS = (227, 3), (55, 96), (27, 96), (27, 256), (13, 256), (13, 384), (13, 384), (13, 256), (6, 256)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_oracle_agrees_with_counting_on_the_hidden_cases(name: str) -> None:
    keys = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}
    for case, right in zip(keys[name].cases, keys[name].right, strict=True):
        assert right == INDEPENDENT[name](*case.args, **case.kwargs)


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out_by_hand(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name], rtol=1e-15)


def test_alexnet_has_the_published_shapes_and_parameters() -> None:
    maps = tuple((side, side, channels) for side, channels in MAPS)
    right = ASSIGNMENT.exercise("alexnet_shapes").oracle()
    assert right == (*maps, (4096,), (4096,), (1000,))
    assert sum(BY_HAND["alexnet_parameters"]) == 60_965_224


def test_every_exercise_is_checked_here() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == INDEPENDENT.keys() | BY_HAND.keys() | {"alexnet_shapes"}


def test_points_add_up_to_fifty() -> None:
    points = [each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)]
    assert sum(points) == 50


def rests(case: Case) -> list[int]:
    """How many pixels of each side the last window leaves over."""
    n, kernel = case.args[:2]
    sides = [(n, kernel)] if isinstance(n, int) else zip(n[:2], kernel, strict=True)
    stride, padding = case.kwargs.get("stride", 1), case.kwargs.get("padding", 0)
    return [(size + 2 * padding - k) % stride for size, k in sides]


def fits_unpadded(case: Case) -> bool:
    (height, width, _), (kh, kw), _ = case.args
    return not ((height - kh) % case.kwargs["stride"] or (width - kw) % case.kwargs["stride"])


def is_largest_rest(case: Case) -> bool:
    return rests(case) == [case.kwargs["stride"] - 1]


HARD_CASES: list[tuple[str, str, Callable[[Case], bool]]] = [
    ("conv_output_size", "plain", lambda case: case.args[0] == case.args[1]),
    ("conv_output_size", "rest", lambda case: rests(case) == [1]),
    ("conv_output_size", "rest", is_largest_rest),
    ("conv_output_size", "everything", is_largest_rest),
    ("conv_output_shape", "invalid", lambda case: rests(case)[0] > 0 == rests(case)[1]),
    ("conv_output_shape", "invalid", lambda case: rests(case)[1] > 0 == rests(case)[0]),
    ("conv_output_shape", "invalid", lambda case: min(rests(case)) > 0),
    (
        "conv_output_shape",
        "everything",
        lambda case: rests(case) == [0, 0] and not fits_unpadded(case),
    ),
    ("conv_multiplications", "stride", lambda case: rests(case) == [0, 0]),
    ("conv_multiplications", "stride", lambda case: rests(case)[0] > 0),
    ("conv_multiplications", "stride", lambda case: rests(case)[1] > 0),
    ("receptive_field", "deep", lambda case: (1, 2) in case.args[0]),
    ("receptive_field", "strides", lambda case: len(case.args[0]) > 3),
]


@pytest.mark.parametrize(("name", "group", "is_hard"), HARD_CASES)
def test_a_group_holds_the_case_where_mistakes_show(
    name: str, group: str, is_hard: Callable[[Case], bool]
) -> None:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    assert any(is_hard(case) for case in cases if case.group == group)


@pytest.mark.parametrize("name", ["conv_output_shape", "conv_multiplications"])
def test_neither_image_nor_kernel_is_ever_square(name: str) -> None:
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name)):
        (height, width, _), (kh, kw), _ = case.args
        assert height != width
        assert kh != kw


def test_no_hidden_receptive_field_has_gaps() -> None:
    """So whoever counts the pixels that are read gets the same as from the first to the last."""
    for case in hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise("receptive_field")):
        seen = {0}
        for kernel, stride in reversed(case.args[0]):
            seen = {place * stride + tap for place in seen for tap in range(kernel)}
        assert len(seen) == receptive_field(case.args[0])
