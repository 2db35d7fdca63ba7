"""How much it means that two answers are equal: what is rare is no chance."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.core.check import close

LEAST_DIGITS = 5.0
"""So many decimal digits have to agree before anything is told of them."""

_DECIMALS = 3
_MOST_COUNTED = 1000


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
    size = np.unique(np.round(size[np.isfinite(size)], _DECIMALS))
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


def _is_numeric(value: Any) -> bool:
    if isinstance(value, int):
        return abs(value) < 2**63
    return isinstance(value, np.ndarray | np.number | float | complex)
