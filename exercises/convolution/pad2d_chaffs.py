"""Known mistakes in ``pad2d``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="In reflect mode you repeat the edge pixel. The mirror stands in the edge pixel: the "
    "first number outside is its neighbour inside.",
    breaks={"reflect"},
)
def reflect_repeats_the_edge(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        clipped = np.clip(places, 0, n - 1)
        mirrored = np.where(places < 0, -1 - places, places)
        mirrored = np.where(places < n, mirrored, 2 * n - 1 - places)
        wrapped = places % n
        return {"reflect": mirrored, "circular": wrapped}.get(mode, clipped)

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    return y


@chaff(
    says="In reflect mode you copy the strip next to the edge as it stands. A mirror turns it "
    "round: the nearest pixel outside is the nearest inside.",
    breaks={"reflect"},
)
def reflect_without_turning(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        clipped = np.clip(places, 0, n - 1)
        mirrored = np.where(places < 0, places + padding + 1, places)
        mirrored = np.where(places < n, mirrored, places - padding - 1)
        wrapped = places % n
        return {"reflect": mirrored, "circular": wrapped}.get(mode, clipped)

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    return y


@chaff(
    says="In circular mode your strips are on the wrong side. Going out at the top you come back "
    "in at the bottom: above the first row stands the last one.",
    breaks={"circular"},
)
def circular_on_the_wrong_side(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        clipped = np.clip(places, 0, n - 1)
        mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
        wrapped = np.where(places < 0, places + padding, places)
        wrapped = np.where(places < n, wrapped, places - padding)
        return {"reflect": mirrored, "circular": wrapped}.get(mode, clipped)

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    return y


@chaff(
    says="Your four corners are zero. Fill them by the same rule: pad the rows first, then the "
    "columns of what you have got.",
    breaks={"reflect", "replicate", "circular"},
)
def corners_left_empty(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        clipped = np.clip(places, 0, n - 1)
        mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
        wrapped = places % n
        return {"reflect": mirrored, "circular": wrapped}.get(mode, clipped)

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    corner = [*range(padding)], [*range(-padding, 0)]
    for rows in corner:
        for columns in corner:
            y[np.ix_(rows, columns)] = 0
    return y


@chaff(
    says="Your border is zeros in every mode. The mode says what stands in it.",
    breaks={"reflect", "replicate", "circular"},
)
def always_zeros(x, padding, mode="zeros"):
    height, width = x.shape
    y = np.zeros((height + 2 * padding, width + 2 * padding))
    y[padding : padding + height, padding : padding + width] = x
    return y


@chaff(
    says="You pad at the top and on the left only. All four sides get a border.",
    breaks={"zeros", "reflect", "replicate", "circular"},
)
def two_sides_only(x, padding, mode="zeros"):
    def sources(n):
        places = np.arange(-padding, n + padding)
        clipped = np.clip(places, 0, n - 1)
        mirrored = n - 1 - np.abs(n - 1 - np.abs(places))
        wrapped = places % n
        return {"reflect": mirrored, "circular": wrapped}.get(mode, clipped)

    height, width = x.shape
    y = x[np.ix_(sources(height), sources(width))]
    if mode == "zeros":
        inside = np.zeros(y.shape, dtype=bool)
        inside[padding : padding + height, padding : padding + width] = True
        y[~inside] = 0
    return y[: padding + height, : padding + width]


CHAFFS: Final = (
    reflect_repeats_the_edge,
    reflect_without_turning,
    circular_on_the_wrong_side,
    corners_left_empty,
    always_zeros,
    two_sides_only,
)
