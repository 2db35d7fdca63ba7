"""Known mistakes in ``max_pool2d_backward``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

EVERY_GROUP: Final = frozenset({"plain", "overlap", "gaps", "ties", "integers", "batch"})


@chaff(
    says="Every pixel that equals the maximum gets the whole gradient. Of equal pixels only the "
    "first wins, so compare places and not values.",
    breaks={"ties"},
)
def every_tied_pixel(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        part = n, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size), c
        dx[part] += (x[part] == x[part].max()) * dy[n, i, j, c]
    return dx


@chaff(
    says="Equal pixels share the gradient. That is a sound choice, but here the first takes all.",
    breaks={"ties"},
)
def tied_pixels_share(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        part = n, slice(i * stride, i * stride + size), slice(j * stride, j * stride + size), c
        mask = x[part] == x[part].max()
        dx[part] += mask * dy[n, i, j, c] / mask.sum()
    return dx


@chaff(
    says="Of equal pixels the last one wins. A later pixel must be larger to take over, not just "
    "as large.",
    breaks={"ties"},
)
def last_tied_pixel(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        best, at = -np.inf, (0, 0)
        for a, b in np.ndindex(size, size):
            if x[n, top + a, left + b, c] >= best:
                best, at = x[n, top + a, left + b, c], (a, b)
        dx[n, top + at[0], left + at[1], c] += dy[n, i, j, c]
    return dx


@chaff(
    says="You search the window column by column. Of equal pixels the first one counts row by row.",
    breaks={"ties"},
)
def first_in_column_order(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        b, a = np.unravel_index(np.argmax(window.T), window.T.shape)
        dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


@chaff(
    says="Where a pixel wins twice you keep only the last gradient. Add to what is there: in a sum "
    "of paths, each path counts.",
    breaks={"overlap"},
)
def assigned_not_added(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] = dy[n, i, j, c]
    return dx


@chaff(
    says="Your windows lie side by side on the way back, whatever the stride. They must be those "
    "of the way there.",
    breaks={"overlap", "gaps"},
)
def stride_ignored(dy, x, size, stride=None):
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * size, j * size
        window = x[n, top : top + size, left : left + size, c]
        if window.size:
            a, b = np.unravel_index(np.argmax(window), window.shape)
            dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


@chaff(
    says="You mark the winners with 1 and forget the upstream gradient. The winner gets what its "
    "window was handed.",
    breaks=EVERY_GROUP,
)
def winners_without_upstream(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] += 1
    return dx


@chaff(
    says="Every pixel of a window gets the gradient. Moving a pixel that did not win changes "
    "nothing, so it gets 0.",
    breaks=EVERY_GROUP,
)
def every_pixel_of_the_window(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dy.shape[1:3]):
        top, left = i * stride, j * stride
        dx[:, top : top + size, left : left + size] += dy[:, i : i + 1, j : j + 1]
    return dx


@chaff(
    says="You hand the winner its own value times the gradient. The derivative of a maximum by its "
    "winner is 1, however large the winner is.",
    breaks=EVERY_GROUP,
)
def winner_times_upstream(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] += window[a, b] * dy[n, i, j, c]
    return dx


@chaff(
    says="You add the place in the window, but not the place of the window: all gradients land in "
    "the top left corner.",
    breaks=EVERY_GROUP,
)
def offset_of_the_window_forgotten(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, a, b, c] += dy[n, i, j, c]
    return dx


@chaff(
    says="You cut the fractions off: an array made like the whole numbers of x can hold no "
    "fractions. Make one of floats.",
    breaks={"integers"},
)
def fractions_cut_off(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size, c]
        a, b = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b, c] += dy.astype(x.dtype)[n, i, j, c]
    return dx


@chaff(
    says="You look for one winner among all channels. Each channel has its own.",
    breaks={"batch"},
)
def one_winner_for_all_channels(dy, x, size, stride=None):
    stride = size if stride is None else stride
    dx = np.zeros(x.shape)
    for n, i, j in np.ndindex(*dy.shape[:3]):
        top, left = i * stride, j * stride
        window = x[n, top : top + size, left : left + size]
        a, b, _ = np.unravel_index(np.argmax(window), window.shape)
        dx[n, top + a, left + b] += dy[n, i, j]
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
            window = x[n, top : top + size, left : left + size, c]
            a, b = np.unravel_index(np.argmax(window), window.shape)
            dx[n, top + a, left + b, c] += dy[n, i, j, c]
    return dx


CHAFFS: Final = (
    every_tied_pixel,
    tied_pixels_share,
    last_tied_pixel,
    first_in_column_order,
    assigned_not_added,
    stride_ignored,
    winners_without_upstream,
    every_pixel_of_the_window,
    winner_times_upstream,
    offset_of_the_window_forgotten,
    fractions_cut_off,
    one_winner_for_all_channels,
    last_image_only,
)
