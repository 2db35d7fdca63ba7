"""Values that students work out by hand: sizes, and what a pixel becomes.

output_sizes
    32 x 32 x 3 under a 5 x 5 filter: the side of the output for stride 1, 2, 3 without padding
    and stride 2, 3 with padding 3; 0 where the stride does not fit.
valid_and_same
    For kernels of 3, 5 and 7 on 28 pixels, a row each: the size without padding, and the padding
    that keeps 28.
kept_outputs
    Which outputs of stride 1 (11 pixels, kernel 3), numbered from 0, stride 4 keeps.
stride_three
    5 x 5 under 3 x 3 at stride 3, rounded down: windows, pixels that none of them reads, and the
    least padding with which the stride fits.
shapes_by_hand
    Output shapes, a row each: 5 x 5 x 1 under one 3 x 3 filter; 32 x 32 x 3 under one 5 x 5
    filter; the same with padding 2; ten such filters with padding 2; seven 1 x 1 filters.
one_by_one_pixel
    The channels 2, 1, 3 of a pixel after two 1 x 1 filters, 1 0 -1 and 4 2 0, without bias.
pools
    Height, width, channels and parameters, a row each: AlexNet's conv1 output under a 3 x 3 max
    pool at stride 2; 60 x 40 x 17 under a 5 x 5 pool at stride 5.
small_kernels
    The receptive field of three 3 x 3 layers; their weights without bias, 10 channels throughout;
    the weights of one 7 x 7 layer with the same channels.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, wheat

from .by_hand import WRONG, by_hand


@wheat
def five_sizes():
    return [28, 0, 10, 0, 12]


@chaff(
    says="You rounded down where the stride does not fit. Such a configuration is invalid here: "
    "write 0.",
    breaks=WRONG,
)
def sizes_rounded_down():
    return np.array([28, 14, 10, 17, 12])


@chaff(
    says="You counted the padding of 3 once. It is added on both sides of the image.",
    breaks=WRONG,
)
def sizes_padded_once():
    return np.array([28, 0, 10, 16, 11])


@chaff(
    says="You counted moves. The window also stands in the place where it begins: add one.",
    breaks=WRONG,
)
def sizes_one_short():
    return np.array([27, 0, 9, 0, 11])


@wheat
def valid_and_same_as_lists():
    return [[26, 1], [24, 2], [22, 3]]


@chaff(
    says="Your padding is that of both sides together. The padding of a layer is what each side "
    "gets.",
    breaks=WRONG,
)
def padding_of_both_sides():
    return np.array([[26, 2], [24, 4], [22, 6]])


@chaff(
    says="You took the whole kernel off the input. A kernel as long as the input still has one "
    "place to stand in.",
    breaks=WRONG,
)
def whole_kernel_taken_off():
    return np.array([[25, 1], [23, 2], [21, 3]])


@wheat
def every_fourth():
    return (0, 4, 8)


@chaff(
    says="You count from 1. The first window has the number 0, and every stride keeps it.",
    breaks=WRONG,
)
def counted_from_one():
    return np.array([1, 5, 9])


@chaff(
    says="You begin with the first step. The window stands at 0 before it moves.",
    breaks=WRONG,
)
def first_window_left_out():
    return np.array([4, 8, 12])


@wheat
def one_window():
    return [1, 16, 2]


@chaff(
    says="You counted unread columns. Pixels are asked for: rows and columns that no window "
    "reaches, everywhere outside the one window.",
    breaks=WRONG,
)
def columns_not_pixels():
    return np.array([1, 2, 2])


@chaff(
    says="You counted the corner where an unread row meets an unread column, and no more. A pixel "
    "is unread as soon as one of the two is.",
    breaks=WRONG,
)
def corner_only():
    return np.array([1, 4, 2])


@chaff(
    says="You counted padding on one side. The layer adds it on both, so try 5 and twice the "
    "padding.",
    breaks=WRONG,
)
def padded_once():
    return np.array([1, 16, 1])


@wheat
def five_shapes():
    return [[3, 3, 1], [28, 28, 1], [32, 32, 1], [32, 32, 10], [32, 32, 7]]


@chaff(
    says="Your outputs keep the channels of the input. A filter sums over them; count the filters.",
    breaks=WRONG,
)
def channels_kept():
    return np.array([[3, 3, 1], [28, 28, 3], [32, 32, 3], [32, 32, 3], [32, 32, 3]])


@chaff(
    says="You multiplied channels and filters. Each filter gives one map, however many channels it "
    "looks through.",
    breaks=WRONG,
)
def channels_times_filters():
    return np.array([[3, 3, 1], [28, 28, 3], [32, 32, 3], [32, 32, 30], [32, 32, 21]])


@chaff(
    says="You counted the padding of 2 once. It is added on all sides.",
    breaks=WRONG,
)
def padded_on_one_side():
    return np.array([[3, 3, 1], [28, 28, 1], [30, 30, 1], [30, 30, 10], [32, 32, 7]])


@wheat
def two_channels_come_out():
    return np.array([-1.0, 10.0])


@chaff(
    says="These are products that are not summed. Each filter adds its three products into one "
    "number.",
    breaks=WRONG,
)
def products_not_summed():
    return np.array([[2, 0, -3], [8, 2, 0]])


@chaff(
    says="You added the answers of the filters. Each filter makes a channel of its own.",
    breaks=WRONG,
)
def filters_added():
    return 9


@chaff(
    says="You flipped the filters. Along the channels nothing is ever flipped.",
    breaks=WRONG,
)
def channels_flipped():
    return np.array([1, 14])


@wheat
def pools_as_lists():
    return [[27, 27, 96, 0], [12, 8, 17, 0]]


@chaff(
    says="A max pool trains nothing: it takes the largest number of a window, and no weight is in "
    "it.",
    breaks=WRONG,
)
def pools_with_weights():
    return np.array([[27, 27, 96, 9], [12, 8, 17, 25]])


@chaff(
    says="You pooled over the channels too. A pool works in each channel by itself and keeps their "
    "number.",
    breaks=WRONG,
)
def pooled_over_channels():
    return np.array([[27, 27, 1, 0], [12, 8, 1, 0]])


@chaff(
    says="Height and width are swapped in the second row. The image has 60 rows, and they come "
    "first.",
    breaks=WRONG,
)
def width_first():
    return np.array([[27, 27, 96, 0], [8, 12, 17, 0]])


@wheat
def seven_pixels():
    return [7, 2700, 4900]


@chaff(
    says="You multiplied or added the kernels to get the field. Each layer of 3 sees one pixel "
    "more on either side.",
    breaks=WRONG,
)
def nine_pixels():
    return np.array([9, 2700, 4900])


@chaff(
    says="Your layers have one filter. To hand on 10 channels, each has 10 filters.",
    breaks=WRONG,
)
def one_filter_each():
    return np.array([7, 270, 490])


@chaff(
    says="You counted biases. They are left out here.",
    breaks=WRONG,
)
def small_kernels_with_bias():
    return np.array([7, 2730, 4910])


def sizes() -> np.ndarray:
    """Ask for the shape, and take 0 where it is refused."""
    answers = []
    for stride, padding in [(1, 0), (2, 0), (3, 0), (2, 3), (3, 3)]:
        try:
            answers.append(convkit.conv_output_size(32, 5, stride, padding, exact=True))
        except ValueError:
            answers.append(0)
    return np.array(answers)


def valid_and_same() -> np.ndarray:
    """Size without padding, and the padding that keeps the size."""
    return np.array(
        [
            [
                convkit.conv_output_size(28, kernel),
                next(p for p in range(28) if convkit.conv_output_size(28, kernel, 1, p) == 28),
            ]
            for kernel in (3, 5, 7)
        ]
    )


def stride_three() -> np.ndarray:
    """Count what the windows read, and try paddings from 0 on."""
    windows = convkit.conv_output_size(5, 3, stride=3) ** 2
    least = next(p for p in range(5) if (5 + 2 * p - 3) % 3 == 0)
    return np.array([windows, 5 * 5 - windows * 3 * 3, least])


def shapes() -> np.ndarray:
    """The five layers in turn."""
    image = (32, 32, 3)
    return np.array(
        [
            convkit.conv_output_shape((5, 5, 1), 3, 1),
            convkit.conv_output_shape(image, 5, 1),
            convkit.conv_output_shape(image, 5, 1, padding=2),
            convkit.conv_output_shape(image, 5, 10, padding=2),
            convkit.conv_output_shape(image, 1, 7),
        ]
    )


def pooled() -> np.ndarray:
    """Shapes and parameters from the ledger."""
    rows = [
        convkit.ledger(shape, [convkit.Pool("pool", kernel, stride)]).rows[-1]
        for shape, kernel, stride in [((55, 55, 96), 3, 2), ((60, 40, 17), 5, 5)]
    ]
    return np.array([(*row.shape, row.parameters) for row in rows])


def small_and_large() -> np.ndarray:
    """Three layers of 3 x 3 against one of 7 x 7."""
    return np.array(
        [
            convkit.receptive_field([(3, 1)] * 3),
            3 * convkit.conv_parameters(3, 10, 10, bias=False),
            convkit.conv_parameters(7, 10, 10, bias=False),
        ]
    )


EXERCISES: Final = (
    by_hand(
        "output_sizes",
        "32 × 32 × 3 under 5 × 5: five strides and paddings",
        sizes,
        (five_sizes,),
        (sizes_rounded_down, sizes_padded_once, sizes_one_short),
        covers=("B1b",),
    ),
    by_hand(
        "valid_and_same",
        "valid sizes and same paddings",
        valid_and_same,
        (valid_and_same_as_lists,),
        (padding_of_both_sides, whole_kernel_taken_off),
        covers=("E7",),
    ),
    by_hand(
        "kept_outputs",
        "outputs that stride 4 keeps",
        lambda: np.arange(convkit.conv_output_size(11, 3))[::4],
        (every_fourth,),
        (counted_from_one, first_window_left_out),
        covers=("E7",),
        open_size=True,
    ),
    by_hand(
        "stride_three",
        "stride 3 on 5 × 5",
        stride_three,
        (one_window,),
        (columns_not_pixels, corner_only, padded_once),
        covers=("E7",),
    ),
    by_hand(
        "shapes_by_hand",
        "five output shapes",
        shapes,
        (five_shapes,),
        (channels_kept, channels_times_filters, padded_on_one_side),
        points=2,
        covers=("C1a D1(i) D1(ii) D1(iv)",),
    ),
    by_hand(
        "one_by_one_pixel",
        "a pixel under 1 × 1 filters",
        lambda: np.array([[1, 0, -1], [4, 2, 0]]) @ np.array([2, 1, 3]),
        (two_channels_come_out,),
        (products_not_summed, filters_added, channels_flipped),
        covers=("C1a D1(i) D1(ii) D1(iv)",),
        open_size=True,
    ),
    by_hand(
        "pools",
        "shapes and parameters of two pools",
        pooled,
        (pools_as_lists,),
        (pools_with_weights, pooled_over_channels, width_first),
        covers=("B1c B1g B1h",),
    ),
    by_hand(
        "small_kernels",
        "three small kernels against a large one",
        small_and_large,
        (seven_pixels,),
        (nine_pixels, one_filter_each, small_kernels_with_bias),
        covers=("receptive field",),
    ),
)
