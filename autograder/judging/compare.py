"""Is this answer the oracle's? If not, what is the first thing that is off?

The words go to the student, so they name shapes and places and never an expected value.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_NUMERIC = (np.ndarray, bool, int, float, complex, np.number, np.bool_)
_MOST_BY_HAND = 100_000


def difference(
    answer: Any,
    expected: Any,
    *,
    rtol: float,
    atol: float,
    accepts_lists: bool = False,
    at_least: float = 1.0,
) -> str | None:
    """Say in what way `answer` is not `expected`.

    Parameters
    ----------
    answer : object
        A decoded answer: array, number, string, bool, None, tuple, list or dict.
    expected : object
        What the oracle gives.
    rtol, atol : float
        ``|answer - expected| <= atol + rtol * |expected|`` must hold everywhere.
    accepts_lists : bool
        Whether nested lists of numbers count as an array.
    at_least : float
        Share of an array's entries that must agree.

    Returns
    -------
    str or None
        None where both agree.

    Examples
    --------
    >>> difference(np.ones(3), np.ones(4), rtol=0, atol=0)
    'returned shape (3,) where (4,) is right'
    >>> difference(np.array([1.0, 2.0]), np.array([1.0, 3.0]), rtol=0, atol=0)
    '1 of 2 values is wrong, first at [1]'
    >>> difference(np.array([1, 2, 3, 4]), np.array([1, 2, 0, 0]), rtol=0, atol=0, at_least=0.75)
    '50.0 % of 4 are right where 75 % are wanted'
    """
    if isinstance(expected, tuple):
        return _tuple_difference(answer, expected, rtol, atol)
    if expected is None or isinstance(expected, str | bool):
        same = type(answer) is type(expected) and answer == expected
        return None if same else f"gave {describe(answer)}, which is not right"
    if answer is None:
        return "returned None (is a return missing?)"
    if isinstance(answer, list | tuple) and accepts_lists:
        answer = _as_array(answer)
    if isinstance(expected, np.ndarray) and expected.ndim and not isinstance(answer, np.ndarray):
        return f"gave {describe(answer)} where an array is wanted"
    if not isinstance(answer, _NUMERIC):
        return f"gave {describe(answer)} where a number is wanted"
    return _array_difference(np.asarray(answer), np.asarray(expected), rtol, atol, at_least)


def describe(value: Any) -> str:
    """What kind of thing `value` is, in words.

    Examples
    --------
    >>> describe(np.zeros((2, 3))), describe([1, 2]), describe(None)
    ('an array of shape (2, 3)', 'a list of 2', 'None')
    """
    match value:
        case np.ndarray():
            return f"an array of shape {value.shape}"
        case list() | tuple():
            return f"a {type(value).__name__} of {len(value)}"
        case None:
            return "None"
        case str():
            return "a text"
        case bool():
            return str(value)
        case int() | float() | complex() | np.number():
            return "a number"
        case _:
            return f"something of type {type(value).__name__}"


def _tuple_difference(answer: Any, expected: tuple, rtol: float, atol: float) -> str | None:
    if not isinstance(answer, tuple | list):
        return f"gave {describe(answer)} where a tuple of {len(expected)} is wanted"
    if len(answer) != len(expected):
        return f"gave {len(answer)} results where {len(expected)} are wanted"
    for number, (mine, right) in enumerate(zip(answer, expected, strict=True), 1):
        found = difference(mine, right, rtol=rtol, atol=atol)
        if found:
            return f"result {number}: {found}"
    return None


def _as_array(answer: Any) -> Any:
    """Nested lists of numbers as an array; anything else as it is.

    An array of texts has room for the longest of them in every place, so none is made.
    """
    if _count(answer) > _MOST_BY_HAND:
        return answer
    try:
        array = np.array(answer)
    except (ValueError, OverflowError):
        return answer
    return array if array.dtype.kind in "biufc" else answer


def _count(value: Any) -> float:
    """How many numbers nested lists hold; infinitely many if they hold anything else."""
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return np.size(value) if isinstance(value, _NUMERIC) else math.inf


def _array_difference(
    answer: np.ndarray, expected: np.ndarray, rtol: float, atol: float, at_least: float
) -> str | None:
    if answer.shape != expected.shape:
        return f"returned shape {answer.shape} where {expected.shape} is right"
    if answer.dtype.kind not in "biufc":
        return f"returned an array of {answer.dtype} where numbers are wanted"
    if answer.dtype.kind == "c" and expected.dtype.kind != "c":
        return "returned complex numbers where real ones are wanted"
    with np.errstate(all="ignore"):
        close = np.isclose(answer, expected, rtol=rtol, atol=atol, equal_nan=True)
    if close.sum() >= at_least * close.size:
        return None
    if at_least < 1.0:
        # Rounded down, so that a share that is just too small does not read as enough.
        share = np.floor(1000 * close.mean()) / 10
        return f"{share:.1f} % of {close.size} are right where {100 * at_least:g} % are wanted"
    wrong = int(close.size - close.sum())
    if not close.ndim:
        return "the number is wrong"
    first = ", ".join(str(index) for index in np.argwhere(~close)[0])
    verb = "is" if wrong == 1 else "are"
    return f"{wrong} of {close.size} values {verb} wrong, first at [{first}]"
