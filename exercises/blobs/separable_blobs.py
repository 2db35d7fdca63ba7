"""``separable_blobs(shape, points, size, std) -> down, image``: the same blobs by two 1-D passes.

`shape`, `points`, `size` and `std` are as for ``blobs``. The canvas of impulses is convolved with
the bell down its columns: `down`, of shape (H, W). Then `down` is convolved with the bell along its
rows: `image`, of shape (H, W). Both are returned, in this order. Each pass keeps the size as
``blobs`` does: black counts as everything outside, and an even bell reaches one entry further down
or right. The bell is 1 in its centre and may be longer than a side of the canvas.
"""

from __future__ import annotations

import numpy as np

import convkit
from autograder.authoring import Exercise, wheat

from .canvases import EXAMPLES, RUBRIC, cases
from .rules import FORBIDDEN, TOLERANCE
from .separable_blobs_bells import BELLS
from .separable_blobs_chaffs import CHAFFS


def separable_blobs(shape, points, size, std):
    """The reference: two convolutions with kernels that are one pixel wide."""
    down = convkit.convolve2d(
        convkit.impulses(shape, points), convkit.gaussian_kernel((size, 1), std), mode="same"
    )
    return down, convkit.convolve2d(down, convkit.gaussian_kernel((1, size), std), mode="same")


@wheat
def column_and_row_as_matrices(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell.reshape(-1, 1), mode="same")
    return down, signal.convolve2d(down, bell.reshape(1, -1), mode="same")


@wheat
def line_by_line(shape, points, size, std):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    start = (size - 1) // 2

    def blur(line):
        return np.convolve(line, bell)[start : start + len(line)]

    down = np.stack([blur(column) for column in canvas.T], axis=1)
    return down, np.stack([blur(row) for row in down])


@wheat
def tap_by_tap(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    before, after = size // 2, (size - 1) // 2
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    tall = np.pad(canvas, ((before, after), (0, 0)))
    down = np.zeros(shape)
    for tap in range(size):
        down += bell[size - 1 - tap] * tall[tap : tap + height]
    wide = np.pad(down, ((0, 0), (before, after)))
    image = np.zeros(shape)
    for tap in range(size):
        image += bell[size - 1 - tap] * wide[:, tap : tap + width]
    return [down, image]


@wheat
def one_matrix_from_each_side(shape, points, size, std):
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)

    def band(n):
        place = np.subtract.outer(np.arange(n), np.arange(n)) + (size - 1) // 2
        return np.where((place >= 0) & (place < size), bell[np.clip(place, 0, size - 1)], 0.0)

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    down = band(shape[0]) @ canvas
    return down, down @ band(shape[1]).T


@wheat
def passes_of_ndimage(shape, points, size, std):
    from scipy import ndimage

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down, across = ({"axis": axis, "mode": "constant", "origin": size % 2 - 1} for axis in (0, 1))
    first = ndimage.convolve1d(canvas, bell, **down)
    return first, ndimage.convolve1d(first, bell, **across)


EXERCISE = Exercise(
    name="separable_blobs",
    oracle=separable_blobs,
    cases=cases,
    examples=EXAMPLES,
    parts=("down", "image"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        column_and_row_as_matrices,
        line_by_line,
        tap_by_tap,
        one_matrix_from_each_side,
        passes_of_ndimage,
    ),
    misconceptions=(*CHAFFS, *BELLS),
    covers=("A3",),
)
