"""``impulses(shape, points)``: a black canvas with a white pixel at each of some points.

`shape` is a pair (H, W), not necessarily square. `points` is a sequence of pairs (row, column),
counted from 0, all on the canvas; it may be empty. An array of shape (H, W) is returned. It holds
how often each pixel is named: 0 nearly everywhere, 1 at a point, 2 at a point given twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, wheat

from .impulses_chaffs import CHAFFS
from .impulses_loops import LOOPS
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("one", 1, "one point on a canvas that is not square"),
    RubricLine("several", 2, "several points, at the rim as well"),
    RubricLine("repeated", 1, "a point that is given more than once"),
    RubricLine("none", 1, "no point at all"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; swapping row and column moves the points."""

    def different(count: int, side: int) -> list[tuple[int, int]]:
        """Points off the diagonal of a square: they stay on the canvas when they are swapped."""
        rows, columns = (rng.choice(side, count, replace=False) for _ in range(2))
        if np.any(rows == columns):
            return different(count, side)
        return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]

    def sides() -> tuple[int, int]:
        shorter = int(rng.integers(5, 25))
        return shorter, shorter + int(rng.integers(2, 12))

    height, width = sides()
    yield Case("one", ((height, width), tuple(different(1, height))))
    width, height = sides()
    yield Case("one", ((height, width), tuple(different(1, width))))
    yield Case("several", ((6, 9), tuple(different(4, 6))))
    inner = [(row + 1, column) for column, row in different(2, 4)]
    yield Case("several", ((7, 5), ((0, 4), (6, 0), *inner)))
    first, second, third = different(3, 6)
    yield Case("repeated", ((6, 8), (first, second, first, third)))
    yield Case("repeated", ((8, 6), (second[::-1], first[::-1], first[::-1], first[::-1])))
    yield Case("none", (sides(), ()))
    yield Case("none", (sides()[::-1], ()))


EXAMPLES = (
    call((3, 5), [(0, 2)]),
    call((5, 4), [(0, 2), (4, 3), (2, 0)]),
    call((3, 4), [(1, 2), (0, 3), (1, 2)]),
    call((2, 3), []),
)


@wheat
def one_after_the_other(shape, points):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
    return canvas


@wheat
def unbuffered_addition(shape, points):
    canvas = np.zeros(shape, dtype=int)
    places = np.array(points, dtype=int).reshape(-1, 2)
    np.add.at(canvas, tuple(places.T), 1)
    return canvas


@wheat
def counted_by_a_counter(shape, points):
    from collections import Counter

    counts = Counter(tuple(point) for point in points)
    height, width = shape
    return np.array([[counts[i, j] for j in range(width)] for i in range(height)])


@wheat
def counted_along_the_flat_canvas(shape, points):
    height, width = shape
    flat = [row * width + column for row, column in points]
    return np.bincount(np.array(flat, dtype=int), minlength=height * width).reshape(shape)


@wheat
def sum_of_unit_impulses(shape, points):
    from scipy import signal

    return sum((signal.unit_impulse(shape, tuple(point)) for point in points), np.zeros(shape))


EXERCISE = Exercise(
    name="impulses",
    oracle=convkit.impulses,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        one_after_the_other,
        unbuffered_addition,
        counted_by_a_counter,
        counted_along_the_flat_canvas,
        sum_of_unit_impulses,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("A3",),
)
