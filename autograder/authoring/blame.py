"""What an author's code did wrong, in half a line: an exception and its place, a wrong type."""

from __future__ import annotations

import functools
import inspect
import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

_LONGEST = 200


def blame(error: BaseException, *suspects: Callable[..., Any] | None) -> str:
    """An exception in one line, with the place in the author's file that it comes from.

    Parameters
    ----------
    error : exception
        As it was caught.
    *suspects : callable or None
        Whose files may be at fault. The place is the last line of one of them that was running,
        or the first line of one that was called the wrong way. What is not written in Python has
        no place.

    Examples
    --------
    >>> try:
    ...     np.ones(2) @ np.ones(3)
    ... except ValueError as error:
    ...     blame(error, np.matmul)[:21]
    'ValueError: matmul: I'
    """
    said = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST].removesuffix(":")
    starts = dict(filter(None, map(_start, suspects)))
    frames = traceback.extract_tb(error.__traceback__)
    places = [*starts.items()][:1]
    places += [(each.filename, each.lineno or 0) for each in frames if each.filename in starts]
    return f"{said} ({_short(places[-1][0])}:{places[-1][1]})" if places else said


def _start(suspect: Callable[..., Any] | None) -> tuple[str, int] | None:
    """File and first line of what is written in Python."""
    while isinstance(suspect, functools.partial):
        suspect = suspect.func
    if suspect is None:
        return None
    suspect = inspect.unwrap(suspect)
    if code := getattr(suspect, "__code__", None):
        return code.co_filename, code.co_firstlineno
    try:
        return inspect.getfile(suspect), inspect.getsourcelines(suspect)[1]
    except (TypeError, OSError):
        return None


def _short(file: str) -> str:
    """A path as it is typed from here, if it lies below."""
    path, here = Path(file), Path(os.getcwd())
    return str(path.relative_to(here)) if path.is_relative_to(here) else file


def kind_of(value: object) -> str:
    """What kind of thing a value is, with an article.

    Examples
    --------
    >>> kind_of(3), kind_of([]), kind_of(None), kind_of(np.array([None, "a"]))
    ('an int', 'a list', 'None', 'an array of object')
    """
    match value:
        case None:
            return "None"
        case np.ndarray():
            return f"an array of {value.dtype}"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
