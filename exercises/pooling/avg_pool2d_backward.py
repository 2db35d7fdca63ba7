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
    chaff,
    fractions,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 1, "an equal share for each pixel of a window"),
    RubricLine("overlap", 1, "windows that overlap"),
    RubricLine("gaps", 1, "pixels that no window reaches"),
    RubricLine("integers", 1, "whole numbers in x, fractions in dy"),
    RubricLine("batch", 1, "several images and channels"),
)
EVERY_GROUP = frozenset({"plain", "overlap", "gaps", "integers", "batch"})


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square."""

    def pair(x: np.ndarray, rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
        return generic(rng, len(x), rows, columns, x.shape[3]), x

    yield Case("plain", pair(generic(rng, 1, 6, 8, 1), 3, 4), {"size": 2})
    yield Case("plain", pair(generic(rng, 1, 9, 6, 1), 3, 2), {"size": 3})
    yield Case("overlap", pair(generic(rng, 1, 5, 6, 1), 4, 5), {"size": 2, "stride": 1})
    yield Case("overlap", pair(generic(rng, 1, 7, 9, 1), 3, 4), {"size": 3, "stride": 2})
    yield Case("gaps", pair(generic(rng, 1, 7, 11, 1), 2, 3), {"size": 3})
    yield Case("gaps", pair(generic(rng, 1, 8, 6, 1), 3, 2), {"size": 2, "stride": 3})
    yield Case("integers", pair(whole_numbers(rng, 1, 6, 4, 1), 3, 2), {"size": 2})
    yield Case("batch", pair(generic(rng, 3, 6, 4, 2), 3, 2), {"size": 2})


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


@chaff(
    says="Every pixel gets the whole gradient of its window. Each has a share: divide by the "
    "number of pixels in the window.",
    breaks=EVERY_GROUP,
)
def not_divided(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1]
    return dx


@chaff(
    says="You pool the gradient, which makes it smaller still. The way back goes up: from few "
    "windows to the many pixels of x.",
    breaks=EVERY_GROUP,
)
def average_of_the_upstream(dy, x, size, stride=None):
    stride = size if stride is None else stride
    rows, columns = (max(1, (n - size) // stride + 1) for n in dy.shape[1:3])
    dx = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        dx[:, i, j] = dy[:, top : top + size, left : left + size].mean(axis=(1, 2))
    return dx


@chaff(
    says="Where windows overlap you keep only the last share. Add to what is there.",
    breaks={"overlap"},
)
def assigned_not_added(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i : i + 1, j : j + 1] / size**2
        dx[:, top : top + size, left : left + size] = share
    return dx


@chaff(
    says="You repeat each number so often as the window is large. That is right only where windows "
    "lie side by side and fill the image.",
    breaks={"overlap", "gaps"},
)
def repeated_upstream(dy, x, size, stride=None):
    return dy.repeat(size, axis=1).repeat(size, axis=2) / size**2


@chaff(
    says="Your windows lie side by side on the way back, whatever the stride. They must be those "
    "of the way there.",
    breaks={"overlap", "gaps"},
)
def stride_ignored(dy, x, size, stride=None):
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * size, j * size
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="You divide by the stride times the stride. A share is one over the number of pixels in a "
    "window.",
    breaks={"overlap", "gaps"},
)
def divided_by_the_stride(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / stride**2
    return dx


@chaff(
    says="You divide by the size once. A window has that many rows and that many columns: divide "
    "by their product.",
    breaks=EVERY_GROUP,
)
def divided_by_the_size_once(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / size
    return dx


@chaff(
    says="You divide by the number of windows that cover a pixel as well. The shares of several "
    "windows add up; nothing evens them out.",
    breaks={"overlap"},
)
def averaged_over_windows(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx, covers = np.zeros(x.shape), np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i : i + 1, j : j + 1] / size**2
        dx[:, top : top + size, left : left + size] += share
        covers[:, top : top + size, left : left + size] += 1
    return dx / np.maximum(covers, 1)


@chaff(
    says="You multiply by the pixels. The derivative of a mean by one of its numbers is the same "
    "whatever the number is: x gives the shape only.",
    breaks=EVERY_GROUP,
)
def multiplied_by_the_pixels(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        part = (
            slice(None),
            slice(i * stride, i * stride + size),
            slice(j * stride, j * stride + size),
        )
        dx[part] += x[part] * dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="You cut the fractions off: an array made like the whole numbers of x can hold no "
    "fractions. Make one of floats.",
    breaks={"integers"},
)
def fractions_cut_off(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i : i + 1, j : j + 1] / size**2
        dx[:, top : top + size, left : left + size] += share.astype(x.dtype)
    return dx


@chaff(
    says="You add up the gradients of all channels. Each channel was pooled by itself, so its "
    "gradient stays in it.",
    breaks={"batch"},
)
def channels_added_up(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i, j].sum(axis=-1)[:, None, None, None] / size**2
        dx[:, top : top + size, left : left + size] += share
    return dx


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
    misconceptions=(
        not_divided,
        average_of_the_upstream,
        assigned_not_added,
        repeated_upstream,
        stride_ignored,
        divided_by_the_stride,
        divided_by_the_size_once,
        averaged_over_windows,
        multiplied_by_the_pixels,
        fractions_cut_off,
        channels_added_up,
    ),
    covers=("D(f) D(g)",),
)
