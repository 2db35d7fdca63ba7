"""Known mistakes in ``convolve2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your kernel lies flipped in one direction only: rows and columns must both run "
    "backwards, as they do after a turn by 180 degrees.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def flipped_left_to_right_only(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for i, j in np.ndindex(*x.shape):
        y[i : i + kh, j : j + kw] += x[i, j] * k[::-1]
    return y


@chaff(
    says="Height and width of your answer are swapped. Its height is that of the image plus that "
    "of the kernel, less one.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def answer_on_its_side(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[1] + kw - 1, x.shape[0] + kh - 1))
    for i, j in np.ndindex(*x.shape):
        for a, b in np.ndindex(*k.shape):
            y[j + b, i + a] += x[i, j] * k[a, b]
    return y


@chaff(
    says="Your answer is as large as image and kernel together. They share a row and a column "
    "where they first touch: it is one shorter each way.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def one_row_and_column_too_many(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] + kh, x.shape[1] + kw))
    for i, j in np.ndindex(*x.shape):
        y[i : i + kh, j : j + kw] += x[i, j] * k
    return y


@chaff(
    says="The last row and the last column are missing: your loops stop one early.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def last_row_and_column_missing(x, k):
    kh, kw = k.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for i in range(len(y) - 1):
        for j in range(y.shape[1] - 1):
            y[i, j] = np.sum(padded[i : i + kh, j : j + kw] * k[::-1, ::-1])
    return y


@chaff(
    says="You pad at the top and on the left only. The kernel sticks out on all four sides.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def padded_on_two_sides(x, k):
    kh, kw = k.shape
    padded = np.pad(x, ((kh - 1, 0), (kw - 1, 0)))
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for i, j in np.ndindex(*x.shape):
        y[i, j] = np.sum(padded[i : i + kh, j : j + kw] * k[::-1, ::-1])
    return y


@chaff(
    says="You put one row and one column of zeros around the image, whatever the kernel is. It "
    "sticks out by its size less one.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def border_of_one(x, k):
    kh, kw = k.shape
    padded = np.pad(x, 1)
    rows, columns = max(padded.shape[0] - kh + 1, 0), max(padded.shape[1] - kw + 1, 0)
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        y[i, j] = np.sum(padded[i : i + kh, j : j + kw] * k[::-1, ::-1])
    return y


LOOPS: Final = (
    flipped_left_to_right_only,
    answer_on_its_side,
    one_row_and_column_too_many,
    last_row_and_column_missing,
    padded_on_two_sides,
    border_of_one,
)
