"""``conv_matrix2d(k, input_shape)``: the correlation of an image with a kernel as a matrix.

Given a kernel `k` of shape (kh, kw) and ``input_shape = (H, W)``, no smaller than the kernel. The
matrix M of shape (H_out * W_out, H * W) is returned, ``H_out = H - kh + 1`` and
``W_out = W - kw + 1``, for which ``M @ x.ravel()`` is the correlation of every image `x` of shape
(H, W) with `k`, stride 1, no padding, as a vector. Images are read row by row: pixel ``[i, j]`` of
the input has the column ``i * W + j``, pixel ``[r, c]`` of the output the row ``r * W_out + c``. So
``M[r * W_out + c, (r + a) * W + (c + b)] = k[a, b]``, and 0 elsewhere. `k` may hold whole numbers
or fractions, and the matrix holds the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
    whole_numbers,
)

from .conv_matrix2d_chaffs import CHAFFS
from .conv_matrix2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("plain", 4, "a square kernel on an image that is not square"),
    RubricLine("kernel_shape", 3, "kernels that are not square"),
    RubricLine("one_window", 1, "a kernel as large as the image"),
    RubricLine("one_tap", 1, "a kernel of one number"),
    RubricLine("integers", 1, "whole numbers in the kernel"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square."""
    yield Case("plain", (generic(rng, 2, 2), (3, 5)))
    yield Case("plain", (generic(rng, 3, 3), (6, 4)))
    yield Case("kernel_shape", (generic(rng, 2, 3), (4, 5)))
    yield Case("kernel_shape", (generic(rng, 3, 1), (5, 3)))
    yield Case("kernel_shape", (generic(rng, 1, 2), (3, 4)))
    yield Case("one_window", (generic(rng, 2, 3), (2, 3)))
    yield Case("one_window", (generic(rng, 3, 2), (3, 2)))
    for turn in (1, -1):
        shorter = int(rng.integers(2, 5))
        shape = (shorter, shorter + int(rng.integers(1, 5)))[::turn]
        yield Case("one_tap", (generic(rng, 1, 1), shape))
    # Increasing, so that turning or transposing the kernel always shows.
    for shape in [(4, 3), (3, 5)]:
        yield Case("integers", (whole_numbers(rng, 2, 2).cumsum().reshape(2, 2), shape))


EXAMPLES = (
    call(np.array([[1, 2], [3, 4]]), (3, 4)),
    call(np.array([[1, 2, 3]]), (2, 4)),
    call(np.array([[1], [2]]), (3, 2)),
    call(np.array([[1, 2, 3], [4, 5, 6]]), (2, 3)),
    call(np.array([[0.5]]), (2, 3)),
    call(fractions(40, 3, 2), (5, 4)),
)


def oracle(k: np.ndarray, input_shape: tuple[int, int]) -> Any:
    """The matrix; convkit's own has options that the exercise does not ask for."""
    return convkit.conv_matrix2d(k, input_shape)


@wheat
def four_loops(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    matrix = np.zeros((rows * columns, height * width))
    for r in range(rows):
        for c in range(columns):
            for a in range(kh):
                for b in range(kw):
                    matrix[r * columns + c, (r + a) * width + c + b] = k[a, b]
    return matrix


@wheat
def kernel_laid_on_an_empty_image(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows = []
    for r in range(height - kh + 1):
        for c in range(width - kw + 1):
            image = np.zeros((height, width))
            image[r : r + kh, c : c + kw] = k
            rows.append(image.ravel())
    return np.array(rows)


@wheat
def toeplitz_blocks(k, input_shape):
    def toeplitz(w, n):
        return sum(weight * np.eye(n - len(w) + 1, n, k=a) for a, weight in enumerate(w))

    height, width = input_shape
    kh, kw = k.shape
    empty = np.zeros((width - kw + 1, width))
    blocks = [toeplitz(row, width) for row in k]
    return np.block(
        [
            [blocks[i - r] if 0 <= i - r < kh else empty for i in range(height)]
            for r in range(height - kh + 1)
        ]
    )


@wheat
def kronecker_products(k, input_shape):
    height, width = input_shape
    kh, kw = k.shape
    rows, columns = height - kh + 1, width - kw + 1
    return sum(
        k[a, b] * np.kron(np.eye(rows, height, k=a), np.eye(columns, width, k=b))
        for a in range(kh)
        for b in range(kw)
    )


@wheat
def answers_to_single_pixels(k, input_shape):
    height, width = input_shape
    pixels = np.eye(height * width).reshape(height * width, height, width)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, k.shape, axis=(1, 2))
    return np.einsum("nrcab,ab->rcn", windows, k).reshape(-1, height * width)


EXERCISE = Exercise(
    name="conv_matrix2d",
    oracle=oracle,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        four_loops,
        kernel_laid_on_an_empty_image,
        toeplitz_blocks,
        kronecker_products,
        answers_to_single_pixels,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("doubly blocked",),
)
