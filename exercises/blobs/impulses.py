"""``impulses(shape, points)``: a black canvas with a white pixel at each of some points.

`shape` is a pair (H, W), not necessarily square. `points` is a sequence of pairs (row, column),
counted from 0, all on the canvas; it may be empty. An array of shape (H, W) is returned. It holds
how often each pixel is named: 0 nearly everywhere, 1 at a point, 2 at a point given twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, call, chaff, wheat

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("one", 1, "one point on a canvas that is not square"),
    RubricLine("several", 2, "several points, at the rim as well"),
    RubricLine("repeated", 1, "a point that is given more than once"),
    RubricLine("none", 1, "no point at all"),
)

WITH_POINTS: Final = frozenset({"one", "several", "repeated"})


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; swapping row and column moves the points."""

    def different(count: int, height: int, width: int) -> list[tuple[int, int]]:
        rows = rng.choice(height, count, replace=False)
        columns = rng.choice(width, count, replace=False)
        if np.any(rows == columns):
            return different(count, height, width)
        return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True)]

    yield Case("one", ((5, 8), tuple(different(1, 5, 8))))
    yield Case("one", ((9, 4), tuple(different(1, 9, 4))))
    yield Case("several", ((6, 9), tuple(different(4, 6, 9))))
    inner = [(row + 1, column) for column, row in different(2, 3, 5)]
    yield Case("several", ((7, 5), ((0, 4), (6, 0), *inner)))
    first, second, third = different(3, 6, 8)
    yield Case("repeated", ((6, 8), (first, second, first, third)))
    yield Case("repeated", ((8, 6), (second[::-1], first[::-1], first[::-1], first[::-1])))
    yield Case("none", ((4, 7), ()))


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


@chaff(
    says="You read a point as x and y. Here the row comes first, then the column.",
    breaks=WITH_POINTS,
)
def column_first(shape, points):
    canvas = np.zeros(shape)
    for column, row in points:
        canvas[row, column] += 1
    return canvas


@chaff(
    says="Your canvas lies on its side: its shape is height, then width.",
    breaks={"one", "several", "repeated", "none"},
)
def width_first(shape, points):
    width, height = shape
    canvas = np.zeros((height, width))
    for row, column in points:
        canvas[column, row] += 1
    return canvas


@chaff(
    says="You count rows and columns from 1. They are counted from 0.",
    breaks=WITH_POINTS,
)
def counted_from_one(shape, points):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row - 1, column - 1] += 1
    return canvas


@chaff(
    says="A point that is given twice counts once in your canvas. An assignment forgets how often, "
    "and so does an addition through a list of indices.",
    breaks={"repeated"},
)
def given_twice_counts_once(shape, points):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] = 1
    return canvas


@chaff(
    says="You light every row of a point in every column of a point. Rows and columns belong "
    "together in pairs.",
    breaks={"several", "repeated"},
)
def every_row_with_every_column(shape, points):
    canvas = np.zeros(shape)
    canvas[np.ix_([row for row, _ in points], [column for _, column in points])] = 1
    return canvas


@chaff(
    says="You light whole rows: an array of pairs as an index picks rows, not pixels.",
    breaks={"one", "several", "repeated", "none"},
)
def pairs_used_as_row_indices(shape, points):
    canvas = np.zeros(shape)
    canvas[np.array(points)] = 1
    return canvas


@chaff(
    says="Your canvas is made anew for every point, so only the last one is left. Make it once, "
    "before the loop.",
    breaks={"several", "repeated", "none"},
)
def canvas_made_anew_for_every_point(shape, points):
    for row, column in points:
        canvas = np.zeros(shape)
        canvas[row, column] += 1
    return canvas


@chaff(
    says="White is 1 here, not 255.",
    breaks=WITH_POINTS,
)
def white_is_255(shape, points):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 255
    return canvas


@chaff(
    says="Without a point your function fails. Then the canvas is black.",
    breaks={"none"},
)
def needs_a_point(shape, points):
    rows, columns = zip(*points, strict=True)
    canvas = np.zeros(shape)
    np.add.at(canvas, (list(rows), list(columns)), 1)
    return canvas


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
    misconceptions=(
        column_first,
        width_first,
        counted_from_one,
        given_twice_counts_once,
        every_row_with_every_column,
        pairs_used_as_row_indices,
        canvas_made_anew_for_every_point,
        white_is_255,
        needs_a_point,
    ),
    covers=("A3",),
)
