"""Known mistakes in ``avg_pool2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Without a stride your windows move by one. For pooling they lie side by side then: the "
    "stride is the size.",
    breaks={"plain", "leftover", "integers", "batch"},
)
def stride_one_by_default(x, size, stride=None, padding=0):
    if stride is None:
        stride = 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="Your windows start one pixel apart. Window number i starts at i times the stride.",
    breaks={"plain", "stride", "leftover", "padding", "integers", "batch"},
)
def stride_missing_in_the_start(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i : i + size, j : j + size]
            y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="Your output has as many rows as strides go into the height, so the last ones stay zero: "
    "no window can start there. Count the places where a window still ends inside the image.",
    breaks={"stride", "leftover", "padding"},
)
def rows_that_no_window_fills(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    y = np.zeros((N, H // stride, W // stride, C))
    for i in range(H // stride):
        for j in range(W // stride):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size]
            if window.shape[1:3] == (size, size):
                y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="You keep windows that stick out at the end. A window that does not fit is left out: stop "
    "where it still ends inside the image.",
    breaks={"stride", "leftover", "padding"},
)
def window_at_every_multiple_of_the_stride(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    y = np.zeros((N, -(-H // stride), -(-W // stride), C))
    for i in range(0, H, stride):
        for j in range(0, W, stride):
            window = padded[:, i : i + size, j : j + size]
            y[:, i // stride, j // stride] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="The last row and the last column of windows are missing: your count is one short. After "
    "the steps comes the first window, which needs none.",
    breaks={"plain", "stride", "leftover", "padding", "integers", "batch"},
)
def one_window_short(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    rows, columns = (H - size) // stride, (W - size) // stride
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="You use the height for the width as well. The number of windows along a row follows from "
    "the width of the image.",
    breaks={"plain", "stride", "leftover", "padding", "integers", "batch"},
)
def height_for_both(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, _, C = padded.shape
    rows = columns = (H - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size]
            if window.size:
                y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="Rows and columns of your output are swapped: its first axis behind the images counts the "
    "windows below each other.",
    breaks={"plain", "stride", "leftover", "padding", "integers", "batch"},
)
def rows_and_columns_swapped(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, columns, rows, C))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, j, i] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="Your windows are as large as the stride. The stride says how far apart they start; how "
    "large they are says the size.",
    breaks={"stride", "leftover", "padding"},
)
def windows_as_large_as_the_stride(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    rows, columns = (H - size) // stride + 1, (W - size) // stride + 1
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            window = padded[:, i * stride : (i + 1) * stride, j * stride : (j + 1) * stride]
            y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="You divide the place of a window by 2 to find its place in the output. Divide by the "
    "stride, which need not be 2.",
    breaks={"plain", "stride", "leftover", "padding", "integers"},
)
def place_divided_by_two(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(0, H - size + 1, stride):
        for j in range(0, W - size + 1, stride):
            if i // 2 < y.shape[1] and j // 2 < y.shape[2]:
                window = padded[:, i : i + size, j : j + size]
                y[:, i // 2, j // 2] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="You pool the first image only; the others stay zero. Loop over the images, or keep their "
    "axis in every slice.",
    breaks={"batch"},
)
def first_image_only(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            window = padded[:1, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:1, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="Only your last image is filled in: the output is made anew for every image. Make it "
    "once, before the loops.",
    breaks={"batch"},
)
def last_image_only(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    for n in range(N):
        y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                part = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
                window = padded[n : n + 1, *part]
                y[n : n + 1, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="Your output has one channel: you pool the first channel only. Each channel is pooled by "
    "itself.",
    breaks={"batch"},
)
def first_channel_only(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = padded.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            window = padded[:, i * stride : i * stride + size, j * stride : j * stride + size, :1]
            y[:, i, j, :1] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="You leave the padding out. The border of zeros goes on all four sides, before the first "
    "window.",
    breaks={"padding"},
)
def no_border(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    N, H, W, C = x.shape
    y = np.zeros((N, (H - size) // stride + 1, (W - size) // stride + 1, C))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            window = x[:, i * stride : i * stride + size, j * stride : j * stride + size]
            y[:, i, j] = window.mean(axis=(1, 2))
    return y


@chaff(
    says="You take the maximum of each window. Average pooling takes the mean.",
    breaks={"plain", "stride", "leftover", "padding", "integers", "batch"},
)
def maximum_of_each_window(x, size, stride=None, padding=0):
    stride = size if stride is None else stride
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(1, 2))
    return windows[:, ::stride, ::stride].max(axis=(-1, -2))


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
    no_border,
    maximum_of_each_window,
)
