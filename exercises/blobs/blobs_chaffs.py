"""Known mistakes in painting blobs by one convolution."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import Misconception, chaff

from .canvases import EVERYWHERE


@chaff(
    says="Where blobs overlap, you keep the brighter of them. A convolution adds them up.",
    breaks={"overlap"},
)
def brighter_one_wins(shape, points, size, std):
    rows, columns = np.indices(shape)
    lean = (size - 1) / 2 - (size - 1) // 2
    image = np.zeros(shape)
    for row, column in points:
        down, across = rows - row - lean, columns - column - lean
        inside = np.maximum(np.abs(down), np.abs(across)) < size / 2
        blob = np.where(inside, np.exp(-(down**2 + across**2) / (2 * std**2)), 0.0)
        image = np.maximum(image, blob)
    return image


@chaff(
    says="Where blobs overlap, the last one wipes out what was there. A convolution adds them up.",
    breaks={"overlap"},
)
def last_one_wins(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] = np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="You cut everything that is brighter than 1. Blobs that overlap add up, above 1 as well.",
    breaks={"overlap"},
)
def clipped_at_white(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    return np.clip(signal.convolve2d(canvas, np.outer(bell, bell), mode="same"), 0, 1)


@chaff(
    says="A point that is given twice counts once. It is twice as bright.",
    breaks={"overlap"},
)
def given_twice_counts_once(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] = 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    return signal.convolve2d(canvas, np.outer(bell, bell), mode="same")


@chaff(
    says="What leaves your canvas on one side comes in on the other. It is cut off: outside there "
    "is nothing.",
    breaks={"border", "large"},
)
def wraps_round(shape, points, size, std):
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    image = np.zeros(shape)
    for row, column in points:
        for i in range(size):
            for j in range(size):
                down, across = row + i - (size - 1) // 2, column + j - (size - 1) // 2
                image[down % shape[0], across % shape[1]] += bell[i] * bell[j]
    return image


@chaff(
    says="Your border is a mirror, as it is in ndimage unless you say something else. Outside the "
    "canvas there is nothing.",
    breaks={"border", "large"},
)
def mirror_at_the_border(shape, points, size, std):
    from scipy import ndimage

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    origin = -1 if size % 2 == 0 else 0
    return ndimage.convolve(canvas, np.outer(bell, bell), origin=origin)


@chaff(
    says="You leave out the blobs that do not fit on the canvas. What lies on the canvas stays.",
    breaks={"border", "large"},
)
def blobs_that_do_not_fit_left_out(shape, points, size, std):
    before, after = (size - 1) // 2, size // 2
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    image = np.zeros(shape)
    for row, column in points:
        top, left, bottom, right = row - before, column - before, row + after, column + after
        if top >= 0 and left >= 0 and bottom < shape[0] and right < shape[1]:
            image[top : bottom + 1, left : right + 1] += np.outer(bell, bell)
    return image


@chaff(
    says="Your blobs of even size lean up and to the left. They lean down and to the right: the "
    "full convolution is cut at the size less 1, halved and rounded down.",
    breaks={"even"},
)
def even_blobs_lean_up_and_left(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    return full[size // 2 : size // 2 + height, size // 2 : size // 2 + width]


@chaff(
    says="This is the full convolution, larger than the canvas. Cut the canvas out of it.",
    breaks=EVERYWHERE,
)
def full_convolution(shape, points, size, std):
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    full = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    return full


@chaff(
    says="You cut the upper left corner out of the full convolution, so a blob begins at its point "
    "and does not surround it.",
    breaks=EVERYWHERE,
)
def blobs_begin_at_their_points(shape, points, size, std):
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    full = np.zeros((shape[0] + size - 1, shape[1] + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    return full[: shape[0], : shape[1]]


@chaff(
    says="You keep only the places where the kernel lies wholly on the canvas. The answer is as "
    "large as the canvas.",
    breaks=EVERYWHERE,
)
def valid_part_only(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    return signal.convolve2d(canvas, np.outer(bell, bell), mode="valid")


@chaff(
    says="You read a point as x and y. Here the row comes first, then the column.",
    breaks=EVERYWHERE,
)
def column_first(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    largest = max(shape) + size
    full = np.zeros((largest, largest))
    for column, row in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="Your blobs are scaled, as a blur or a probability density is. Leave the kernel as it is: "
    "the centre of a blob is 1.",
    breaks=EVERYWHERE,
)
def blobs_that_add_up_to_one(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    return signal.convolve2d(canvas, np.outer(bell, bell) / bell.sum() ** 2, mode="same")


@chaff(
    says="Your blobs are round and have no end. The kernel is a square of the given size.",
    breaks={"odd", "overlap", "border", "even"},
)
def bells_without_an_end(shape, points, size, std):
    rows, columns = np.indices(shape)
    lean = (size - 1) / 2 - (size - 1) // 2
    squares = [(rows - row - lean) ** 2 + (columns - column - lean) ** 2 for row, column in points]
    return np.sum(np.exp(-np.array(squares) / (2 * std**2)), axis=0)


CHAFFS: Final[tuple[Misconception, ...]] = (
    brighter_one_wins,
    last_one_wins,
    clipped_at_white,
    given_twice_counts_once,
    wraps_round,
    mirror_at_the_border,
    blobs_that_do_not_fit_left_out,
    even_blobs_lean_up_and_left,
    full_convolution,
    blobs_begin_at_their_points,
    valid_part_only,
    column_first,
    blobs_that_add_up_to_one,
    bells_without_an_end,
)
