"""Values that students work out by hand: parameters and multiplications.

weight_sharing
    Parameters with biases, 20 x 30 grey pixels in, 18 x 28 outputs: a fully connected layer; 3 x 3
    receptive fields without sharing; one shared 3 x 3 kernel; six shared kernels.
parameter_counts
    AlexNet's conv1; 25 filters 3 x 3 on 5 channels; ten 5 x 5 filters on 3 channels without and
    with bias; 4 filters 3 x 3 on 3 channels.
multiplications_by_hand
    A 20 x 30 x 4 image and 7 kernels 3 x 5, stride 1, no padding: multiplications of the
    convolution; of a fully connected layer with the same outputs; the first over the second.
alexnet_parameters
    Parameters of conv1 to conv5 and fc6 to fc8 of the network of 2012.
alexnet_multiplications
    Multiplications of the same layers on one image.
"""

from __future__ import annotations

from typing import Final

import numpy as np

import convkit
from autograder.authoring import chaff, wheat

from .by_hand import WRONG, by_hand


@wheat
def four_counts():
    return [302_904, 5_040, 10, 60]


@chaff(
    says="The biases are missing: every output of an unshared layer has one, and so has every "
    "shared kernel.",
    breaks=WRONG,
)
def weights_alone():
    return np.array([302_400, 4_536, 9, 54])


@chaff(
    says="Your shared kernels have a bias for each output. The bias is shared along with the "
    "weights.",
    breaks=WRONG,
)
def biases_not_shared():
    return np.array([302_904, 5_040, 9 + 504, 6 * (9 + 504)])


@chaff(
    says="You counted a window for each pixel of the input. There are as many windows as outputs.",
    breaks=WRONG,
)
def a_window_for_each_pixel():
    return np.array([302_904, 6_000, 10, 60])


@wheat
def five_layers():
    return (34_944, 1_150, 750, 760, 112)


@chaff(
    says="The biases are missing where they are asked for. A layer has one for each filter.",
    breaks=WRONG,
)
def counts_without_bias():
    return np.array([34_848, 1_125, 750, 750, 108])


@chaff(
    says="Your filters have one plane. A filter has a plane for every channel of its input.",
    breaks=WRONG,
)
def counts_without_channels():
    return np.array([96 * 122, 250, 250, 260, 40])


@chaff(
    says="You counted a bias for each plane of a filter. The planes are summed into one number, "
    "which gets one bias.",
    breaks=WRONG,
)
def counts_with_many_biases():
    return np.array([96 * 3 * 122, 25 * 5 * 10, 750, 780, 120])


@chaff(
    says="You counted one bias for the whole layer. Every filter has its own.",
    breaks=WRONG,
)
def counts_with_one_bias():
    return np.array([34_849, 1_126, 750, 751, 109])


@wheat
def two_costs_and_a_ratio():
    return [7 * 18 * 26 * 3 * 5 * 4, 7 * 18 * 26 * 20 * 30 * 4, 15 / 600]


@chaff(
    says="Your ratio is upside down. The convolution needs less: the ratio is below 1.",
    breaks=WRONG,
)
def ratio_upside_down():
    return np.array([196_560, 7_862_400, 40])


@chaff(
    says="You let the kernels stand on every pixel. Without padding there are fewer places: 18 by "
    "26.",
    breaks=WRONG,
)
def kernels_on_every_pixel():
    return np.array([7 * 600 * 60, 7 * 600 * 2400, 0.025])


@chaff(
    says="The channels are missing. Each output multiplies through all 4 channels.",
    breaks=WRONG,
)
def costs_without_channels():
    return np.array([49_140, 1_965_600, 0.025])


@chaff(
    says="You counted one kernel. There are 7, and each goes over the whole image.",
    breaks=WRONG,
)
def costs_of_one_kernel():
    return np.array([28_080, 1_123_200, 0.025])


@wheat
def counted_layer_by_layer():
    convs = [
        (11 * 11 * 3 + 1) * 96,
        (5 * 5 * 48 + 1) * 256,
        (3 * 3 * 256 + 1) * 384,
        (3 * 3 * 192 + 1) * 384,
        (3 * 3 * 192 + 1) * 256,
    ]
    return [*convs, (6 * 6 * 256 + 1) * 4096, 4097 * 4096, 4097 * 1000]


@chaff(
    says="In conv2, conv4 and conv5 a filter sees the maps of its own card alone: half of the "
    "channels.",
    breaks=WRONG,
)
def every_filter_sees_all_maps():
    return np.array(
        [34_944, 614_656, 885_120, 1_327_488, 884_992, 37_752_832, 16_781_312, 4_097_000]
    )


@chaff(
    says="In conv3 every filter sees the maps of both cards: all 256 channels.",
    breaks=WRONG,
)
def conv3_on_one_card():
    return np.array([34_944, 307_456, 442_752, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000])


@chaff(
    says="The biases are missing: one for each filter, and one for each output of a fully "
    "connected layer.",
    breaks=WRONG,
)
def alexnet_without_biases():
    return np.array([34_848, 307_200, 884_736, 663_552, 442_368, 37_748_736, 16_777_216, 4_096_000])


@wheat
def multiplied_layer_by_layer():
    return np.array(
        [
            105_415_200,
            223_948_800,
            149_520_384,
            112_140_288,
            74_760_192,
            37_748_736,
            16_777_216,
            4_096_000,
        ]
    )


@chaff(
    says="In conv2, conv4 and conv5 a filter sees the maps of its own card alone: half of the "
    "channels.",
    breaks=WRONG,
)
def all_maps_multiplied():
    return np.array(
        [
            105_415_200,
            447_897_600,
            149_520_384,
            224_280_576,
            149_520_384,
            37_748_736,
            16_777_216,
            4_096_000,
        ]
    )


@chaff(
    says="You forgot the padding: without it there are fewer places for a window. It keeps 27 and "
    "13.",
    breaks=WRONG,
)
def multiplied_without_padding():
    return np.array(
        [
            105_415_200,
            23 * 23 * 256 * 25 * 48,
            11 * 11 * 384 * 9 * 256,
            11 * 11 * 384 * 9 * 192,
            11 * 11 * 256 * 9 * 192,
            37_748_736,
            16_777_216,
            4_096_000,
        ]
    )


@chaff(
    says="You counted biases. A bias is added, not multiplied.",
    breaks=WRONG,
)
def multiplied_with_biases():
    return np.array(
        [
            105_705_600,
            224_135_424,
            149_585_280,
            112_205_184,
            74_803_456,
            37_752_832,
            16_781_312,
            4_097_000,
        ]
    )


def sharing() -> np.ndarray:
    """The four ideas as layers of convkit."""
    outputs = convkit.conv_output_shape((20, 30, 1), 3, 1)
    places = outputs[0] * outputs[1]
    kernel = convkit.conv_parameters(3, 1, 1)
    return np.array(
        [
            convkit.linear_parameters(20 * 30, places),
            places * kernel,
            kernel,
            convkit.conv_parameters(3, 1, 6),
        ]
    )


def counts() -> np.ndarray:
    """The five layers in turn."""
    return np.array(
        [
            convkit.conv_parameters(11, 3, 96),
            convkit.conv_parameters(3, 5, 25),
            convkit.conv_parameters(5, 3, 10, bias=False),
            convkit.conv_parameters(5, 3, 10),
            convkit.conv_parameters(3, 3, 4),
        ]
    )


def costs() -> np.ndarray:
    """Convolution, fully connected layer, and their ratio."""
    image, kernel, filters = (20, 30, 4), (3, 5), 7
    rows, columns, maps = convkit.conv_output_shape(image, kernel, filters)
    conv = convkit.conv_multiplications(image, kernel, filters)
    full = convkit.linear_multiplications(20 * 30 * 4, rows * columns * maps)
    return np.array([conv, full, conv / full])


def alexnet(column: str) -> np.ndarray:
    """A column of AlexNet's ledger, without input and pools."""
    rows = convkit.ledger((227, 227, 3), convkit.alexnet_layers()).rows
    return np.array([getattr(row, column) for row in rows if row.parameters])


EXERCISES: Final = (
    by_hand(
        "weight_sharing",
        "parameters with and without sharing",
        sharing,
        (four_counts,),
        (weights_alone, biases_not_shared, a_window_for_each_pixel),
        covers=("E1",),
    ),
    by_hand(
        "parameter_counts",
        "parameters of five layers",
        counts,
        (five_layers,),
        (
            counts_without_bias,
            counts_without_channels,
            counts_with_many_biases,
            counts_with_one_bias,
        ),
        points=2,
        covers=("B1d B1e B1f D1(iii) E8",),
    ),
    by_hand(
        "multiplications_by_hand",
        "convolution against a fully connected layer",
        costs,
        (two_costs_and_a_ratio,),
        (
            ratio_upside_down,
            kernels_on_every_pixel,
            costs_without_channels,
            costs_of_one_kernel,
        ),
        covers=("A2",),
    ),
    by_hand(
        "alexnet_parameters",
        "parameters of AlexNet's eight layers",
        lambda: alexnet("parameters"),
        (counted_layer_by_layer,),
        (every_filter_sees_all_maps, conv3_on_one_card, alexnet_without_biases),
        points=2,
        covers=("AlexNet's ledger",),
    ),
    by_hand(
        "alexnet_multiplications",
        "multiplications of AlexNet's eight layers",
        lambda: alexnet("multiplications"),
        (multiplied_layer_by_layer,),
        (all_maps_multiplied, multiplied_without_padding, multiplied_with_biases),
        points=2,
        covers=("AlexNet's ledger",),
    ),
)
