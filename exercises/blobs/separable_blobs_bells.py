"""Known mistakes in ``separable_blobs``, in the bell and in the canvas."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="The 2 in front of the squared standard deviation is missing, so your bell is too narrow.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def two_is_missing(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2))
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="You divide by the standard deviation where its square is wanted.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def std_is_not_squared(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * std))
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="Your bell is half a pixel too far down and right where its size is even: its centre lies "
    "between two pixels then.",
    breaks={"even"},
)
def centre_on_a_pixel(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - size // 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="Your blobs are scaled, as a blur or a probability density is. Leave the bell as it is: "
    "the centre of a blob is 1.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def density_of_the_normal_distribution(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    bell /= np.sqrt(2 * np.pi) * std
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="You scale the largest entry of the bell to 1. With an even size its centre lies between "
    "pixels, and no pixel is as high as 1.",
    breaks={"even"},
)
def largest_entry_scaled_to_one(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    bell /= bell.max()
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="Your bell falls with the distance. It falls with the distance squared, so it is round on "
    "top, without a tip.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def distance_is_not_squared(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-np.abs(np.arange(size) - (size - 1) / 2) / (2 * std**2))
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="Your canvas is made anew for every point, so only the last blob is left. Make it once, "
    "before the loop.",
    breaks={"odd", "overlap", "border", "even"},
)
def last_blob_only(shape, points, size, std):
    from scipy import signal

    for row, column in points:
        canvas = np.zeros(shape)
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="You count rows and columns from 1. They are counted from 0.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def counted_from_one(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row - 1, column - 1] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="You give the final image first and the result of the first pass second. It is the other "
    "way round: first the pass down the columns.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def results_swapped(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return signal.convolve2d(down, bell[None, :], mode="same"), down


@chaff(
    says="You give back the impulses and the final image. The first of the two results is what the "
    "pass down the columns gives.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def impulses_and_image(shape, points, size, std):
    from scipy import signal

    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return canvas, signal.convolve2d(down, bell[None, :], mode="same")


@chaff(
    says="You read a point as x and y. Here the row comes first, then the column.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def column_first(shape, points, size, std):
    from scipy import signal

    largest = max(shape)
    canvas = np.zeros((largest, largest))
    for column, row in points:
        canvas[row, column] += 1
    canvas = canvas[: shape[0], : shape[1]]
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    down = signal.convolve2d(canvas, bell[:, None], mode="same")
    return down, signal.convolve2d(down, bell[None, :], mode="same")


BELLS: Final = (
    two_is_missing,
    std_is_not_squared,
    centre_on_a_pixel,
    density_of_the_normal_distribution,
    largest_entry_scaled_to_one,
    distance_is_not_squared,
    last_blob_only,
    counted_from_one,
    results_swapped,
    impulses_and_image,
    column_first,
)
