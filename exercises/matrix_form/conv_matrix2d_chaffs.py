"""Known wrong ways to write ``conv_matrix2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

_ALL_BUT_ONE_TAP = {"plain", "kernel_shape", "one_window", "integers"}


@chaff(
    says="Your kernel is turned by 180 degrees: this is the matrix of a true convolution. Lay the "
    "kernel on the image as it is.",
    breaks=_ALL_BUT_ONE_TAP,
)
def kernel_turned_round(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k[::-1, ::-1]
            rows.append(image.ravel())
    return np.array(rows)


@chaff(
    says="Your matrix has a row for windows that run over the end of an image row and go on in the "
    "next one. Where the window would stick out on the right there is no output.",
    breaks={"plain", "kernel_shape", "integers"},
)
def windows_run_over_the_edge(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    taps = np.zeros((kh, width))
    taps[:, :kw] = k
    taps = taps.ravel()[: (kh - 1) * width + kw]
    rows = height * width - len(taps) + 1
    return sum(weight * np.eye(rows, height * width, k=a) for a, weight in enumerate(taps))


@chaff(
    says="You laid the whole kernel into neighbouring columns. The second row of the kernel meets "
    "the next row of the image, and that is a whole image width further on.",
    breaks={"plain", "kernel_shape", "integers"},
)
def kernel_rows_side_by_side(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows * columns, height * width))
    for r in range(rows):
        for c in range(columns):
            start = r * width + c
            matrix[r * columns + c, start : start + k.size] = k.ravel()
    return matrix


@chaff(
    says="Your matrix reads images column by column. Here they are read row by row, as ravel does.",
    breaks={"plain", "kernel_shape", "one_window", "integers"},
)
def images_read_by_columns(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for c in range(width - kw + 1):
        for r in range(height - kh + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k
            rows.append(image.T.ravel())
    return np.array(rows)


@chaff(
    says="Your outputs come column by column: the window first moves down, then right. It first "
    "moves right, so that the output is read row by row like the image.",
    breaks={"plain", "kernel_shape", "one_tap", "integers"},
)
def window_moves_down_first(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for c in range(width - kw + 1):
        for r in range(height - kh + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k
            rows.append(image.ravel())
    return np.array(rows)


@chaff(
    says="You multiply the row of a pixel by the height of the image. A row of pixels is as long "
    "as the image is wide.",
    breaks={"plain", "kernel_shape", "one_window", "one_tap", "integers"},
)
def rows_as_long_as_the_height(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows * columns, height * width))
    for r in range(rows):
        for c in range(columns):
            for a in range(kh):
                for b in range(kw):
                    matrix[r * columns + c, (r + a) * height + c + b] = k[a, b]
    return matrix


@chaff(
    says="You transposed the kernel: its rows lie along the columns of the image.",
    breaks={"plain", "kernel_shape", "one_window", "integers"},
)
def kernel_on_its_side(k, input_shape):
    height, width = input_shape
    turned = k.T
    kh, kw = turned.shape
    rows = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = turned
            rows.append(image.ravel())
    return np.array(rows)


@chaff(
    says="Your matrix lies on its side: outputs are rows, pixels of the image are columns. Yours "
    "is the matrix that takes gradients back.",
    breaks=_ALL_BUT_ONE_TAP,
)
def matrix_on_its_side(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    columns = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k
            columns.append(image.ravel())
    return np.stack(columns, axis=1)


@chaff(
    says="You have a row for every pixel of the image. Windows that stick out of it have no row.",
    breaks=_ALL_BUT_ONE_TAP,
)
def a_row_for_every_pixel(k, input_shape):
    height, width = input_shape
    return sum(
        weight * np.kron(np.eye(height, k=a), np.eye(width, k=b))
        for (a, b), weight in np.ndenumerate(k)
    )


@chaff(
    says="Your fractions are cut off: the matrix is made for whole numbers. Make it of floats.",
    breaks={"plain", "kernel_shape", "one_window", "one_tap"},
)
def stored_as_whole_numbers(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows * columns, height * width), dtype=int)
    for r in range(rows):
        for c in range(columns):
            for a in range(kh):
                start = (r + a) * width + c
                matrix[r * columns + c, start : start + kw] = k[a]
    return matrix


CHAFFS: Final = (
    kernel_turned_round,
    windows_run_over_the_edge,
    kernel_rows_side_by_side,
    images_read_by_columns,
    window_moves_down_first,
    rows_as_long_as_the_height,
    kernel_on_its_side,
    matrix_on_its_side,
    a_row_for_every_pixel,
    stored_as_whole_numbers,
)
