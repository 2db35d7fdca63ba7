"""``correlate1d_backward(dy, x, w)``: both gradients of a 1-D correlation.

The forward pass is ``y[i] = sum over a of w[a] * x[i + a]``: stride 1, no padding, no flip. `x` has
the shape (n,) and `w` the shape (k,), with n at least k. `dy` has the shape of y, (n - k + 1,), and
holds the derivative of the loss by each output. Returned are ``dx`` of shape (n,) and ``dw`` of
shape (k,), in this order. Each array may hold whole numbers or fractions; the answers keep their
fractions.

A gradient to `x` is a sum of entries of `w`, and the other way round. So a case in which `w` is
zero says whether `dw` is right, whatever the flip in `dx`; and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    chaff,
    fractions,
    generic,
    wheat,
    whole_numbers,
)

from .rules import FORBIDDEN, TOLERANCE
from .upstream import single

RUBRIC = (
    RubricLine("kernel", 1, "the gradient to the kernel (w is zero, so dx is too)"),
    RubricLine("signal", 1, "the gradient to the signal (x is zero, so dw is too)"),
    RubricLine("both", 1, "both gradients"),
    RubricLine("one_tap", 1, "a kernel of one entry"),
    RubricLine("one_output", 1, "a kernel as long as the signal"),
    RubricLine("integers", 1, "whole numbers beside fractions"),
)

EVERY_GROUP: Final = frozenset(line.group for line in RUBRIC)
TO_THE_SIGNAL: Final = EVERY_GROUP - {"kernel"}
TO_THE_KERNEL: Final = EVERY_GROUP - {"signal"}


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs, in the groups of the rubric."""
    yield Case("kernel", (generic(rng, 5), generic(rng, 7), np.zeros(3)))
    yield Case("signal", (generic(rng, 5), np.zeros(8), generic(rng, 4)))
    yield Case("both", (generic(rng, 4), generic(rng, 6), generic(rng, 3)))
    yield Case("both", (generic(rng, 3), generic(rng, 7), generic(rng, 5)))
    yield Case("one_tap", (generic(rng, 4), generic(rng, 4), generic(rng, 1)))
    yield Case("one_output", (single(rng, 1), generic(rng, 4), generic(rng, 4)))
    yield Case("integers", (generic(rng, 4), whole_numbers(rng, 6), whole_numbers(rng, 3)))
    yield Case("integers", (whole_numbers(rng, 3), generic(rng, 6), generic(rng, 4)))


EXAMPLES = (
    call(np.array([1, 0, 0]), np.array([5, 6, 7, 8]), np.array([2, 3])),
    call(np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]), np.array([4, 0, 7])),
    call(np.array([2, -1]), np.array([1, 0, 2, 3, 1]), np.array([1, 2, 3, 4])),
    call(np.array([3]), np.array([1, 2, 3]), np.array([4, 5, 6])),
    call(np.array([1, 2, 3]), np.array([4, 5, 6]), np.array([10])),
    call(fractions(60, 4), fractions(61, 6), fractions(62, 3)),
    call(np.array([0.5, 0.25]), np.array([1, 2, 3]), np.array([3, 1])),
)


@wheat
def stamps_at_every_window(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw


@wheat
def entry_by_entry(dy, x, w):
    dx = [0.0] * len(x)
    dw = [0.0] * len(w)
    for i, upstream in enumerate(dy):
        for a in range(len(w)):
            dx[i + a] += w[a] * upstream
            dw[a] += x[i + a] * upstream
    return np.array(dx), np.array(dw)


@wheat
def two_correlations(dy, x, w):
    def correlate(signal, kernel):
        return np.lib.stride_tricks.sliding_window_view(signal, len(kernel)) @ kernel

    return correlate(np.pad(dy, len(w) - 1), w[::-1]), correlate(x, dy)


@wheat
def transposed_matrices(dy, x, w):
    places = np.arange(len(dy))[:, None] + np.arange(len(w))
    forward = np.zeros((len(dy), len(x)))
    forward[np.arange(len(dy))[:, None], places] = w
    return forward.T @ dy, x[places].T @ dy


@wheat
def products_of_spectra(dy, x, w):
    n = len(x)
    spectrum = np.fft.rfft(dy, n)
    dx = np.fft.irfft(spectrum * np.fft.rfft(w, n), n)
    dw = np.fft.irfft(np.conj(spectrum) * np.fft.rfft(x), n)
    return dx, dw[: len(w)]


@chaff(
    says="Your dx uses the kernel without the flip. The first entry of x meets only the first "
    "entry of the kernel, so dx must begin with their product.",
    breaks=TO_THE_SIGNAL - {"one_tap"},
)
def kernel_not_turned(dy, x, w):
    def correlate(signal, kernel):
        return np.lib.stride_tricks.sliding_window_view(signal, len(kernel)) @ kernel

    return correlate(np.pad(dy, len(w) - 1), w), correlate(x, dy)


@chaff(
    says="Your dw runs backwards. Nothing is flipped in the gradient to the kernel: it is the "
    "correlation of x with dy.",
    breaks=TO_THE_KERNEL - {"one_tap"},
)
def kernel_gradient_backwards(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw[::-1]


@chaff(
    says="Your dw convolves x with dy: dy was flipped. Nothing is flipped in the gradient to the "
    "kernel.",
    breaks=TO_THE_KERNEL - {"one_output"},
)
def upstream_turned(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[::-1][i] * x[i : i + len(w)]
    return dx, dw


@chaff(
    says="Each window overwrites what the windows before it sent to x. An entry of x lies in "
    "several windows, and their shares are added.",
    breaks={"signal", "both", "integers"},
)
def shares_overwritten(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] = dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw


@chaff(
    says="Your dw comes from the last window only. The kernel takes part in every output, and all "
    "their shares are added.",
    breaks=TO_THE_KERNEL - {"one_output"},
)
def last_window_only(dy, x, w):
    dx = np.zeros(len(x))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw = dy[i] * x[i : i + len(w)]
    return dx, dw


@chaff(
    says="You take the mean over the windows for dw. The chain rule adds their shares up.",
    breaks=TO_THE_KERNEL - {"one_output"},
)
def mean_over_windows(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)] / len(dy)
    return dx, dw


@chaff(
    says="You leave the upstream gradient out of dx. Each share of an output is the kernel's entry "
    "times that output's entry of dy.",
    breaks=TO_THE_SIGNAL,
)
def upstream_left_out_of_dx(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw


@chaff(
    says="The last window is missing. Your loop stops one output early.",
    breaks=EVERY_GROUP,
)
def one_window_short(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy) - 1):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw


@chaff(
    says="You return the two gradients in the other order. First comes dx, then dw.",
    breaks=EVERY_GROUP,
)
def returned_in_the_other_order(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += dy[i] * x[i : i + len(w)]
    return dw, dx


@chaff(
    says="Your arrays hold whole numbers only, because x and w did, so fractions are cut off. "
    "Which dtype had the arrays that you filled?",
    breaks={"integers"},
)
def fractions_cut_off(dy, x, w):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(len(dy)):
        for a in range(len(w)):
            dx[i + a] += dy[i] * w[a]
            dw[a] += dy[i] * x[i + a]
    return dx, dw


@chaff(
    says="You leave the upstream gradient out of dw. Each share of an output is the entry of x "
    "that the kernel met, times that output's entry of dy.",
    breaks=TO_THE_KERNEL,
)
def upstream_left_out_of_dw(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
        dw += x[i : i + len(w)]
    return dx, dw


@chaff(
    says="Your dx is as long as dy. It needs the length of x: every entry that a window read gets "
    "a share.",
    breaks=EVERY_GROUP - {"one_tap"},
)
def dx_as_long_as_the_output(dy, x, w):
    def correlate(signal, kernel):
        return np.lib.stride_tricks.sliding_window_view(signal, len(kernel)) @ kernel

    middle = (len(w) - 1) // 2
    full = correlate(np.pad(dy, len(w) - 1), w[::-1])
    return full[middle : middle + len(dy)], correlate(x, dy)


@chaff(
    says="Your dw is longer than the kernel. The overlap of x and dy that counts is the whole one: "
    "as many places as the kernel has entries.",
    breaks=EVERY_GROUP - {"one_output"},
)
def full_overlap_for_dw(dy, x, w):
    dx = np.zeros(len(x))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w
    padded = np.pad(x, len(dy) - 1)
    return dx, np.lib.stride_tricks.sliding_window_view(padded, len(dy)) @ dy


@chaff(
    says="You take the mean over the windows for dx. The chain rule adds their shares up.",
    breaks=TO_THE_SIGNAL - {"one_output"},
)
def mean_over_windows_in_dx(dy, x, w):
    dx, dw = np.zeros(len(x)), np.zeros(len(w))
    for i in range(len(dy)):
        dx[i : i + len(w)] += dy[i] * w / len(dy)
        dw += dy[i] * x[i : i + len(w)]
    return dx, dw


EXERCISE = Exercise(
    name="correlate1d_backward",
    oracle=convkit.correlate1d_backward,
    cases=cases,
    examples=EXAMPLES,
    parts=("dx", "dw"),
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        stamps_at_every_window,
        entry_by_entry,
        two_correlations,
        transposed_matrices,
        products_of_spectra,
    ),
    misconceptions=(
        kernel_not_turned,
        kernel_gradient_backwards,
        upstream_turned,
        shares_overwritten,
        last_window_only,
        mean_over_windows,
        upstream_left_out_of_dx,
        one_window_short,
        returned_in_the_other_order,
        fractions_cut_off,
        upstream_left_out_of_dw,
        dx_as_long_as_the_output,
        full_overlap_for_dw,
        mean_over_windows_in_dx,
    ),
    covers=("D3 D(d) D(e)",),
)
