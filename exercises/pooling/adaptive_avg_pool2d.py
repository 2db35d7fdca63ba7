"""``adaptive_avg_pool2d(x, output_size)``: the means of as many windows as asked for.

Given images `x` of shape (N, H, W, C) and a pair `output_size` of whole numbers (rows, columns), at
most (H, W). Along an axis of n pixels, window i of m reaches from pixel ``floor(i n / m)`` up to,
but not including, ``ceil((i + 1) n / m)``. An array of shape (N, rows, columns, C) is returned.
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
)

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("fits", 1, "windows that lie side by side"),
    RubricLine("overlap", 2, "sizes that do not divide, so that windows overlap"),
    RubricLine("whole", 1, "the mean of the whole image"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; neither an image nor an output is square, but for the single mean."""
    yield Case("fits", (generic(rng, 1, 6, 8, 1),), {"output_size": (3, 2)})
    yield Case("fits", (generic(rng, 1, 4, 9, 1),), {"output_size": (4, 3)})
    yield Case("overlap", (generic(rng, 1, 7, 10, 1),), {"output_size": (3, 4)})
    yield Case("overlap", (generic(rng, 1, 8, 5, 1),), {"output_size": (5, 3)})
    yield Case("whole", (generic(rng, 1, 5, 7, 1),), {"output_size": (1, 1)})
    yield Case("batch", (generic(rng, 3, 4, 6, 2),), {"output_size": (2, 3)})


EXAMPLES = (
    call(np.arange(24).reshape(1, 4, 6, 1), (2, 3)),
    call(whole(89, 1, 3, 5, 1), (1, 1)),
    call(np.array([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1), (1, 2)),
    call(np.array([1, 2, 9, 4, 5]).reshape(1, 5, 1, 1), (3, 1)),
    call(fractions(90, 1, 9, 7, 1), (4, 5)),
    call(fractions(91, 2, 6, 4, 3), (3, 2)),
)


@wheat
def slice_for_each_window(x, output_size):
    images, height, width, channels = x.shape
    rows, columns = output_size
    y = np.zeros((images, rows, columns, channels))
    for i in range(rows):
        top, bottom = int(np.floor(i * height / rows)), int(np.ceil((i + 1) * height / rows))
        for j in range(columns):
            left, right = (
                int(np.floor(j * width / columns)),
                int(np.ceil((j + 1) * width / columns)),
            )
            y[:, i, j] = x[:, top:bottom, left:right].mean(axis=(1, 2))
    return y


@wheat
def whole_number_arithmetic(x, output_size):
    def windows(n, m):
        return [(i * n // m, ((i + 1) * n + m - 1) // m) for i in range(m)]

    rows, columns = windows(x.shape[1], output_size[0]), windows(x.shape[2], output_size[1])
    down = np.stack([x[:, a:b].mean(axis=1) for a, b in rows], axis=1)
    return np.stack([down[:, :, a:b].mean(axis=2) for a, b in columns], axis=2)


@wheat
def matrices_from_both_sides(x, output_size):
    def averages(n, m):
        i, k = np.arange(m)[:, None], np.arange(n)[None, :]
        inside = (k >= i * n // m) & (k * m < (i + 1) * n)
        return inside / inside.sum(axis=1, keepdims=True)

    rows, columns = (averages(n, m) for n, m in zip(x.shape[1:3], output_size, strict=True))
    return np.einsum("ih,jw,nhwc->nijc", rows, columns, x)


@wheat
def integral_image(x, output_size):
    table = np.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))).cumsum(1).cumsum(2)
    (first, last), (left, right) = (
        (np.arange(m) * n // m, -(-np.arange(1, m + 1) * n // m))
        for n, m in zip(x.shape[1:3], output_size, strict=True)
    )
    total = table[:, last][:, :, right] - table[:, first][:, :, right]
    total = total - table[:, last][:, :, left] + table[:, first][:, :, left]
    return total / np.outer(last - first, right - left)[None, :, :, None]


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


EXERCISE = Exercise(
    name="adaptive_avg_pool2d",
    oracle=convkit.adaptive_avg_pool2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        slice_for_each_window,
        whole_number_arithmetic,
        matrices_from_both_sides,
        integral_image,
    ),
    misconceptions=(
        fixed_windows_rounded_down,
        one_size_and_stride,
        fixed_windows_rounded_up,
        ends_rounded_down,
        parts_that_do_not_overlap,
        rows_and_columns_swapped,
        square_outputs_only,
        mean_over_channels,
        mean_over_the_batch,
    ),
    covers=("C2a C2b",),
)
