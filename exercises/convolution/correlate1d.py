"""``correlate1d(x, w, stride=1, padding=0)``: cross-correlation of a signal with a kernel.

Given a signal `x` of shape (n,) and a kernel `w` of shape (k,). `padding` zeros are put at each
end of `x`. Window i begins at ``i * stride`` of the padded signal, and
``y[i] = sum over a of w[a] * padded[i * stride + a]``. The kernel is not flipped. A last window
that does not fit is left out: y has ``(n + 2 * padding - k) // stride + 1`` entries. The padded
signal is at least as long as the kernel. `x` may hold whole numbers while `w` holds fractions; the
answer keeps its fractions. An array is returned.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    distinct,
    fractions,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .correlate1d_chaffs import CHAFFS
from .correlate1d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "unit stride, no padding"),
    RubricLine("stride", 1, "a stride larger than 1, whether it fits or not"),
    RubricLine("padding", 1, "zeros at both ends"),
    RubricLine("stride_padding", 1, "stride and padding together"),
    RubricLine("integers", 1, "whole numbers in the signal, fractions in the kernel"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; strides fit in some and leave a rest in others; no kernel is symmetric."""
    for n, k in [(9, 3), (5, 5)]:
        yield Case("plain", (generic(rng, n), distinct(rng, k)))
    for n, k, stride in [(11, 3, 4), (12, 2, 3)]:
        yield Case("stride", (generic(rng, n), distinct(rng, k)), {"stride": stride})
    for n, k, padding in [(7, 3, 2), (4, 5, 3)]:
        yield Case("padding", (generic(rng, n), distinct(rng, k)), {"padding": padding})
    for n, k, stride, padding in [(9, 4, 2, 1), (8, 3, 3, 2)]:
        signal, kernel = generic(rng, n), distinct(rng, k)
        yield Case("stride_padding", (signal, kernel), {"stride": stride, "padding": padding})
    yield Case("integers", (whole_numbers(rng, 8), distinct(rng, 3)))


EXAMPLES = (
    call(np.array([3, 1, 4, 1, 5, 9]), np.array([1, 2, 0])),
    call(np.array([2.0, 7.0, 1.0, 8.0]), np.array([0.5, -1.0, 0.25, 3.0])),
    call(whole(1, 8), np.array([1, 2, 3]), stride=2),
    call(whole(2, 9), np.array([2, -1]), stride=3),
    call(np.array([1, 2, 3]), np.array([1, 10, 100]), padding=1),
    call(np.array([5, 2]), np.array([1, 2, 3, 4]), padding=2),
    call(fractions(3, 7), fractions(4, 4), stride=2, padding=2),
    call(np.array([1, 2, 3, 4]), np.array([0.5, 0.25])),
)


@wheat
def loops_over_every_tap(x, w, stride=1, padding=0):
    zeros = [0.0] * padding
    padded = zeros + list(x) + zeros
    outputs = []
    for start in range(0, len(padded) - len(w) + 1, stride):
        total = 0.0
        for a in range(len(w)):
            total += w[a] * padded[start + a]
        outputs.append(total)
    return np.array(outputs)


@wheat
def dot_product_of_each_window(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    size = (len(padded) - len(w)) // stride + 1
    return np.array([padded[i * stride : i * stride + len(w)] @ w for i in range(size)])


@wheat
def sliding_windows_times_kernel(x, w, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), len(w))
    return windows[::stride] @ w


@wheat
def sum_of_shifted_signals(x, w, stride=1, padding=0):
    padded = np.concatenate([np.zeros(padding), x, np.zeros(padding)])
    size = (len(padded) - len(w)) // stride + 1
    y = np.zeros(size)
    for a, weight in enumerate(w):
        y += weight * padded[a : a + (size - 1) * stride + 1 : stride]
    return y


@wheat
def skips_taps_outside_the_signal(x, w, stride=1, padding=0):
    size = (len(x) + 2 * padding - len(w)) // stride + 1
    y = np.zeros(size)
    for i in range(size):
        for a in range(len(w)):
            place = i * stride + a - padding
            if 0 <= place < len(x):
                y[i] += w[a] * x[place]
    return y


@wheat
def product_of_spectra(x, w, stride=1, padding=0):
    padded = np.pad(x, padding)
    spectrum = np.fft.rfft(padded) * np.conj(np.fft.rfft(w, len(padded)))
    circular = np.fft.irfft(spectrum, len(padded))
    return circular[: len(padded) - len(w) + 1 : stride]


@wheat
def single_precision(x, w, stride=1, padding=0):
    padded = np.zeros(len(x) + 2 * padding, dtype=np.float32)
    padded[padding : padding + len(x)] = x
    size = (len(padded) - len(w)) // stride + 1
    y = np.empty(size, dtype=np.float32)
    for i in range(size):
        y[i] = np.sum(padded[i * stride : i * stride + len(w)] * w)
    return y


EXERCISE = Exercise(
    name="correlate1d",
    oracle=convkit.correlate1d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        loops_over_every_tap,
        dot_product_of_each_window,
        sliding_windows_times_kernel,
        sum_of_shifted_signals,
        skips_taps_outside_the_signal,
        product_of_spectra,
        single_precision,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("D0",),
)
