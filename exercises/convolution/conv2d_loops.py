"""Known mistakes in ``conv2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

from .conv2d_chaffs import EVERY_GROUP


@chaff(
    says="Your size formula divides only the padding by the stride. Take the kernel from the "
    "padded size first, then divide all of it.",
    breaks={"stride", "everything"},
)
def size_divides_only_padding(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    height, width = x.shape[1:3]
    rows = int(height - kh + 2 * padding / stride + 1)
    columns = int(width - kw + 2 * padding / stride + 1)
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            patch = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            if patch.shape[1:3] == (kh, kw):
                y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="You use the height for the width as well. The number of windows along a row follows from "
    "the width of the image.",
    breaks=EVERY_GROUP,
)
def height_for_both(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows = columns = (padded.shape[1] - kh) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            patch = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="Rows and columns of your output are swapped. How many windows lie below each other "
    "follows from the height, and comes first.",
    breaks=EVERY_GROUP,
)
def rows_and_columns_swapped(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows, columns = (padded.shape[1] - kh) // stride + 1, (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), columns, rows, filters))
    for i in range(rows):
        for j in range(columns):
            patch = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, j, i] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="Your output has a row for every step of the stride that goes into the height, so the "
    "last ones stay zero: no window begins there. Count the places where a window still ends "
    "inside the padded image.",
    breaks=EVERY_GROUP,
)
def rows_that_no_window_fills(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    y = np.zeros((len(x), padded.shape[1] // stride, padded.shape[2] // stride, filters))
    for i in range(padded.shape[1] // stride):
        for j in range(padded.shape[2] // stride):
            patch = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            if patch.shape[1:3] == (kh, kw):
                y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="You round the number of windows up. A last window that sticks out of the image is left "
    "out, not filled up.",
    breaks={"stride", "everything"},
)
def last_window_sticks_out(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows, columns = (
        -(-(padded.shape[1] - kh) // stride) + 1,
        -(-(padded.shape[2] - kw) // stride) + 1,
    )
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            patch = np.zeros((len(x), kh, kw, x.shape[3]))
            part = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            patch[:, : part.shape[1], : part.shape[2]] = part
            y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="You divide the place of a window by 2 to find its place in the output. Divide by the "
    "stride, which need not be 2.",
    breaks=EVERY_GROUP,
)
def place_divided_by_two(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, _, filters = w.shape
    rows, columns = (padded.shape[1] - kh) // stride + 1, (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(0, padded.shape[1] - kh + 1, stride):
        for j in range(0, padded.shape[2] - kw + 1, stride):
            if i // 2 < rows and j // 2 < columns:
                patch = padded[:, i : i + kh, j : j + kw]
                y[:, i // 2, j // 2] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="The padding plays no part in your answer. Put the zeros around the image before the "
    "first window.",
    breaks={"padding", "everything"},
)
def padding_ignored(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    rows, columns = (x.shape[1] - kh) // stride + 1, (x.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), max(rows, 0), max(columns, 0), filters))
    for i in range(rows):
        for j in range(columns):
            patch = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="Your output is as large as if there were padding, and the windows begin at the first "
    "pixel of the image, so the last rows and columns stay zero. Put the zeros around the "
    "image before the first window.",
    breaks={"padding", "everything"},
)
def padding_in_the_size_alone(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    rows = (x.shape[1] + 2 * padding - kh) // stride + 1
    columns = (x.shape[2] + 2 * padding - kw) // stride + 1
    y = np.zeros((len(x), rows, columns, filters))
    for i in range(rows):
        for j in range(columns):
            patch = x[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            if patch.shape[1:3] == (kh, kw):
                y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="You pad at the top and on the left only. All four sides get their zeros.",
    breaks={"padding", "everything"},
)
def padding_at_the_top_and_left_only(x, w, b, stride=1, padding=0):
    kh, kw, _, filters = w.shape
    padded = np.pad(x, ((0, 0), (padding, 0), (padding, 0), (0, 0)))
    rows, columns = (padded.shape[1] - kh) // stride + 1, (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(x), max(rows, 0), max(columns, 0), filters))
    for i in range(rows):
        for j in range(columns):
            patch = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, i, j] = np.tensordot(patch, w, axes=3) + b
    return y


@chaff(
    says="You pad every axis, the images and the channels too. Only height and width get zeros.",
    breaks={"padding", "everything"},
)
def every_axis_padded(x, w, b, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw, _, filters = w.shape
    rows = (padded.shape[1] - kh) // stride + 1
    columns = (padded.shape[2] - kw) // stride + 1
    y = np.zeros((len(padded), rows, columns, filters))
    for n, i, j, f in np.ndindex(*y.shape):
        top, left = i * stride, j * stride
        patch = padded[n, top : top + kh, left : left + kw]
        y[n, i, j, f] = np.sum(patch * w[..., f]) + b[f]
    return y


LOOPS: Final = (
    size_divides_only_padding,
    height_for_both,
    rows_and_columns_swapped,
    rows_that_no_window_fills,
    last_window_sticks_out,
    place_divided_by_two,
    padding_ignored,
    padding_in_the_size_alone,
    padding_at_the_top_and_left_only,
    every_axis_padded,
)
