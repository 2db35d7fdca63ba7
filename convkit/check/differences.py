"""Comparison of an answer with the expected one: type, shape, dtype, values, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

TOLERANCE = 1e-5
"""Relative and absolute; wide enough for float32."""

Stage = Literal["type", "shape", "dtype", "values"]


@dataclass(frozen=True)
class Difference:
    """The first way in which an answer is not the expected one.

    Attributes
    ----------
    says : str
        The difference in one or two sentences.
    yours, expected : ndarray, optional
        What a picture of the difference can be drawn from.
    """

    stage: Stage
    says: str
    yours: np.ndarray | None = None
    expected: np.ndarray | None = None


def first_difference(answer: Any, expected: Any) -> Difference | None:
    """The first difference between an answer and the expected one, if there is any.

    Parameters
    ----------
    answer : object
        What the student's function returned.
    expected : ndarray, number, None or tuple of these
        What the reference returned.

    Returns
    -------
    Difference or None
        None if the answer is right.

    Examples
    --------
    >>> first_difference(np.array([1.0, 2.5]), np.array([1.0, 2.0])).says
    'First difference at [1]: yours 2.5, expected 2. 1 of 2 entries differs.'
    >>> first_difference(None, np.array([1.0])).says
    'It returned None. Is a return missing?'
    """
    if answer is None and expected is not None:
        return Difference("type", "It returned None. Is a return missing?")
    if answer is Ellipsis:
        return Difference("type", "It returned `...`, the placeholder.")
    if expected is None:
        says = f"It returned {a_type(answer)}; expected None."
        return None if answer is None else Difference("type", says)
    if isinstance(expected, tuple):
        return _tuple_difference(answer, expected)
    if isinstance(expected, np.ndarray):
        return _array_difference(answer, expected)
    return _number_difference(answer, expected)


def _tuple_difference(answer: Any, expected: tuple[Any, ...]) -> Difference | None:
    if not isinstance(answer, tuple | list):
        return Difference(
            "type", f"It returned {a_type(answer)}; expected a tuple of {len(expected)}."
        )
    if len(answer) != len(expected):
        return Difference(
            "shape", f"It returned {len(answer)} things in a tuple; expected {len(expected)}."
        )
    for number, (yours, right) in enumerate(zip(answer, expected, strict=True), start=1):
        difference = first_difference(yours, right)
        if difference:
            return Difference(
                difference.stage,
                f"In part {number} of {len(expected)}: {difference.says}",
                difference.yours,
                difference.expected,
            )
    return None


def _number_difference(answer: Any, expected: Any) -> Difference | None:
    is_number = isinstance(answer, int | float | np.number) or (
        isinstance(answer, np.ndarray) and answer.ndim == 0 and answer.dtype.kind in "iuf"
    )
    if isinstance(answer, bool | complex | np.complexfloating) or not is_number:
        return Difference("type", f"It returned {a_type(answer)}; expected a number.")
    yours, right = _in_pair(answer, expected)
    says = f"Yours is {yours}, expected {right}."
    return None if _close(answer, expected).all() else Difference("values", says)


def _array_difference(answer: Any, expected: np.ndarray) -> Difference | None:
    if not isinstance(answer, np.ndarray):
        hint = " Return a NumPy array." if isinstance(answer, list | tuple) else ""
        return Difference("type", f"It returned {a_type(answer)}; expected an array.{hint}")
    if answer.shape != expected.shape:
        hint = _shape_hint(answer.shape, expected.shape)
        says = f"The shape is {answer.shape}; expected {expected.shape}.{hint}"
        drawable = _is_real(answer) and answer.ndim == expected.ndim
        return Difference("shape", says, answer if drawable else None, expected)
    problem = _dtype_problem(answer, expected)
    if problem:
        return Difference("dtype", problem)
    return _value_difference(answer, expected)


def _shape_hint(yours: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if len(yours) != len(expected):
        return f" It has {len(yours)} dimension{'s' * (len(yours) != 1)}, expected {len(expected)}."
    if sorted(yours) == sorted(expected):
        swapped = len(yours) == 2 and yours == expected[::-1]
        return " Height and width are swapped." if swapped else " The axes are in another order."
    return ""


def _is_real(array: np.ndarray) -> bool:
    return array.dtype.kind in "iuf"


def _dtype_problem(answer: np.ndarray, expected: np.ndarray) -> str:
    dtype, kind = answer.dtype, answer.dtype.kind
    if kind == "b":
        return "The entries are True and False (dtype bool); expected numbers."
    if kind == "c":
        return f"The entries are complex numbers (dtype {dtype}); expected real ones."
    if not _is_real(answer):
        return f"The dtype is {dtype}, so the entries are no plain numbers; expected float64."
    cut_off = kind in "iu" and expected.dtype.kind == "f" and bool((expected % 1 != 0).any())
    if cut_off and not _close(answer, expected).all():
        return (
            f"Your array can only hold whole numbers (dtype {dtype}), and the answer has "
            "fractions: they are cut off. Which dtype had the array that you filled?"
        )
    return ""


def _value_difference(answer: np.ndarray, expected: np.ndarray) -> Difference | None:
    wrong = ~_close(answer, expected)
    count = int(wrong.sum())
    if not count:
        return None
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    yours, right = _in_pair(answer[first], expected[first])
    where = ", ".join(map(str, first))
    says = f"First difference at [{where}]: yours {yours}, expected {right}."
    if wrong.size > 1:
        says += f" {count} of {wrong.size} entries differ{'s' * (count == 1)}."
    return Difference("values", says, np.asarray(answer), expected)


def _close(answer: Any, expected: Any) -> np.ndarray:
    yours, right = np.asarray(answer, dtype=float), np.asarray(expected, dtype=float)
    return np.isclose(yours, right, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True)


def _in_pair(yours: Any, expected: Any) -> tuple[str, str]:
    """Two different numbers, written short but not alike."""
    for digits in (6, 9, 17):
        pair = (f"{float(yours):.{digits}g}", f"{float(expected):.{digits}g}")
        if pair[0] != pair[1]:
            break
    return pair


def a_type(value: Any) -> str:
    """The type of a value with its article, as a student would call it.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    str
        Two words.

    Examples
    --------
    >>> a_type([1]), a_type(np.ones(2)), a_type(1)
    ('a list', 'an array', 'an int')
    """
    name = "array" if isinstance(value, np.ndarray) else type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
