"""``convolve2d(x, k)``: full, true convolution of an image with a kernel.

Given an image `x` of shape (H, W) and a kernel `k` of shape (kh, kw), neither of them necessarily
square; the kernel may be the larger. ``y[i, j] = sum over a, b of k[a, b] * x[i - a, j - b]``,
where x counts as zero outside. An array of shape (H + kh - 1, W + kw - 1) is returned.
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
    chaff,
    fractions,
    generic,
    wheat,
    whole,
)

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "an image that is not square, a square kernel"),
    RubricLine("kernel_shape", 1, "a kernel that is not square"),
    RubricLine("kernel_larger", 1, "a kernel larger than the image"),
    RubricLine("single", 1, "an image or a kernel of one pixel"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs."""
    sizes = {
        "plain": [((4, 6), (3, 3)), ((5, 3), (2, 2))],
        "kernel_shape": [((4, 5), (2, 3)), ((5, 6), (4, 2))],
        "kernel_larger": [((2, 3), (4, 5)), ((3, 2), (4, 3))],
        "single": [((1, 1), (2, 3)), ((3, 4), (1, 1)), ((1, 1), (1, 1))],
    }
    for group, pairs in sizes.items():
        for image, kernel in pairs:
            yield Case(group, (generic(rng, *image), generic(rng, *kernel)))


EXAMPLES = (
    call(np.array([[0, 0, 0], [0, 1, 0]]), np.array([[1, 2], [3, 4]])),
    call(whole(19, 3, 4), whole(20, 2, 3)),
    call(np.array([[1, 2]]), whole(21, 3, 3)),
    call(np.array([[2.5]]), fractions(22, 2, 4)),
    call(fractions(23, 4, 3), np.array([[-2.0]])),
)


@wheat
def the_definition(x, k):
    height, width = x.shape
    kh, kw = k.shape
    y = np.zeros((height + kh - 1, width + kw - 1))
    for i in range(height + kh - 1):
        for j in range(width + kw - 1):
            for a in range(kh):
                for b in range(kw):
                    if 0 <= i - a < height and 0 <= j - b < width:
                        y[i, j] += k[a, b] * x[i - a, j - b]
    return y


@wheat
def every_pixel_leaves_a_scaled_kernel(x, k):
    kh, kw = k.shape
    y = np.zeros((x.shape[0] + kh - 1, x.shape[1] + kw - 1))
    for (i, j), value in np.ndenumerate(x):
        y[i : i + kh, j : j + kw] += value * k
    return y


@wheat
def every_tap_adds_a_shifted_image(x, k):
    height, width = x.shape
    y = np.zeros((height + k.shape[0] - 1, width + k.shape[1] - 1))
    for (a, b), weight in np.ndenumerate(k):
        y[a : a + height, b : b + width] += weight * x
    return y


@wheat
def turned_kernel_over_padded_image(x, k):
    def correlate(image, kernel):
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.tensordot(windows, kernel, axes=2)

    kh, kw = k.shape
    padded = np.pad(x, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return correlate(padded, np.rot90(k, 2))


@wheat
def product_of_spectra(x, k):
    shape = (x.shape[0] + k.shape[0] - 1, x.shape[1] + k.shape[1] - 1)
    return np.fft.irfft2(np.fft.rfft2(x, shape) * np.fft.rfft2(k, shape), shape)


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
    says="You flip the kernel upside down, but not from left to right. A turn by 180 degrees is "
    "both.",
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


EXERCISE = Exercise(
    name="convolve2d",
    oracle=convkit.convolve2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        the_definition,
        every_pixel_leaves_a_scaled_kernel,
        every_tap_adds_a_shifted_image,
        turned_kernel_over_padded_image,
        product_of_spectra,
    ),
    misconceptions=(
        not_flipped,
        flipped_in_one_direction,
        transposed_instead_of_turned,
        only_the_valid_part,
        as_large_as_the_image,
        assigns_where_pieces_overlap,
        slice_ends_at_minus_zero,
        pads_both_sides_by_the_height,
        wraps_round,
    ),
    covers=("E2 E3 E4",),
)
