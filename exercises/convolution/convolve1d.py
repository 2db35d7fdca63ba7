"""``convolve1d(x, w)``: full, true convolution of a signal with a kernel.

Given `x` of shape (n,) and `w` of shape (k,), both at least 1 long; either may be the longer.
``y[i] = sum over a of w[a] * x[i - a]``, where x counts as zero outside its ends. An array of shape
(n + k - 1,) is returned.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, fractions, generic, wheat

from .convolve1d_chaffs import CHAFFS
from .convolve1d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "a signal longer than its kernel"),
    RubricLine("kernel_longer", 1, "a kernel longer than the signal"),
    RubricLine("single", 1, "a signal or a kernel of one number"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs."""
    lengths = {
        "plain": [(7, 3), (6, 4)],
        "kernel_longer": [(3, 5), (2, 6)],
        "single": [(1, 4), (5, 1), (1, 1)],
    }
    for group, pairs in lengths.items():
        for n, k in pairs:
            yield Case(group, (generic(rng, n), generic(rng, k)))


EXAMPLES = (
    call(np.array([1, 2, 3, 4]), np.array([1, 0, 0])),
    call(np.array([3, 1, 4, 1, 5]), np.array([1, 10, 100])),
    call(np.array([1, 2]), np.array([4, 3, 2, 1, 0])),
    call(np.array([2.5]), np.array([4.0, -2.0])),
    call(fractions(5, 6), np.array([3.0])),
)


@wheat
def the_definition(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i in range(len(y)):
        for a in range(len(w)):
            if 0 <= i - a < len(x):
                y[i] += w[a] * x[i - a]
    return y


@wheat
def every_number_leaves_a_scaled_kernel(x, w):
    y = np.zeros(len(x) + len(w) - 1)
    for i, value in enumerate(x):
        y[i : i + len(w)] += value * w
    return y


@wheat
def flipped_kernel_over_padded_signal(x, w):
    def correlate(signal, kernel):
        return np.lib.stride_tricks.sliding_window_view(signal, len(kernel)) @ kernel

    return correlate(np.pad(x, len(w) - 1), w[::-1])


@wheat
def sums_of_antidiagonals(x, w):
    products = np.outer(x, w)[:, ::-1]
    offsets = range(len(w) - 1, -len(x), -1)
    return np.array([np.trace(products, offset) for offset in offsets])


@wheat
def product_of_spectra(x, w):
    size = len(x) + len(w) - 1
    return np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(w, size), size)


EXERCISE = Exercise(
    name="convolve1d",
    oracle=convkit.convolve1d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        the_definition,
        every_number_leaves_a_scaled_kernel,
        flipped_kernel_over_padded_signal,
        sums_of_antidiagonals,
        product_of_spectra,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("E2 E3 E4",),
)
