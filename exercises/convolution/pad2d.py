"""``pad2d(x, padding, mode="zeros")``: an image with a border around it.

Given an image `x` of shape (H, W); an array of shape (H + 2p, W + 2p) is returned, with x in the
middle and p rows or columns on each side. For one row ``1 2 3 4`` and p = 2:

========= ====================
zeros     ``0 0|1 2 3 4|0 0``
reflect   ``3 2|1 2 3 4|3 2``
replicate ``1 1|1 2 3 4|4 4``
circular  ``3 4|1 2 3 4|1 2``
========= ====================

Corners follow the same rule in both directions. Reflect does not repeat the edge and needs p < H
and p < W; circular needs p <= H and p <= W; for zeros and replicate p may be larger than the image.
With p = 0 every mode gives x back.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, generic, wheat

from .pad2d_chaffs import CHAFFS
from .pad2d_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("zeros", 1, "zeros"),
    RubricLine("reflect", 2, "reflect: a mirror in the edge pixel"),
    RubricLine("replicate", 1, "replicate: the edge pixel again and again"),
    RubricLine("circular", 1, "circular: the image wraps round"),
    RubricLine("nothing", 1, "padding 0 in every mode"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no image is square."""
    yield Case("zeros", (generic(rng, 3, 5), 1))
    sizes = {
        "zeros": [(6, 2, 4)],
        "reflect": [(5, 4, 3), (3, 7, 2)],
        "replicate": [(3, 5, 2), (4, 2, 3)],
        "circular": [(4, 6, 3), (5, 3, 3)],
    }
    for mode, triples in sizes.items():
        for height, width, padding in triples:
            yield Case(mode, (generic(rng, height, width), padding), {"mode": mode})
    for mode, shape in zip(sizes, [(3, 4), (4, 3), (4, 3), (3, 4)], strict=True):
        yield Case("nothing", (generic(rng, *shape), 0), {"mode": mode})
    yield Case("nothing", (generic(rng, 1, 1), 0))


EXAMPLES = (
    call(np.arange(1, 7).reshape(2, 3), 1),
    call(np.array([[1, 2], [3, 4]]), 3),
    call(np.arange(1, 13).reshape(3, 4), 1, mode="reflect"),
    call(np.arange(1, 13).reshape(3, 4), 2, mode="reflect"),
    call(np.arange(1, 7).reshape(2, 3), 2, mode="replicate"),
    call(np.arange(1, 7).reshape(3, 2), 2, mode="circular"),
    call(np.arange(1, 13).reshape(3, 4), 2, mode="circular"),
    *(
        call(np.arange(1, 7).reshape(2, 3), 0, mode=mode)
        for mode in ("zeros", "reflect", "replicate", "circular")
    ),
)


@wheat
def index_of_every_row_and_column(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        if mode == "circular":
            return places % n
        if mode == "replicate":
            return np.clip(places, 0, n - 1)
        if mode == "reflect":
            return n - 1 - np.abs(n - 1 - np.abs(places))
        return places

    height, width = x.shape
    if mode == "zeros":
        padded = np.zeros((height + 2 * padding, width + 2 * padding))
        padded[padding : padding + height, padding : padding + width] = x
        return padded
    return x[np.ix_(sources(height), sources(width))]


@wheat
def strips_side_by_side(x, padding, mode="zeros"):
    def pad_rows(image):
        height, width = image.shape
        if mode == "zeros":
            above = below = np.zeros((padding, width))
        elif mode == "reflect":
            above = image[1 : padding + 1][::-1]
            below = image[height - 1 - padding : height - 1][::-1]
        elif mode == "replicate":
            above = np.repeat(image[:1], padding, axis=0)
            below = np.repeat(image[-1:], padding, axis=0)
        else:
            above, below = image[height - padding :], image[:padding]
        return np.vstack([above, image, below])

    return pad_rows(pad_rows(x).T).T


@wheat
def pixel_by_pixel(x, padding, mode="zeros"):
    def inside(i, n):
        if 0 <= i < n:
            return i
        if mode == "replicate":
            return 0 if i < 0 else n - 1
        if mode == "circular":
            return i + n if i < 0 else i - n
        return -i if i < 0 else 2 * (n - 1) - i

    height, width = x.shape
    y = np.zeros((height + 2 * padding, width + 2 * padding))
    for i in range(-padding, height + padding):
        for j in range(-padding, width + padding):
            if mode == "zeros" and not (0 <= i < height and 0 <= j < width):
                continue
            y[i + padding, j + padding] = x[inside(i, height), inside(j, width)]
    return y


@wheat
def selection_matrices(x, padding, mode="zeros"):
    def selection(n):
        matrix = np.zeros((n + 2 * padding, n))
        for row, place in enumerate(range(-padding, n + padding)):
            if mode == "circular":
                matrix[row, place % n] = 1
            elif mode == "reflect":
                mirrored = abs(place)
                matrix[row, mirrored if mirrored < n else 2 * n - 2 - mirrored] = 1
            elif mode == "replicate":
                matrix[row, min(max(place, 0), n - 1)] = 1
            elif 0 <= place < n:
                matrix[row, place] = 1
        return matrix

    height, width = x.shape
    return selection(height) @ x @ selection(width).T


EXERCISE = Exercise(
    name="pad2d",
    oracle=convkit.pad2d,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=("numpy.pad", *FORBIDDEN),
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        index_of_every_row_and_column,
        strips_side_by_side,
        pixel_by_pixel,
        selection_matrices,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("E6",),
)
