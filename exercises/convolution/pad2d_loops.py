"""Known mistakes in ``pad2d``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="With padding 0, a slice that ends at minus zero is empty, so the image is lost. Count "
    "the end of the slice from the front.",
    breaks={"nothing"},
)
def slice_ends_at_minus_zero(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
        return {"reflect": mirrored, "circular": places % n}.get(mode, np.clip(places, 0, n - 1))

    height, width = x.shape
    y = np.zeros((height + 2 * padding, width + 2 * padding))
    if mode != "zeros":
        y[:] = x[np.ix_(sources(height), sources(width))]
    y[padding:-padding, padding:-padding] = x
    return y


@chaff(
    says="You pad above and below only. The left and the right side get a border, too.",
    breaks={"zeros", "reflect", "replicate", "circular"},
)
def rows_padded_only(x, padding, mode="zeros"):
    n = len(x)
    places = np.arange(-padding, n + padding)
    mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
    inside = (places >= 0) & (places < n)
    rows = {"reflect": mirrored, "circular": places % n}.get(mode, np.clip(places, 0, n - 1))
    y = x[rows]
    if mode == "zeros":
        y[~inside] = 0
    return y


@chaff(
    says="You pad on the left and on the right only. There is a border above and below, too.",
    breaks={"zeros", "reflect", "replicate", "circular"},
)
def columns_padded_only(x, padding, mode="zeros"):
    n = x.shape[1]
    places = np.arange(-padding, n + padding)
    mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
    columns = {"reflect": mirrored, "circular": places % n}.get(mode, np.clip(places, 0, n - 1))
    return x[:, columns] * ((mode != "zeros") | ((places >= 0) & (places < n)))


@chaff(
    says="Your answer lies on its side: you have turned it to pad the columns, and not back.",
    breaks={"zeros", "reflect", "replicate", "circular", "nothing"},
)
def answer_on_its_side(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
        return {"reflect": mirrored, "circular": places % n}.get(mode, np.clip(places, 0, n - 1))

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    return y.T


@chaff(
    says="Your image sits in the upper left corner, with zeros beside it. It belongs in the "
    "middle, with a border on all four sides.",
    breaks={"zeros", "reflect", "replicate", "circular"},
)
def image_in_the_corner(x, padding, mode="zeros"):
    height, width = x.shape
    y = np.zeros((height + 2 * padding, width + 2 * padding))
    for i in range(height):
        for j in range(width):
            y[i, j] = x[i, j]
    return y


@chaff(
    says="You add one row and one column of zeros on each side, whatever the padding is.",
    breaks={"zeros", "reflect", "replicate", "circular", "nothing"},
)
def border_of_one(x, padding, mode="zeros"):
    height, width = x.shape
    y = np.zeros((height + 2, width + 2))
    y[1:-1, 1:-1] = x
    return y


@chaff(
    says="You repeat the edge pixel where another border is asked for. That is right for "
    "replicate alone.",
    breaks={"reflect", "circular"},
)
def always_replicate(x, padding, mode="zeros"):
    height, width = x.shape
    y = np.zeros((height + 2 * padding, width + 2 * padding))
    for i in range(-padding, height + padding):
        for j in range(-padding, width + padding):
            if mode != "zeros" or (0 <= i < height and 0 <= j < width):
                row, column = min(max(i, 0), height - 1), min(max(j, 0), width - 1)
                y[i + padding, j + padding] = x[row, column]
    return y


@chaff(
    says="In circular mode your border is a mirror. The image goes on from its other side there.",
    breaks={"circular"},
)
def circular_is_a_mirror(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
        again = np.where(places < 0, -1 - places, np.minimum(places, 2 * n - 1 - places))
        return {"reflect": mirrored, "circular": again}.get(mode, np.clip(places, 0, n - 1))

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    return y


LOOPS: Final = (
    slice_ends_at_minus_zero,
    rows_padded_only,
    columns_padded_only,
    answer_on_its_side,
    image_in_the_corner,
    border_of_one,
    always_replicate,
    circular_is_a_mirror,
)
