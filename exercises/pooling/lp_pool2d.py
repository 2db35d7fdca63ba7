"""``lp_pool2d(x, size, p, stride=None)``: the p-norm of each window.

Images, windows and strides are those of ``max_pool2d``; there is no border. A window S gives
``(sum of |x|**p over S) ** (1 / p)``, and for `p` infinite the largest ``|x|``. `p` is a number
from 1 to 10, whole or not, or ``np.inf``. Pixels have either sign.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    chaff,
    fractions,
    generic,
    wheat,
    whole,
)

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("two", 1, "p = 2"),
    RubricLine("odd", 1, "odd p, and pixels below zero"),
    RubricLine("fraction", 1, "p between two whole numbers"),
    RubricLine("infinity", 1, "p infinite"),
    RubricLine("stride", 1, "a stride of its own"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square, and half of the pixels are negative."""
    yield Case("two", (generic(rng, 1, 6, 8, 1),), {"size": 2, "p": 2})
    yield Case("odd", (generic(rng, 1, 6, 8, 1),), {"size": 2, "p": 1})
    yield Case("odd", (generic(rng, 1, 9, 6, 1),), {"size": 3, "p": 3})
    yield Case("fraction", (generic(rng, 1, 6, 8, 1),), {"size": 2, "p": 2.5})
    # All below zero: the largest number has then the smallest absolute value.
    yield Case("infinity", (-np.abs(generic(rng, 1, 6, 4, 1)),), {"size": 2, "p": np.inf})
    yield Case("infinity", (generic(rng, 1, 6, 9, 1),), {"size": 3, "p": np.inf})
    yield Case("stride", (generic(rng, 1, 7, 10, 1),), {"size": 3, "p": 2, "stride": 2})
    yield Case("stride", (generic(rng, 1, 8, 6, 1),), {"size": 2, "p": 4, "stride": 3})
    yield Case("batch", (generic(rng, 3, 6, 4, 2),), {"size": 2, "p": 2})


EXAMPLES = (
    call(np.array([[3, 4], [0, 0]]).reshape(1, 2, 2, 1), 2, 2),
    call(np.array([[3, -4], [0, 1]]).reshape(1, 2, 2, 1), 2, 1),
    call(whole(85, 1, 4, 6, 1), 2, 3),
    call(fractions(86, 1, 6, 3, 1), 3, 1.5),
    call(np.array([[2, -9], [3, 1]]).reshape(1, 2, 2, 1), 2, np.inf),
    call(fractions(87, 1, 7, 6, 1), 3, 2, stride=2),
    call(fractions(88, 2, 4, 6, 3), 2, 2),
)


@wheat
def norm_of_each_slice(x, size, p, stride=None):
    stride = size if stride is None else stride
    rows = (x.shape[1] - size) // stride + 1
    columns = (x.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            window = np.abs(x[:, top : top + size, left : left + size])
            if p == np.inf:
                y[:, i, j] = window.max(axis=(1, 2))
            else:
                y[:, i, j] = (window**p).sum(axis=(1, 2)) ** (1 / p)
    return y


@wheat
def norm_of_numpy(x, size, p, stride=None):
    stride = stride or size
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    flat = windows.reshape(*windows.shape[:4], size * size)
    return np.linalg.norm(flat, ord=p, axis=-1)


@wheat
def sum_over_taps(x, size, p, stride=None):
    stride = size if stride is None else stride
    rows, columns = x.shape[1] - size + 1, x.shape[2] - size + 1
    taps = [
        np.abs(x[:, a : a + rows : stride, b : b + columns : stride])
        for a in range(size)
        for b in range(size)
    ]
    largest = np.maximum.reduce(taps)
    if np.isinf(p):
        return largest
    return largest * sum((tap / largest) ** p for tap in taps) ** (1 / p)


@wheat
def own_average_pooling_of_powers(x, size, p, stride=None):
    def pool(image, combine):
        step = size if stride is None else stride
        windows = np.lib.stride_tricks.sliding_window_view(image, (size, size), axis=(1, 2))
        return combine(windows[:, ::step, ::step], axis=(-1, -2))

    if p == float("inf"):
        return np.maximum(pool(x, np.max), pool(-x, np.max))
    return (pool(np.abs(x) ** p, np.mean) * size * size) ** (1 / p)


@chaff(
    says="You leave the absolute value out. Then positive and negative pixels cancel, and roots of "
    "negative numbers are no numbers.",
    breaks={"odd", "fraction", "infinity"},
)
def no_absolute_value(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="You take the absolute value of the sum. It belongs to each pixel, before anything is "
    "added.",
    breaks={"odd", "fraction"},
)
def absolute_value_of_the_sum(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return np.abs(windows).max(axis=(-1, -2))
    return np.abs((windows**p).sum(axis=(-1, -2))) ** (1 / p)


@chaff(
    says="For infinite p you give the maximum of the pixels. It is the maximum of their absolute "
    "values: a pixel far below zero counts as large.",
    breaks={"infinity"},
)
def maximum_without_absolute_value(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (np.abs(windows) ** p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="You put infinity into the formula as it stands. It has only a limit there, which is "
    "another, simpler operation: treat it by itself.",
    breaks={"infinity"},
)
def infinity_in_the_formula(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    return (np.abs(windows) ** p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="The root is missing. After the sum comes the power 1 over p.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def root_forgotten(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2))


@chaff(
    says="You always take the square root. The root belongs to p: the power 1 over p.",
    breaks={"odd", "fraction", "stride"},
)
def always_the_square_root(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return np.sqrt((windows**p).sum(axis=(-1, -2)))


@chaff(
    says="You take the mean of the powers. That is the power mean; LP pooling takes their sum.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def mean_of_the_powers(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).mean(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="One over p is a whole number in your code, so it is 0 for every p above 1. Divide with "
    "fractions.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def root_in_whole_numbers(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2)) ** (1 // p)


@chaff(
    says="Your windows always lie side by side. The stride says how far apart they start, and it "
    "need not be the size.",
    breaks={"stride"},
)
def stride_ignored(x, size, p, stride=None):
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::size, ::size]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return (windows**p).sum(axis=(-1, -2)) ** (1 / p)


@chaff(
    says="You add up over all channels. Each channel is pooled by itself.",
    breaks={"batch"},
)
def norm_over_channels(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        norms = windows.max(axis=(-1, -2, -3))
    else:
        norms = (windows**p).sum(axis=(-1, -2, -3)) ** (1 / p)
    return np.repeat(norms[..., None], x.shape[3], axis=3)


EXERCISE = Exercise(
    name="lp_pool2d",
    oracle=convkit.lp_pool2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        norm_of_each_slice,
        norm_of_numpy,
        sum_over_taps,
        own_average_pooling_of_powers,
    ),
    misconceptions=(
        no_absolute_value,
        absolute_value_of_the_sum,
        maximum_without_absolute_value,
        infinity_in_the_formula,
        root_forgotten,
        always_the_square_root,
        mean_of_the_powers,
        root_in_whole_numbers,
        stride_ignored,
        norm_over_channels,
    ),
    covers=("C2a C2b",),
)
