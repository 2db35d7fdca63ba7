"""``avg_pool2d(x, size, stride=None, padding=0)``: the mean of each window.

Images, windows, strides and sizes are those of ``max_pool2d``. The border is zeros, and they count:
each sum is divided by ``size * size``, wherever the window lies. `x` may hold whole numbers; the
answer keeps its fractions.
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
    whole_numbers,
)

from .avg_pool2d_chaffs import CHAFFS
from .avg_pool2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "windows side by side"),
    RubricLine("stride", 1, "windows that overlap, and windows with gaps between them"),
    RubricLine("leftover", 1, "rows and columns that no window reaches"),
    RubricLine("padding", 1, "a border of zeros that count"),
    RubricLine("integers", 1, "whole numbers in, fractions out"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square."""
    yield Case("plain", (generic(rng, 1, 6, 8, 1),), {"size": 2})
    yield Case("plain", (generic(rng, 1, 9, 6, 1),), {"size": 3})
    yield Case("stride", (generic(rng, 1, 7, 9, 1),), {"size": 3, "stride": 2})
    yield Case("stride", (generic(rng, 1, 5, 4, 1),), {"size": 2, "stride": 1})
    yield Case("stride", (generic(rng, 1, 8, 5, 1),), {"size": 2, "stride": 3})
    yield Case("leftover", (generic(rng, 1, 7, 11, 1),), {"size": 3})
    yield Case("leftover", (generic(rng, 1, 7, 10, 1),), {"size": 3, "stride": 2})
    yield Case("leftover", (generic(rng, 1, 8, 7, 1),), {"size": 2, "stride": 3})
    yield Case("padding", (generic(rng, 1, 5, 7, 1),), {"size": 3, "stride": 2, "padding": 1})
    yield Case("padding", (generic(rng, 1, 4, 3, 1),), {"size": 5, "stride": 1, "padding": 2})
    yield Case("integers", (whole_numbers(rng, 1, 8, 12, 1),), {"size": 2})
    yield Case("integers", (whole_numbers(rng, 1, 9, 6, 1),), {"size": 3})
    yield Case("batch", (generic(rng, 3, 6, 4, 2),), {"size": 2})
    yield Case("batch", (generic(rng, 2, 4, 8, 3),), {"size": 2})


EXAMPLES = (
    call(np.arange(24).reshape(1, 4, 6, 1) / 2, 2),
    call(whole(79, 1, 4, 5, 1), 2, stride=1),
    call(whole(80, 1, 7, 9, 1), 3, stride=2),
    call(whole(81, 1, 8, 5, 1), 2, stride=3),
    call(whole(82, 1, 7, 5, 1), 3),
    call(np.ones((1, 2, 3, 1)), 3, stride=1, padding=1),
    call(fractions(83, 1, 4, 6, 1), 2, padding=1),
    call(fractions(84, 2, 4, 6, 3), 2),
)


@wheat
def sum_of_each_slice(x, size, stride=None, padding=0):
    if stride is None:
        stride = size
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = window.sum(axis=(1, 2)) / size**2
    return y


@wheat
def mean_of_all_windows(x, size, stride=None, padding=0):
    stride = stride or size
    padded = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].mean(axis=(-1, -2))


@wheat
def integral_image(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding + 1, padding), (padding + 1, padding), (0, 0))
    table = np.pad(x.astype(float), sides).cumsum(axis=1).cumsum(axis=2)
    rows = slice(0, table.shape[1] - size, stride)
    columns = slice(0, table.shape[2] - size, stride)
    below, right = slice(size, None, stride), slice(size, None, stride)
    total = table[:, below, right] - table[:, rows, right]
    return (total - table[:, below, columns] + table[:, rows, columns]) / size**2


@wheat
def matrices_from_both_sides(x, size, stride=None, padding=0):
    stride = size if stride is None else stride

    def averages(n):
        starts = range(-padding, n + padding - size + 1, stride)
        matrix = np.zeros((len(starts), n))
        for row, start in enumerate(starts):
            matrix[row, max(start, 0) : start + size] = 1 / size
        return matrix

    return np.einsum("ih,jw,nhwc->nijc", averages(x.shape[1]), averages(x.shape[2]), x)


EXERCISE = Exercise(
    name="avg_pool2d",
    oracle=convkit.avg_pool2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        sum_of_each_slice,
        mean_of_all_windows,
        integral_image,
        matrices_from_both_sides,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("C2a C2b",),
)
