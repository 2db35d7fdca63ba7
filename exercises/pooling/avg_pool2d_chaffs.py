"""Known mistakes in ``avg_pool2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERY_GROUP: Final = frozenset({"plain", "stride", "leftover", "padding", "integers", "batch"})


@chaff(
    says="You add up and do not divide. The mean is the sum divided by the number of pixels in a "
    "window, which is the size times the size.",
    breaks=EVERY_GROUP,
)
def sum_not_divided(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(-1, -2))


@chaff(
    says="At the border you divide by the pixels inside the image only. That is a sound choice, "
    "but here the zeros of the border count: every window is divided by the same number.",
    breaks={"padding"},
)
def border_not_counted(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded, inside = np.pad(x, sides), np.pad(np.ones(x.shape), sides)
    rows = (padded.shape[1] - size) // stride + 1
    columns = (padded.shape[2] - size) // stride + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        part = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        total = padded[:, *part].sum(axis=(1, 2))
        y[:, i, j] = total / inside[:, *part].sum(axis=(1, 2))
    return y


@chaff(
    says="Your border is minus infinity, and so is every mean that touches it. That is the border "
    "of a maximum; a mean wants zeros.",
    breaks={"padding"},
)
def border_of_a_maximum(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x.astype(float), sides, constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].mean(axis=(-1, -2))


@chaff(
    says="You pad at the top and on the left only. All four sides get a border.",
    breaks={"padding"},
)
def two_sides_only(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, 0), (padding, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].mean(axis=(-1, -2))


@chaff(
    says="Your border repeats the edge pixels. Here it is zeros, and they count.",
    breaks={"padding"},
)
def border_repeats_the_edge(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    sides = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    padded = np.pad(x, sides, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].mean(axis=(-1, -2))


@chaff(
    says="You cut the fractions off: an array made like the whole numbers of x can hold no "
    "fractions. Make one of floats.",
    breaks={"integers"},
)
def fractions_cut_off(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].mean(axis=(-1, -2)).astype(x.dtype)


@chaff(
    says="You divide by the stride times the stride. What is divided by is the number of pixels in "
    "a window, however far apart the windows are.",
    breaks={"stride", "leftover", "padding"},
)
def divided_by_the_stride(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(-1, -2)) / stride**2


@chaff(
    says="You divide by the size once. A window has that many rows and that many columns: divide "
    "by their product.",
    breaks=EVERY_GROUP,
)
def divided_by_the_size_once(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(-1, -2)) / size


@chaff(
    says="Your output has as many rows as strides go into the height. Count the places where a "
    "window can start: it must end inside the image.",
    breaks={"stride", "leftover", "padding"},
)
def size_divided_by_stride(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows, columns = padded.shape[1] // stride, padded.shape[2] // stride
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        y[:, i, j] = padded[:, top : top + size, left : left + size].mean(axis=(1, 2))
    return y


@chaff(
    says="You keep windows that stick out at the end. A window that does not fit is left out: stop "
    "where it still ends inside the image.",
    breaks={"leftover"},
)
def partial_windows_kept(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = -(-(padded.shape[1] - size) // stride) + 1
    columns = -(-(padded.shape[2] - size) // stride) + 1
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        y[:, i, j] = padded[:, top : top + size, left : left + size].mean(axis=(1, 2))
    return y


@chaff(
    says="Your windows always lie side by side. The stride says how far apart they start, and it "
    "need not be the size.",
    breaks={"stride", "leftover", "padding"},
)
def stride_ignored(x, size, stride=None, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::size, ::size].mean(axis=(-1, -2))


@chaff(
    says="You take the mean over all channels. Each channel is pooled by itself.",
    breaks={"batch"},
)
def mean_over_channels(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    means = windows[:, ::stride, ::stride].mean(axis=(-1, -2, -3))
    return np.repeat(means[..., None], x.shape[3], axis=3)


CHAFFS: Final = (
    sum_not_divided,
    border_not_counted,
    border_of_a_maximum,
    two_sides_only,
    border_repeats_the_edge,
    fractions_cut_off,
    divided_by_the_stride,
    divided_by_the_size_once,
    size_divided_by_stride,
    partial_windows_kept,
    stride_ignored,
    mean_over_channels,
)
