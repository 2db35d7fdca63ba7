"""Known mistakes in ``lp_pool2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Without a stride your windows move by one. For pooling they lie side by side then: the "
    "stride is the size.",
    breaks={"two", "odd", "fraction", "infinity", "batch"},
)
def stride_one_by_default(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    if stride is None:
        stride = 1
    N, H, W, C = x.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = norm(window)
    return y


@chaff(
    says="Your windows start one pixel apart. Window number i starts at i times the stride.",
    breaks={"two", "odd", "fraction", "infinity", "stride", "batch"},
)
def stride_missing_in_the_start(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i : i + size, j : j + size]
            y[:, i, j] = norm(window)
    return y


@chaff(
    says="Your output has as many rows as strides go into the height, so the last ones stay zero: "
    "no window can start there. Count the places where a window still ends inside the image.",
    breaks={"stride"},
)
def rows_that_no_window_fills(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    y = np.zeros((N, H // stride, W // stride, C))
    for i in range(H // stride):
        for j in range(W // stride):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            if window.shape[1:3] == (size, size):
                y[:, i, j] = norm(window)
    return y


@chaff(
    says="You keep windows that stick out at the end. A window that does not fit is left out: stop "
    "where it still ends inside the image.",
    breaks={"stride"},
)
def window_at_every_multiple_of_the_stride(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    y = np.zeros((N, -(-H // stride), -(-W // stride), C))
    for i in range(0, H, stride):
        for j in range(0, W, stride):
            window = x[:, i : i + size, j : j + size]
            y[:, i // stride, j // stride] = norm(window)
    return y


@chaff(
    says="The last row and the last column of windows are missing: your count is one short. After "
    "the steps comes the first window, which needs none.",
    breaks={"two", "odd", "fraction", "infinity", "stride", "batch"},
)
def one_window_short(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    rows, columns = (H - size) // stride, (W - size) // stride
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = norm(window)
    return y


@chaff(
    says="You use the height for the width as well. The number of windows along a row follows from "
    "the width of the image.",
    breaks={"two", "odd", "fraction", "infinity", "stride", "batch"},
)
def height_for_both(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, _, C = x.shape
    rows = columns = (H - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            if window.size:
                y[:, i, j] = norm(window)
    return y


@chaff(
    says="Rows and columns of your output are swapped: its first axis behind the images counts the "
    "windows below each other.",
    breaks={"two", "odd", "fraction", "infinity", "stride", "batch"},
)
def rows_and_columns_swapped(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, columns, rows, C))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, j, i] = norm(window)
    return y


@chaff(
    says="Your windows are as large as the stride. The stride says how far apart they start; how "
    "large they are says the size.",
    breaks={"stride"},
)
def windows_as_large_as_the_stride(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = x[:, i * stride : (i + 1) * stride, j * stride : (j + 1) * stride]
            y[:, i, j] = norm(window)
    return y


@chaff(
    says="You divide the place of a window by 2 to find its place in the output. Divide by the "
    "stride, which need not be 2.",
    breaks={"two", "odd", "infinity", "stride"},
)
def place_divided_by_two(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(0, H - size + 1, stride):
        for j in range(0, W - size + 1, stride):
            if i // 2 < y.shape[1] and j // 2 < y.shape[2]:
                window = x[:, i : i + size, j : j + size]
                y[:, i // 2, j // 2] = norm(window)
    return y


@chaff(
    says="You pool the first image only; the others stay zero. Loop over the images, or keep their "
    "axis in every slice.",
    breaks={"batch"},
)
def first_image_only(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            window = x[:1, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:1, i, j] = norm(window)
    return y


@chaff(
    says="Only your last image is filled in: the output is made anew for every image. Make it "
    "once, before the loops.",
    breaks={"batch"},
)
def last_image_only(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    for n in range(N):
        y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                part = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
                window = x[n : n + 1, *part]
                y[n : n + 1, i, j] = norm(window)
    return y


@chaff(
    says="Your output has one channel: you pool the first channel only. Each channel is pooled by "
    "itself.",
    breaks={"batch"},
)
def first_channel_only(x, size, p, stride=None):
    def norm(window):
        sizes = np.abs(window)
        if p == np.inf:
            return sizes.max(axis=(1, 2))
        return (sizes**p).sum(axis=(1, 2)) ** (1 / p)

    stride = size if stride is None else stride
    N, H, W, C = x.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size, :1]
            y[:, i, j, :1] = norm(window)
    return y


@chaff(
    says="You give the sum of the absolute values for every p. Take each to the power p first, and "
    "the root after the sum.",
    breaks={"two", "odd", "fraction", "stride", "batch"},
)
def sum_of_absolute_values(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return windows.sum(axis=(-1, -2))


@chaff(
    says="You always take squares and the square root, whatever p is.",
    breaks={"odd", "fraction", "stride"},
)
def always_p_two(x, size, p, stride=None):
    stride = size if stride is None else stride
    windows = np.abs(np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(1, 2)))
    windows = windows[:, ::stride, ::stride]
    if p == np.inf:
        return windows.max(axis=(-1, -2))
    return np.sqrt((windows**2).sum(axis=(-1, -2)))


LOOPS: Final = (
    stride_one_by_default,
    stride_missing_in_the_start,
    rows_that_no_window_fills,
    window_at_every_multiple_of_the_stride,
    one_window_short,
    height_for_both,
    rows_and_columns_swapped,
    windows_as_large_as_the_stride,
    place_divided_by_two,
    first_image_only,
    last_image_only,
    first_channel_only,
    sum_of_absolute_values,
    always_p_two,
)
