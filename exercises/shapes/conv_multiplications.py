"""``conv_multiplications(input_shape, kernel, filters, stride=1, padding=0)``: on one image.

Given `input_shape` as (H, W, C), a `kernel` as (kh, kw) and a number of filters, return how many
products of a weight with a pixel the layer forms. Products with the zeros of the padding count.
Additions and biases do not. A stride that does not fit is rounded down, as by `conv_output_size`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, wheat

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
    channels: int = 1,
    filters: int = 1,
    stride: int = 1,
    padding: int = 0,
    rests: tuple[int, int] = (0, 0),
) -> tuple[tuple[int, int, int], tuple[int, int], int]:
    """Draw image and kernel; the kernel is larger than the padding at both ends together."""
    least = 2 * padding + 2
    height, width = (
        side(
            rng,
            stride=stride,
            padding=padding,
            rest=rest,
            kernel=(least + more, least + more + 2),
            places=(10, 40),
        )
        for rest, more in zip(rests, (0, 3), strict=True)
    )
    return (height.n, width.n, channels), (height.kernel, width.kernel), filters


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each group but the last leaves out what the other groups are about."""
    yield Case("plain", layer(rng))
    yield Case("channels", layer(rng, channels=between(rng, 2, 9)))
    yield Case("filters", layer(rng, filters=between(rng, 2, 9)))
    padding = between(rng, 1, 3)
    yield Case("padding", layer(rng, padding=padding), {"padding": padding})
    for rests in [(0, 0), (1, 0), (0, 2)]:
        stride = between(rng, 3, 4)
        yield Case("stride", layer(rng, stride=stride, rests=rests), {"stride": stride})
    channels, stride = between(rng, 2, 9), between(rng, 2, 3)
    layers = layer(
        rng,
        channels=channels,
        filters=channels + between(rng, 1, 9),
        stride=stride,
        padding=stride,
        rests=(stride - 1, 1),
    )
    yield Case("everything", layers, {"stride": stride, "padding": stride})


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


@chaff(
    says="You multiply at every pixel of the input. A window makes one number of the output: count "
    "the places where a window stands.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def at_every_pixel_of_the_input(input_shape, kernel, filters, stride=1, padding=0):
    return input_shape[0] * input_shape[1] * input_shape[2] * kernel[0] * kernel[1] * filters


@chaff(
    says="You count the padded pixels as places. A window makes one number of the output, so count "
    "rows and columns of the output.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def at_every_padded_pixel(input_shape, kernel, filters, stride=1, padding=0):
    height, width = input_shape[0] + 2 * padding, input_shape[1] + 2 * padding
    return height * width // stride**2 * input_shape[2] * kernel[0] * kernel[1] * filters


@chaff(
    says="Your windows have one channel. Each filter multiplies through all channels of the input.",
    breaks={"channels", "everything"},
)
def channels_forgotten(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * filters


@chaff(
    says="You count the work of one filter. Each filter goes over the whole image.",
    breaks={"filters", "everything"},
)
def filters_forgotten(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="The stride plays no part in your count. A larger stride leaves windows out, and their "
    "work with them.",
    breaks={"stride", "everything"},
)
def stride_ignored(input_shape, kernel, filters, stride=1, padding=0):
    rows = input_shape[0] + 2 * padding - kernel[0] + 1
    columns = input_shape[1] + 2 * padding - kernel[1] + 1
    return rows * columns * kernel[0] * kernel[1] * input_shape[2] * filters


@chaff(
    says="The padding plays no part in your count. It makes room for more windows.",
    breaks={"padding", "everything"},
)
def padding_ignored(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] - kernel[0]) // stride + 1
    columns = (input_shape[1] - kernel[1]) // stride + 1
    return rows * columns * kernel[0] * kernel[1] * input_shape[2] * filters


@chaff(
    says="You leave out the products with padded zeros. The usual implementations form them, so "
    "here they count.",
    breaks={"padding", "everything"},
)
def only_pixels_of_the_image(input_shape, kernel, filters, stride=1, padding=0):
    def products(n, k):
        starts = range(-padding, n + padding - k + 1, stride)
        return sum(min(start + k, n) - max(start, 0) for start in starts)

    height, width, channels = input_shape
    return products(height, kernel[0]) * products(width, kernel[1]) * channels * filters


@chaff(
    says="This is what a fully connected layer costs: every output looks at the whole image. In a "
    "convolution it looks at one window.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def as_if_fully_connected(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * filters * input_shape[0] * input_shape[1] * input_shape[2]


@chaff(
    says="You count the biases too. A bias is added, not multiplied.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def biases_counted(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return rows * columns * filters * (kernel[0] * kernel[1] * input_shape[2] + 1)


@chaff(
    says="You count an addition for every product. Only multiplications are asked for.",
    breaks={"plain", "channels", "filters", "padding", "stride", "everything"},
)
def additions_counted(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    return 2 * rows * columns * filters * kernel[0] * kernel[1] * input_shape[2]


@chaff(
    says="Your function fails where the stride does not fit: it asks for a shape and gets None. "
    "Here such a stride is rounded down, so build on the other function.",
    breaks={"stride", "everything"},
)
def built_on_a_shape_that_may_be_none(input_shape, kernel, filters, stride=1, padding=0):
    def conv_output_shape(input_shape, kernel, filters, stride, padding):
        down = input_shape[0] + 2 * padding - kernel[0]
        across = input_shape[1] + 2 * padding - kernel[1]
        if down % stride or across % stride:
            return None
        return down // stride + 1, across // stride + 1, filters

    rows, columns, maps = conv_output_shape(input_shape, kernel, filters, stride, padding)
    return rows * columns * maps * kernel[0] * kernel[1] * input_shape[2]


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
    misconceptions=(
        at_every_pixel_of_the_input,
        at_every_padded_pixel,
        channels_forgotten,
        filters_forgotten,
        stride_ignored,
        padding_ignored,
        only_pixels_of_the_image,
        as_if_fully_connected,
        biases_counted,
        additions_counted,
        built_on_a_shape_that_may_be_none,
    ),
    covers=("A2",),
)
