"""``input_gradient(dy, k)``: gradient to the image of a 2-D correlation.

The forward pass is ``y[i, j] = sum over a, b of k[a, b] * x[i + a, j + b]``: one channel, stride 1,
no padding, no flip. `k` has the shape (kh, kw), `dy` the shape (H_out, W_out) of y. Returned is
``dx`` of shape (H_out + kh - 1, W_out + kw - 1), the shape of the image. The kernel may be larger
than the output. Each array may hold whole numbers or fractions; the answer keeps its fractions.
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
    whole,
    whole_numbers,
)

from .rules import FORBIDDEN, TOLERANCE
from .upstream import single

RUBRIC = (
    RubricLine("square_kernel", 1, "a square kernel"),
    RubricLine("kernel_shape", 1, "kernels that are not square"),
    RubricLine("kernel_larger", 1, "a kernel larger than the output"),
    RubricLine("one_output", 1, "an image as large as the kernel"),
    RubricLine("one_tap", 1, "a kernel of one entry"),
    RubricLine("integers", 1, "whole numbers beside fractions"),
)

EVERY_GROUP: Final = frozenset(line.group for line in RUBRIC)
SEVERAL_TAPS: Final = EVERY_GROUP - {"one_tap"}
CUT_OFF: Final = (
    "Your array holds whole numbers only, because one of the inputs did, so fractions are cut off. "
    "Which dtype had the array that you filled?"
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs, in the groups of the rubric."""
    yield Case("square_kernel", (generic(rng, 3, 4), generic(rng, 3, 3)))
    yield Case("square_kernel", (generic(rng, 4, 2), generic(rng, 2, 2)))
    yield Case("kernel_shape", (generic(rng, 4, 3), generic(rng, 2, 4)))
    yield Case("kernel_shape", (generic(rng, 2, 5), generic(rng, 3, 2)))
    yield Case("kernel_larger", (generic(rng, 2, 3), generic(rng, 4, 5)))
    yield Case("kernel_larger", (generic(rng, 3, 2), generic(rng, 5, 4)))
    for shape in [(2, 3), (4, 2)]:
        yield Case("one_output", (single(rng, 1, 1), generic(rng, *shape)))
        yield Case("one_tap", (generic(rng, *shape), generic(rng, 1, 1)))
    yield Case("integers", (generic(rng, 3, 2), whole_numbers(rng, 2, 2)))
    yield Case("integers", (whole_numbers(rng, 2, 3), generic(rng, 3, 3)))


EXAMPLES = (
    call(np.array([[1, 0, 0], [0, 0, 0]]), np.array([[1, 2], [3, 4]])),
    call(np.array([[0, 0, 0], [0, 1, 0]]), np.array([[1, 2], [3, 4]])),
    call(whole(73, 3, 4), whole(74, 3, 3)),
    call(whole(75, 2, 3), whole(76, 2, 4)),
    call(np.array([[2]]), whole(77, 2, 3)),
    call(whole(78, 2, 3), np.array([[3]])),
    call(fractions(79, 3, 2), whole(80, 2, 2)),
)


@wheat
def stamps_of_the_kernel(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for (i, j), upstream in np.ndenumerate(dy):
        dx[i : i + kh, j : j + kw] += upstream * k
    return dx


@wheat
def shifted_copies_of_the_upstream(dy, k):
    rows, columns = dy.shape
    dx = np.zeros((rows + k.shape[0] - 1, columns + k.shape[1] - 1))
    for a in range(k.shape[0]):
        for b in range(k.shape[1]):
            dx[a : a + rows, b : b + columns] += k[a, b] * dy
    return dx


@wheat
def padded_and_turned(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy, ((top, top), (left, left)))
    turned = np.rot90(k, 2)
    dx = np.empty((dy.shape[0] + top, dy.shape[1] + left))
    for r, c in np.ndindex(*dx.shape):
        dx[r, c] = np.vdot(padded[r : r + top + 1, c : c + left + 1], turned)
    return dx


@wheat
def chain_rule_with_index_checks(dy, k):
    rows, columns = dy.shape
    dx = []
    for r in range(rows + len(k) - 1):
        line = []
        for c in range(columns + len(k[0]) - 1):
            share = 0.0
            for a in range(len(k)):
                for b in range(len(k[0])):
                    if 0 <= r - a < rows and 0 <= c - b < columns:
                        share += dy[r - a, c - b] * k[a, b]
            line.append(share)
        dx.append(line)
    return np.array(dx)


@wheat
def product_of_spectra(dy, k):
    shape = dy.shape[0] + k.shape[0] - 1, dy.shape[1] + k.shape[1] - 1
    return np.fft.irfft2(np.fft.rfft2(dy, shape) * np.fft.rfft2(k, shape), shape)


TURN_THE_KERNEL: Final = (
    "It is the kernel that is turned by 180 degrees, and dy is not. The corner pixel of the image "
    "meets only the corner entry of the kernel, so the corner of dx is the product of two corners."
)


@chaff(says=TURN_THE_KERNEL, breaks=SEVERAL_TAPS)
def kernel_not_turned(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy, ((top, top), (left, left)))
    return np.tensordot(np.lib.stride_tricks.sliding_window_view(padded, k.shape), k, axes=2)


@chaff(
    says="You transposed the kernel. A turn by 180 degrees is upside down and left to right: rows "
    "stay rows.",
    breaks=SEVERAL_TAPS,
)
def kernel_transposed(dy, k):
    k = k.T
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy, ((top, top), (left, left)))
    return np.tensordot(np.lib.stride_tricks.sliding_window_view(padded, k.shape), k, axes=2)


@chaff(
    says="You turned the kernel upside down but not left to right. A turn by 180 degrees does "
    "both.",
    breaks=SEVERAL_TAPS,
)
def turned_upside_down_only(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy, ((top, top), (left, left)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1], axes=2)


@chaff(says=TURN_THE_KERNEL, breaks=EVERY_GROUP)
def upstream_turned_for_the_kernel(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy[::-1, ::-1], ((top, top), (left, left)))
    return np.tensordot(np.lib.stride_tricks.sliding_window_view(padded, k.shape), k, axes=2)


@chaff(
    says="You pad by the size of the kernel, so your gradient is too large. The first overlap "
    "needs one ring less.",
    breaks=EVERY_GROUP,
)
def padded_by_the_kernel_size(dy, k):
    kh, kw = k.shape
    padded = np.pad(dy, ((kh, kh), (kw, kw)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1, ::-1], axes=2)


@chaff(
    says="Your gradient is as large as the output. It needs the shape of the image: every pixel "
    "that a window read gets a share.",
    breaks=SEVERAL_TAPS,
)
def as_large_as_the_output(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy, ((top, top), (left, left)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    dx = np.tensordot(windows, k[::-1, ::-1], axes=2)
    return dx[top // 2 : top // 2 + dy.shape[0], left // 2 : left // 2 + dy.shape[1]]


@chaff(
    says="You pad height and width by the same number. With a kernel that is not square they "
    "differ.",
    breaks={"kernel_shape", "kernel_larger", "one_output"},
)
def one_padding_for_both_sides(dy, k):
    padded = np.pad(dy, k.shape[0] - 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1, ::-1], axes=2)


@chaff(
    says="Each output overwrites what the outputs before it sent to the image. A pixel lies in "
    "several windows, and their shares are added.",
    breaks=SEVERAL_TAPS - {"one_output"},
)
def shares_overwritten(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for (i, j), upstream in np.ndenumerate(dy):
        dx[i : i + kh, j : j + kw] = upstream * k
    return dx


@chaff(
    says="You leave the upstream gradient out: each output sends the kernel as if its entry of dy "
    "were one.",
    breaks=EVERY_GROUP,
)
def upstream_left_out(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i, j in np.ndindex(*dy.shape):
        dx[i : i + kh, j : j + kw] += k
    return dx


@chaff(
    says=CUT_OFF,
    breaks={"integers"},
)
def fractions_cut_off(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1), k.dtype)
    for (i, j), upstream in np.ndenumerate(dy):
        for a, b in np.ndindex(kh, kw):
            dx[i + a, j + b] += upstream * k[a, b]
    return dx


@chaff(says=CUT_OFF, breaks={"integers"})
def fractions_of_the_kernel_cut_off(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1), dy.dtype)
    for (i, j), upstream in np.ndenumerate(dy):
        dx[i : i + kh, j : j + kw] = dx[i : i + kh, j : j + kw] + upstream * k
    return dx


@chaff(
    says="You turned the kernel left to right but not upside down. A turn by 180 degrees does "
    "both.",
    breaks=SEVERAL_TAPS,
)
def turned_left_to_right_only(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy, ((top, top), (left, left)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[:, ::-1], axes=2)


@chaff(says=TURN_THE_KERNEL, breaks=EVERY_GROUP - {"one_output"})
def both_turned(dy, k):
    top, left = k.shape[0] - 1, k.shape[1] - 1
    padded = np.pad(dy[::-1, ::-1], ((top, top), (left, left)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1, ::-1], axes=2)


@chaff(
    says="You pad height and width by the same number. With a kernel that is not square they "
    "differ.",
    breaks={"kernel_shape", "kernel_larger", "one_output"},
)
def padded_by_the_width_on_both_sides(dy, k):
    padded = np.pad(dy, k.shape[1] - 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, k.shape)
    return np.tensordot(windows, k[::-1, ::-1], axes=2)


@chaff(
    says="The last row and the last column of outputs are missing. Your loops stop one output "
    "early.",
    breaks=EVERY_GROUP,
)
def one_output_short(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[0] - 1):
        for j in range(dy.shape[1] - 1):
            dx[i : i + kh, j : j + kw] += dy[i, j] * k
    return dx


@chaff(
    says="Height and width are mixed up: both your loops over the outputs go as far as dy is high.",
    breaks=EVERY_GROUP - {"one_output"},
)
def height_for_both(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[0]):
            dx[i : i + kh, j : j + kw] += dy[i, j] * k
    return dx


@chaff(
    says="Height and width are mixed up: both your loops over the outputs go as far as dy is wide.",
    breaks=EVERY_GROUP - {"one_output"},
)
def width_for_both(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for i in range(dy.shape[1]):
        for j in range(dy.shape[1]):
            dx[i : i + kh, j : j + kw] += dy[i, j] * k
    return dx


@chaff(
    says="You average: your gradient is divided by the number of outputs. The chain rule adds "
    "their shares up.",
    breaks=EVERY_GROUP - {"one_output"},
)
def mean_over_outputs(dy, k):
    kh, kw = k.shape
    dx = np.zeros((dy.shape[0] + kh - 1, dy.shape[1] + kw - 1))
    for (i, j), upstream in np.ndenumerate(dy):
        dx[i : i + kh, j : j + kw] += upstream * k
    return dx / dy.size


def oracle(dy: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Convolve the upstream gradient with the kernel; every overlap counts."""
    return convkit.convolve2d(dy, k)


EXERCISE = Exercise(
    name="input_gradient",
    oracle=oracle,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        stamps_of_the_kernel,
        shifted_copies_of_the_upstream,
        padded_and_turned,
        chain_rule_with_index_checks,
        product_of_spectra,
    ),
    misconceptions=(
        kernel_not_turned,
        kernel_transposed,
        turned_upside_down_only,
        upstream_turned_for_the_kernel,
        padded_by_the_kernel_size,
        as_large_as_the_output,
        one_padding_for_both_sides,
        shares_overwritten,
        upstream_left_out,
        fractions_cut_off,
        fractions_of_the_kernel_cut_off,
        turned_left_to_right_only,
        both_turned,
        padded_by_the_width_on_both_sides,
        one_output_short,
        height_for_both,
        width_for_both,
        mean_over_outputs,
    ),
    covers=("A6 E10",),
)
