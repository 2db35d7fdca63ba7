"""Known mistakes in ``avg_pool2d_backward``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your loop stops one window early, at the bottom and on the right. Every entry of the "
    "upstream gradient is handed on.",
    breaks={"plain", "overlap", "gaps", "integers", "batch"},
)
def last_windows_missing(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    N, rows, columns, C = dy.shape
    for n in range(N):
        for i in range(rows - 1):
            for j in range(columns - 1):
                for c in range(C):
                    top, left = i * stride, j * stride
                    share = dy[n, i, j, c] / (size * size)
                    dx[n, top : top + size, left : left + size, c] += share
    return dx


@chaff(
    says="Your windows start one pixel apart on the way back. Window number i starts at i times "
    "the stride.",
    breaks={"plain", "overlap", "gaps", "integers", "batch"},
)
def stride_missing_in_the_start(dy, x, size, stride=None):
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            dx[:, i : i + size, j : j + size] += dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="Only the first image has a gradient. Loop over all images.",
    breaks={"batch"},
)
def first_image_only(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j, c in np.ndindex(*dy.shape[1:]):
        top, left = i * stride, j * stride
        dx[0, top : top + size, left : left + size, c] += dy[0, i, j, c] / size**2
    return dx


@chaff(
    says="Only the last image has a gradient: you start a new array for each. Make it once, before "
    "the loops.",
    breaks={"batch"},
)
def last_image_only(dy, x, size, stride=None):
    stride = size if stride is None else stride
    for n in range(len(x)):
        dx = np.zeros(x.shape)
        for i, j, c in np.ndindex(*dy.shape[1:]):
            top, left = i * stride, j * stride
            dx[n, top : top + size, left : left + size, c] += dy[n, i, j, c] / size**2
    return dx


@chaff(
    says="You hand the whole gradient to the largest pixel. That is the way back of a maximum; in "
    "a mean each pixel has a share.",
    breaks={"plain", "overlap", "gaps", "integers", "batch"},
)
def all_to_the_largest(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


@chaff(
    says="Your windows are as large as the stride on the way back. How far apart they start says "
    "the stride, how large they are says the size.",
    breaks={"overlap", "gaps"},
)
def windows_as_large_as_the_stride(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            rows = slice(i * stride, (i + 1) * stride)
            columns = slice(j * stride, (j + 1) * stride)
            dx[:, rows, columns] += dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="You multiply by the number of pixels in a window. Each of them has a share: divide by "
    "it.",
    breaks={"plain", "overlap", "gaps", "integers", "batch"},
)
def multiplied_by_the_size(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] * size**2
    return dx


@chaff(
    says="The upstream gradient is missing: your shares are one over the number of pixels, "
    "whatever the window was handed.",
    breaks={"plain", "overlap", "gaps", "integers", "batch"},
)
def shares_without_upstream(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += 1 / size**2
    return dx


LOOPS: Final = (
    last_windows_missing,
    stride_missing_in_the_start,
    first_image_only,
    last_image_only,
    all_to_the_largest,
    windows_as_large_as_the_stride,
    multiplied_by_the_size,
    shares_without_upstream,
)
