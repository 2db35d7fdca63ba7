"""Right numbers in another shape or order, or more or fewer of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.judging.relations.pair import Found, Numbers, Pair, along

_MOST_AXES = 4
_MOST_MISSING = 4
_STEPS = (2, 3, 4)


def axes_of_one(pair: Pair) -> Iterator[Found]:
    """An axis of length 1 more or less."""
    if not pair.has_one_shape and pair.same(pair.answer.squeeze(), pair.right.squeeze()):
        yield (
            "Your numbers are right; only axes of length 1 are too many or too few.",
            pair.evidence,
        )


def reordered_axes(pair: Pair) -> Iterator[Found]:
    """Transposed, or with axes swapped."""
    dimensions = pair.right.ndim
    if not 2 <= dimensions <= _MOST_AXES or pair.answer.ndim != dimensions:
        return
    for order in itertools.permutations(range(dimensions)):
        if order != tuple(range(dimensions)) and pair.same(
            pair.answer, pair.right.transpose(order)
        ):
            if dimensions == 2:
                yield "Your answer is the right one transposed.", pair.evidence
            else:
                yield (
                    f"Your answer is the right one with its axes in the order {order}.",
                    (pair.evidence),
                )


def reshaped(pair: Pair) -> Iterator[Found]:
    """The right numbers in the right order, in another shape."""
    if not pair.has_one_shape and pair.same(pair.answer.ravel(), pair.right.ravel()):
        yield "Your numbers are right and in the right order; only the shape is not.", pair.evidence


def more_or_fewer(pair: Pair) -> Iterator[Found]:
    """The right answer stands within the answer, or the answer within the right one."""
    if pair.has_one_shape or pair.answer.ndim != pair.right.ndim:
        return
    if _stands_within(pair, pair.right, pair.answer):
        yield "The right answer stands within yours, which goes on beyond its edges.", pair.evidence
    elif _stands_within(pair, pair.answer, pair.right):
        yield "Your answer is the right one without some of its edges.", pair.digits(pair.answer)


def _stands_within(pair: Pair, small: Numbers, large: Numbers) -> bool:
    missing = [more - few for few, more in zip(small.shape, large.shape, strict=True)]
    if not all(0 <= each <= _MOST_MISSING for each in missing) or not small.size:
        return False
    for start in itertools.product(*(range(each + 1) for each in missing)):
        window = tuple(
            slice(first, first + size) for first, size in zip(start, small.shape, strict=True)
        )
        if pair.same(large[window], small):
            return True
    return False


def every_nth(pair: Pair) -> Iterator[Found]:
    """The right answer is every second entry of the answer, say."""
    if pair.has_one_shape or pair.answer.ndim != pair.right.ndim:
        return
    sizes = zip(pair.answer.shape, pair.right.shape, strict=True)
    axes = tuple(axis for axis, (mine, right) in enumerate(sizes) if mine != right)
    for step in _STEPS:
        taken = pair.answer[
            tuple(
                slice(None, None, step if axis in axes else 1) for axis in range(pair.answer.ndim)
            )
        ]
        if pair.same(taken, pair.right):
            ordinal = {2: "2nd", 3: "3rd"}.get(step, f"{step}th")
            yield (
                f"Every {ordinal} entry of yours along {along(axes)} makes the right answer.",
                (pair.evidence),
            )


def flipped(pair: Pair) -> Iterator[Found]:
    """Back to front along some axes."""
    dimensions = pair.right.ndim
    if not pair.has_one_shape or not 1 <= dimensions <= _MOST_AXES:
        return
    for count in range(1, dimensions + 1):
        for axes in itertools.combinations(range(dimensions), count):
            if pair.same(pair.answer, np.flip(pair.right, axes)):
                if dimensions == 1:
                    yield "Your answer is the right one back to front.", pair.evidence
                else:
                    yield (
                        f"Your answer is the right one flipped along {along(axes)}.",
                        (pair.evidence),
                    )


def shifted(pair: Pair) -> Iterator[Found]:
    """Moved by one or two along an axis, or along two; what has come in at the edge is free."""
    dimensions = pair.right.ndim
    if not pair.has_one_shape or not 1 <= dimensions <= _MOST_AXES:
        return
    each = [(axis,) for axis in range(dimensions)]
    for axes in (*each, *itertools.combinations(range(dimensions), 2)):
        for step in (1, -1, 2, -2):
            mine, theirs = _overlap(pair.answer, axes, step), _overlap(pair.right, axes, -step)
            if 2 * mine.size >= pair.right.size and pair.same(mine, theirs):
                where = "" if dimensions == 1 else f" along {along(axes)}"
                back = "back" if step < 0 else "on"
                moved = pair.digits(_overlap(pair.answer, axes, step)[_differs(pair, axes, step)])
                yield f"Your answer is the right one moved {back} by {abs(step)}{where}.", moved


def _overlap(array: Numbers, axes: tuple[int, ...], step: int) -> Numbers:
    kept = slice(step, None) if step > 0 else slice(None, step)
    return array[tuple(kept if axis in axes else slice(None) for axis in range(array.ndim))]


def _differs(pair: Pair, axes: tuple[int, ...], step: int) -> Numbers:
    return ~_overlap(pair.good, axes, step)


def another_order(pair: Pair) -> Iterator[Found]:
    """The right numbers, each as often as it should be there, at other places."""
    if not pair.has_one_shape or pair.good.all():
        return
    if pair.same(np.sort(pair.answer, axis=None), np.sort(pair.right, axis=None)):
        yield "Your answer holds the right numbers in another order.", pair.evidence
