"""``im2col(x, kernel, stride=1, padding=0)``: every window of a batch of images as a row.

Given images `x` of shape (N, H, W, C). `kernel` is a whole number for square windows, or a pair
(kh, kw). Height and width are padded with zeros, batch and channels are not. Window [i, j] of image
n begins at ``[i * stride, j * stride]`` of the padded image; windows that do not fit are left out,
so that ``H_out = (H + 2 * padding - kh) // stride + 1``, and W_out likewise. A matrix of shape
(N * H_out * W_out, kh * kw * C) is returned. Its row ``(n * H_out + i) * W_out + j`` is window
[i, j] of image n; in it the column ``(a * kw + c) * C + m`` holds row a, column c, channel m of the
window. `x` may hold whole numbers or fractions, and the matrix holds the same.
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
    whole_numbers,
)

from .im2col_chaffs import CHAFFS
from .im2col_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 2, "one image, one channel, a square window"),
    RubricLine("channels", 3, "several channels"),
    RubricLine("batch", 2, "several images"),
    RubricLine("stride", 1, "a stride larger than 1, whether it fits or not"),
    RubricLine("padding", 1, "zeros on all four sides"),
    RubricLine("kernel_shape", 1, "windows that are not square, given as a pair"),
    RubricLine("everything", 2, "all of it at once"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; each group but the last leaves out what the other groups are about."""
    yield Case("plain", (generic(rng, 1, 4, 6, 1), 3))
    yield Case("plain", (whole_numbers(rng, 1, 5, 3, 1), 2))
    yield Case("channels", (generic(rng, 1, 4, 5, 3), 2))
    yield Case("channels", (generic(rng, 1, 5, 4, 2), 3))
    yield Case("batch", (generic(rng, 3, 4, 5, 1), 2))
    yield Case("batch", (generic(rng, 2, 5, 3, 1), 2))
    yield Case("stride", (generic(rng, 1, 7, 10, 1), 3), {"stride": 2})
    yield Case("stride", (generic(rng, 1, 9, 8, 1), 2), {"stride": 3})
    yield Case("padding", (generic(rng, 1, 4, 3, 1), 3), {"padding": 2})
    yield Case("padding", (generic(rng, 1, 3, 5, 1), 2), {"padding": 1})
    yield Case("kernel_shape", (generic(rng, 1, 5, 8, 1), (2, 4)))
    yield Case("kernel_shape", (generic(rng, 1, 7, 5, 1), (3, 1)))
    yield Case("everything", (generic(rng, 3, 8, 6, 2), (3, 2)), {"stride": 2, "padding": 1})
    yield Case("everything", (generic(rng, 2, 6, 10, 3), (2, 4)), {"stride": 3, "padding": 2})


EXAMPLES = (
    call(np.arange(1, 13).reshape(1, 3, 4, 1), 2),
    call(np.arange(1, 13).reshape(1, 2, 3, 2), 2),
    call(np.arange(1, 25).reshape(2, 3, 4, 1), 3),
    call(whole(41, 1, 4, 6, 1), 2, stride=3),
    call(whole(42, 1, 2, 3, 1), 2, padding=1),
    call(whole(43, 1, 4, 5, 1), (1, 3)),
    call(fractions(46, 2, 6, 7, 3), (3, 2), stride=2, padding=1),
)


@wheat
def row_by_row(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    tops = range(0, padded.shape[1] - kh + 1, stride)
    lefts = range(0, padded.shape[2] - kw + 1, stride)
    matrix = np.zeros((len(x) * len(tops) * len(lefts), kh * kw * x.shape[3]))
    row = 0
    for image in padded:
        for top in tops:
            for left in lefts:
                matrix[row] = image[top : top + kh, left : left + kw].ravel()
                row += 1
    return matrix


@wheat
def tap_by_tap(x, kernel, stride=1, padding=0):
    kh, kw = np.broadcast_to(kernel, 2)
    images, height, width, channels = x.shape
    padded = np.zeros((images, height + 2 * padding, width + 2 * padding, channels))
    padded[:, padding : padding + height, padding : padding + width] = x
    rows = (height + 2 * padding - kh) // stride + 1
    columns = (width + 2 * padding - kw) // stride + 1
    result = np.empty((images, rows, columns, kh, kw, channels))
    for a in range(kh):
        for c in range(kw):
            down = slice(a, a + (rows - 1) * stride + 1, stride)
            along = slice(c, c + (columns - 1) * stride + 1, stride)
            result[:, :, :, a, c] = padded[:, down, along]
    return result.reshape(images * rows * columns, kh * kw * channels)


@wheat
def sliding_windows(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if np.ndim(kernel) == 0 else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(1, 2))
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(-1, kh * kw * x.shape[3])


@wheat
def strides_in_memory(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    images, height, width, channels = padded.shape
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    image, down, along, channel = padded.strides
    windows = np.lib.stride_tricks.as_strided(
        padded,
        (images, rows, columns, kh, kw, channels),
        (image, down * stride, along * stride, down, along, channel),
        writeable=False,
    )
    return windows.reshape(images * rows * columns, kh * kw * channels)


@wheat
def index_arrays(x, kernel, stride=1, padding=0):
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    images, height, width, channels = padded.shape
    tops = np.arange(0, height - kh + 1, stride)
    lefts = np.arange(0, width - kw + 1, stride)
    rows = tops[:, None, None, None] + np.arange(kh)[:, None]
    columns = lefts[:, None, None] + np.arange(kw)
    return padded[:, rows, columns].reshape(images * len(tops) * len(lefts), kh * kw * channels)


EXERCISE = Exercise(
    name="im2col",
    oracle=convkit.im2col,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(row_by_row, tap_by_tap, sliding_windows, strides_in_memory, index_arrays),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("E9",),
)
