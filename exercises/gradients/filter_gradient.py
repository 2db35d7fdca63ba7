"""``filter_gradient(dy, x)``: gradient to the kernel of a 2-D correlation.

The forward pass is ``y[i, j] = sum over a, b of k[a, b] * x[i + a, j + b]``: one channel, stride 1,
no padding, no flip. `x` has the shape (H, W), `dy` the shape (H_out, W_out) of y, at most as large
as `x`. Returned is ``dk`` of shape (H - H_out + 1, W - W_out + 1), the shape of the kernel. Each
array may hold whole numbers or fractions; the answer keeps its fractions.
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
    RubricLine("one_output", 1, "an image as large as the kernel"),
    RubricLine("one_tap", 1, "a kernel of one entry"),
    RubricLine("integers", 1, "whole numbers beside fractions"),
)

EVERY_GROUP: Final = frozenset(line.group for line in RUBRIC)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs, in the groups of the rubric."""
    yield Case("square_kernel", (generic(rng, 3, 4), generic(rng, 5, 6)))
    yield Case("square_kernel", (generic(rng, 4, 2), generic(rng, 5, 3)))
    yield Case("kernel_shape", (generic(rng, 4, 3), generic(rng, 5, 6)))
    yield Case("kernel_shape", (generic(rng, 2, 4), generic(rng, 6, 5)))
    for shape in [(2, 3), (4, 2)]:
        yield Case("one_output", (single(rng, 1, 1), generic(rng, *shape)))
        yield Case("one_tap", (generic(rng, *shape), generic(rng, *shape)))
    yield Case("integers", (generic(rng, 3, 2), whole_numbers(rng, 5, 4)))
    yield Case("integers", (whole_numbers(rng, 2, 3), generic(rng, 4, 5)))


EXAMPLES = (
    call(np.array([[0, 0], [0, 1]]), whole(63, 3, 4)),
    call(whole(64, 2, 3), whole(65, 4, 5)),
    call(whole(66, 3, 2), whole(67, 4, 5)),
    call(np.array([[2]]), whole(68, 2, 3)),
    call(whole(69, 3, 4), whole(70, 3, 4)),
    call(fractions(71, 2, 3), whole(72, 4, 4)),
)


@wheat
def window_for_every_kernel_entry(dy, x):
    rows, columns = dy.shape
    dk = np.zeros((x.shape[0] - rows + 1, x.shape[1] - columns + 1))
    for a in range(dk.shape[0]):
        for b in range(dk.shape[1]):
            dk[a, b] = np.sum(dy * x[a : a + rows, b : b + columns])
    return dk


@wheat
def every_output_adds_its_window(dy, x):
    kh, kw = x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1
    dk = np.zeros((kh, kw))
    for (i, j), upstream in np.ndenumerate(dy):
        dk = dk + upstream * x[i : i + kh, j : j + kw]
    return dk


@wheat
def four_loops(dy, x):
    kh, kw = len(x) - len(dy) + 1, len(x[0]) - len(dy[0]) + 1
    dk: list = []
    for a in range(kh):
        dk.append([])
        for b in range(kw):
            total = 0.0
            for i in range(len(dy)):
                for j in range(len(dy[0])):
                    total += dy[i, j] * x[i + a, j + b]
            dk[-1].append(total)
    return np.array(dk)


@wheat
def windows_at_once(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.einsum("abij,ij->ab", windows, dy)


@wheat
def product_of_spectra(dy, x):
    spectrum = np.conj(np.fft.rfft2(dy, x.shape)) * np.fft.rfft2(x)
    rows, columns = x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1
    return np.fft.irfft2(spectrum, x.shape)[:rows, :columns]


@chaff(
    says="You turned dy by 180 degrees before it slides: this is true convolution. Nothing is "
    "flipped in the gradient to the kernel.",
    breaks=EVERY_GROUP - {"one_output"},
)
def upstream_turned(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.tensordot(windows, dy[::-1, ::-1], axes=2)


@chaff(
    says="Your gradient is turned by 180 degrees. Its entry at [0, 0] belongs to the kernel's "
    "entry at [0, 0].",
    breaks=EVERY_GROUP - {"one_tap"},
)
def gradient_turned(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.tensordot(windows, dy, axes=2)[::-1, ::-1]


@chaff(
    says="Your gradient is transposed: its rows and columns have changed places. It has the shape "
    "of the kernel.",
    breaks=EVERY_GROUP - {"one_tap"},
)
def gradient_transposed(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.tensordot(windows, dy, axes=2).T


@chaff(
    says="You pad before you slide, so your gradient is too large. The windows stay inside the "
    "image: as many places as the kernel has entries.",
    breaks=EVERY_GROUP - {"one_output"},
)
def full_in_place_of_valid(dy, x):
    rows, columns = dy.shape
    padded = np.pad(x, ((rows - 1, rows - 1), (columns - 1, columns - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, dy.shape)
    return np.tensordot(windows, dy, axes=2)


@chaff(
    says="You take the mean over the outputs. The chain rule adds their shares up.",
    breaks=EVERY_GROUP - {"one_output"},
)
def mean_over_outputs(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.tensordot(windows, dy, axes=2) / dy.size


@chaff(
    says="Your gradient comes from the last output only. Each output has a share in it: add them "
    "up.",
    breaks=EVERY_GROUP - {"one_output"},
)
def last_output_only(dy, x):
    kh, kw = x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1
    for (i, j), upstream in np.ndenumerate(dy):
        dk = upstream * x[i : i + kh, j : j + kw]
    return dk


@chaff(
    says="You leave the upstream gradient out: you add the windows up as if every entry of dy "
    "were one.",
    breaks=EVERY_GROUP,
)
def upstream_left_out(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return windows.sum(axis=(2, 3)) + 0.0


@chaff(
    says="The last row and the last column of your gradient are missing. An image of 5 rows with "
    "an output of 3 had a kernel of 3 rows, not 2.",
    breaks=EVERY_GROUP,
)
def kernel_one_too_small(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.tensordot(windows, dy, axes=2)[:-1, :-1]


@chaff(
    says="Your array holds whole numbers only, because the image did, so fractions are cut off. "
    "Which dtype had the array that you filled?",
    breaks={"integers"},
)
def fractions_cut_off(dy, x):
    rows, columns = dy.shape
    dk = np.zeros((x.shape[0] - rows + 1, x.shape[1] - columns + 1), x.dtype)
    for a, b in np.ndindex(*dk.shape):
        dk[a, b] = np.sum(dy * x[a : a + rows, b : b + columns])
    return dk


@chaff(
    says="You turned dy left to right before it slides. Nothing is flipped in the gradient to the "
    "kernel.",
    breaks={"square_kernel", "kernel_shape", "one_tap", "integers"},
)
def upstream_turned_left_to_right(dy, x):
    windows = np.lib.stride_tricks.sliding_window_view(x, dy.shape)
    return np.tensordot(windows, dy[:, ::-1], axes=2)


@chaff(
    says="The last row and the last column of outputs are missing. Your loops over dy stop one "
    "output early.",
    breaks=EVERY_GROUP,
)
def one_output_short(dy, x):
    kh, kw = x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1
    dk = np.zeros((kh, kw))
    for i in range(dy.shape[0] - 1):
        for j in range(dy.shape[1] - 1):
            dk += dy[i, j] * x[i : i + kh, j : j + kw]
    return dk


@chaff(
    says="Height and width are mixed up: both your loops over the outputs go as far as dy is high.",
    breaks={"square_kernel", "kernel_shape", "one_tap", "integers"},
)
def height_for_both(dy, x):
    kh, kw = x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1
    dk = np.zeros((kh, kw))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[0]):
            dk += dy[i, j] * x[i : i + kh, j : j + kw]
    return dk


@chaff(
    says="Height and width are mixed up: both your loops over the outputs go as far as dy is wide.",
    breaks={"square_kernel", "kernel_shape", "one_tap", "integers"},
)
def width_for_both(dy, x):
    kh, kw = x.shape[0] - dy.shape[0] + 1, x.shape[1] - dy.shape[1] + 1
    dk = np.zeros((kh, kw))
    for i in range(dy.shape[1]):
        for j in range(dy.shape[1]):
            dk += dy[i, j] * x[i : i + kh, j : j + kw]
    return dk


@chaff(
    says="Your array holds whole numbers only, because the image did, so fractions are cut off. "
    "Which dtype had the array that you filled?",
    breaks={"integers"},
)
def fractions_cut_off_at_each_step(dy, x):
    rows, columns = dy.shape
    dk = np.zeros((x.shape[0] - rows + 1, x.shape[1] - columns + 1), x.dtype)
    for a, b in np.ndindex(*dk.shape):
        for i, j in np.ndindex(rows, columns):
            dk[a, b] += dy[i, j] * x[i + a, j + b]
    return dk


def oracle(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Slide the upstream gradient over the image."""
    return convkit.correlate2d(x, dy)


EXERCISE = Exercise(
    name="filter_gradient",
    oracle=oracle,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        window_for_every_kernel_entry,
        every_output_adds_its_window,
        four_loops,
        windows_at_once,
        product_of_spectra,
    ),
    misconceptions=(
        upstream_turned,
        gradient_turned,
        gradient_transposed,
        full_in_place_of_valid,
        mean_over_outputs,
        last_output_only,
        upstream_left_out,
        kernel_one_too_small,
        fractions_cut_off,
        upstream_turned_left_to_right,
        one_output_short,
        height_for_both,
        width_for_both,
        fractions_cut_off_at_each_step,
    ),
    covers=("A5",),
)
