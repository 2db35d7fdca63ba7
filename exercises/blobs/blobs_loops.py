"""Known mistakes in ``blobs``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="The 2 in front of the squared standard deviation is missing, so your bell is too narrow.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def two_is_missing(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2))
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="You divide by the standard deviation where its square is wanted.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def std_is_not_squared(shape, points, size, std):
    height, width = shape
    bell = np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * std))
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="Your bell is half a pixel too far down and right where its size is even: its centre lies "
    "between two pixels then.",
    breaks={"even"},
)
def centre_on_a_pixel(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - size // 2) / std) ** 2) / 2)
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="Your blobs are scaled, as a blur or a probability density is. Leave the kernel as it is: "
    "the centre of a blob is 1.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def density_of_the_normal_distribution(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    bell /= np.sqrt(2 * np.pi) * std
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="You scale the largest entry of the bell to 1. With an even size its centre lies between "
    "pixels, and no pixel is as high as 1.",
    breaks={"even"},
)
def largest_entry_scaled_to_one(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    bell /= bell.max()
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="Your bell falls with the distance. It falls with the distance squared, so it is round on "
    "top, without a tip.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def distance_is_not_squared(shape, points, size, std):
    height, width = shape
    bell = np.exp(-np.abs(np.arange(size) - (size - 1) / 2) / (2 * std**2))
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="Your canvas is made anew for every point, so only the last blob is left. Make it once, "
    "before the loop.",
    breaks={"odd", "overlap", "border", "even"},
)
def last_blob_only(shape, points, size, std):
    height, width = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    for row, column in points:
        full = np.zeros((height + size - 1, width + size - 1))
        full[row : row + size, column : column + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="Where a blob sticks out at the top or on the left, you keep the wrong part of it: its "
    "first rows and columns are those that are cut off.",
    breaks={"border", "large"},
)
def wrong_part_of_a_blob_kept(shape, points, size, std):
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    image = np.zeros(shape)
    for row, column in points:
        top, left = row - (size - 1) // 2, column - (size - 1) // 2
        part = image[max(top, 0) : top + size, max(left, 0) : left + size]
        part += np.outer(bell, bell)[: part.shape[0], : part.shape[1]]
    return image


@chaff(
    says="Your canvas lies on its side: its shape is height, then width.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def width_first(shape, points, size, std):
    width, height = shape
    bell = np.exp(-(((np.arange(size) - (size - 1) / 2) / std) ** 2) / 2)
    full = np.zeros((height + size - 1, width + size - 1))
    for row, column in points:
        full[column : column + size, row : row + size] += np.outer(bell, bell)
    start = (size - 1) // 2
    return full[start : start + height, start : start + width]


@chaff(
    says="You give back the impulses as they are. Each is to become a blob.",
    breaks={"odd", "overlap", "border", "even", "large"},
)
def impulses_as_they_are(shape, points, size, std):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    return canvas


LOOPS: Final = (
    two_is_missing,
    std_is_not_squared,
    centre_on_a_pixel,
    density_of_the_normal_distribution,
    largest_entry_scaled_to_one,
    distance_is_not_squared,
    last_blob_only,
    wrong_part_of_a_blob_kept,
    width_first,
    impulses_as_they_are,
)
