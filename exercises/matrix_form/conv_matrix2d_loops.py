"""Known mistakes in ``conv_matrix2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="One row or column of windows is missing. An image of 5 rows and a kernel of 3 have three "
    "places: count them on paper.",
    breaks={"plain", "kernel_shape", "one_window", "one_tap", "integers"},
)
def one_window_short(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh, width - kw
    matrix = np.zeros((rows * columns, height * width))
    for r in range(rows):
        for c in range(columns):
            for a in range(kh):
                for b in range(kw):
                    matrix[r * columns + c, (r + a) * width + c + b] = k[a, b]
    return matrix


@chaff(
    says="You use the height for the width as well. How many windows lie side by side follows from "
    "the width of the image.",
    breaks={"plain", "one_tap", "integers"},
)
def height_for_both(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = columns = height - kh + 1
    matrix = np.zeros((rows * columns, height * width))
    for r in range(rows):
        for c in range(min(columns, width - kw + 1)):
            for a in range(kh):
                for b in range(kw):
                    matrix[r * columns + c, (r + a) * width + c + b] = k[a, b]
    return matrix


@chaff(
    says="Your output has rows as long as the image is wide. A row of outputs has only as many "
    "numbers as there are windows side by side.",
    breaks={"plain", "kernel_shape", "one_window", "integers"},
)
def output_rows_as_long_as_the_image(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows * width, height * width))
    for r in range(rows):
        for c in range(columns):
            for a in range(kh):
                for b in range(kw):
                    matrix[r * width + c, (r + a) * width + c + b] = k[a, b]
    return matrix


@chaff(
    says="All rows of your matrix are the same. The window moves, and the kernel moves with it.",
    breaks={"plain", "kernel_shape", "one_tap", "integers"},
)
def kernel_does_not_move(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows * columns, height * width))
    for r in range(rows):
        for c in range(columns):
            for a in range(kh):
                for b in range(kw):
                    matrix[r * columns + c, a * width + b] = k[a, b]
    return matrix


@chaff(
    says="This is the matrix of the full convolution, with a row for every overlap. Here the "
    "kernel stays inside the image.",
    breaks={"plain", "kernel_shape", "one_window", "integers"},
)
def every_overlap(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height + kh - 1, width + kw - 1
    matrix = np.zeros((rows * columns, height * width))
    for i in range(height):
        for j in range(width):
            for a in range(kh):
                for b in range(kw):
                    matrix[(i + a) * columns + j + b, i * width + j] = k[a, b]
    return matrix


@chaff(
    says="Your kernel is flipped upside down or from left to right. Lay it on the image as it is.",
    breaks={"plain", "kernel_shape", "one_window", "integers"},
)
def kernel_upside_down(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k[::-1]
            rows.append(image.ravel())
    return np.array(rows)


@chaff(
    says="Your kernel is flipped upside down or from left to right. Lay it on the image as it is.",
    breaks={"plain", "kernel_shape", "one_window", "integers"},
)
def kernel_flipped_left_to_right(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k[:, ::-1]
            rows.append(image.ravel())
    return np.array(rows)


@chaff(
    says="Your array has four axes. A matrix has two: a row for every number of the output, a "
    "column for every pixel of the image.",
    breaks={"plain", "kernel_shape", "one_window", "one_tap", "integers"},
)
def axes_not_flattened(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    matrix = np.zeros((height - kh + 1, width - kw + 1, height, width))
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            matrix[r, c, r : r + kh, c : c + kw] = k
    return matrix


LOOPS: Final = (
    one_window_short,
    height_for_both,
    output_rows_as_long_as_the_image,
    kernel_does_not_move,
    every_overlap,
    kernel_upside_down,
    kernel_flipped_left_to_right,
    axes_not_flattened,
)
