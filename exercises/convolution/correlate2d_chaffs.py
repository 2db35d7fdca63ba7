"""Known mistakes in ``correlate2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your kernel is flipped: this is true convolution. A correlation lays the kernel on the "
    "image as it is.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def flipped_kernel(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k[::-1, ::-1])


@chaff(
    says="Your kernel is transposed: its rows run down the image. Row a of the kernel belongs to "
    "row a of the patch.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def transposed_kernel(x, k, stride=1, padding=0):
    k = k.T
    padded = np.pad(x, padding)
    rows = (padded.shape[0] - k.shape[0]) // stride + 1
    columns = (padded.shape[1] - k.shape[1]) // stride + 1
    y = np.zeros((max(rows, 0), max(columns, 0)))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + k.shape[0], left : left + k.shape[1]] * k)
    return y


@chaff(
    says="You take the kernel for a square: its first side serves for both. A kernel has a height "
    "and a width of its own.",
    breaks={"kernel_shape", "stride_padding", "borders"},
)
def square_kernels_only(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = k.shape[0]
    rows = (padded.shape[0] - size) // stride + 1
    columns = (padded.shape[1] - size) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + size, left : left + size] * k)
    return y


@chaff(
    says="The size of your answer takes the stride into account, but your windows still move by "
    "one pixel. Where does window [2, 1] begin at stride 3?",
    breaks={"stride", "stride_padding"},
)
def stride_missing_in_window_start(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(padded[i : i + kh, j : j + kw] * k)
    return y


@chaff(
    says="You compute a window at every pixel. With a larger stride most of them are skipped, and "
    "the answer gets smaller.",
    breaks={"stride", "stride_padding"},
)
def stride_ignored(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows, k)


@chaff(
    says="Your stride spreads the kernel's numbers apart (that is called dilation). The stride "
    "moves the whole window; inside it the numbers stay neighbours.",
    breaks={"stride", "stride_padding"},
)
def stride_multiplies_tap(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride + 1, (padded.shape[1] - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        for a, b in np.ndindex(k.shape):
            y[i, j] += k[a, b] * padded[i + a * stride, j + b * stride]
    return y


@chaff(
    says="The last row and the last column of windows are missing. A side of 5 has three places "
    "for a kernel of 3: count them on paper.",
    breaks={"plain", "kernel_shape", "stride", "padding", "stride_padding", "borders"},
)
def one_window_short(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = (padded.shape[0] - kh) // stride, (padded.shape[1] - kw) // stride
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[i, j] = np.sum(padded[top : top + kh, left : left + kw] * k)
    return y


@chaff(
    says="You pad at the bottom and on the right only. All four sides get their zeros.",
    breaks={"padding", "stride_padding"},
)
def padding_on_two_sides_only(x, k, stride=1, padding=0):
    padded = np.pad(x, ((0, padding), (0, padding)))
    kh, kw = k.shape
    tops = range(0, padded.shape[0] - kh + 1, stride)
    lefts = range(0, padded.shape[1] - kw + 1, stride)
    return np.array([[np.sum(padded[i : i + kh, j : j + kw] * k) for j in lefts] for i in tops])


@chaff(
    says="Your border repeats the edge pixels. Here the padding is zeros.",
    breaks={"padding", "stride_padding"},
)
def padding_repeats_the_edge(x, k, stride=1, padding=0):
    padded = np.pad(x, padding, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k)


CHAFFS: Final = (
    flipped_kernel,
    transposed_kernel,
    square_kernels_only,
    stride_missing_in_window_start,
    stride_ignored,
    stride_multiplies_tap,
    one_window_short,
    padding_on_two_sides_only,
    padding_repeats_the_edge,
)
