"""Known mistakes in ``im2col``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="The last row and the last column of windows are missing. A side of 5 has three places "
    "for a window of 3: count them on paper.",
    breaks={"plain", "channels", "batch", "stride", "padding", "kernel_shape", "everything"},
)
def one_window_short(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for image in padded:
        for i in range((padded.shape[1] - kh) // stride):
            for j in range((padded.shape[2] - kw) // stride):
                window = image[i * stride : i * stride + kh, j * stride : j * stride + kw]
                rows.append(window.ravel())
    return np.array(rows)


@chaff(
    says="Your size formula divides only the padding by the stride. Take the window from the "
    "padded size first, then divide all of it.",
    breaks={"stride", "everything"},
)
def size_divides_only_padding(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    down = int(x.shape[1] - kh + 2 * padding / stride + 1)
    along = int(x.shape[2] - kw + 2 * padding / stride + 1)
    matrix = np.zeros((len(x) * down * along, kh * kw * x.shape[3]))
    row = 0
    for image in padded:
        for i in range(0, image.shape[0] - kh + 1, stride):
            for j in range(0, image.shape[1] - kw + 1, stride):
                matrix[row] = image[i : i + kh, j : j + kw].ravel()
                row += 1
    return matrix


@chaff(
    says="The padding plays no part in your matrix. Put the zeros around the image before the "
    "first window.",
    breaks={"padding", "everything"},
)
def padding_ignored(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    rows = []
    for image in x:
        for i in range(0, x.shape[1] - kh + 1, stride):
            rows += [
                image[i : i + kh, j : j + kw].ravel() for j in range(0, x.shape[2] - kw + 1, stride)
            ]
    return np.array(rows)


@chaff(
    says="Your stride spreads the numbers of a window apart (that is called dilation). The stride "
    "moves the whole window; inside it the numbers stay neighbours.",
    breaks={"stride", "everything"},
)
def stride_multiplies_tap(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for image in padded:
        for i in range((padded.shape[1] - kh) // stride + 1):
            for j in range((padded.shape[2] - kw) // stride + 1):
                down = slice(i, i + kh * stride, stride)
                along = slice(j, j + kw * stride, stride)
                rows.append(image[down, along].ravel())
    return np.array(rows)


@chaff(
    says="You use the height for the width as well. The number of windows along a row follows from "
    "the width of the image.",
    breaks={"plain", "channels", "batch", "stride", "padding", "kernel_shape", "everything"},
)
def height_for_both(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    count = (padded.shape[1] - kh) // stride + 1
    matrix = np.zeros((len(x) * count * count, kh * kw * x.shape[3]))
    row = 0
    for image in padded:
        for i in range(count):
            for j in range(count):
                window = image[i * stride : i * stride + kh, j * stride : j * stride + kw]
                matrix[row] = window.ravel()
                row += 1
    return matrix


@chaff(
    says="Only the last image of the batch is in your matrix: it is made anew for every image. "
    "Make it once, before the loops.",
    breaks={"batch", "everything"},
)
def last_image_only(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    for image in padded:
        rows = []
        for i in range(0, image.shape[0] - kh + 1, stride):
            rows += [
                image[i : i + kh, j : j + kw].ravel()
                for j in range(0, image.shape[1] - kw + 1, stride)
            ]
    return np.array(rows)


@chaff(
    says="Your rows hold the first channel only. A window is as deep as the image.",
    breaks={"channels", "everything"},
)
def first_channel_only(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for image in padded:
        for i in range(0, image.shape[0] - kh + 1, stride):
            rows += [
                image[i : i + kh, j : j + kw, 0].ravel()
                for j in range(0, image.shape[1] - kw + 1, stride)
            ]
    return np.array(rows)


@chaff(
    says="You add the channels up. Each number of the window has a place of its own in the row.",
    breaks={"channels", "everything"},
)
def channels_added_up(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for image in padded:
        for i in range(0, image.shape[0] - kh + 1, stride):
            rows += [
                image[i : i + kh, j : j + kw].sum(axis=2).ravel()
                for j in range(0, image.shape[1] - kw + 1, stride)
            ]
    return np.array(rows)


@chaff(
    says="Your windows lie side by side. Unless a stride is given they move by one pixel.",
    breaks={"plain", "channels", "batch", "stride", "padding", "kernel_shape", "everything"},
)
def windows_side_by_side(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for image in padded:
        for i in range(0, image.shape[0] - kh + 1, kh):
            rows += [
                image[i : i + kh, j : j + kw].ravel() for j in range(0, image.shape[1] - kw + 1, kw)
            ]
    return np.array(rows)


@chaff(
    says="You have an array with the windows as axes of their own. The matrix has two axes: a row "
    "for every window.",
    breaks={"plain", "channels", "batch", "stride", "padding", "kernel_shape", "everything"},
)
def windows_not_flattened(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for image in padded:
        for i in range(0, image.shape[0] - kh + 1, stride):
            rows += [
                image[i : i + kh, j : j + kw] for j in range(0, image.shape[1] - kw + 1, stride)
            ]
    return np.array(rows)


LOOPS: Final = (
    one_window_short,
    size_divides_only_padding,
    padding_ignored,
    stride_multiplies_tap,
    height_for_both,
    last_image_only,
    first_channel_only,
    channels_added_up,
    windows_side_by_side,
    windows_not_flattened,
)
