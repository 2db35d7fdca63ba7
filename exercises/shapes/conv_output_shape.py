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
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, wheat

from .draw import between, side
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "stride 1, no padding"),
    RubricLine("padding", 1, "padding on all four sides"),
    RubricLine("stride", 1, "a stride that fits"),
    RubricLine("invalid", 2, "None where the stride does not fit"),
    RubricLine("everything", 1, "stride and padding together"),
)


def layer(
    rng: np.random.Generator, *, stride: int = 1, padding: int = 0, rests: tuple[int, int] = (0, 0)
) -> tuple[tuple[int, int, int], tuple[int, int], int]:
    """Draw image, kernel and filters; the kernel's sides differ by a multiple of the stride.

    So a kernel on its side fits where the right one does, and gives another shape.
    """
    height = side(
        rng, stride=stride, padding=padding, rest=rests[0], kernel=(2, 6), places=(12, 19)
    )
    width = side(
        rng,
        stride=stride,
        padding=padding,
        rest=rests[1],
        kernel=(height.kernel + stride,) * 2,
        places=(22, 30),
    )
    channels = between(rng, 2, 9)
    image = (height.n, width.n, channels)
    return image, (height.kernel, width.kernel), channels + between(rng, 1, 20)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; images are wide, kernels are not square."""
    yield Case("plain", layer(rng))
    padding = between(rng, 2, 5)
    yield Case("padding", layer(rng, padding=padding), {"padding": padding})
    stride = between(rng, 2, 5)
    yield Case("stride", layer(rng, stride=stride), {"stride": stride})
    for uneven in [(1, 0), (0, 1), (1, 1)]:
        stride = between(rng, 3, 5)
        rests = (uneven[0] * between(rng, 1, stride - 1), uneven[1] * between(rng, 1, stride - 1))
        yield Case("invalid", layer(rng, stride=stride, rests=rests), {"stride": stride})
    for rests in [(0, 0), (0, 2)]:
        # An odd stride: the padding alone never fits.
        stride, padding = 3 + 2 * between(rng, 0, 1), between(rng, 1, 2)
        options = {"stride": stride, "padding": padding}
        yield Case("everything", layer(rng, stride=stride, padding=padding, rests=rests), options)


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


@chaff(
    says="Your answer keeps the channels of the input. Every filter sums over all of them and "
    "gives one map: the output has as many channels as there are filters.",
    breaks={"plain", "padding", "stride", "everything"},
)
def channels_of_the_input(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[0][0] + 1, sides[1][0] + 1, input_shape[2]


@chaff(
    says="You multiply filters and channels. A filter sums over the channels of its input, so it "
    "gives one map.",
    breaks={"plain", "padding", "stride", "everything"},
)
def a_map_for_each_filter_and_channel(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[0][0] + 1, sides[1][0] + 1, input_shape[2] * filters


@chaff(
    says="The channels are missing: a shape has three entries, height, width and channels.",
    breaks={"plain", "padding", "stride", "everything"},
)
def height_and_width_only(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[0][0] + 1, sides[1][0] + 1


@chaff(
    says="Height and width are swapped in your answer. Height, the number of rows, comes first.",
    breaks={"plain", "padding", "stride", "everything"},
)
def width_before_height(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[1][0] + 1, sides[0][0] + 1, filters


@chaff(
    says="Your kernel lies on its side: its height is taken off the width of the image. Rows "
    "belong to rows.",
    breaks={"plain", "padding", "stride", "everything"},
)
def kernel_on_its_side(input_shape, kernel, filters, stride=1, padding=0):
    down = input_shape[0] + 2 * padding - kernel[1]
    across = input_shape[1] + 2 * padding - kernel[0]
    if down % stride or across % stride:
        return None
    return down // stride + 1, across // stride + 1, filters


@chaff(
    says="You use the height for both sides. Images need not be square.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def height_twice(input_shape, kernel, filters, stride=1, padding=0):
    steps, rest = divmod(input_shape[0] + 2 * padding - kernel[0], stride)
    return None if rest else (steps + 1, steps + 1, filters)


@chaff(
    says="You round down where the stride does not fit. Here such a layer is refused: give None.",
    breaks={"invalid", "everything"},
)
def rounded_down(input_shape, kernel, filters, stride=1, padding=0):
    rows, columns = (
        (n + 2 * padding - k) // stride + 1 for n, k in zip(input_shape, kernel, strict=False)
    )
    return rows, columns, filters


@chaff(
    says="You look for pixels left over along the height only. The width must fit too.",
    breaks={"invalid", "everything"},
)
def only_the_height_must_fit(input_shape, kernel, filters, stride=1, padding=0):
    down = input_shape[0] + 2 * padding - kernel[0]
    across = input_shape[1] + 2 * padding - kernel[1]
    if down % stride:
        return None
    return down // stride + 1, across // stride + 1, filters


@chaff(
    says="You give None only where both sides fail. One side that does not fit is enough.",
    breaks={"invalid", "everything"},
)
def both_sides_must_fail(input_shape, kernel, filters, stride=1, padding=0):
    down = input_shape[0] + 2 * padding - kernel[0]
    across = input_shape[1] + 2 * padding - kernel[1]
    if down % stride and across % stride:
        return None
    return down // stride + 1, across // stride + 1, filters


@chaff(
    says="You look for pixels left over before the padding is added. Padding can make a stride "
    "fit, and can spoil it.",
    breaks={"everything"},
)
def fit_without_the_padding(input_shape, kernel, filters, stride=1, padding=0):
    down, across = input_shape[0] - kernel[0], input_shape[1] - kernel[1]
    if down % stride or across % stride:
        return None
    return (down + 2 * padding) // stride + 1, (across + 2 * padding) // stride + 1, filters


@chaff(
    says="You count the padding once. It is added on both sides.",
    breaks={"padding", "everything"},
)
def padding_on_one_side(input_shape, kernel, filters, stride=1, padding=0):
    down = input_shape[0] + padding - kernel[0]
    across = input_shape[1] + padding - kernel[1]
    if down % stride or across % stride:
        return None
    return down // stride + 1, across // stride + 1, filters


EXERCISE = Exercise(
    name="conv_output_shape",
    oracle=shape_or_none,
    cases=cases,
    examples=EXAMPLES,
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
    misconceptions=(
        channels_of_the_input,
        a_map_for_each_filter_and_channel,
        height_and_width_only,
        width_before_height,
        kernel_on_its_side,
        height_twice,
        rounded_down,
        only_the_height_must_fit,
        both_sides_must_fail,
        fit_without_the_padding,
        padding_on_one_side,
    ),
    covers=("A1 B0 B1a C1b",),
)
