"""``conv_output_shape(input_shape, kernel, filters, stride=1, padding=0)``: None where it fails.

Given `input_shape` as (H, W, C), a `kernel` as (kh, kw), a number of filters, a stride and a
padding that are the same in both directions, return the tuple (H_out, W_out, filters). Where the
last window does not end at the last pixel of the padded image, along the height, the width or
both, the stride does not fit and None is returned. The kernel is never larger than the padded
image.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, wheat

from .conv_output_shape_chaffs import CHAFFS
from .draw import between, side
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "stride 1, no padding"),
    RubricLine("padding", 1, "padding on all four sides"),
    RubricLine("stride", 1, "a stride that fits"),
    RubricLine("invalid", 2, "None where the stride does not fit, and only there"),
    RubricLine("everything", 1, "stride and padding together"),
)


def layer(
    rng: np.random.Generator,
    *,
    tall: bool,
    stride: int = 1,
    padding: int = 0,
    rests: tuple[int, int] = (0, 0),
) -> tuple[tuple[int, int, int], tuple[int, int], int]:
    """Draw image, kernel and filters; the kernel's sides differ by a multiple of the stride.

    So a kernel on its side fits where the right one does, and gives another shape.
    """
    shorter = side(
        rng, stride=stride, padding=padding, rest=rests[tall], kernel=(2, 6), places=(12, 25)
    )
    longer = side(
        rng,
        stride=stride,
        padding=padding,
        rest=rests[not tall],
        kernel=(shorter.kernel + stride,) * 2,
        places=(28, 50),
    )
    height, width = (longer, shorter) if tall else (shorter, longer)
    channels = between(rng, 2, 9)
    image = (height.n, width.n, channels)
    return image, (height.kernel, width.kernel), channels + between(rng, 60, 99)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; neither images nor kernels are square."""
    for tall in (False, True):
        yield Case("plain", layer(rng, tall=tall))
        padding = between(rng, 2, 5)
        yield Case("padding", layer(rng, tall=tall, padding=padding), {"padding": padding})
        stride = between(rng, 2, 5)
        yield Case("stride", layer(rng, tall=tall, stride=stride), {"stride": stride})
    # The last one fits: None is not always right.
    for number, uneven in enumerate([(1, 0), (0, 1), (1, 1), (0, 0)]):
        stride = between(rng, 3, 5)
        rests = (uneven[0] * between(rng, 1, stride - 1), uneven[1] * between(rng, 1, stride - 1))
        inputs = layer(rng, tall=number % 2 == 1, stride=stride, rests=rests)
        yield Case("invalid", inputs, {"stride": stride})
    for number, uneven in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        # An odd stride: the padding alone never fits. What it leaves over would fit without it.
        stride, padding = 3 + 2 * between(rng, 0, 1), between(rng, 1, 2)
        rests = (uneven[0] * 2 * padding % stride, uneven[1] * 2 * padding % stride)
        inputs = layer(rng, tall=number % 2 == 1, stride=stride, padding=padding, rests=rests)
        yield Case("everything", inputs, {"stride": stride, "padding": padding})


EXAMPLES = (
    call((8, 10, 3), (3, 3), 5),
    call((8, 10, 3), (3, 5), 5),
    call((9, 13, 2), (3, 5), 4, stride=2, padding=1),
    call((8, 9, 3), (3, 3), 4, stride=2),
    call((9, 8, 3), (3, 3), 4, stride=2),
    call((7, 7, 1), (3, 3), 2, stride=4, padding=1),
)


def shape_or_none(
    input_shape: tuple[int, int, int],
    kernel: tuple[int, int],
    filters: int,
    stride: int = 1,
    padding: int = 0,
) -> tuple[int, int, int] | None:
    """The oracle: the shape of the feature maps, or None."""
    try:
        return convkit.conv_output_shape(input_shape, kernel, filters, stride, padding, exact=True)
    except ValueError:
        return None


@wheat
def remainders_first(input_shape, kernel, filters, stride=1, padding=0):
    height, width, _ = input_shape
    down = height + 2 * padding - kernel[0]
    across = width + 2 * padding - kernel[1]
    if down % stride or across % stride:
        return None
    return down // stride + 1, across // stride + 1, filters


@wheat
def own_size_function_and_back(input_shape, kernel, filters, stride=1, padding=0):
    def conv_output_size(n, kernel, stride=1, padding=0):
        return (n + 2 * padding - kernel) // stride + 1

    sizes = []
    for n, k in zip(input_shape[:2], kernel, strict=True):
        size = conv_output_size(n, k, stride, padding)
        if (size - 1) * stride + k != n + 2 * padding:
            return None
        sizes.append(size)
    return (*sizes, filters)


@wheat
def divmod_for_each_side(input_shape, kernel, filters, stride=1, padding=0):
    steps = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if any(rest for _, rest in steps):
        return None
    return [count + 1 for count, _ in steps] + [filters]


@wheat
def is_the_quotient_whole(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] - kernel[0] + 2 * padding) / stride + 1
    columns = (input_shape[1] - kernel[1] + 2 * padding) / stride + 1
    if rows == int(rows) and columns == int(columns):
        return int(rows), int(columns), filters


@wheat
def slices_an_array(input_shape, kernel, filters, stride=1, padding=0):
    starts = []
    for n, k in zip(input_shape[:2], kernel, strict=True):
        pixels = np.arange(n + 2 * padding)
        first = pixels[: len(pixels) - k + 1 : stride]
        if first[-1] + k - 1 != pixels[-1]:
            return None
        starts.append(len(first))
    return starts[0], starts[1], filters


EXERCISE = Exercise(
    name="conv_output_shape",
    oracle=shape_or_none,
    cases=cases,
    examples=EXAMPLES,
    parts=("height", "width", "channels"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        remainders_first,
        own_size_function_and_back,
        divmod_for_each_side,
        is_the_quotient_whole,
        slices_an_array,
    ),
    misconceptions=CHAFFS,
    covers=("A1 B0 B1a C1b",),
)
