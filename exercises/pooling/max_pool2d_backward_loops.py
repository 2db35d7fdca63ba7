"""Known mistakes in ``max_pool2d_backward``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your loop stops one window early, at the bottom and on the right. Every entry of the "
    "upstream gradient is handed on.",
    breaks={"plain", "overlap", "gaps", "ties", "integers", "batch"},
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
                    window = x[n, top : top + size, left : left + size, c]
                    a, b = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


@chaff(
    says="Your windows start one pixel apart on the way back. Window number i starts at i times "
    "the stride.",
    breaks={"plain", "overlap", "gaps", "ties", "integers", "batch"},
)
def stride_missing_in_the_start(dy, x, size, stride=None):
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        window = x[n, i : i + size, j : j + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i + a, j + b, c] += dy[n, i, j, c]
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
        window = x[0, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[0, top + a, left + b, c] += dy[0, i, j, c]
    return dx


@chaff(
    says="You hand out equal shares. That is the way back of a mean; a maximum hands all of it to "
    "the pixel that won.",
    breaks={"plain", "overlap", "gaps", "ties", "integers", "batch"},
)
def equal_shares(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="Where windows overlap you put the mask times the gradient in place of what the window "
    "before left there. Add to what is there.",
    breaks={"overlap"},
)
def mask_assigned_not_added(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        part = n, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size), c
        flat = x[part].ravel()
        mask = np.arange(flat.size) == np.argmax(flat)
        dx[part] = mask.reshape(size, size) * dy[n, i, j, c]
    return dx


@chaff(
    says="The winner keeps its own value, and the upstream gradient is lost. It gets what its "
    "window was handed.",
    breaks={"plain", "overlap", "gaps", "ties", "integers", "batch"},
)
def winners_keep_their_values(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        part = n, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size), c
        window = x[part]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, i * stride + a, j * stride + b, c] = window[a, b]
    return dx


@chaff(
    says="You look for the smallest pixel. The one that won is the largest.",
    breaks={"plain", "overlap", "gaps", "ties", "integers", "batch"},
)
def smallest_pixel_wins(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmin(window), window.shape)
        dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


@chaff(
    says="Row and column of the winner are swapped in its window. The first of the two is the row.",
    breaks={"plain", "overlap", "gaps", "ties", "integers", "batch"},
)
def winner_on_its_side(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        b, a = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


LOOPS: Final = (
    last_windows_missing,
    stride_missing_in_the_start,
    first_image_only,
    equal_shares,
    mask_assigned_not_added,
    winners_keep_their_values,
    smallest_pixel_wins,
    winner_on_its_side,
)
