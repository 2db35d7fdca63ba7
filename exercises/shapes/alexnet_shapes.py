"""``alexnet_shapes()``: the shape after every layer of AlexNet.

Takes nothing. Returns a list or tuple of twelve shapes, each a tuple or list: the input (227, 227,
3), then what conv1, pool1, conv2, pool2, conv3, conv4, conv5 and pool5 give out, as (H, W, C), and
the fully connected fc6, fc7 and fc8, as (features,).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, chaff, rule_breaker, wheat

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (RubricLine("shapes", 3, "all twelve shapes"),)

WRONG = {"shapes"}

LAYERS = (
    *("input", "conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"),
    *("fc6", "fc7", "fc8"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """There is one AlexNet."""
    yield Case("shapes")


def published_shapes() -> tuple[tuple[int, ...], ...]:
    """The oracle, from the ledger of the network of 2012."""
    rows = convkit.ledger((227, 227, 3), convkit.alexnet_layers()).rows
    return tuple(row.shape for row in rows)


@wheat
def written_down():
    return [
        (227, 227, 3),
        (55, 55, 96),
        (27, 27, 96),
        (27, 27, 256),
        (13, 13, 256),
        (13, 13, 384),
        (13, 13, 384),
        (13, 13, 256),
        (6, 6, 256),
        (4096,),
        (4096,),
        (1000,),
    ]


@wheat
def layer_after_layer():
    def conv_output_shape(input_shape, kernel, filters, stride=1, padding=0):
        rows, columns = (
            (n + 2 * padding - k) // stride + 1
            for n, k in zip(input_shape[:2], kernel, strict=True)
        )
        return rows, columns, filters

    image = (227, 227, 3)
    conv1 = conv_output_shape(image, (11, 11), 96, stride=4)
    pool1 = conv_output_shape(conv1, (3, 3), conv1[2], stride=2)
    conv2 = conv_output_shape(pool1, (5, 5), 256, padding=2)
    pool2 = conv_output_shape(conv2, (3, 3), conv2[2], stride=2)
    conv3 = conv_output_shape(pool2, (3, 3), 384, padding=1)
    conv4 = conv_output_shape(conv3, (3, 3), 384, padding=1)
    conv5 = conv_output_shape(conv4, (3, 3), 256, padding=1)
    pool5 = conv_output_shape(conv5, (3, 3), conv5[2], stride=2)
    maps = [image, conv1, pool1, conv2, pool2, conv3, conv4, conv5, pool5]
    return [*maps, (4096,), (4096,), (1000,)]


@wheat
def loop_over_a_table():
    size, channels = 227, 3
    shapes = [[size, size, channels]]
    table = "11 4 0 96, 3 2 0 0, 5 1 2 256, 3 2 0 0, 3 1 1 384, 3 1 1 384, 3 1 1 256, 3 2 0 0"
    for line in table.split(","):
        kernel, stride, padding, filters = map(int, line.split())
        size = (size + 2 * padding - kernel) // stride + 1
        channels = filters or channels
        shapes.append([size, size, channels])
    return *shapes, [4096], [4096], [1000]


@chaff(
    says="You begin with 224, as the paper prints it. Then stride 4 does not fit; begin with 227.",
    breaks=WRONG,
)
def begins_with_224():
    sides, channels = (
        (224, 54, 26, 26, 12, 12, 12, 12, 5),
        (3, 96, 96, 256, 256, 384, 384, 256, 256),
    )
    maps = [(side, side, depth) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, (4096,), (4096,), (1000,))


@chaff(
    says="The padding is missing in your layers: from conv2 on they are padded so that they keep "
    "height and width.",
    breaks=WRONG,
)
def without_padding():
    sides = (227, 55, 27, 23, 11, 9, 7, 5, 2)
    channels = (3, 96, 96, 256, 256, 384, 384, 256, 256)
    maps = [(side, side, depth) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, (4096,), (4096,), (1000,))


@chaff(
    says="These are the maps of one of the two graphics cards. A layer gives out those of both.",
    breaks=WRONG,
)
def maps_of_one_card():
    sides, channels = (
        (227, 55, 27, 27, 13, 13, 13, 13, 6),
        (3, 48, 48, 128, 128, 192, 192, 128, 128),
    )
    maps = [(side, side, depth) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, (2048,), (2048,), (1000,))


@chaff(
    says="The input is missing: it is the first of the twelve shapes.",
    breaks=WRONG,
)
def input_left_out():
    sides = (55, 27, 27, 13, 13, 13, 13, 6)
    channels = (96, 96, 256, 256, 384, 384, 256, 256)
    maps = [(side, side, depth) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, (4096,), (4096,), (1000,))


@chaff(
    says="Your channels come first. In this course they come last: height, width, channels.",
    breaks=WRONG,
)
def channels_first():
    sides, channels = (
        (227, 55, 27, 27, 13, 13, 13, 13, 6),
        (3, 96, 96, 256, 256, 384, 384, 256, 256),
    )
    maps = [(depth, side, side) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, (4096,), (4096,), (1000,))


@chaff(
    says="Your fully connected layers are plain numbers. Their shapes are tuples with one entry, "
    "which is written with a comma before the closing bracket.",
    breaks=WRONG,
)
def plain_numbers_at_the_end():
    sides, channels = (
        (227, 55, 27, 27, 13, 13, 13, 13, 6),
        (3, 96, 96, 256, 256, 384, 384, 256, 256),
    )
    maps = [(side, side, depth) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, 4096, 4096, 1000)


@chaff(
    says="You list the flattened maps as a layer of their own. Flattening is no layer here: after "
    "the last pool comes the first fully connected layer.",
    breaks=WRONG,
)
def flattened_listed():
    sides, channels = (
        (227, 55, 27, 27, 13, 13, 13, 13, 6),
        (3, 96, 96, 256, 256, 384, 384, 256, 256),
    )
    maps = [(side, side, depth) for side, depth in zip(sides, channels, strict=True)]
    return (*maps, (9216,), (4096,), (4096,), (1000,))


@rule_breaker(finds="convkit.ledger")
def copied_from_a_ledger():
    from convkit import alexnet_layers, ledger

    return [row.shape for row in ledger((227, 227, 3), alexnet_layers()).rows]


EXERCISE = Exercise(
    name="alexnet_shapes",
    oracle=published_shapes,
    cases=cases,
    parts=LAYERS,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(written_down, layer_after_layer, loop_over_a_table),
    misconceptions=(
        begins_with_224,
        without_padding,
        maps_of_one_card,
        input_left_out,
        channels_first,
        plain_numbers_at_the_end,
        flattened_listed,
    ),
    rule_breakers=(copied_from_a_ledger,),
    covers=("B1c B1g B1h",),
)
