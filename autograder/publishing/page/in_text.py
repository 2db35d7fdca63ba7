"""Answers as text for the page: short, whatever a student's process has given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.sandbox.protocol.values import Other

MOST_ENTRIES = 64
"""Of an array that is written out."""

_LONGEST = 2000
_LONGEST_TEXT = 200
_LONGEST_NUMBER = 40


def in_text(value: Any) -> str:
    """Write an answer down, as Python would, but for what is long.

    Examples
    --------
    >>> print(in_text((np.array([[1.0, 0.5], [np.nan, 3.0]]), "same", None)))
    ([[1, 0.5],
      [nan, 3]], 'same', None)
    >>> in_text(np.zeros((9, 9)))
    'an array of shape (9, 9), of float64'
    """
    pieces = []
    left = _LONGEST
    for piece in _pieces(value, 0):
        pieces.append(piece[: max(left, 0)])
        left -= len(piece)
        if left < 0:
            pieces.append(" […]")
            break
    return "".join(pieces)


def number_in_text(value: Any) -> str:
    """A number with six digits; a whole one with all of them, unless these are very many."""
    if isinstance(value, bool | np.bool_) or value is None:
        return str(value)
    if isinstance(value, int | np.integer):
        digits = str(value)
        if len(digits) <= _LONGEST_NUMBER:
            return digits
        return f"{digits[:_LONGEST_NUMBER]}… ({len(digits)} digits)"
    return f"{value:.6g}"


def _pieces(value: Any, indent: int) -> Iterator[str]:
    match value:
        case np.ndarray() if value.size > MOST_ENTRIES or not value.size:
            yield f"an array of shape {value.shape}, of {value.dtype}"
        case np.ndarray():
            yield _nested(value, indent)
        case str():
            yield repr(value[:_LONGEST_TEXT]) + "…" * (len(value) > _LONGEST_TEXT)
        case tuple() | list():
            opening, closing = "()" if isinstance(value, tuple) else "[]"
            yield opening
            yield from _joined(_pieces(part, indent + 1) for part in value)
            yield "," * (isinstance(value, tuple) and len(value) == 1) + closing
        case Mapping():
            yield "{"
            yield from _joined(_pair(key, part, indent) for key, part in value.items())
            yield "}"
        case Other():
            yield f"something of type {value.type}"
        case _:
            yield number_in_text(value)


def _pair(key: str, value: Any, indent: int) -> Iterator[str]:
    yield from _pieces(key, indent)
    yield ": "
    yield from _pieces(value, indent)


def _joined(parts: Iterable[Iterator[str]]) -> Iterator[str]:
    for number, part in enumerate(parts):
        if number:
            yield ", "
        yield from part


def _nested(array: NDArray[Any], indent: int) -> str:
    if not array.ndim:
        return number_in_text(array[()])
    between = ", " if array.ndim == 1 else f",\n{' ' * (indent + 1)}"
    return f"[{between.join(_nested(part, indent + 1) for part in array)}]"
