"""Is an answer the expected one? If not, what is the first thing that is off?

The check in a student's notebook and the grader compare with this same file, so that they agree.
Each has a copy of its own, byte for byte, and puts what is found into its own words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-5
"""Relative and absolute, where an exercise says nothing else; wide enough for float32."""

Stage = Literal["type", "shape", "dtype", "values"]

_NUMERIC = (np.ndarray, bool, int, float, complex, np.number, np.bool_)
_MOST_BY_HAND = 100_000
_LARGEST = int(np.finfo(float).max)


@dataclass(frozen=True)
class Difference:
    """The first way in which an answer is not the expected one.

    Attributes
    ----------
    stage : {"type", "shape", "dtype", "values"}
        What differs, in the order in which it is looked at. Tuples differ in type and shape only.
    answer, expected : object
        What was compared: the whole, or one part of a tuple.
    parts : tuple of (int, int)
        Number of the part, from 1, and how many there are; then those of the part of that part.
    first : tuple of int
        Index of the first wrong entry.
    wrong : int
        How many entries are wrong, if it is the values that differ.
    at_least : float
        Share of the entries that was asked for.
    """

    stage: Stage
    answer: Any
    expected: Any
    parts: tuple[tuple[int, int], ...] = ()
    first: tuple[int, ...] = ()
    wrong: int = 0
    at_least: float = 1.0

    @property
    def right(self) -> float:
        """Share of the entries that are right."""
        return (self.size - self.wrong) / self.size

    @property
    def size(self) -> int:
        """How many entries were expected."""
        return np.size(self.expected)

    @property
    def wants_array(self) -> bool:
        """Whether an array with axes was expected."""
        return isinstance(self.expected, np.ndarray) and self.expected.ndim > 0


def compare(
    answer: Any,
    expected: Any,
    *,
    rtol: float = TOLERANCE,
    atol: float = TOLERANCE,
    lists: bool = False,
    booleans: bool = True,
    at_least: float = 1.0,
) -> Difference | None:
    """Find the first difference between an answer and the expected one.

    Parameters
    ----------
    answer : object
        Whatever it is.
    expected : ndarray, number, bool, str, None or tuple of these
        What the reference gives. A number may be answered by an array without axes, and a tuple
        by a list.
    rtol, atol : float
        ``|answer - expected| <= atol + rtol * |expected|`` must hold everywhere; NaN equals NaN.
    lists : bool, default False
        Whether nested lists of numbers count as an array.
    booleans : bool, default True
        Whether True and False count as the numbers 1 and 0.
    at_least : float, default 1
        Share of an array's entries that must agree.

    Returns
    -------
    Difference or None
        None if the answer is right.

    Examples
    --------
    >>> found = compare(np.array([1.0, 2.5]), np.array([1.0, 2.0]))
    >>> found.stage, found.first, found.wrong, found.size
    ('values', (1,), 1, 2)
    >>> compare((1, np.ones(3)), (1, np.ones((3, 1)))).parts
    ((2, 2),)
    """
    if isinstance(expected, tuple):
        return _compare_parts(answer, expected, rtol, atol, booleans)
    if expected is None or isinstance(expected, str | bool):
        mine = bool(answer) if isinstance(answer, np.bool_) else answer
        if type(mine) is not type(expected):
            return Difference("type", answer, expected)
        return None if mine == expected else Difference("values", mine, expected, wrong=1)
    if lists and isinstance(answer, list | tuple):
        answer = _as_array(answer)
    answer, expected = _in_64_bits(answer), _in_64_bits(expected)
    found = Difference("type", answer, expected, at_least=at_least)
    if not isinstance(answer, np.ndarray if found.wants_array else _NUMERIC):
        return found
    mine, right = np.asarray(answer), np.asarray(expected)
    if mine.shape != right.shape:
        return replace(found, stage="shape")
    if mine.dtype.kind not in _kinds(right.dtype.kind, booleans):
        return replace(found, stage="dtype")
    good = close(mine, right, rtol, atol)
    if good.sum() >= at_least * good.size:
        return None
    first = tuple(map(int, np.argwhere(~good)[0]))
    return replace(found, stage="values", first=first, wrong=int((~good).sum()))


def close(
    answer: NDArray[Any], expected: NDArray[Any], rtol: float = TOLERANCE, atol: float = TOLERANCE
) -> NDArray[np.bool_]:
    """Say of each entry whether it is near enough."""
    with np.errstate(all="ignore"):
        return np.asarray(np.isclose(answer, expected, rtol=rtol, atol=atol, equal_nan=True))


def percent(share: float) -> str:
    """Write a share, rounded down, so that one that is just too small does not read as enough.

    Examples
    --------
    >>> percent(0.94999)
    '94.9 %'
    """
    return f"{math.floor(1000 * share) / 10:.1f} %"


def _compare_parts(
    answer: Any, expected: tuple[Any, ...], rtol: float, atol: float, booleans: bool
) -> Difference | None:
    if not isinstance(answer, tuple | list):
        return Difference("type", answer, expected)
    count = len(expected)
    if len(answer) != count:
        return Difference("shape", answer, expected)
    for number, (mine, right) in enumerate(zip(answer, expected, strict=True), 1):
        found = compare(mine, right, rtol=rtol, atol=atol, booleans=booleans)
        if found:
            return replace(found, parts=((number, count), *found.parts))
    return None


def _kinds(expected: str, booleans: bool) -> str:
    """Kinds of dtype that an answer may have where one of kind `expected` is right."""
    return "iuf" + "c" * (expected == "c") + "b" * (booleans or expected == "b")


def _in_64_bits(value: Any) -> Any:
    """An integer that is too large for an array as a float, if that can hold it."""
    large = isinstance(value, int) and not -(2**63) <= value < 2**64
    return float(value) if large and abs(value) < _LARGEST else value


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
