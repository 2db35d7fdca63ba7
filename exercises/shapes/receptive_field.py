"""``receptive_field(layers)``: how far one output of a stack sees, along one axis.

Given a sequence of at least one layer as (kernel, stride), the one next to the input first, return
the number of pixels from the first to the last that one output of the last layer depends on. The
border of the image plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, wheat

from .draw import between
from .receptive_field_chaffs import CHAFFS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("single", 1, "one layer"),
    RubricLine("unit", 1, "several layers of stride 1"),
    RubricLine("strides", 2, "several layers with strides"),
    RubricLine("deep", 1, "a deep stack with 1 × 1 layers in it"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; three strides in a row make sums of strides differ from products."""

    def stack(*strides: int) -> tuple[tuple[tuple[int, int], ...]]:
        return (tuple((between(rng, 5, 20), stride) for stride in strides),)

    for _ in range(2):
        yield Case("single", (((between(rng, 5, 200), between(rng, 2, 5)),),))
    yield Case("unit", stack(1, 1, 1, 1))
    yield Case("strides", stack(3, 2, 1))
    yield Case("strides", stack(3, 3, 2, 1))
    ((first, second, *others),) = stack(2, 3, 3, 1)
    yield Case("deep", ((first, (1, 2), second, (1, 1), *others),))
    ((first, second, *others),) = stack(2, 2, 3, 1)
    yield Case("deep", ((first, (1, 1), second, (1, 2), *others),))


EXAMPLES = (
    call(((4, 3),)),
    call(((3, 1), (3, 1))),
    call(((3, 2), (3, 1))),
    call(((5, 2), (2, 2), (3, 1))),
    call(((5, 2), (1, 2), (3, 2), (2, 1))),
)


@wheat
def grows_from_the_input(layers):
    field, step = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * step
        step *= stride
    return field


@wheat
def back_from_the_output(layers):
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


@wheat
def calls_itself(layers):
    def sees(kernel, stride, *later):
        return kernel + (sees(*later) - 1) * stride if later else kernel

    return sees(*(number for layer in layers for number in layer))


@wheat
def sum_over_products_of_strides(layers):
    kernels, strides = np.array(layers).T
    steps = np.cumprod([1, *strides[:-1]])
    return 1 + np.sum((kernels - 1) * steps)


@wheat
def marks_the_pixels(layers):
    seen = np.array([0])
    for kernel, stride in layers[::-1]:
        seen = np.unique(seen[:, None] * stride + np.arange(kernel))
    return len(seen)


EXERCISE = Exercise(
    name="receptive_field",
    oracle=convkit.receptive_field,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        grows_from_the_input,
        back_from_the_output,
        calls_itself,
        sum_over_products_of_strides,
        marks_the_pixels,
    ),
    misconceptions=CHAFFS,
    covers=("receptive field",),
)
