"""What is off about an answer, in the grader's words.

The words go to the student, so they name shapes and places and never an expected value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograder.core.check import Difference, compare, part_names, percent


def difference(
    answer: Any,
    expected: Any,
    *,
    rtol: float,
    atol: float,
    accepts_lists: bool = False,
    at_least: float = 1.0,
    parts: Sequence[str] = (),
    open_size: bool = False,
) -> str | None:
    """Say in what way `answer` is not `expected`.

    Parameters
    ----------
    answer : object
        A decoded answer: array, number, string, bool, None, tuple, list or dict.
    expected, rtol, atol, accepts_lists, at_least
        As `compare` takes them; values by hand may be lists.
    parts : sequence of str
        What the parts of a tuple are called.
    open_size : bool
        Whether nothing may say how many numbers are right.

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
    >>> difference((1.0, 2.0), (1.0, 3.0), rtol=0, atol=0, parts=("loss", "dx"))
    'In dx: the number is wrong'
    >>> difference(np.ones(3), np.ones(4), rtol=0, atol=0, open_size=True)
    'has another number of entries than is right'
    """
    found = compare(answer, expected, rtol=rtol, atol=atol, lists=accepts_lists, at_least=at_least)
    if found is None:
        return None
    if open_size and found.stage == "shape":
        mine, right = np.ndim(found.answer), np.ndim(found.expected)
        other = f"has {mine} dimensions where {right} {'is' if right == 1 else 'are'} right"
        return other if mine != right else "has another number of entries than is right"
    return in_words(found, parts)


def in_words(found: Difference, parts: Sequence[str] = ()) -> str:
    """Put a difference into words that give no value away.

    Parameters
    ----------
    parts : sequence of str
        What the parts of the whole are called; without names they have numbers.
    """
    return "".join(f"In {name}: " for name in part_names(found, parts)) + _says(found)


def _says(found: Difference) -> str:
    answer, expected = found.answer, found.expected
    if isinstance(expected, tuple):
        if found.stage == "shape":
            return f"gave {len(answer)} results where {len(expected)} are wanted"
        return f"gave {describe(answer)} where a tuple of {len(expected)} is wanted"
    if expected is None or isinstance(expected, str | bool):
        return f"gave {describe(answer)}, which is not right"
    if answer is None:
        return "returned None (is a return missing?)"
    match found.stage:
        case "type":
            wanted = "an array" if found.wants_array else "a number"
            return f"gave {describe(answer)} where {wanted} is wanted"
        case "shape":
            return f"returned shape {np.shape(answer)} where {np.shape(expected)} is right"
        case "dtype" if np.iscomplexobj(answer):
            return "returned complex numbers where real ones are wanted"
        case "dtype":
            return f"returned an array of {np.asarray(answer).dtype} where numbers are wanted"
        case "values":
            return _wrong_values(found)


def _wrong_values(found: Difference) -> str:
    if found.at_least < 1.0:
        wanted = f"{100 * found.at_least:g} %"
        return f"{percent(found.right)} of {found.size} are right where {wanted} are wanted"
    if not found.first:
        return "the number is wrong"
    verb = "is" if found.wrong == 1 else "are"
    first = ", ".join(map(str, found.first))
    return f"{found.wrong} of {found.size} values {verb} wrong, first at [{first}]"


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
