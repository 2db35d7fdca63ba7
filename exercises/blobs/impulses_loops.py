"""Known mistakes in ``impulses``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your pixels are not counted up from a black canvas: it begins white, with ones.",
    breaks={"one", "several", "repeated", "none"},
)
def canvas_of_ones(shape, points):
    canvas = np.ones(shape)
    for row, column in points:
        canvas[row, column] += 1
    return canvas


@chaff(
    says="Only the first point is lit: you return inside the loop. Return after it.",
    breaks={"several", "repeated"},
)
def first_point_only(shape, points):
    canvas = np.zeros(shape)
    for row, column in points:
        canvas[row, column] += 1
        return canvas
    return canvas


@chaff(
    says="The last point is missing: your loop stops one early.",
    breaks={"one", "several", "repeated"},
)
def last_point_missing(shape, points):
    canvas = np.zeros(shape)
    for i in range(len(points) - 1):
        row, column = points[i]
        canvas[row, column] += 1
    return canvas


LOOPS: Final = (
    canvas_of_ones,
    first_point_only,
    last_point_missing,
)
