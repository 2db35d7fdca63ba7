"""``max_pool2d(x, size, stride=None, padding=0)``: the maximum of each window.

Given images `x` of shape (N, H, W, C); whole numbers or fractions, of either sign. A window has
`size` rows and `size` columns and lies in one channel of one image; neighbouring windows are
`stride` apart, `size` where `stride` is None. `padding` rows and columns of minus infinity, at most
``size // 2``, surround each channel. Windows that would stick out at the bottom or on the right are
left out. An array of shape (N, H_out, W_out, C) is returned, where ``H_out = (H + 2 * padding -
size) // stride + 1``, and W_out likewise. `size`, `stride` and `padding` are whole numbers, and the
padded image is never smaller than a window.
"""

from __future__ import annotations

import math
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
    rule_breaker,
    wheat,
    whole,
)

from .max_pool2d_chaffs import CHAFFS
from .max_pool2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "windows side by side"),
    RubricLine("stride", 1, "windows that overlap, and windows with gaps between them"),
    RubricLine("leftover", 1, "rows and columns that no window reaches"),
    RubricLine("negative", 1, "images below zero"),
    RubricLine("padding", 2, "a border that never wins"),
    RubricLine("integers", 1, "whole numbers, with a border"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square, and no border is larger than half a window."""

    def positive(*shape: int) -> np.ndarray:
        return np.abs(generic(rng, *shape))

    yield Case("plain", (positive(1, 6, 8, 1),), {"size": 2})
    yield Case("plain", (positive(1, 9, 6, 1),), {"size": 3})
    yield Case("stride", (positive(1, 7, 9, 1),), {"size": 3, "stride": 2})
    yield Case("stride", (positive(1, 5, 4, 1),), {"size": 2, "stride": 1})
    yield Case("stride", (positive(1, 8, 5, 1),), {"size": 2, "stride": 3})
    yield Case("leftover", (positive(1, 7, 11, 1),), {"size": 3})
    yield Case("leftover", (positive(1, 6, 10, 1),), {"size": 3, "stride": 2})
    yield Case("leftover", (positive(1, 9, 7, 1),), {"size": 2, "stride": 3})
    yield Case("negative", (-positive(1, 6, 4, 1),), {"size": 2})
    yield Case("negative", (-positive(1, 6, 9, 1),), {"size": 3})
    yield Case("padding", (-positive(1, 5, 7, 1),), {"size": 3, "stride": 2, "padding": 1})
    yield Case("padding", (-positive(1, 4, 6, 1),), {"size": 2, "padding": 1})
    yield Case("padding", (-positive(1, 4, 3, 1),), {"size": 5, "stride": 1, "padding": 2})
    # So far below zero that no number but minus infinity is a safe border.
    yield Case("padding", (-1e12 * positive(1, 6, 4, 1),), {"size": 2, "padding": 1})
    # Distinct numbers of one sign: zeros in the border do no harm here.
    for size, shape in [(2, (1, 6, 10, 1)), (3, (1, 8, 5, 1))]:
        numbers = 1 + rng.permutation(math.prod(shape)).reshape(shape)
        yield Case("integers", (numbers,), {"size": size, "padding": 1})
    yield Case("batch", (positive(3, 6, 4, 2),), {"size": 2})
    yield Case("batch", (positive(2, 4, 8, 3),), {"size": 2})


EXAMPLES = (
    call(np.arange(24).reshape(1, 4, 6, 1), 2),
    call(whole(71, 1, 6, 9, 1), 3),
    call(whole(72, 1, 4, 5, 1), 2, stride=1),
    call(whole(73, 1, 7, 9, 1), 3, stride=2),
    call(whole(74, 1, 5, 8, 1), 2, stride=3),
    call(whole(75, 1, 7, 5, 1), 2),
    call(-1 - whole(76, 1, 4, 2, 1) % 9, 2),
    call(-1.5 - whole(77, 1, 4, 6, 1) % 9, 2, padding=1),
    call(np.array([-3, -1, -4, -1, -5, -9]).reshape(1, 2, 3, 1), 3, stride=1, padding=1),
    call(fractions(78, 2, 4, 6, 3), 2),
)


@wheat
def four_loops(x, size, stride=None, padding=0):
    stride = stride or size
    images, height, width, channels = x.shape
    rows = (height + 2 * padding - size) // stride + 1
    columns = (width + 2 * padding - size) // stride + 1
    y = np.zeros((images, rows, columns, channels))
    for n in range(images):
        for i in range(rows):
            for j in range(columns):
                for c in range(channels):
                    best = None
                    for a in range(i * stride - padding, i * stride - padding + size):
                        for b in range(j * stride - padding, j * stride - padding + size):
                            inside = 0 <= a < height and 0 <= b < width
                            if inside and (best is None or x[n, a, b, c] > best):
                                best = x[n, a, b, c]
                    y[n, i, j, c] = best
    return y


@wheat
def maximum_of_each_slice(x, size, stride=None, padding=0):
    if stride is None:
        stride = size
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.empty((len(x), rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            y[:, i, j] = padded[:, top : top + size, left : left + size].max(axis=(1, 2))
    return y


@wheat
def all_windows_at_once(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.full(
        (len(x), x.shape[1] + 2 * padding, x.shape[2] + 2 * padding, x.shape[3]), -np.inf
    )
    padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-1, -2))


@wheat
def running_maximum_over_taps(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    lowest = x.min() - 1
    padded = np.pad(x, [(0, 0), (padding, padding), (padding, padding), (0, 0)], "constant")
    outside = np.pad(
        np.zeros(x.shape, bool),
        [(0, 0)] + 2 * [(padding, padding)] + [(0, 0)],
        constant_values=True,
    )
    padded = np.where(outside, lowest, padded)
    rows, columns = padded.shape[1] - size + 1, padded.shape[2] - size + 1
    y = None
    for a in range(size):
        for b in range(size):
            tap = padded[:, a : a + rows : stride, b : b + columns : stride]
            y = tap if y is None else np.maximum(y, tap)
    return y


@wheat
def rows_then_columns(x, size, stride=None, padding=0):
    stride = stride or size

    def along(axis, image):
        n = image.shape[axis]
        starts = range(-padding, n + padding - size + 1, stride)
        parts = [
            np.take(image, range(max(start, 0), min(start + size, n)), axis).max(axis)
            for start in starts
        ]
        return np.stack(parts, axis)

    return along(2, along(1, x))


@rule_breaker(finds="scipy.ndimage.maximum_filter")
def filter_of_scipy(x, size, stride=None, padding=0):
    from scipy.ndimage import maximum_filter

    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    largest = maximum_filter(padded, (1, size, size, 1))
    middle = size // 2
    rows, columns = (middle + n - size + 1 for n in padded.shape[1:3])
    return largest[:, middle:rows:stride, middle:columns:stride]


@rule_breaker(finds="convkit.pool.max_pool2d")
def function_of_convkit(x, size, stride=None, padding=0):
    import convkit.pool

    return convkit.pool.max_pool2d(x, size, stride, padding)


EXERCISE = Exercise(
    name="max_pool2d",
    oracle=convkit.max_pool2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        four_loops,
        maximum_of_each_slice,
        all_windows_at_once,
        running_maximum_over_taps,
        rows_then_columns,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    rule_breakers=(filter_of_scipy, function_of_convkit),
    covers=("B2c C2c",),
)
