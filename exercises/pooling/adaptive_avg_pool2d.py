"""``adaptive_avg_pool2d(x, output_size)``: the means of as many windows as asked for.

Given images `x` of shape (N, H, W, C) and a pair `output_size` of whole numbers (rows, columns), at
most (H, W). Along an axis of n pixels, window i of m reaches from pixel ``floor(i n / m)`` up to,
but not including, ``ceil((i + 1) n / m)``. An array of shape (N, rows, columns, C) is returned.
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

from .adaptive_avg_pool2d_chaffs import CHAFFS
from .adaptive_avg_pool2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("fits", 1, "windows that lie side by side"),
    RubricLine("overlap", 2, "sizes that do not divide, so that windows overlap"),
    RubricLine("whole", 1, "the mean of the whole image"),
    RubricLine("batch", 1, "several images and channels"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; neither an image nor an output is square, but for the single mean."""
    yield Case("fits", (generic(rng, 1, 6, 8, 1),), {"output_size": (3, 2)})
    yield Case("fits", (generic(rng, 1, 9, 4, 1),), {"output_size": (3, 4)})
    yield Case("overlap", (generic(rng, 1, 7, 10, 1),), {"output_size": (3, 4)})
    yield Case("overlap", (generic(rng, 1, 8, 5, 1),), {"output_size": (5, 3)})
    yield Case("whole", (generic(rng, 1, 5, 7, 1),), {"output_size": (1, 1)})
    yield Case("whole", (generic(rng, 1, 6, 4, 1),), {"output_size": (1, 1)})
    yield Case("batch", (generic(rng, 3, 4, 6, 2),), {"output_size": (2, 3)})
    yield Case("batch", (generic(rng, 2, 6, 4, 3),), {"output_size": (3, 2)})


EXAMPLES = (
    call(np.arange(24).reshape(1, 4, 6, 1), (2, 3)),
    call(whole(89, 1, 3, 5, 1), (1, 1)),
    call(np.array([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1), (1, 2)),
    call(np.array([1, 2, 9, 4, 5]).reshape(1, 5, 1, 1), (3, 1)),
    call(fractions(90, 1, 9, 7, 1), (4, 5)),
    call(fractions(91, 2, 6, 4, 3), (3, 2)),
)


@wheat
def slice_for_each_window(x, output_size):
    images, height, width, channels = x.shape
    rows, columns = output_size
    y = np.zeros((images, rows, columns, channels))
    for i in range(rows):
        top, bottom = int(np.floor(i * height / rows)), int(np.ceil((i + 1) * height / rows))
        for j in range(columns):
            left, right = (
                int(np.floor(j * width / columns)),
                int(np.ceil((j + 1) * width / columns)),
            )
            y[:, i, j] = x[:, top:bottom, left:right].mean(axis=(1, 2))
    return y


@wheat
def whole_number_arithmetic(x, output_size):
    def windows(n, m):
        return [(i * n // m, ((i + 1) * n + m - 1) // m) for i in range(m)]

    rows, columns = windows(x.shape[1], output_size[0]), windows(x.shape[2], output_size[1])
    down = np.stack([x[:, a:b].mean(axis=1) for a, b in rows], axis=1)
    return np.stack([down[:, :, a:b].mean(axis=2) for a, b in columns], axis=2)


@wheat
def matrices_from_both_sides(x, output_size):
    def averages(n, m):
        i, k = np.arange(m)[:, None], np.arange(n)[None, :]
        inside = (k >= i * n // m) & (k * m < (i + 1) * n)
        return inside / inside.sum(axis=1, keepdims=True)

    rows, columns = (averages(n, m) for n, m in zip(x.shape[1:3], output_size, strict=True))
    return np.einsum("ih,jw,nhwc->nijc", rows, columns, x)


@wheat
def integral_image(x, output_size):
    table = np.pad(x, ((0, 0), (1, 0), (1, 0), (0, 0))).cumsum(1).cumsum(2)
    (first, last), (left, right) = (
        (np.arange(m) * n // m, -(-np.arange(1, m + 1) * n // m))
        for n, m in zip(x.shape[1:3], output_size, strict=True)
    )
    total = table[:, last][:, :, right] - table[:, first][:, :, right]
    total = total - table[:, last][:, :, left] + table[:, first][:, :, left]
    return total / np.outer(last - first, right - left)[None, :, :, None]


EXERCISE = Exercise(
    name="adaptive_avg_pool2d",
    oracle=convkit.adaptive_avg_pool2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        slice_for_each_window,
        whole_number_arithmetic,
        matrices_from_both_sides,
        integral_image,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("C2a C2b",),
)
