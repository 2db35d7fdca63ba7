"""Inputs of the two functions that paint blobs; the hidden ones in groups that break one thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from autograder.authoring import Case, RubricLine, call

RUBRIC: Final = (
    RubricLine("odd", 2, "an odd size, blobs that lie apart and inside the canvas"),
    RubricLine("overlap", 1, "blobs that overlap, and a point given twice"),
    RubricLine("border", 1, "blobs that the border cuts off"),
    RubricLine("even", 1, "an even size, one row and column further down and right"),
    RubricLine("large", 1, "a blob larger than the canvas"),
)

EVERYWHERE: Final = frozenset(line.group for line in RUBRIC)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Canvases that are not square, and points that differ when row and column are swapped."""

    def case(
        group: str, shape: tuple[int, int], size: int, *corners: tuple[int, int, int, int]
    ) -> Case:
        """Each point is drawn from a rectangle: first and last row, first and last column."""
        points = tuple(
            (int(rng.integers(top, bottom + 1)), int(rng.integers(left, right + 1)))
            for top, bottom, left, right in corners
        )
        return Case(group, (shape, points, size, std()))

    def std() -> float:
        return int(rng.integers(77, 128)) / 64

    yield case("odd", (12, 17), 5, (2, 4, 3, 6), (8, 9, 11, 14))
    yield case("odd", (15, 11), 7, (8, 11, 3, 6))
    yield case("overlap", (10, 13), 5, (3, 4, 3, 4), (4, 6, 5, 6), (5, 7, 7, 9))
    row, column = int(rng.integers(5, 8)), int(rng.integers(2, 4))
    yield Case("overlap", ((10, 6), ((row, column), (row, column)), 5, std()))
    yield case("border", (13, 18), 5, (0, 1, 5, 8), (8, 9, 16, 17), (12, 12, 6, 9))
    yield case("border", (12, 9), 7, (10, 11, 0, 2))
    yield case("even", (11, 14), 4, (2, 3, 2, 3), (7, 8, 9, 11))
    yield case("even", (12, 10), 6, (5, 8, 3, 4))
    yield case("large", (4, 6), 11, (0, 1, 3, 5))
    yield case("large", (7, 3), 15, (3, 6, 0, 2))


EXAMPLES: Final = (
    call((4, 6), [(1, 2)], 3, 1.5),
    call((5, 9), [(2, 2), (2, 6)], 3, 0.8),
    call((5, 8), [(2, 3), (2, 5), (2, 3)], 5, 1.2),
    call((4, 7), [(0, 5), (3, 1)], 3, 1.5),
    call((6, 8), [(2, 4)], 4, 2.0),
    call((3, 5), [(1, 3)], 9, 2.0),
)
