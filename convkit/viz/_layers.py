"""Where the boxes of a graph go: in layers from left to right, with few crossings.

The method is that of Sugiyama, Tagawa and Toda [1]_: a layer for each box, an empty place in every
layer that an arrow passes, and sweeps that put each place level with what it is joined to.

References
----------
.. [1] K. Sugiyama, S. Tagawa and M. Toda, "Methods for Visual Understanding of Hierarchical System
   Structures", IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Place = tuple[int, int, int]
"""Number of a box with two zeros; or user, operand and layer of an arrow that passes."""

_PASSING_HEIGHT = 0.3
_SWEEPS = 4


@dataclass(frozen=True)
class Layout:
    """Places in inches, from the upper left corner.

    Attributes
    ----------
    centers : tuple of Point
        Centre of each box.
    bends : dict
        From (user, operand) to the points that the arrow passes on its way.
    width, height : float
        Size of the whole graph.
    """

    centers: tuple[Point, ...]
    bends: dict[tuple[int, int], tuple[Point, ...]]
    width: float
    height: float


def place_in_layers(
    operands: Sequence[Sequence[int]],
    sizes: Sequence[tuple[float, float]],
    gap: tuple[float, float],
) -> Layout:
    """Place boxes so that every arrow runs from left to right.

    Parameters
    ----------
    operands : sequence of sequence of int
        For each box, the boxes that it is made from; they come before it.
    sizes : sequence of (float, float)
        Width and height of each box.
    gap : (float, float)
        Room between two layers, and between two boxes of one layer.

    Returns
    -------
    Layout
        Where everything is.
    """
    layer = _layers(operands)
    joined = _joined(operands, layer)
    columns: list[list[Place]] = [[] for _ in range(max(layer) + 1)]
    for place in joined:
        columns[_layer_of(place, layer)].append(place)
    for _ in range(_SWEEPS):
        _sweep(columns, joined)
        _sweep(columns[::-1], joined)
    return _measure(columns, sizes, gap, operands)


def _layers(operands: Sequence[Sequence[int]]) -> list[int]:
    """The layer of each box; a leaf stands right before the first box that uses it."""
    layer: list[int] = []
    for mine in operands:
        layer.append(1 + max((layer[i] for i in mine), default=-1))
    for leaf, mine in enumerate(operands):
        users = [layer[user] for user, theirs in enumerate(operands) if leaf in theirs]
        if not mine and users:
            layer[leaf] = min(users) - 1
    return layer


def _layer_of(place: Place, layer: Sequence[int]) -> int:
    box, _, passed = place
    return layer[box] if passed == 0 else passed


def _joined(
    operands: Sequence[Sequence[int]], layer: Sequence[int]
) -> dict[Place, list[tuple[Place, float]]]:
    """Every place with the places that it is joined to, and how far up or down the arrow ends."""
    joined: dict[Place, list[tuple[Place, float]]] = {
        (box, 0, 0): [] for box in range(len(operands))
    }
    for user, mine in enumerate(operands):
        for operand, box in enumerate(mine):
            passed = range(layer[box] + 1, layer[user])
            chain = [(box, 0, 0), *((user, operand, at) for at in passed), (user, 0, 0)]
            shift = operand - (len(mine) - 1) / 2
            for left, right in pairwise(chain):
                joined.setdefault(left, []).append((right, shift / 4))
                joined.setdefault(right, []).append((left, 0.0))
    return joined


def _sweep(columns: Sequence[list[Place]], joined: dict[Place, list[tuple[Place, float]]]) -> None:
    """Sort each column by the mean height of what its places are joined to."""
    height = {
        place: at - (len(column) - 1) / 2 for column in columns for at, place in enumerate(column)
    }

    def mean(place: Place) -> float:
        others = [height[other] + shift for other, shift in joined[place]]
        return sum(others) / len(others) if others else height[place]

    for column in columns:
        column.sort(key=mean)
        for at, place in enumerate(column):
            height[place] = at - (len(column) - 1) / 2


def _measure(
    columns: Sequence[Sequence[Place]],
    sizes: Sequence[tuple[float, float]],
    gap: tuple[float, float],
    operands: Sequence[Sequence[int]],
) -> Layout:
    def size(place: Place) -> tuple[float, float]:
        return sizes[place[0]] if place[2] == 0 else (0.0, _PASSING_HEIGHT)

    heights = [
        sum(size(place)[1] for place in column) + gap[1] * (len(column) - 1) for column in columns
    ]
    at: dict[Place, Point] = {}
    left, tallest = 0.0, max(heights)
    for column, height in zip(columns, heights, strict=True):
        widest = max(size(place)[0] for place in column)
        top = (tallest - height) / 2
        for place in column:
            at[place] = (left + widest / 2, top + size(place)[1] / 2)
            top += size(place)[1] + gap[1]
        left += widest + gap[0]
    bends = {
        (user, operand): tuple(
            point
            for place, point in sorted(at.items(), key=_layer_first)
            if place[:2] == (user, operand) and place[2]
        )
        for user, mine in enumerate(operands)
        for operand in range(len(mine))
    }
    centers = tuple(at[box, 0, 0] for box in range(len(operands)))
    return Layout(centers, bends, left - gap[0], tallest)


def _layer_first(item: tuple[Place, Point]) -> int:
    return item[0][2]
