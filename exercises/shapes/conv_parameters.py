"""``conv_parameters(kernel, in_channels, filters, bias=True)``: how many numbers are trained.

Given a `kernel` as (kh, kw), the channels of the input and the number of filters, return the number
of weights, and with `bias` one more for each filter.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, wheat

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

    def kernel() -> tuple[int, int]:
        height = between(rng, 2, 40)
        return height, height + between(rng, 1, 9)

    yield Case("plain", (kernel(), 1, 1))
    yield Case("channels", (kernel(), between(rng, 2, 20), 1))
    yield Case("filters", (kernel(), 1, between(rng, 2, 20)))
    channels = between(rng, 2, 20)
    yield Case("both", (kernel(), channels, channels + between(rng, 1, 20)))
    channels = between(rng, 2, 20)
    yield Case("both", (kernel(), channels, channels + between(rng, 1, 20)), {"bias": True})
    channels = between(rng, 2, 20)
    yield Case("no_bias", (kernel(), channels, channels + between(rng, 1, 20)), {"bias": False})


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


@chaff(
    says="You count one bias for the whole layer. Every filter has its own.",
    breaks={"filters", "both"},
)
def one_bias_for_the_layer(kernel, in_channels, filters, bias=True):
    return kernel[0] * kernel[1] * in_channels * filters + bool(bias)


@chaff(
    says="You count a bias for each plane of a filter. The planes are summed into one number, "
    "which gets one bias.",
    breaks={"channels", "both"},
)
def a_bias_for_each_plane(kernel, in_channels, filters, bias=True):
    return filters * in_channels * (kernel[0] * kernel[1] + bool(bias))


@chaff(
    says="You count as many biases as the input has channels. It is one for each filter.",
    breaks={"channels", "filters", "both"},
)
def a_bias_for_each_channel(kernel, in_channels, filters, bias=True):
    return kernel[0] * kernel[1] * in_channels * filters + in_channels * bool(bias)


@chaff(
    says="Your filters have one plane. A filter has a plane of weights for every channel of its "
    "input.",
    breaks={"channels", "both", "no_bias"},
)
def channels_forgotten(kernel, in_channels, filters, bias=True):
    return filters * (kernel[0] * kernel[1] + bool(bias))


@chaff(
    says="You count one filter. The layer has several, and each has weights of its own.",
    breaks={"filters", "both", "no_bias"},
)
def filters_forgotten(kernel, in_channels, filters, bias=True):
    return kernel[0] * kernel[1] * in_channels + bool(bias)


@chaff(
    says="Your count has biases even where the layer has none.",
    breaks={"no_bias"},
)
def always_with_bias(kernel, in_channels, filters, bias=True):
    return filters * (kernel[0] * kernel[1] * in_channels + 1)


@chaff(
    says="The biases are missing. Unless it is told otherwise, a layer has one for each filter.",
    breaks={"plain", "channels", "filters", "both"},
)
def never_with_bias(kernel, in_channels, filters, bias=True):
    return filters * kernel[0] * kernel[1] * in_channels


@chaff(
    says="You use one side of the kernel twice. Kernels need not be square.",
    breaks={"plain", "channels", "filters", "both", "no_bias"},
)
def kernel_taken_for_square(kernel, in_channels, filters, bias=True):
    return filters * (kernel[0] ** 2 * in_channels + bool(bias))


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
    misconceptions=(
        one_bias_for_the_layer,
        a_bias_for_each_plane,
        a_bias_for_each_channel,
        channels_forgotten,
        filters_forgotten,
        always_with_bias,
        never_with_bias,
        kernel_taken_for_square,
    ),
    covers=("B1d B1e B1f D1(iii) E8",),
)
