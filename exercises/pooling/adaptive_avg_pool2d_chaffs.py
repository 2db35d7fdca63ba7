"""Known mistakes in ``adaptive_avg_pool2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="All your windows have the rounded-down size, so the last pixels are lost. The size may "
    "differ from window to window: work out where each begins and where it ends.",
    breaks={"overlap"},
)
def fixed_windows_rounded_down(x, output_size):
    (height, width), (rows, columns) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    a, b = height // rows, width // columns
    for i, j in np.ndindex(rows, columns):
        y[:, i, j] = x[:, i * a : i * a + a, j * b : j * b + b].mean(axis=(1, 2))
    return y


@chaff(
    says="Your windows all have one size and one stride, chosen so that the last one ends at the "
    "border. Here each window has its own beginning and end.",
    breaks={"overlap"},
)
def one_size_and_stride(x, output_size):
    (height, width), (rows, columns) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    down, across = height // rows, width // columns
    a, b = height - (rows - 1) * down, width - (columns - 1) * across
    for i, j in np.ndindex(rows, columns):
        top, left = i * down, j * across
        y[:, i, j] = x[:, top : top + a, left : left + b].mean(axis=(1, 2))
    return y


@chaff(
    says="Your windows all have the rounded-up size. They begin at the right places, but some end "
    "too late: the end has a formula of its own.",
    breaks={"overlap"},
)
def fixed_windows_rounded_up(x, output_size):
    (height, width), (rows, columns) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    a, b = -(-height // rows), -(-width // columns)
    for i, j in np.ndindex(rows, columns):
        top, left = i * height // rows, j * width // columns
        y[:, i, j] = x[:, top : top + a, left : left + b].mean(axis=(1, 2))
    return y


@chaff(
    says="Your windows never overlap: you round their ends down as well. The beginning is rounded "
    "down, the end is rounded up.",
    breaks={"overlap"},
)
def ends_rounded_down(x, output_size):
    (height, width), (rows, columns) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        part = x[:, i * height // rows : (i + 1) * height // rows]
        part = part[:, :, j * width // columns : (j + 1) * width // columns]
        y[:, i, j] = part.mean(axis=(1, 2))
    return y


@chaff(
    says="You split the image into parts that do not overlap. Where the sizes do not divide, "
    "neighbouring windows share pixels.",
    breaks={"overlap"},
)
def parts_that_do_not_overlap(x, output_size):
    parts = np.array_split(x, output_size[0], axis=1)
    down = np.stack([part.mean(axis=1) for part in parts], axis=1)
    across = [part.mean(axis=2) for part in np.array_split(down, output_size[1], axis=2)]
    return np.stack(across, axis=2)


@chaff(
    says="Rows and columns of the output are swapped. The first number is how many windows lie "
    "below each other.",
    breaks={"fits", "overlap", "batch"},
)
def rows_and_columns_swapped(x, output_size):
    (height, width), (columns, rows) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        part = x[:, i * height // rows : -(-(i + 1) * height // rows)]
        part = part[:, :, j * width // columns : -(-(j + 1) * width // columns)]
        y[:, i, j] = part.mean(axis=(1, 2))
    return y


@chaff(
    says="You use the number of rows for the columns as well. The two may differ.",
    breaks={"fits", "overlap", "batch"},
)
def square_outputs_only(x, output_size):
    (height, width), rows = x.shape[1:3], output_size[0]
    y = np.zeros((len(x), rows, rows, x.shape[3]))
    for i, j in np.ndindex(rows, rows):
        part = x[:, i * height // rows : -(-(i + 1) * height // rows)]
        part = part[:, :, j * width // rows : -(-(j + 1) * width // rows)]
        y[:, i, j] = part.mean(axis=(1, 2))
    return y


@chaff(
    says="You take one mean over all channels. Each channel is pooled by itself.",
    breaks={"batch"},
)
def mean_over_channels(x, output_size):
    (height, width), (rows, columns) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for n, i, j in np.ndindex(len(x), rows, columns):
        part = x[n, i * height // rows : -(-(i + 1) * height // rows)]
        part = part[:, j * width // columns : -(-(j + 1) * width // columns)]
        y[n, i, j] = part.mean()
    return y


@chaff(
    says="You take one mean over all images of the batch. Each image is pooled by itself.",
    breaks={"batch"},
)
def mean_over_the_batch(x, output_size):
    (height, width), (rows, columns) = x.shape[1:3], output_size
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        part = x[:, i * height // rows : -(-(i + 1) * height // rows)]
        part = part[:, :, j * width // columns : -(-(j + 1) * width // columns)]
        y[:, i, j] = part.mean(axis=(0, 1, 2))
    return y


CHAFFS: Final = (
    fixed_windows_rounded_down,
    one_size_and_stride,
    fixed_windows_rounded_up,
    ends_rounded_down,
    parts_that_do_not_overlap,
    rows_and_columns_swapped,
    square_outputs_only,
    mean_over_channels,
    mean_over_the_batch,
)
