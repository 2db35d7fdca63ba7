"""Known mistakes in ``avg_pool2d_backward``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERY_GROUP: Final = frozenset({"plain", "overlap", "gaps", "integers", "batch"})


@chaff(
    says="Every pixel gets the whole gradient of its window. Each has a share: divide by the "
    "number of pixels in the window.",
    breaks=EVERY_GROUP,
)
def not_divided(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1]
    return dx


@chaff(
    says="You pool the gradient, which makes it smaller still. The way back goes up: from few "
    "windows to the many pixels of x.",
    breaks=EVERY_GROUP,
)
def average_of_the_upstream(dy, x, size, stride=None):
    stride = size if stride is None else stride
    rows, columns = (max(1, (n - size) // stride + 1) for n in dy.shape[1:3])
    dx = np.zeros((len(x), rows, columns, x.shape[3]))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        dx[:, i, j] = dy[:, top : top + size, left : left + size].mean(axis=(1, 2))
    return dx


@chaff(
    says="Where windows overlap you keep only the last share. Add to what is there.",
    breaks={"overlap"},
)
def assigned_not_added(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i : i + 1, j : j + 1] / size**2
        dx[:, top : top + size, left : left + size] = share
    return dx


@chaff(
    says="You repeat each number so often as the window is large. That is right only where windows "
    "lie side by side and fill the image.",
    breaks={"overlap", "gaps"},
)
def repeated_upstream(dy, x, size, stride=None):
    return dy.repeat(size, axis=1).repeat(size, axis=2) / size**2


@chaff(
    says="Your windows lie side by side on the way back, whatever the stride. They must be those "
    "of the way there.",
    breaks={"overlap", "gaps"},
)
def stride_ignored(dy, x, size, stride=None):
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * size, j * size
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="You divide by the stride times the stride. A share is one over the number of pixels in a "
    "window.",
    breaks={"overlap", "gaps"},
)
def divided_by_the_stride(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / stride**2
    return dx


@chaff(
    says="You divide by the size once. A window has that many rows and that many columns: divide "
    "by their product.",
    breaks=EVERY_GROUP,
)
def divided_by_the_size_once(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1] / size
    return dx


@chaff(
    says="You divide by the number of windows that cover a pixel as well. The shares of several "
    "windows add up; nothing evens them out.",
    breaks={"overlap"},
)
def averaged_over_windows(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx, covers = np.zeros(x.shape), np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i : i + 1, j : j + 1] / size**2
        dx[:, top : top + size, left : left + size] += share
        covers[:, top : top + size, left : left + size] += 1
    return dx / np.maximum(covers, 1)


@chaff(
    says="You multiply by the pixels. The derivative of a mean by one of its numbers is the same "
    "whatever the number is: x gives the shape only.",
    breaks=EVERY_GROUP,
)
def multiplied_by_the_pixels(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        part = (
            slice(None),
            slice(i * stride, i * stride + size),
            slice(j * stride, j * stride + size),
        )
        dx[part] += x[part] * dy[:, i : i + 1, j : j + 1] / size**2
    return dx


@chaff(
    says="You cut the fractions off: an array made like the whole numbers of x can hold no "
    "fractions. Make one of floats.",
    breaks={"integers"},
)
def fractions_cut_off(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i : i + 1, j : j + 1] / size**2
        dx[:, top : top + size, left : left + size] += share.astype(x.dtype)
    return dx


@chaff(
    says="You add up the gradients of all channels. Each channel was pooled by itself, so its "
    "gradient stays in it.",
    breaks={"batch"},
)
def channels_added_up(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        share = dy[:, i, j].sum(axis=-1)[:, None, None, None] / size**2
        dx[:, top : top + size, left : left + size] += share
    return dx


CHAFFS: Final = (
    not_divided,
    average_of_the_upstream,
    assigned_not_added,
    repeated_upstream,
    stride_ignored,
    divided_by_the_stride,
    divided_by_the_size_once,
    averaged_over_windows,
    multiplied_by_the_pixels,
    fractions_cut_off,
    channels_added_up,
)
