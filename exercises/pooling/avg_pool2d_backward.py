"""``avg_pool2d_backward(dy, x, size, stride=None)``: the gradient of an average pooling.

Given the upstream gradient `dy` of shape (N, H_out, W_out, C) and the images `x` of shape
(N, H, W, C) that were pooled without a border; only the shape of `x` matters. Each window hands its
entry of `dy`, divided by ``size * size``, to each of its pixels. Where windows overlap the shares
are added up; pixels that no window reaches get 0. An array of the shape of `x` is returned. `x` may
hold whole numbers while `dy` holds fractions; the answer keeps its fractions.
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

from .avg_pool2d_backward_chaffs import CHAFFS
from .avg_pool2d_backward_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "an equal share for each pixel of a window"),
    RubricLine("overlap", 1, "windows that overlap"),
    RubricLine("gaps", 1, "pixels that no window reaches"),
    RubricLine("integers", 1, "whole numbers in x, fractions in dy"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square."""

    def pair(x: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
        return generic(rng, len(x), rows, columns, x.shape[3]), x

    yield Case("plain", pair(generic(rng, 1, 6, 8, 1), 3, 4), {"size": 2})
    yield Case("plain", pair(generic(rng, 1, 9, 6, 1), 3, 2), {"size": 3})
    yield Case("overlap", pair(generic(rng, 1, 5, 6, 1), 4, 5), {"size": 2, "stride": 1})
    yield Case("overlap", pair(generic(rng, 1, 9, 7, 1), 4, 3), {"size": 3, "stride": 2})
    yield Case("gaps", pair(generic(rng, 1, 7, 11, 1), 2, 3), {"size": 3})
    yield Case("gaps", pair(generic(rng, 1, 8, 6, 1), 3, 2), {"size": 2, "stride": 3})
    yield Case("integers", pair(whole_numbers(rng, 1, 6, 4, 1), 3, 2), {"size": 2})
    yield Case("integers", pair(whole_numbers(rng, 1, 6, 9, 1), 2, 3), {"size": 3})
    yield Case("batch", pair(generic(rng, 3, 6, 4, 2), 3, 2), {"size": 2})
    yield Case("batch", pair(generic(rng, 2, 4, 6, 3), 2, 3), {"size": 2})


EXAMPLES = (
    call(np.array([[[[4], [8]]]]), whole(98, 1, 2, 4, 1), 2),
    call(np.array([[[[4], [8]]]]), whole(99, 1, 2, 3, 1), 2, stride=1),
    call(fractions(100, 1, 2, 3, 1), fractions(101, 1, 5, 7, 1), 3, stride=2),
    call(fractions(102, 1, 2, 2, 1), fractions(103, 1, 5, 6, 1), 2, stride=3),
    call(np.array([[[[3.0]]]]), whole(106, 1, 2, 2, 1), 2),
    call(fractions(104, 2, 2, 3, 3), fractions(105, 2, 4, 6, 3), 2),
)


@wheat
def loop_over_the_windows(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            top, left = i * stride, j * stride
            share = dy[:, i : i + 1, j : j + 1] / (size * size)
            dx[:, top : top + size, left : left + size] += share
    return dx


@wheat
def strided_addition_for_each_tap(dy, x, size, stride=None):
    stride = stride or size
    down, across = ((n - 1) * stride + 1 for n in dy.shape[1:3])
    dx = np.zeros(x.shape)
    for a in range(size):
        for b in range(size):
            dx[:, a : a + down : stride, b : b + across : stride] += dy / size**2
    return dx


@wheat
def pixel_by_pixel(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, a, b, c in np.ndindex(*x.shape):
        for i in range(dy.shape[1]):
            for j in range(dy.shape[2]):
                if 0 <= a - i * stride < size and 0 <= b - j * stride < size:
                    dx[n, a, b, c] += dy[n, i, j, c] / size**2
    return dx


@wheat
def transposed_averaging(dy, x, size, stride=None):
    stride = size if stride is None else stride

    def averages(n, m):
        starts = stride * np.arange(m)[:, None]
        pixels = np.arange(n)[None, :]
        return ((pixels >= starts) & (pixels < starts + size)) / size

    rows = averages(x.shape[1], dy.shape[1])
    columns = averages(x.shape[2], dy.shape[2])
    return np.einsum("ih,jw,nijc->nhwc", rows, columns, dy)


@wheat
def stretched_upstream_then_sum(dy, x, size, stride=None):
    stride = size if stride is None else stride
    spaced = np.zeros((len(x), x.shape[1] + size - 1, x.shape[2] + size - 1, x.shape[3]))
    rows = size - 1 + stride * np.arange(dy.shape[1])
    columns = size - 1 + stride * np.arange(dy.shape[2])
    spaced[:, rows[:, None], columns] = dy
    windows = np.lib.stride_tricks.sliding_window_view(spaced, (size, size), axis=(1, 2))
    return windows.mean(axis=(-1, -2))


EXERCISE = Exercise(
    name="avg_pool2d_backward",
    oracle=convkit.avg_pool2d_backward,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        loop_over_the_windows,
        strided_addition_for_each_tap,
        pixel_by_pixel,
        transposed_averaging,
        stretched_upstream_then_sum,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("D(f) D(g)",),
)
