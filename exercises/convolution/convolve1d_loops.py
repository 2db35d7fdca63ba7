"""Known mistakes in ``convolve1d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="You flip both the signal and the kernel, so your answer comes out backwards. Flip the "
    "kernel only.",
    breaks={"plain", "kernel_longer", "single"},
)
def both_flipped(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(x)):
        for a in range(len(w)):
            y[i + a] += x[::-1][i] * w[::-1][a]
    return y


@chaff(
    says="You pad at one end only. The kernel sticks out at both ends.",
    breaks={"plain", "kernel_longer", "single"},
)
def padded_at_one_end(x, w):
    padded = np.concatenate([np.zeros(len(w) - 1), x])
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(padded) - len(w) + 1):
        y[i] = np.sum(padded[i : i + len(w)] * w[::-1])
    return y


@chaff(
    says="Your answer is as long as signal and kernel together. They share one number where they "
    "first touch: it is one shorter.",
    breaks={"plain", "kernel_longer", "single"},
)
def one_number_too_many(x, w):
    y = np.zeros(len(x) + len(w))
    for i in range(len(x)):
        for a in range(len(w)):
            y[i + a] += x[i] * w[a]
    return y


@chaff(
    says="The last number is missing. The last place where kernel and signal touch is number "
    "n + k - 2, counted from 0.",
    breaks={"plain", "kernel_longer", "single"},
)
def one_number_too_few(x, w):
    padded = np.pad(x, len(w) - 1)
    return np.array([padded[i : i + len(w)] @ w[::-1] for i in range(len(x) + len(w) - 2)])


@chaff(
    says="Your answer is as long as the signal. The full convolution is longer: its ends stick out "
    "by the kernel's length less one.",
    breaks={"plain", "kernel_longer", "single"},
)
def stops_with_the_signal(x, w):
    padded = np.concatenate([np.zeros(len(w) - 1), x])
    return np.array([padded[i : i + len(w)] @ w[::-1] for i in range(len(x))])


LOOPS: Final = (
    both_flipped,
    padded_at_one_end,
    one_number_too_many,
    one_number_too_few,
    stops_with_the_signal,
)
