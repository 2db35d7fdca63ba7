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
    fractions,
    generic,
    wheat,
    whole,
)

from .lp_pool2d_chaffs import CHAFFS
from .lp_pool2d_loops import LOOPS
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
    yield Case("two", (generic(rng, 1, 9, 6, 1),), {"size": 3, "p": 2})
    yield Case("odd", (generic(rng, 1, 6, 8, 1),), {"size": 2, "p": 1})
    yield Case("odd", (generic(rng, 1, 9, 6, 1),), {"size": 3, "p": 3})
    yield Case("fraction", (generic(rng, 1, 6, 8, 1),), {"size": 2, "p": 2.5})
    yield Case("fraction", (generic(rng, 1, 6, 4, 1),), {"size": 2, "p": 1.5})
    # All below zero: the largest number has then the smallest absolute value.
    yield Case("infinity", (-np.abs(generic(rng, 1, 6, 4, 1)),), {"size": 2, "p": np.inf})
    yield Case("infinity", (generic(rng, 1, 6, 9, 1),), {"size": 3, "p": np.inf})
    yield Case("stride", (generic(rng, 1, 7, 10, 1),), {"size": 3, "p": 2, "stride": 2})
    yield Case("stride", (generic(rng, 1, 8, 6, 1),), {"size": 2, "p": 4, "stride": 3})
    yield Case("batch", (generic(rng, 3, 6, 4, 2),), {"size": 2, "p": 2})
    yield Case("batch", (generic(rng, 2, 4, 6, 3),), {"size": 2, "p": 2})


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
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("C2a C2b",),
)
