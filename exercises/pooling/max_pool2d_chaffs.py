"""Known mistakes in ``max_pool2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERY_GROUP: Final = frozenset(
    {"plain", "stride", "leftover", "negative", "padding", "integers", "batch"}
)


@chaff(
    says="Your border is zero, and above an image of negative numbers zero wins. The border must "
    "never win: what is below every number?",
    breaks={"padding"},
)
def zeros_in_the_border(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-1, -2))


@chaff(
    says="Your search for the maximum starts from 0, so a window of negative numbers gives 0. "
    "Start from a number of the window, or from minus infinity.",
    breaks={"negative", "padding"},
)
def search_from_zero(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        for a, b in np.ndindex(size, size):
            y[:, i, j] = np.maximum(y[:, i, j], padded[:, i * stride + a, j * stride + b])
    return y


@chaff(
    says="You leave the padding out. The border goes on all four sides, before the first window.",
    breaks={"padding", "integers"},
)
def no_border(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    rows = (x.shape[1] - size) // stride + 1
    columns = (x.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + size, left : left + size].max(axis=(1, 2))
    return y


@chaff(
    says="You pad at the bottom and on the right only. All four sides get a border.",
    breaks={"padding", "integers"},
)
def two_sides_only(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (0, padding), (0, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-1, -2))


@chaff(
    says="Your output has as many rows as strides go into the height. Count the places where a "
    "window can start: it must end inside the image.",
    breaks={"stride", "leftover", "padding"},
)
def size_divided_by_stride(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    rows, columns = padded.shape[1] // stride, padded.shape[2] // stride
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        y[:, i, j] = padded[:, top : top + size, left : left + size].max(axis=(1, 2))
    return y


@chaff(
    says="You keep windows that stick out at the end. A window that does not fit is left out: stop "
    "where it still ends inside the image.",
    breaks={"leftover", "integers"},
)
def partial_windows_kept(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    rows = -(-(padded.shape[1] - size) // stride) + 1
    columns = -(-(padded.shape[2] - size) // stride) + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        y[:, i, j] = padded[:, top : top + size, left : left + size].max(axis=(1, 2))
    return y


@chaff(
    says="Your windows always lie side by side. The stride says how far apart they start, and it "
    "need not be the size.",
    breaks={"stride", "leftover", "padding"},
)
def stride_ignored(x, size, stride=None, padding=0):
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::size, ::size].max(axis=(-1, -2))


@chaff(
    says="Without a stride your windows move by one. For pooling they lie side by side then: the "
    "stride is the size.",
    breaks=EVERY_GROUP - {"stride"},
)
def stride_one_by_default(x, size, stride=None, padding=0):
    stride = 1 if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-1, -2))


@chaff(
    says="Your windows start one pixel apart. Window number i starts at i times the stride.",
    breaks=EVERY_GROUP,
)
def stride_missing_in_the_start(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        y[:, i, j] = padded[:, i : i + size, j : j + size].max(axis=(1, 2))
    return y


@chaff(
    says="You take the maximum over all channels. Each channel is pooled by itself and keeps its "
    "own winner.",
    breaks={"batch"},
)
def maximum_over_channels(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    winners = windows[:, ::stride, ::stride].max(axis=(-1, -2, -3))
    return np.repeat(winners[..., None], x.shape[3], axis=3)


@chaff(
    says="You pool the first image only; the others stay zero. Loop over the images, or keep their "
    "axis in every slice.",
    breaks={"batch"},
)
def first_image_only(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    y = windows[:, ::stride, ::stride].max(axis=(-1, -2))
    y[1:] = 0
    return y


@chaff(
    says="Height and width are mixed up: this works for square images only. The axes of x are "
    "image, height, width, channel.",
    breaks=EVERY_GROUP,
)
def height_and_width_mixed_up(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    images, width, height, channels = x.shape
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    rows = (height + 2 * padding - size) // stride + 1
    columns = (width + 2 * padding - size) // stride + 1
    y = np.zeros((images, rows, columns, channels))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        y[:, i, j] = padded[:, top : top + size, left : left + size].max(axis=(1, 2))
    return y


CHAFFS: Final = (
    zeros_in_the_border,
    search_from_zero,
    no_border,
    two_sides_only,
    size_divided_by_stride,
    partial_windows_kept,
    stride_ignored,
    stride_one_by_default,
    stride_missing_in_the_start,
    maximum_over_channels,
    first_image_only,
    height_and_width_mixed_up,
)
