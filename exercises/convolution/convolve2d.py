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
    fractions,
    generic,
    wheat,
    whole,
)

from .convolve2d_chaffs import CHAFFS
from .convolve2d_loops import LOOPS
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
        "kernel_shape": [((4, 5), (2, 3)), ((6, 5), (4, 2))],
        "kernel_larger": [((2, 3), (4, 5)), ((3, 2), (4, 3))],
        "single": [((1, 1), (2, 3)), ((3, 4), (1, 1)), ((4, 3), (1, 1)), ((1, 1), (1, 1))],
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
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("E2 E3 E4",),
)
