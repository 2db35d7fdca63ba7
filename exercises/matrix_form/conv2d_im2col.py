"""``conv2d_im2col(x, w, b, stride=1, padding=0)``: a convolution layer as one matrix product.

Given images `x` of shape (N, H, W, C_in), kernels `w` of shape (kh, kw, C_in, C_out) and a bias `b`
of shape (C_out,). The layer correlates, the kernels are not flipped: ``y[n, i, j, f] = b[f] + sum
over a, c, m of w[a, c, m, f] * padded[n, i * stride + a, j * stride + c, m]``. Height and width are
padded with zeros, batch and channels are not. An array of shape (N, H_out, W_out, C_out) is
returned, where ``H_out = (H + 2 * padding - kh) // stride + 1``, and W_out likewise. `x` may hold
whole numbers while `w` and `b` hold fractions; the answer keeps its fractions.

No line may run once for every row or every column of the image. Loops over kernel taps, images,
channels and filters are fine. ``np.einsum`` and ``np.tensordot`` are not allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    LoopRule,
    RubricLine,
    call,
    fractions,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .conv2d_im2col_breakers import RULE_BREAKERS
from .conv2d_im2col_chaffs import CHAFFS
from .conv2d_im2col_sisters import SISTERS
from .rules import FORBIDDEN, READY_PRODUCTS, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "one image, one channel, one filter"),
    RubricLine("channels", 2, "several channels"),
    RubricLine("filters", 2, "several filters"),
    RubricLine("batch", 2, "several images"),
    RubricLine("stride_padding", 1, "stride and padding together"),
    RubricLine("kernel_shape", 1, "kernels that are not square"),
    RubricLine("integers", 1, "whole numbers in x, fractions in w"),
    RubricLine("everything", 1, "all of it at once"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each group but the last leaves out what the other groups are about."""

    def layer(
        images: tuple[int, int, int, int], kernel: tuple[int, int], filters: int
    ) -> tuple[np.ndarray, ...]:
        w = generic(rng, *kernel, images[-1], filters)
        return generic(rng, *images), w, generic(rng, filters)

    yield Case("plain", layer((1, 5, 7, 1), (3, 3), 1))
    yield Case("plain", layer((1, 6, 4, 1), (2, 2), 1))
    yield Case("channels", layer((1, 5, 6, 3), (2, 2), 1))
    yield Case("channels", layer((1, 6, 4, 2), (3, 3), 1))
    yield Case("filters", layer((1, 5, 6, 1), (3, 3), 4))
    yield Case("filters", layer((1, 6, 4, 1), (2, 2), 2))
    yield Case("batch", layer((3, 4, 6, 1), (2, 2), 1))
    yield Case("batch", layer((2, 5, 3, 1), (2, 2), 1))
    for images, size, options in [
        ((1, 7, 10, 1), 3, {"stride": 2, "padding": 1}),
        ((1, 6, 4, 1), 2, {"stride": 3, "padding": 2}),
    ]:
        yield Case("stride_padding", layer(images, (size, size), 1), options)
    yield Case("kernel_shape", layer((1, 5, 8, 1), (2, 4), 1))
    yield Case("kernel_shape", layer((1, 6, 5, 1), (3, 1), 1))
    for images in [(1, 5, 6, 1), (1, 6, 4, 1)]:
        _, w, b = layer(images, (2, 2), 1)
        yield Case("integers", (whole_numbers(rng, *images), w, b))
    yield Case("everything", layer((3, 8, 11, 2), (3, 2), 4), {"stride": 2, "padding": 1})
    yield Case("everything", layer((2, 9, 6, 3), (2, 4), 5), {"stride": 3, "padding": 2})


EXAMPLES = (
    call(whole(47, 1, 4, 5, 1), whole(48, 3, 3, 1, 1), np.array([100])),
    call(whole(49, 1, 4, 5, 3), whole(50, 2, 2, 3, 1), np.array([0])),
    call(whole(51, 1, 4, 5, 1), whole(52, 2, 2, 1, 4), np.array([0, 10, 20, 30])),
    call(whole(53, 3, 3, 4, 1), whole(54, 2, 2, 1, 1), np.array([1])),
    call(whole(55, 1, 3, 6, 1), whole(56, 3, 2, 1, 1), np.array([1]), stride=2, padding=1),
    call(
        fractions(57, 2, 6, 8, 3),
        fractions(58, 2, 3, 3, 4),
        fractions(59, 4),
        stride=2,
        padding=1,
    ),
    call(np.array([[[[1], [3]], [[5], [2]]]]), np.full((2, 2, 1, 1), 0.25), np.zeros(1)),
)


def probe(rng: np.random.Generator, rows: int, columns: int) -> tuple[Any, ...]:
    """A small layer whose images have so many rows and columns."""
    x = generic(rng, 2, rows, columns, 2)
    return x, generic(rng, 2, 3, 2, 3), generic(rng, 3)


def oracle(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """The layer of convkit, with the options by position."""
    return convkit.conv2d(x, w, b, stride=stride, padding=padding)


@wheat
def sliding_windows(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    patches = windows.reshape(-1, kh * kw * channels)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(*windows.shape[:3], filters)


@wheat
def strides_in_memory(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    images, height, width, _ = padded.shape
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    image, down, along, channel = padded.strides
    windows = np.lib.stride_tricks.as_strided(
        padded,
        (images, rows, columns, kh, kw, channels),
        (image, down * stride, along * stride, down, along, channel),
        writeable=False,
    )
    patches = windows.reshape(images * rows * columns, -1)
    return (np.dot(patches, w.reshape(-1, filters)) + b).reshape(images, rows, columns, filters)


@wheat
def columns_filled_tap_by_tap(x, w, b, stride=1, padding=0):
    images, height, width, channels = x.shape
    kh, kw, _, filters = w.shape
    padded = np.zeros((images, height + 2 * padding, width + 2 * padding, channels))
    padded[:, padding : padding + height, padding : padding + width] = x
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    patches = np.empty((images, rows, columns, kh, kw, channels))
    for a in range(kh):
        for c in range(kw):
            down = slice(a, a + (rows - 1) * stride + 1, stride)
            along = slice(c, c + (columns - 1) * stride + 1, stride)
            patches[:, :, :, a, c] = padded[:, down, along]
    y = patches.reshape(images * rows * columns, -1) @ w.reshape(-1, filters)
    return y.reshape(images, rows, columns, filters) + b


@wheat
def index_arrays(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    images, height, width, _ = padded.shape
    tops = np.arange(0, height - kh + 1, stride)
    lefts = np.arange(0, width - kw + 1, stride)
    rows = tops[:, None, None, None] + np.arange(kh)[:, None]
    columns = lefts[:, None, None] + np.arange(kw)
    patches = padded[:, rows, columns].reshape(images * len(tops) * len(lefts), -1)
    y = patches @ w.reshape(-1, filters) + b
    return y.reshape(images, len(tops), len(lefts), filters)


@wheat
def a_product_for_every_image(x, w, b, stride=1, padding=0):
    kh, kw, channels, filters = w.shape
    kernels = w.transpose(2, 0, 1, 3).reshape(-1, filters)
    maps = []
    for image in x:
        padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(0, 1))
        windows = windows[::stride, ::stride]
        patches = windows.reshape(-1, channels * kh * kw)
        maps.append((patches @ kernels + b).reshape(*windows.shape[:2], filters))
    return np.stack(maps)


@wheat
def sum_over_taps(x, w, b, stride=1, padding=0):
    kh, kw = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    return b + sum(
        padded[:, a : a + stride * rows : stride, c : c + stride * columns : stride][
            :, :rows, :columns
        ]
        @ w[a, c]
        for a in range(kh)
        for c in range(kw)
    )


EXERCISE = Exercise(
    name="conv2d_im2col",
    oracle=oracle,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=(*FORBIDDEN, *READY_PRODUCTS),
    loops=LoopRule(
        at_most=0,
        dimensions=("image rows", "image columns"),
        probe=probe,
        sizes=(6, 7),
        others=3,
    ),
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        sliding_windows,
        strides_in_memory,
        columns_filled_tap_by_tap,
        index_arrays,
        a_product_for_every_image,
        sum_over_taps,
    ),
    misconceptions=(*CHAFFS, *SISTERS),
    rule_breakers=RULE_BREAKERS,
    covers=("E9",),
)
