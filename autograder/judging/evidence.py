"""How much it means that two answers are equal: what is rare is no chance."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.core.check import close

LEAST_DIGITS = 5.0
"""So many decimal digits have to agree before anything is told of them."""

_DECIMALS = 3
_MOST_COUNTED = 1000
_NEAR = 1e-4

Place = tuple[int, ...]


def each_digits(numbers: NDArray[Any], atol: float) -> NDArray[np.float64]:
    """How many decimal digits of chance each different number rules out.

    A whole number counts its own digits, any other three; NaN, infinity, and what the tolerance
    takes for zero count nothing. Signs are left out.

    Examples
    --------
    >>> each_digits(np.array([9, -9, 99.5, 0, np.nan]), 1e-5)
    array([1., 3.])
    """
    with np.errstate(over="ignore"):
        size = np.abs(numbers.ravel()[:_MOST_COUNTED]).astype(float)
        rounded = np.round(size, _DECIMALS)
    size = np.unique(rounded[np.isfinite(rounded)])
    size = size[size > 10 * atol]
    return np.where(size == np.round(size), np.log10(1 + size), _DECIMALS)


def digits_of_wrong(answer: Any, right: Any, rtol: float, atol: float) -> float:
    """How many digits the numbers of an answer have where they are not right.

    Parameters
    ----------
    answer, right : object
        Arrays, numbers, or nests of these. What else there is counts nothing.
    """
    if isinstance(answer, tuple | list):
        parts = right if isinstance(right, tuple | list) and len(right) == len(answer) else ()
        rights = parts or (None,) * len(answer)
        each = zip(answer, rights, strict=True)
        return sum(digits_of_wrong(mine, theirs, rtol, atol) for mine, theirs in each)
    if not _is_numeric(answer):
        return 0.0
    mine = np.asarray(answer)
    if _is_numeric(right) and np.shape(right) == mine.shape:
        mine = mine[~close(mine, np.asarray(right), rtol, atol)]
    return float(each_digits(mine, atol).sum())


def digits_by_hand(answer: Mapping[Place, Any], right: Mapping[Place, Any]) -> float:
    """How many digits of chance some wrong entries rule out that were worked out by hand.

    Each different number counts as many digits as it is written with, three at most. A number
    comes of many mistakes, and counts nothing, where it is one off the right one, its negative,
    twice or half of it, or right at another place; so does what is no number.

    Parameters
    ----------
    answer, right : dict
        Place -> entry. The right ones are all of the value.

    Examples
    --------
    >>> right = {(0,): 27, (1,): 384, (2,): 13}
    >>> [round(digits_by_hand({(0,): entry}, right)) for entry in (99, 26.5, 26, 384, -27, None)]
    [2, 2, 0, 0, 0, 0]
    """
    known = {float(each) for each in right.values() if _is_number(each)}
    rare = {
        abs(float(entry))
        for place, entry in answer.items()
        if _is_number(entry) and not _is_common(float(entry), right[place], known)
    }
    return sum(map(_written, rare))


def _is_common(entry: float, right: Any, known: Collection[float]) -> bool:
    if _is_number(right):
        true = float(right)
        known = {*known, true - 1, true + 1, -true, 2 * true, true / 2}
    return any(math.isclose(entry, other, rel_tol=_NEAR) for other in known)


def _written(number: float) -> float:
    """Digits of a number without its point.

    Examples
    --------
    >>> [round(_written(number), 1) for number in (9, 0.25, 99.5, 2 / 3)]
    [1.0, 1.4, 3.0, 2.8]
    """
    scaled = next(
        (
            number * 10**decimals
            for decimals in range(_DECIMALS)
            if math.isclose(number * 10**decimals, round(number * 10**decimals), rel_tol=_NEAR)
        ),
        number * 10**_DECIMALS,
    )
    return min(math.log10(1 + scaled), _DECIMALS)


def _is_number(value: Any) -> bool:
    """Whether an entry is a real number that can be reckoned with."""
    whole = isinstance(value, int | np.integer) and abs(int(value)) < 2**63
    return whole or (isinstance(value, float | np.floating) and math.isfinite(value))


def _is_numeric(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) < 2**63
    return isinstance(value, np.ndarray | np.number | float | complex)
