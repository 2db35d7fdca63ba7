"""Known mistakes in ``correlate2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your size formula divides only the padding by the stride. Take the kernel from the "
    "padded size first, then divide all of it.",
    breaks={"stride", "stride_padding"},
)
def size_divides_only_padding(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    height, width = x.shape
    rows = int(height - kh + 2 * padding / stride + 1)
    columns = int(width - kw + 2 * padding / stride + 1)
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            if patch.shape == (kh, kw):
                y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="You use the height for the width as well. The number of windows along a row follows from "
    "the width of the image.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def height_for_both(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows = columns = (padded.shape[0] - kh) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="Rows and columns of your output are swapped. How many windows lie below each other "
    "follows from the height, and comes first.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def rows_and_columns_swapped(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((columns, rows))
    for i in range(rows):
        for j in range(columns):
            patch = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[j, i] = np.sum(patch * k)
    return y


@chaff(
    says="Your output has a row for every step of the stride that goes into the height, so the "
    "last ones stay zero: no window begins there. Count the places where a window still ends "
    "inside the padded image.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def rows_that_no_window_fills(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    y = np.zeros((padded.shape[0] // stride, padded.shape[1] // stride))
    for i in range(padded.shape[0] // stride):
        for j in range(padded.shape[1] // stride):
            patch = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            if patch.shape == (kh, kw):
                y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="You round the number of windows up. A last window that sticks out of the image is left "
    "out, not filled up.",
    breaks={"stride", "stride_padding"},
)
def last_window_sticks_out(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (
        -(-(padded.shape[0] - kh) // stride) + 1,
        -(-(padded.shape[1] - kw) // stride) + 1,
    )
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = np.zeros((kh, kw))
            part = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            patch[: part.shape[0], : part.shape[1]] = part
            y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="You divide the place of a window by 2 to find its place in the output. Divide by the "
    "stride, which need not be 2.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def place_divided_by_two(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(0, padded.shape[0] - kh + 1, stride):
        for j in range(0, padded.shape[1] - kw + 1, stride):
            if i // 2 < rows and j // 2 < columns:
                patch = padded[i : i + kh, j : j + kw]
                y[i // 2, j // 2] = np.sum(patch * k)
    return y


@chaff(
    says="The padding plays no part in your answer. Put the zeros around the image before the "
    "first window.",
    breaks={"padding", "stride_padding"},
)
def padding_ignored(x, k, stride=1, padding=0):
    kh, kw = k.shape
    rows, columns = (x.shape[0] - kh) // stride + 1, (x.shape[1] - kw) // stride + 1
    y = np.zeros((max(rows, 0), max(columns, 0)))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="Your output is as large as if there were padding, and the windows begin at the first "
    "pixel of the image, so the last rows and columns stay zero. Put the zeros around the "
    "image before the first window.",
    breaks={"padding", "stride_padding"},
)
def padding_in_the_size_alone(x, k, stride=1, padding=0):
    kh, kw = k.shape
    rows = (x.shape[0] + 2 * padding - kh) // stride + 1
    columns = (x.shape[1] + 2 * padding - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = x[i * stride : i * stride + kh, j * stride : j * stride + kw]
            if patch.shape == (kh, kw):
                y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="You pad at the top and on the left only. All four sides get their zeros.",
    breaks={"padding", "stride_padding"},
)
def padding_at_the_top_and_left_only(x, k, stride=1, padding=0):
    kh, kw = k.shape
    padded = np.pad(x, ((padding, 0), (padding, 0)))
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((max(rows, 0), max(columns, 0)))
    for i in range(rows):
        for j in range(columns):
            patch = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[i, j] = np.sum(patch * k)
    return y


@chaff(
    says="You add up the pixels of the window and leave the kernel out. Each pixel is multiplied "
    "by the number of the kernel that lies on it.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def kernel_left_out(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = padded[i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[i, j] = np.sum(patch)
    return y


@chaff(
    says="Your kernel is flipped upside down. A correlation lays the kernel on the image as it is.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def kernel_upside_down(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k[::-1])


@chaff(
    says="Your kernel is flipped from left to right. A correlation lays the kernel on the image as "
    "it is.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def kernel_flipped_left_to_right(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k[:, ::-1])


@chaff(
    says="You take the mean over the window. A correlation adds the products up.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def mean_of_the_products(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k) / k.size


@chaff(
    says="Your stride counts along the height only. Along the width the window moves by it, too.",
    breaks={"stride", "stride_padding"},
)
def stride_along_the_height_only(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride], k)


LOOPS: Final = (
    size_divides_only_padding,
    height_for_both,
    rows_and_columns_swapped,
    rows_that_no_window_fills,
    last_window_sticks_out,
    place_divided_by_two,
    padding_ignored,
    padding_in_the_size_alone,
    padding_at_the_top_and_left_only,
    kernel_left_out,
    kernel_upside_down,
    kernel_flipped_left_to_right,
    mean_of_the_products,
    stride_along_the_height_only,
)
