"""``max_pool2d_backward(dy, x, size, stride=None)``: the gradient to the images of a max pooling.

Given the upstream gradient `dy` of shape (N, H_out, W_out, C) and the images `x` of shape
(N, H, W, C) that were pooled without a border. Each window hands its entry of `dy` to the pixel
that won. Of equal pixels the first wins, row by row from the top left of the window, and takes all.
A pixel that wins in several windows adds up what they hand it; all other pixels get 0. An array of
the shape of `x` is returned. `x` may hold whole numbers while `dy` holds fractions; the answer
keeps its fractions.
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
    distinct,
    fractions,
    generic,
    wheat,
)

from .max_pool2d_backward_chaffs import CHAFFS
from .max_pool2d_backward_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "one winner in each window"),
    RubricLine("overlap", 2, "a pixel that wins more than once"),
    RubricLine("gaps", 1, "pixels that no window reaches"),
    RubricLine("ties", 1, "of equal pixels the first takes all"),
    RubricLine("integers", 1, "whole numbers in x, fractions in dy"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; two pixels are equal in the group about ties only."""

    def upstream(x: np.ndarray, size: int, stride: int) -> np.ndarray:
        rows, columns = ((n - size) // stride + 1 for n in x.shape[1:3])
        return generic(rng, len(x), rows, columns, x.shape[3])

    def backward(group: str, x: np.ndarray, size: int, stride: int | None = None) -> Case:
        options = {"size": size} if stride is None else {"size": size, "stride": stride}
        return Case(group, (upstream(x, size, stride or size), x), options)

    yield backward("plain", distinct(rng, 1, 6, 8, 1), 2)
    yield backward("plain", distinct(rng, 1, 9, 6, 1), 3)
    for size, stride, shape in [(2, 1, (1, 5, 6, 1)), (3, 2, (1, 9, 7, 1))]:
        x = distinct(rng, *shape)
        # The one wins three windows, and loses the last that it lies in to the other.
        x[0, 2, 2, 0], x[0, 3, 3, 0] = 5.0, 6.0
        yield backward("overlap", x, size, stride)
    yield backward("gaps", distinct(rng, 1, 7, 11, 1), 3)
    yield backward("gaps", distinct(rng, 1, 8, 6, 1), 2, 3)
    # In each window, the first maximum row by row is neither the last nor the first by columns.
    crossed = np.tile([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]], (2, 3))
    low, high = np.sort(distinct(rng, 2))
    yield backward("ties", (low + (high - low) * crossed)[None, :, :, None], 3)
    yield backward("ties", np.full((1, 6, 4, 1), low), 2)
    for shape in [(1, 6, 8, 1), (1, 6, 4, 1)]:
        numbers = 1 + rng.permutation(math.prod(shape)).reshape(shape)
        yield backward("integers", numbers, 2)
    yield backward("batch", distinct(rng, 3, 6, 4, 2), 2)
    yield backward("batch", distinct(rng, 2, 4, 6, 3), 2)


EXAMPLES = (
    call(
        np.array([[[[10], [20]]]]),
        np.array([1, 4, 3, 7, 2, 0, 6, 5]).reshape(1, 2, 4, 1),
        2,
    ),
    call(
        np.array([[[[10], [20]]]]),
        np.array([1, 9, 3, 2, 0, 4]).reshape(1, 2, 3, 1),
        2,
        stride=1,
    ),
    call(fractions(92, 1, 2, 3, 1), fractions(93, 1, 5, 7, 1), 3, stride=2),
    call(fractions(94, 1, 2, 2, 1), fractions(95, 1, 5, 6, 1), 2, stride=3),
    call(
        np.array([[[[10], [20]]]]),
        np.array([1, 7, 5, 5, 7, 2, 5, 5]).reshape(1, 2, 4, 1),
        2,
    ),
    call(np.array([[[[0.5]]]]), np.array([1, 4, 2, 3]).reshape(1, 2, 2, 1), 2),
    call(fractions(96, 2, 2, 3, 3), fractions(97, 2, 4, 6, 3), 2),
)


@wheat
def loop_over_everything(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(dy.shape):
        best, row, column = -np.inf, 0, 0
        for a in range(i * stride, i * stride + size):
            for b in range(j * stride, j * stride + size):
                if x[n, a, b, c] > best:
                    best, row, column = x[n, a, b, c], a, b
        dx[n, row, column, c] += dy[n, i, j, c]
    return dx


@wheat
def argmax_of_each_window(dy, x, size, stride=None):
    stride = stride or size
    dx = np.zeros(x.shape, dtype=float)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


@wheat
def add_at_the_winners(dy, x, size, stride=None):
    stride = size if stride is None else stride
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]
    winners = windows.reshape(*windows.shape[:4], size * size).argmax(axis=-1)
    n, i, j, c = np.indices(dy.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, i * stride + winners // size, j * stride + winners % size, c), dy)
    return dx


@wheat
def tap_by_tap_with_claims(dy, x, size, stride=None):
    stride = size if stride is None else stride
    rows, columns = dy.shape[1:3]
    taps = [
        (
            slice(None),
            slice(a, a + (rows - 1) * stride + 1, stride),
            slice(b, b + (columns - 1) * stride + 1, stride),
        )
        for a in range(size)
        for b in range(size)
    ]
    y = np.max([x[tap] for tap in taps], axis=0)
    free = np.ones(y.shape, bool)
    dx = np.zeros(x.shape)
    for tap in taps:
        wins = free & (x[tap] == y)
        dx[tap] += np.where(wins, dy, 0)
        free &= ~wins
    return dx


@wheat
def mask_of_the_first_maximum(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rows = slice(i * stride, i * stride + size)
            columns = slice(j * stride, j * stride + size)
            window = x[:, rows, columns]
            flat = window.reshape(len(x), size * size, x.shape[3])
            mask = flat == flat.max(axis=1, keepdims=True)
            mask = mask & (mask.cumsum(axis=1) == 1)
            dx[:, rows, columns] += mask.reshape(window.shape) * dy[:, i : i + 1, j : j + 1]
    return dx


EXERCISE = Exercise(
    name="max_pool2d_backward",
    oracle=convkit.max_pool2d_backward,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        loop_over_everything,
        argmax_of_each_window,
        add_at_the_winners,
        tap_by_tap_with_claims,
        mask_of_the_first_maximum,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("D(f) D(g)",),
)
