"""What a cell displays, as it crosses the border: a few kinds of data, each of one known form.

The student's process holds its displays against this before it sends them, so that honest ones
are never refused; the grader does so again, and believes nothing.
"""

from __future__ import annotations

import json
import math
from typing import Any

from autograder.sandbox.protocol.pictures import PICTURES, PictureError, check_picture

JSON = "application/json"
TEXTS = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/svg+xml",
)
KINDS = (*TEXTS, *PICTURES, JSON)
"""The kinds of data that are kept."""

MOST_PARTS = 20_000
"""Values in one piece of JSON."""
DEEPEST = 100

_MOST_BITS = 1024
_LARGEST_SIDE = 10_000
_SIDES = ("width", "height")


class DisplayError(ValueError):
    """It is no such data; the message says why, for people."""


def check_data(kind: str, value: object) -> Any:
    """One representation of a display, rebuilt.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    value : object
        Parsed JSON.

    Raises
    ------
    DisplayError
        If the value is none of that kind.

    Examples
    --------
    >>> check_data("application/json", {"a": [1, 2.5]})
    {'a': [1, 2.5]}
    """
    if kind == JSON:
        return _Json().rebuilt(value, DEEPEST)
    text = clean_text(value)
    if kind in TEXTS:
        return text
    try:
        return check_picture(kind, text)
    except PictureError as error:
        raise DisplayError(str(error)) from None


def check_sizes(data: dict[str, Any], metadata: object) -> dict[str, dict[str, int]]:
    """Of metadata the sizes at which pictures are to be shown; anything else is dropped."""
    sizes: dict[str, dict[str, int]] = {}
    for kind in PICTURES:
        said = metadata.get(kind) if kind in data and type(metadata) is dict else None
        if type(said) is dict:
            sides = {side: said[side] for side in _SIDES if _is_side(said.get(side))}
            sizes |= {kind: sides} if sides else {}
    return sizes


def _is_side(number: object) -> bool:
    return type(number) is int and 0 < number <= _LARGEST_SIDE


def size_of_data(data: dict[str, Any]) -> int:
    """Bytes that checked data take."""
    return sum(
        len(json.dumps(value)) if kind == JSON else len(value.encode("utf-8"))
        for kind, value in data.items()
    )


def clean_text(text: object) -> str:
    """A text that can be encoded: lone surrogates are replaced.

    Raises
    ------
    DisplayError
        If it is no text.
    """
    if type(text) is not str:
        raise DisplayError("a text is a string")
    return text.encode("utf-8", "replace").decode("utf-8")


class _Json:
    """Rebuilds one JSON value, within bounds."""

    def __init__(self) -> None:
        self._left = MOST_PARTS

    def rebuilt(self, value: object, depth: int) -> Any:
        self._left -= 1
        if self._left < 0 or depth < 0:
            raise DisplayError("it has too many parts, or is nested too deeply")
        if value is None or type(value) is bool:
            return value
        if type(value) is int and value.bit_length() <= _MOST_BITS:
            return value
        if type(value) is float and math.isfinite(value):
            return value
        if type(value) is str:
            return clean_text(value)
        if type(value) is list:
            return [self.rebuilt(item, depth - 1) for item in value]
        if type(value) is dict:
            return {clean_text(key): self.rebuilt(item, depth - 1) for key, item in value.items()}
        raise DisplayError("it holds a number or an object that is not JSON")
