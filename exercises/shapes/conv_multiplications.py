"""``conv_multiplications(input_shape, kernel, filters, stride=1, padding=0)``: on one image.

Given `input_shape` as (H, W, C), a `kernel` as (kh, kw) and a number of filters, return how many
products of a weight with a pixel the layer forms. Products with the zeros of the padding count.
Additions and biases do not. A stride that does not fit is rounded down, as by `conv_output_size`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, wheat

from .conv_multiplications_chaffs import CHAFFS
from .draw import between, side
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "one channel, one filter, stride 1"),
    RubricLine("channels", 1, "several channels"),
    RubricLine("filters", 1, "several filters"),
    RubricLine("padding", 1, "padding on all four sides"),
    RubricLine("stride", 1, "a stride, whether it fits or not"),
    RubricLine("everything", 1, "all of it at once"),
)


def layer(
    rng: np.random.Generator,
    *,
    tall: bool,
    channels: int = 1,
    filters: int = 1,
    stride: int = 1,
    padding: int = 0,
    rests: tuple[int, int] = (0, 0),
) -> tuple[tuple[int, int, int], tuple[int, int], int]:
    """Draw image and kernel; the kernel is larger than the padding at both ends together."""
    least = 2 * padding + 2
    shorter, longer = (
        side(
            rng,
            stride=stride,
            padding=padding,
            rest=rest,
            kernel=(least + more, least + more + 2),
            places=places,
        )
        for rest, more, places in zip(
            rests[:: -1 if tall else 1], (0, 3), ((10, 22), (24, 40)), strict=True
        )
    )
    height, width = (longer, shorter) if tall else (shorter, longer)
    return (height.n, width.n, channels), (height.kernel, width.kernel), filters


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each group but the last leaves out what the other groups are about."""
    for tall in (False, True):
        yield Case("plain", layer(rng, tall=tall))
        yield Case("channels", layer(rng, tall=tall, channels=between(rng, 2, 9)))
        yield Case("filters", layer(rng, tall=tall, filters=between(rng, 2, 9)))
        padding = between(rng, 1, 3)
        yield Case("padding", layer(rng, tall=tall, padding=padding), {"padding": padding})
        channels, stride = between(rng, 2, 9), between(rng, 2, 3)
        layers = layer(
            rng,
            tall=tall,
            channels=channels,
            filters=channels + between(rng, 1, 9),
            stride=stride,
            padding=stride,
            rests=(stride - 1, 1),
        )
        yield Case("everything", layers, {"stride": stride, "padding": stride})
    for tall, rests in [(False, (0, 0)), (True, (1, 0)), (False, (0, 2))]:
        stride = between(rng, 3, 4)
        yield Case("stride", layer(rng, tall=tall, stride=stride, rests=rests), {"stride": stride})


EXAMPLES = (
    call((6, 8, 1), (3, 2), 1),
    call((6, 8, 3), (3, 2), 1),
    call((6, 8, 1), (3, 2), 5),
    call((6, 8, 1), (3, 2), 1, padding=1),
    call((6, 8, 1), (3, 3), 1, stride=2),
    call((7, 9, 3), (3, 2), 4, stride=2, padding=1),
)


@wheat
def outputs_times_products(input_shape, kernel, filters, stride=1, padding=0):
    height, width, channels = input_shape
    rows = (height + 2 * padding - kernel[0]) // stride + 1
    columns = (width + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * filters * kernel[0] * kernel[1] * channels


@wheat
def window_by_window(input_shape, kernel, filters, stride=1, padding=0):
    height, width, channels = input_shape
    one_window = kernel[0] * kernel[1] * channels * filters
    total = 0
    for _top in range(0, height + 2 * padding - kernel[0] + 1, stride):
        for _left in range(0, width + 2 * padding - kernel[1] + 1, stride):
            total += one_window
    return total


@wheat
def sizes_of_the_arrays(input_shape, kernel, filters, stride=1, padding=0):
    padded = np.zeros((input_shape[0] + 2 * padding, input_shape[1] + 2 * padding))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel)[::stride, ::stride]
    return windows.size * input_shape[2] * filters


@wheat
def product_of_a_list(input_shape, kernel, filters, stride=1, padding=0):
    def size(n, k):
        return int((n - k + 2 * padding) / stride + 1)

    outputs = [size(n, k) for n, k in zip(input_shape[:2], kernel, strict=True)]
    return np.prod([*outputs, *kernel, input_shape[2], filters])


EXERCISE = Exercise(
    name="conv_multiplications",
    oracle=convkit.conv_multiplications,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        outputs_times_products,
        window_by_window,
        sizes_of_the_arrays,
        product_of_a_list,
    ),
    misconceptions=CHAFFS,
    covers=("A2",),
)
