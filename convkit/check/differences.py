"""What is off about an answer, in the words of the student's notebook."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convkit.check.comparison import Difference, compare


def first_difference(answer: Any, expected: Any) -> Difference | None:
    """The first difference between an answer and the expected one, if there is any.

    True and False are no numbers here: whoever returns them seldom means to.

    Parameters
    ----------
    answer : object
        What the student's function returned.
    expected : object
        What the reference returned.

    Returns
    -------
    Difference or None
        None if the answer is right.
    """
    return compare(answer, expected, booleans=False)


def in_words(found: Difference) -> str:
    """The difference in one or two sentences.

    Parameters
    ----------
    found : Difference
        What `first_difference` returned.

    Returns
    -------
    str
        Full sentences, which show both values.

    Examples
    --------
    >>> in_words(first_difference(np.array([1.0, 2.5]), np.array([1.0, 2.0])))
    'First difference at [1]: yours 2.5, expected 2. 1 of 2 entries differs.'
    >>> in_words(first_difference(None, np.array([1.0])))
    'It returned None. Is a return missing?'
    """
    return "".join(f"In part {n} of {count}: " for n, count in found.parts) + _says(found)


def _says(found: Difference) -> str:
    answer, expected = found.answer, found.expected
    if answer is None:
        return "It returned None. Is a return missing?"
    if answer is Ellipsis:
        return "It returned `...`, the placeholder."
    if isinstance(expected, tuple) and found.stage == "shape":
        return f"It returned {len(answer)} things in a tuple; expected {len(expected)}."
    if found.stage == "values":
        return _about_values(found)
    if found.stage == "type" or not found.wants_array:
        by_list = found.wants_array and isinstance(answer, list | tuple)
        hint = " Return a NumPy array." if by_list else ""
        return f"It returned {a_type(answer)}; expected {_wanted(found)}.{hint}"
    if found.stage == "shape":
        hint = _shape_hint(answer.shape, expected.shape)
        return f"The shape is {answer.shape}; expected {expected.shape}.{hint}"
    if answer.dtype.kind == "b":
        return "The entries are True and False (dtype bool); expected numbers."
    if answer.dtype.kind == "c":
        return f"The entries are complex numbers (dtype {answer.dtype}); expected real ones."
    return f"The dtype is {answer.dtype}, so the entries are no plain numbers; expected float64."


def _wanted(found: Difference) -> str:
    match found.expected:
        case tuple():
            return f"a tuple of {len(found.expected)}"
        case None:
            return "None"
        case str() | bool():
            return a_type(found.expected)
        case _:
            return "an array" if found.wants_array else "a number"


def _shape_hint(yours: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if len(yours) != len(expected):
        return f" It has {len(yours)} dimension{'s' * (len(yours) != 1)}, expected {len(expected)}."
    if sorted(yours) == sorted(expected):
        swapped = len(yours) == 2 and yours == expected[::-1]
        return " Height and width are swapped." if swapped else " The axes are in another order."
    return ""


def _about_values(found: Difference) -> str:
    answer, expected = found.answer, found.expected
    if not found.wants_array:
        yours, right = _in_pair(answer, expected)
        return f"Yours is {yours}, expected {right}."
    if _cut_off(answer, expected):
        return (
            f"Your array can only hold whole numbers (dtype {answer.dtype}), and the answer has "
            "fractions: they are cut off. Which dtype had the array that you filled?"
        )
    yours, right = _in_pair(answer[found.first], expected[found.first])
    where = ", ".join(map(str, found.first))
    says = f"First difference at [{where}]: yours {yours}, expected {right}."
    if found.size > 1:
        says += f" {found.wrong} of {found.size} entries differ{'s' * (found.wrong == 1)}."
    return says


def _cut_off(answer: NDArray[Any], expected: NDArray[Any]) -> bool:
    if answer.dtype.kind not in "iu" or expected.dtype.kind != "f":
        return False
    with np.errstate(invalid="ignore"):
        return bool((expected % 1 != 0).any())


def _in_pair(yours: Any, expected: Any) -> tuple[str, str]:
    """Two different values, numbers written short but not alike."""
    if isinstance(expected, str | bool):
        return repr(yours), repr(expected)
    mine, right = np.asarray(yours)[()], np.asarray(expected)[()]
    for digits in (6, 9, 17):
        pair = (f"{mine:.{digits}g}", f"{right:.{digits}g}")
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
