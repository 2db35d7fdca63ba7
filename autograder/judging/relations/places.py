"""Right but for some places: an edge, the border, all after the first."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from autograder.judging.relations.pair import Found, Pair, along

_LEAST_WRONG = 2
_EDGES = {(1, 0): "entry", (2, 0): "row", (2, 1): "column"}
"""What lies across an axis, by the number of axes."""


def all_after_the_first(pair: Pair) -> Iterator[Found]:
    """Only the first, or only the last, along an axis is right: one image of a batch, say."""
    if not pair.has_one_shape or pair.right.ndim < 2:
        return
    axes = dict.fromkeys((0, pair.right.ndim - 1, *range(pair.right.ndim)))
    for axis in axes:
        others = tuple(each for each in range(pair.right.ndim) if each != axis)
        whole = np.asarray(pair.good.all(axis=others))
        if len(whole) < 3:
            continue
        for index, name, rest in ((0, "first", whole[1:]), (-1, "last", whole[:-1])):
            if whole[index] and not rest.any():
                kept = pair.digits(np.take(pair.right, index, axis))
                yield f"Of all along axis {axis}, only the {name} is right.", kept


def edges(pair: Pair) -> Iterator[Found]:
    """All but the first or the last along an axis."""
    if not pair.has_one_shape or not pair.right.ndim:
        return
    for axis in range(pair.right.ndim):
        for index, name in ((0, "first"), (-1, "last")):
            region = np.zeros(pair.right.shape, bool)
            region[(slice(None),) * axis + (index,)] = True
            where = _EDGES.get((pair.right.ndim, axis), f"along axis {axis}")
            if pair.right.shape[axis] > 1:
                yield from _only(pair, region, f"the {name} {where}")


def border(pair: Pair) -> Iterator[Found]:
    """All but what lies at an edge of two axes."""
    if not pair.has_one_shape or pair.right.ndim < 2:
        return
    for first in range(pair.right.ndim - 1):
        axes = (first, first + 1)
        inner = tuple(
            slice(1, -1) if axis in axes else slice(None) for axis in range(pair.right.ndim)
        )
        region = np.ones(pair.right.shape, bool)
        region[inner] = False
        where = "" if pair.right.ndim == 2 else f" along {along(axes)}"
        yield from _only(pair, region, f"the border{where}")


def _only(pair: Pair, region: NDArray[np.bool_], what: str) -> Iterator[Found]:
    """Whether what is wrong is there and nowhere else, and most of what is there is wrong."""
    wrong = ~pair.good
    inside = int(wrong[region].sum())
    if (wrong & ~region).any() or inside < _LEAST_WRONG or 2 * inside < region.sum():
        return
    yield f"All of your answer is right but {what}.", pair.digits(pair.right[~region])
