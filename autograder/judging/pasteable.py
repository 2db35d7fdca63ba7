"""A case as lines that can be pasted into a notebook."""

from __future__ import annotations

import inspect
import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.authoring.exercise import Case, Exercise

MOST_ENTRIES = 64
"""Of an array that is written out. A larger one is loaded from a file."""

_DECIMALS = 6
_DEFAULTS = ("int64", "float64", "bool", "complex128")


@dataclass(frozen=True)
class Pasteable:
    """Lines of code, and the arrays that they load.

    Attributes
    ----------
    code : str
        It uses ``np`` and what the student has bound.
    arrays : dict
        Name of a file -> the array that belongs into it.
    """

    code: str
    arrays: Mapping[str, NDArray[Any]]


def pasteable(exercise: Exercise, case: Case, stem: str) -> Pasteable:
    """Write a call of the student's answer down: its arrays first, each by its name.

    Parameters
    ----------
    case : Case
        What it is called with.
    stem : str
        How the names of files begin.

    Examples
    --------
    >>> def pad(x, width=1): ...
    >>> exercise = Exercise("pad", (), oracle=pad, cases=lambda rng: [])
    >>> case = Case("any", (np.array([[1.5, 2], [0, 3]]),), {"width": 2})
    >>> print(pasteable(exercise, case, "pad").code)
    x = np.array([[1.5, 2.0],
                  [0.0, 3.0]])
    pad(x, width=2)
    """
    name = exercise.name
    lines: list[str] = []
    words: list[str] = []
    if exercise.use is not None:
        name = exercise.use.__name__
        lines += [textwrap.dedent(inspect.getsource(exercise.use)).rstrip(), ""]
        words.append(exercise.name)
    writer = _Writer(stem)
    names = parameter_names(exercise, len(case.args))
    for parameter, value in zip(names, case.args, strict=True):
        words.append(writer.argument(parameter, value))
    words += [f"{key}={writer.argument(key, value)}" for key, value in case.kwargs.items()]
    lines += [*writer.lines, f"{name}({', '.join(words)})"]
    return Pasteable("\n".join(lines), writer.arrays)


def parameter_names(exercise: Exercise, count: int) -> list[str]:
    """Names of the first arguments of a call; made-up ones for those that have none.

    Examples
    --------
    >>> def pad(x, *sizes): ...
    >>> parameter_names(Exercise("pad", (), oracle=pad, cases=lambda rng: []), 2)
    ['x', 'argument_2']
    """
    function, skipped = (exercise.use, 1) if exercise.use else (exercise.oracle, 0)
    kinds = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return [f"argument_{number}" for number in range(1, count + 1)]
    names = [each.name for each in parameters if each.kind in kinds][skipped:]
    return (names + [f"argument_{number}" for number in range(len(names) + 1, count + 1)])[:count]


class _Writer:
    """Writes values as code; keeps the lines that bind arrays, and the arrays that are loaded."""

    def __init__(self, stem: str) -> None:
        self.lines: list[str] = []
        self.arrays: dict[str, NDArray[Any]] = {}
        self._stem = stem

    def argument(self, name: str, value: Any) -> str:
        """A value as it stands in the call; what holds arrays is bound to its name before."""
        if not _holds_arrays(value):
            return self._text(value, name, 0)
        bound = f"{name} = "
        self.lines.append(bound + self._text(value, name, len(bound)))
        return name

    def _text(self, value: Any, name: str, indent: int) -> str:
        match value:
            case np.ndarray() if value.size > MOST_ENTRIES:
                file = f"{self._stem}-{name}.npy"
                self.arrays[file] = value
                return f'np.load("{file}")'
            case np.ndarray():
                return _array(value, indent)
            case np.generic():
                plain = _number(value.item())
                default = value.dtype.name in _DEFAULTS
                return plain if default else f"np.{value.dtype.name}({plain})"
            case tuple() | list():
                parts = [
                    self._text(part, f"{name}-{number}", indent + 1)
                    for number, part in enumerate(value, 1)
                ]
                between = f",\n{' ' * (indent + 1)}" if _holds_arrays(value) else ", "
                inner = between.join(parts)
                if isinstance(value, list):
                    return f"[{inner}]"
                return f"({inner},)" if len(value) == 1 else f"({inner})"
            case Mapping():
                pairs = (
                    f"{key!r}: {self._text(part, f'{name}-{key}', indent)}"
                    for key, part in value.items()
                )
                return f"{{{', '.join(pairs)}}}"
        return _number(value)


def _holds_arrays(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return any(map(_holds_arrays, value))
    if isinstance(value, Mapping):
        return any(map(_holds_arrays, value.values()))
    return isinstance(value, np.ndarray)


def _array(array: NDArray[Any], indent: int) -> str:
    dtype = "" if array.dtype.name in _DEFAULTS else f", dtype=np.{array.dtype.name}"
    if not array.size:
        return f"np.zeros({array.shape}, dtype=np.{array.dtype.name})"
    opening = "np.array("
    return f"{opening}{_nested(array, indent + len(opening))}{dtype})"


def _nested(array: NDArray[Any], indent: int) -> str:
    if not array.ndim:
        return _number(array.item())
    between = ", " if array.ndim == 1 else f",\n{' ' * (indent + 1)}"
    return f"[{between.join(_nested(part, indent + 1) for part in array)}]"


def _number(value: Any) -> str:
    """A number or text as code; of a float six decimals, or six digits where these lose some.

    Examples
    --------
    >>> [_number(each) for each in (3, 2.0, 33.015625, 1 / 3, 1e-8, float("nan"), "same")]
    ['3', '2.0', '33.015625', '0.333333', '1e-08', 'np.nan', "'same'"]
    """
    if isinstance(value, complex):
        return f"complex({_number(value.real)}, {_number(value.imag)})"
    if not isinstance(value, float):
        return repr(value)
    if not math.isfinite(value):
        return "np.nan" if math.isnan(value) else "np.inf" if value > 0 else "-np.inf"
    if round(value, _DECIMALS) == value:
        return repr(value)
    text = f"{value:.{_DECIMALS}g}"
    return text if "." in text or "e" in text else f"{text}.0"
