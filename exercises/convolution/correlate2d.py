"""``correlate2d(x, k, stride=1, padding=0)``: cross-correlation of an image with a kernel.

Given an image `x` of shape (H, W) and a kernel `k` of shape (kh, kw), neither of them necessarily
square. `padding` rows or columns of zeros are put on each of the four sides, and
``y[i, j] = sum over a, b of k[a, b] * padded[i * stride + a, j * stride + b]``. The kernel is not
flipped. An array of shape ``((H + 2p - kh) // s + 1, (W + 2p - kw) // s + 1)`` is returned. The
padded image is at least as large as the kernel.
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

from .correlate2d_chaffs import CHAFFS
from .correlate2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "an image that is not square, a square kernel"),
    RubricLine("kernel_shape", 1, "a kernel that is not square"),
    RubricLine("stride", 1, "a stride larger than 1, whether it fits or not"),
    RubricLine("padding", 1, "zeros on all four sides"),
    RubricLine("stride_padding", 1, "stride and padding together"),
    RubricLine("borders", 1, "a kernel as large as the image, and one of a single pixel"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; strides fit one side and leave a rest on the other."""

    def pair(image: tuple[int, int], kernel: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        return generic(rng, *image), generic(rng, *kernel)

    yield Case("plain", pair((6, 8), (3, 3)))
    yield Case("plain", pair((5, 4), (2, 2)))
    yield Case("kernel_shape", pair((5, 7), (2, 4)))
    yield Case("kernel_shape", pair((6, 5), (3, 1)))
    yield Case("stride", pair((7, 10), (3, 3)), {"stride": 2})
    yield Case("stride", pair((9, 8), (2, 2)), {"stride": 3})
    yield Case("padding", pair((5, 7), (3, 3)), {"padding": 1})
    yield Case("padding", pair((5, 3), (4, 4)), {"padding": 3})
    yield Case("stride_padding", pair((8, 11), (3, 2)), {"stride": 2, "padding": 1})
    yield Case("stride_padding", pair((9, 6), (2, 4)), {"stride": 3, "padding": 2})
    yield Case("borders", pair((3, 5), (3, 5)))
    yield Case("borders", pair((1, 1), (1, 1)))
    yield Case("borders", pair((6, 4), (1, 1)))


EXAMPLES = (
    call(whole(6, 4, 5), np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])),
    call(whole(7, 5, 4), whole(8, 3, 3)),
    call(whole(9, 4, 6), whole(10, 2, 3)),
    call(whole(11, 6, 5), whole(12, 3, 1), stride=2),
    call(whole(13, 3, 4), whole(14, 2, 2), padding=1),
    call(fractions(15, 6, 7), fractions(16, 3, 2), stride=3, padding=2),
    call(whole(17, 3, 4), whole(18, 3, 4)),
    call(np.array([[7]]), np.array([[3]])),
)


@wheat
def loops_over_every_tap(x, k, stride=1, padding=0):
    height, width = x.shape
    kh, kw = k.shape
    padded = np.zeros((height + 2 * padding, width + 2 * padding))
    padded[padding : padding + height, padding : padding + width] = x
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            for a in range(kh):
                for b in range(kw):
                    y[i, j] += k[a, b] * padded[i * stride + a, j * stride + b]
    return y


@wheat
def product_with_each_patch(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    tops = range(0, padded.shape[0] - kh + 1, stride)
    lefts = range(0, padded.shape[1] - kw + 1, stride)
    return np.array([[(padded[i : i + kh, j : j + kw] * k).sum() for j in lefts] for i in tops])


@wheat
def sliding_windows_and_einsum(x, k, stride=1, padding=0):
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), k.shape)
    return np.einsum("ijab,ab->ij", windows[::stride, ::stride], k)


@wheat
def sum_of_shifted_images(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    kh, kw = k.shape
    rows, columns = padded.shape[0] - kh + 1, padded.shape[1] - kw + 1
    y = 0
    for (a, b), weight in np.ndenumerate(k):
        y = y + weight * padded[a : a + rows : stride, b : b + columns : stride]
    return y


@wheat
def patches_as_rows(x, k, stride=1, padding=0):
    def patches(image):
        view = np.lib.stride_tricks.sliding_window_view(image, k.shape)[::stride, ::stride]
        return view.reshape(-1, k.size), view.shape[:2]

    rows, shape = patches(np.pad(x, padding))
    return (rows @ k.ravel()).reshape(shape)


@wheat
def every_pixel_gives_to_its_windows(x, k, stride=1, padding=0):
    height, width = x.shape
    kh, kw = k.shape
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((rows, columns))
    for (row, column), value in np.ndenumerate(x):
        for (a, b), weight in np.ndenumerate(k):
            i, off_row = divmod(row + padding - a, stride)
            j, off_column = divmod(column + padding - b, stride)
            if off_row == off_column == 0 and 0 <= i < rows and 0 <= j < columns:
                y[i, j] += weight * value
    return y


@wheat
def product_of_spectra(x, k, stride=1, padding=0):
    padded = np.pad(x, padding)
    spectrum = np.fft.rfft2(padded) * np.conj(np.fft.rfft2(k, padded.shape))
    circular = np.fft.irfft2(spectrum, padded.shape)
    rows, columns = padded.shape[0] - k.shape[0] + 1, padded.shape[1] - k.shape[1] + 1
    return circular[:rows:stride, :columns:stride]


EXERCISE = Exercise(
    name="correlate2d",
    oracle=convkit.correlate2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        loops_over_every_tap,
        product_with_each_patch,
        sliding_windows_and_einsum,
        sum_of_shifted_images,
        patches_as_rows,
        every_pixel_gives_to_its_windows,
        product_of_spectra,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("B2a B2b C1c E5",),
)
