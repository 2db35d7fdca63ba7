"""Known mistakes in ``conv_output_shape``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your answer keeps the channels of the input. Every filter sums over all of them and "
    "gives one map: the output has as many channels as there are filters.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def channels_of_the_input(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[0][0] + 1, sides[1][0] + 1, input_shape[2]


@chaff(
    says="You multiply filters and channels. A filter sums over the channels of its input, so it "
    "gives one map.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def a_map_for_each_filter_and_channel(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[0][0] + 1, sides[1][0] + 1, input_shape[2] * filters


@chaff(
    says="The channels are missing: a shape has three entries, height, width and channels.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def height_and_width_only(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[0][0] + 1, sides[1][0] + 1


@chaff(
    says="Height and width are swapped in your answer. Height, the number of rows, comes first.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def width_before_height(input_shape, kernel, filters, stride=1, padding=0):
    sides = [divmod(n + 2 * padding - k, stride) for n, k in zip(input_shape, kernel, strict=False)]
    if sides[0][1] or sides[1][1]:
        return None
    return sides[1][0] + 1, sides[0][0] + 1, filters


@chaff(
    says="Your kernel lies on its side: its height is taken off the width of the image. Rows "
    "belong to rows.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
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


@chaff(
    says="You round up where the stride does not fit. Here such a layer is refused: give None.",
    breaks={"invalid", "everything"},
)
def rounded_up(input_shape, kernel, filters, stride=1, padding=0):
    rows = int(np.ceil((input_shape[0] + 2 * padding - kernel[0]) / stride)) + 1
    columns = int(np.ceil((input_shape[1] + 2 * padding - kernel[1]) / stride)) + 1
    return rows, columns, filters


@chaff(
    says="Your sizes have fractions where the stride does not fit. Here such a layer is refused: "
    "give None.",
    breaks={"invalid", "everything"},
)
def sizes_with_fractions(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) / stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) / stride + 1
    return rows, columns, filters


@chaff(
    says="You look for pixels left over along the width only. The height must fit too.",
    breaks={"invalid", "everything"},
)
def only_the_width_must_fit(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) // stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) // stride + 1
    if (input_shape[1] + 2 * padding - kernel[1]) % stride != 0:
        return None
    return rows, columns, filters


@chaff(
    says="Your shape has the filters first. Channels come last in this course: height, width, "
    "channels.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def filters_first(input_shape, kernel, filters, stride=1, padding=0):
    rows = (input_shape[0] + 2 * padding - kernel[0]) / stride + 1
    columns = (input_shape[1] + 2 * padding - kernel[1]) / stride + 1
    if rows != int(rows) or columns != int(columns):
        return None
    return filters, int(rows), int(columns)


@chaff(
    says="You are one short along each side: a window that cannot move at all still stands in one "
    "place.",
    breaks={"plain", "padding", "stride", "invalid", "everything"},
)
def moves_instead_of_places(input_shape, kernel, filters, stride=1, padding=0):
    down = input_shape[0] + 2 * padding - kernel[0]
    along = input_shape[1] + 2 * padding - kernel[1]
    if down % stride != 0 or along % stride != 0:
        return None
    return down // stride, along // stride, filters


@chaff(
    says="You give 0 where the stride does not fit. Here such a layer is refused: give None.",
    breaks={"invalid", "everything"},
)
def zero_where_it_does_not_fit(input_shape, kernel, filters, stride=1, padding=0):
    down = input_shape[0] + 2 * padding - kernel[0]
    along = input_shape[1] + 2 * padding - kernel[1]
    if down % stride != 0 or along % stride != 0:
        return 0
    return down // stride + 1, along // stride + 1, filters


CHAFFS: Final = (
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
    rounded_up,
    sizes_with_fractions,
    only_the_width_must_fit,
    filters_first,
    moves_instead_of_places,
    zero_where_it_does_not_fit,
)
