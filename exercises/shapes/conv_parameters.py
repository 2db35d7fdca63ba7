"""``conv_parameters(kernel, in_channels, filters, bias=True)``: how many numbers are trained.

Given a `kernel` as (kh, kw), the channels of the input and the number of filters, return the number
of weights, and with `bias` one more for each filter.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, wheat

from .conv_parameters_chaffs import CHAFFS
from .draw import between
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "one channel, one filter"),
    RubricLine("channels", 1, "several channels"),
    RubricLine("filters", 1, "several filters"),
    RubricLine("both", 1, "several channels and filters"),
    RubricLine("no_bias", 1, "without bias"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no kernel is square, and there are more filters than channels."""

    def kernel(tall: bool) -> tuple[int, int]:
        shorter = between(rng, 2, 40)
        longer = shorter + between(rng, 1, 9)
        return (longer, shorter) if tall else (shorter, longer)

    def deep(tall: bool) -> tuple[tuple[int, int], int, int]:
        channels = between(rng, 2, 20)
        return kernel(tall), channels, channels + between(rng, 1, 20)

    for tall in (False, True):
        yield Case("plain", (kernel(tall), 1, 1))
        yield Case("channels", (kernel(tall), between(rng, 2, 20), 1))
        yield Case("filters", (kernel(tall), 1, between(rng, 2, 20)))
        yield Case("both", deep(tall), {"bias": True} if tall else {})
        yield Case("no_bias", deep(tall), {"bias": False})


EXAMPLES = (
    call((3, 5), 1, 1),
    call((3, 5), 2, 1),
    call((3, 5), 1, 4),
    call((7, 6), 4, 6),
    call((3, 3), 2, 5, bias=False),
)


@wheat
def product_and_biases(kernel, in_channels, filters, bias=True):
    weights = kernel[0] * kernel[1] * in_channels * filters
    return weights + filters if bias else weights


@wheat
def one_filter_times_filters(kernel, in_channels, filters, bias=True):
    kh, kw = kernel
    return filters * (kh * kw * in_channels + int(bias))


@wheat
def sizes_of_the_arrays(kernel, in_channels, filters, bias=True):
    weights = np.zeros((*kernel, in_channels, filters))
    return weights.size + bias * np.zeros(filters).size


@wheat
def filter_by_filter(kernel, in_channels, filters, bias=True):
    total = 0
    for _ in range(filters):
        total += int(np.prod(kernel)) * in_channels
        if bias:
            total += 1
    return total


EXERCISE = Exercise(
    name="conv_parameters",
    oracle=convkit.conv_parameters,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        product_and_biases,
        one_filter_times_filters,
        sizes_of_the_arrays,
        filter_by_filter,
    ),
    misconceptions=CHAFFS,
    covers=("B1d B1e B1f D1(iii) E8",),
)
