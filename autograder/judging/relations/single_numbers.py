"""What has happened to each number by itself: its sign, its fraction, its bits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.judging.relations.pair import Found, Numbers, Pair

_BYTE = 256
_CERTAIN = 100.0
"""Digits of what cannot be chance."""


def not_finite(pair: Pair) -> Iterator[Found]:
    """NaN or infinity where there should be a number."""
    if not pair.has_one_shape:
        return
    expected = np.isfinite(pair.right)
    for name, found in (("NaN", np.isnan(pair.answer)), ("infinity", np.isinf(pair.answer))):
        if (found & expected).any():
            places = "everywhere" if found.all() and found.size > 1 else "where a number is right"
            yield f"Your answer holds {name} {places}.", _CERTAIN


def real_part(pair: Pair) -> Iterator[Found]:
    """Complex numbers whose real part is right."""
    if not np.iscomplexobj(pair.answer) or np.iscomplexobj(pair.right):
        return
    if pair.same(pair.answer.real, pair.right):
        sentence = "The real part of your answer is right; only it should not be complex."
        yield sentence, pair.digits(pair.right)


def one_number(pair: Pair) -> Iterator[Found]:
    """The same number in every entry."""
    if not pair.has_one_shape or pair.right.size < 2 or not np.isfinite(pair.answer).all():
        return
    first = pair.answer.flat[0]
    if (pair.answer == first).all():
        number = "0" if not first else "the same number"
        yield f"Every entry of your answer is {number}.", pair.digits(pair.right)


def signs(pair: Pair) -> Iterator[Found]:
    """Right but for the sign of some numbers."""
    if not pair.has_one_shape or pair.good.all():
        return
    mine, right = pair.answer.astype(float), pair.right.astype(float)
    negative = right < -pair.atol
    if negative.any() and pair.same(mine, np.abs(right)):
        yield "Your answer is the absolute value of the right one.", pair.evidence
    elif negative.any() and pair.same(mine, np.maximum(right, 0)):
        kept = pair.digits(right[right > 0])
        yield "Your answer is right but for the negative numbers, which are 0.", kept
    elif pair.same(np.abs(mine), right):
        yield (
            "The absolute value of your answer is right; some numbers are negative.",
            (pair.evidence),
        )
    elif pair.same(np.abs(mine), np.abs(right)) and not pair.same(mine, -right):
        yield "Your answer is right but for the sign of some numbers.", pair.evidence


def whole_numbers(pair: Pair) -> Iterator[Found]:
    """Cut or rounded to whole numbers."""
    if not pair.has_one_shape:
        return
    mine, right = pair.answer.astype(float), pair.right.astype(float)
    said: dict[str, Callable[[Numbers], Numbers]] = {
        "cut to whole numbers": np.trunc,
        "rounded down to whole numbers": np.floor,
        "rounded to whole numbers": np.round,
        "rounded up to whole numbers": np.ceil,
    }
    for how, function in said.items():
        if np.isfinite(right).all() and np.array_equal(mine, function(right)):
            yield f"Your answer is the right one {how}.", _variety(mine[~pair.good])


def _variety(whole: Numbers) -> float:
    """Digits of whole numbers, of which small ones may come often, if they are not all alike."""
    return float(np.log10(1 + np.abs(whole)).sum()) if len(np.unique(whole)) > 2 else 0.0


def wrapped_around(pair: Pair) -> Iterator[Found]:
    """Numbers that went once round in one byte."""
    if not pair.has_one_shape or not np.isfinite(pair.answer).all():
        return
    mine, right = pair.answer.astype(float), pair.right.astype(float)
    outside = (right < 0) | (right >= _BYTE)
    inside = (mine >= 0) & (mine < _BYTE)
    if outside.any() and inside.all() and pair.same(mine, np.mod(right, _BYTE)):
        yield (
            "Your answer is right modulo 256: numbers of type uint8 have wrapped around.",
            (pair.digits(mine[~pair.good])),
        )
