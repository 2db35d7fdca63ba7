"""Known mistakes in ``convolve2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your kernel is not flipped: this is a correlation. A convolution turns the kernel by 180 "
    "degrees first.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def not_flipped(x, k):
    kh, kw = k.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k, axes=2)


@chaff(
    says="Your kernel lies flipped in one direction only: rows and columns must both run "
    "backwards, as they do after a turn by 180 degrees.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def flipped_in_one_direction(x, k):
    kh, kw = k.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1], axes=2)


@chaff(
    says="You transpose the kernel where it must be turned by 180 degrees. Try both on a kernel "
    "with the numbers 1 to 6.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def transposed_instead_of_turned(x, k):
    kh, kw = k.T.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.T.shape)
    return np.tensordot(windows, k.T, axes=2)


@chaff(
    says="You keep only the places where the kernel lies wholly inside the image. That is the "
    "valid part; the full convolution begins as soon as both touch.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def only_the_valid_part(x, k):
    kh, kw = k.shape
    rows, columns = max(x.shape[0] - kh + 1, 0), max(x.shape[1] - kw + 1, 0)
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + kh, j : j + kw] * k[::-1, ::-1])
    return y


@chaff(
    says="Your answer is as large as the image. The full convolution is larger: it sticks out by "
    "the kernel's size less one.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def as_large_as_the_image(x, k):
    height, width = x.shape
    kh, kw = k.shape
    y = np.zeros((height + kh - 1, width + kw - 1))
    for (a, b), weight in np.ndenumerate(k):
        y[a : a + height, b : b + width] += weight * x
    top, left = (kh - 1) // 2, (kw - 1) // 2
    return y[top : top + height, left : left + width]


@chaff(
    says="Your pieces overlap, and each one wipes out what the one before it left there. Add where "
    "they overlap.",
    breaks={"plain", "kernel_shape", "kernel_larger"},
)
def assigns_where_pieces_overlap(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for (i, j), value in np.ndenumerate(x):
        y[i : i + kh, j : j + kw] = value * k
    return y


@chaff(
    says="With a kernel of one pixel there is no padding, and a slice that ends at minus zero is "
    "empty. Count the end of the slice from the front.",
    breaks={"single"},
)
def slice_ends_at_minus_zero(x, k):
    kh, kw = k.shape
    padded = np.zeros((x.shape[0] + 2 * (kh - 1), x.shape[1] + 2 * (kw - 1)))
    padded[kh - 1 : -(kh - 1), kw - 1 : -(kw - 1)] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1, ::-1], axes=2)


@chaff(
    says="You take the kernel for a square when you pad. The rows need the kernel's height less "
    "one, the columns its width less one.",
    breaks={"kernel_shape", "kernel_larger", "single"},
)
def pads_both_sides_by_the_height(x, k):
    padded = np.pad(x, k.shape[0] - 1)
    kh, kw = k.shape
    tops, lefts = range(padded.shape[0] - kh + 1), range(padded.shape[1] - kw + 1)
    turned = k[::-1, ::-1]
    return np.array(
        [[np.sum(padded[i : i + kh, j : j + kw] * turned) for j in lefts] for i in tops]
    )


@chaff(
    says="Your image wraps round: what leaves on one side comes in on the other (a negative index "
    "counts from the end). Outside the image there are zeros.",
    breaks={"plain", "kernel_shape", "kernel_larger", "single"},
)
def wraps_round(x, k):
    height, width = x.shape
    y = np.zeros((height + k.shape[0] - 1, width + k.shape[1] - 1))
    for i, j in np.ndindex(y.shape):
        for a, b in np.ndindex(k.shape):
            y[i, j] += k[a, b] * x[(i - a) % height, (j - b) % width]
    return y


CHAFFS: Final = (
    not_flipped,
    flipped_in_one_direction,
    transposed_instead_of_turned,
    only_the_valid_part,
    as_large_as_the_image,
    assigns_where_pieces_overlap,
    slice_ends_at_minus_zero,
    pads_both_sides_by_the_height,
    wraps_round,
)
