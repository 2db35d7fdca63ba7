"""Known mistakes in ``impulses``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

WITH_POINTS: Final = frozenset({"one", "several", "repeated"})


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
    says="Without a point your function gives nothing back. Then the canvas is black.",
    breaks={"none"},
)
def needs_a_point(shape, points):
    if len(points) > 0:
        canvas = np.zeros(shape)
        for row, column in points:
            canvas[row, column] += 1
        return canvas


CHAFFS: Final = (
    column_first,
    width_first,
    counted_from_one,
    given_twice_counts_once,
    every_row_with_every_column,
    pairs_used_as_row_indices,
    canvas_made_anew_for_every_point,
    white_is_255,
    needs_a_point,
)
