"""Known mistakes in ``adaptive_avg_pool2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your windows end one pixel early: the end is not included already. It is rounded up, and "
    "nothing is taken off.",
    breaks={"fits", "overlap", "whole", "batch"},
)
def ends_one_early(x, output_size):
    N, H, W, C = x.shape
    rows, columns = output_size
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            top, bottom = i * H // rows, -(-(i + 1) * H // rows) - 1
            left, right = j * W // columns, -(-(j + 1) * W // columns) - 1
            y[:, i, j] = x[:, top : max(bottom, top + 1), left : max(right, left + 1)].mean((1, 2))
    return y


@chaff(
    says="Your windows begin too late: you round the beginning up. It is rounded down, and the end "
    "is rounded up.",
    breaks={"overlap"},
)
def beginnings_rounded_up(x, output_size):
    N, H, W, C = x.shape
    rows, columns = output_size
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            top, bottom = -(-i * H // rows), -(-(i + 1) * H // rows)
            left, right = -(-j * W // columns), -(-(j + 1) * W // columns)
            y[:, i, j] = x[:, top:bottom, left:right].mean(axis=(1, 2))
    return y


@chaff(
    says="You add up the pixels of a window. The mean divides by their number.",
    breaks={"fits", "overlap", "whole", "batch"},
)
def sum_not_divided(x, output_size):
    N, H, W, C = x.shape
    rows, columns = output_size
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            part = x[:, i * H // rows : -(-(i + 1) * H // rows)]
            part = part[:, :, j * W // columns : -(-(j + 1) * W // columns)]
            y[:, i, j] = part.sum(axis=(1, 2))
    return y


@chaff(
    says="You take the maximum of each window. Average pooling takes the mean.",
    breaks={"fits", "overlap", "whole", "batch"},
)
def maximum_of_each_window(x, output_size):
    N, H, W, C = x.shape
    rows, columns = output_size
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            part = x[:, i * H // rows : -(-(i + 1) * H // rows)]
            part = part[:, :, j * W // columns : -(-(j + 1) * W // columns)]
            y[:, i, j] = part.max(axis=(1, 2))
    return y


@chaff(
    says="You pool the first image only; the others stay zero. Loop over the images, or keep their "
    "axis in every slice.",
    breaks={"batch"},
)
def first_image_only(x, output_size):
    N, H, W, C = x.shape
    rows, columns = output_size
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            part = x[0, i * H // rows : -(-(i + 1) * H // rows)]
            part = part[:, j * W // columns : -(-(j + 1) * W // columns)]
            y[0, i, j] = part.mean(axis=(0, 1))
    return y


@chaff(
    says="Only your last image is filled in: the output is made anew for every image. Make it "
    "once, before the loops.",
    breaks={"batch"},
)
def last_image_only(x, output_size):
    N, H, W, C = x.shape
    rows, columns = output_size
    for n in range(N):
        y = np.zeros((N, rows, columns, C))
        for i in range(rows):
            for j in range(columns):
                part = x[n, i * H // rows : -(-(i + 1) * H // rows)]
                part = part[:, j * W // columns : -(-(j + 1) * W // columns)]
                y[n, i, j] = part.mean(axis=(0, 1))
    return y


@chaff(
    says="Height and width are mixed up: you cut the height into as many parts as the width needs "
    "pixels for. The axes of x are image, height, width, channel.",
    breaks={"fits", "overlap", "whole", "batch"},
)
def height_and_width_mixed_up(x, output_size):
    N, W, H, C = x.shape
    rows, columns = output_size
    y = np.zeros((N, rows, columns, C))
    for i in range(rows):
        for j in range(columns):
            part = x[:, i * H // rows : -(-(i + 1) * H // rows)]
            part = part[:, :, j * W // columns : -(-(j + 1) * W // columns)]
            if part.size:
                y[:, i, j] = part.mean(axis=(1, 2))
    return y


LOOPS: Final = (
    ends_one_early,
    beginnings_rounded_up,
    sum_not_divided,
    maximum_of_each_window,
    first_image_only,
    last_image_only,
    height_and_width_mixed_up,
)
