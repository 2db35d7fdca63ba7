"""Known mistakes in ``convolve1d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your kernel is not flipped: this is a correlation. A convolution starts with the kernel "
    "turned round.",
    breaks={"plain", "kernel_longer", "single"},
)
def not_flipped(x, w):
    padded = np.pad(x, len(w) - 1)
    return np.lib.stride_tricks.sliding_window_view(padded, len(w)) @ w


@chaff(
    says="You keep only the places where the kernel lies wholly inside the signal. That is the "
    "valid part; the full convolution begins as soon as both touch.",
    breaks={"plain", "kernel_longer", "single"},
)
def only_the_valid_part(x, w):
    size = max(len(x) - len(w) + 1, 0)
    return np.array([x[i : i + len(w)] @ w[::-1] for i in range(size)])


@chaff(
    says="Your answer is as long as the signal. The full convolution is longer: its ends stick out "
    "by the kernel's length less one.",
    breaks={"plain", "kernel_longer", "single"},
)
def as_long_as_the_signal(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        y[i : i + len(w)] += value * w
    start = (len(w) - 1) // 2
    return y[start : start + len(x)]


@chaff(
    says="Your pieces overlap, and each one wipes out what the one before it left there. Add where "
    "they overlap.",
    breaks={"plain", "kernel_longer"},
)
def assigns_where_pieces_overlap(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        y[i : i + len(w)] = value * w
    return y


@chaff(
    says="With a kernel of one number there is no padding, and a slice that ends at minus zero is "
    "empty. Count the end of the slice from the front.",
    breaks={"single"},
)
def slice_ends_at_minus_zero(x, w):
    p = len(w) - 1
    padded = np.zeros(len(x) + 2 * p)
    padded[p:-p] = x
    return np.array([padded[i : i + len(w)] @ w[::-1] for i in range(len(x) + p)])


@chaff(
    says="You pad with as many zeros as the kernel is long. One less is enough: the kernel must "
    "still touch the signal with one number.",
    breaks={"plain", "kernel_longer", "single"},
)
def pads_one_too_many(x, w):
    padded = np.pad(x, len(w))
    return np.lib.stride_tricks.sliding_window_view(padded, len(w)) @ w[::-1]


@chaff(
    says="Your signal wraps round: what leaves at one end comes in at the other (a negative index "
    "counts from the end). Outside its ends the signal is zero.",
    breaks={"plain", "kernel_longer", "single"},
)
def wraps_round(x, w):
    size = len(x) + len(w) - 1
    y = np.zeros(size)
    for i in range(size):
        for a in range(len(w)):
            y[i] += w[a] * x[(i - a) % len(x)]
    return y


@chaff(
    says="The last number is missing. The last place where kernel and signal touch is number "
    "n + k - 2, counted from 0.",
    breaks={"plain", "kernel_longer", "single"},
)
def last_number_missing(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(y) - 1):
        for a in range(len(w)):
            if 0 <= i - a < len(x):
                y[i] += w[a] * x[i - a]
    return y


CHAFFS: Final = (
    not_flipped,
    only_the_valid_part,
    as_long_as_the_signal,
    assigns_where_pieces_overlap,
    slice_ends_at_minus_zero,
    pads_one_too_many,
    wraps_round,
    last_number_missing,
)
