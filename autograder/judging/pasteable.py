"""A case as lines that can be pasted into a notebook."""

from __future__ import annotations

import base64
import inspect
import io
import math
import textwrap
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.authoring.exercise import Case, Exercise

MOST_ENTRIES = 64
"""Of an array that is written out. A larger one is packed."""

MOST_PACKED_BYTES = 64 << 10
"""Of an array that is packed. A larger one is left out."""

_UNPACKED = """\
import base64, io, zlib

def unpacked(text):
    return np.load(io.BytesIO(zlib.decompress(base64.b64decode(text))))
"""

_ONE_ARGUMENT = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_DECIMALS = 6
_DEFAULTS = ("int64", "float64", "bool", "complex128")


def pasteable(exercise: Exercise, case: Case) -> str:
    """Write a call of the student's answer down: its arrays first, each by its name.

    The code uses ``np`` and what the student has bound. It stands for itself, without a file
    beside it: what is handed on to students is a single page.

    Parameters
    ----------
    case : Case
        What it is called with.

    Examples
    --------
    >>> def pad(x, width=1): ...
    >>> exercise = Exercise("pad", (), oracle=pad, cases=lambda rng: [])
    >>> case = Case("any", (np.array([[1.5, 2], [0, 3]]),), {"width": 2})
    >>> print(pasteable(exercise, case))
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
    writer = _Writer()
    names = parameter_names(exercise, len(case.args))
    for parameter, value in zip(names, case.args, strict=True):
        words.append(writer.argument(parameter, value))
    words += [f"{key}={writer.argument(key, value)}" for key, value in case.kwargs.items()]
    if writer.has_packed:
        lines.insert(0, _UNPACKED)
    lines += [*writer.lines, f"{name}({', '.join(words)})"]
    return "\n".join(lines)


def parameter_names(exercise: Exercise, count: int) -> list[str]:
    """Names of the first arguments of a call; made-up ones for those that have none.

    Examples
    --------
    >>> def pad(x, *sizes): ...
    >>> parameter_names(Exercise("pad", (), oracle=pad, cases=lambda rng: []), 3)
    ['x', 'sizes_1', 'sizes_2']
    """
    function, skipped = (exercise.use, 1) if exercise.use else (exercise.oracle, 0)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [each.name for each in parameters if each.kind in _ONE_ARGUMENT][skipped:]
    rest = [each.name for each in parameters if each.kind is inspect.Parameter.VAR_POSITIONAL]
    more = range(1, count - len(names) + 1)
    return [*names, *(f"{rest[0] if rest else 'argument'}_{number}" for number in more)][:count]


class _Writer:
    """Writes values as code; keeps the lines that bind arrays."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.has_packed = False

    def argument(self, name: str, value: Any) -> str:
        """A value as it stands in the call; what holds arrays is bound to its name before."""
        if not _holds_arrays(value):
            return self._text(value, 0)
        bound = f"{name} = "
        self.lines.append(bound + self._text(value, len(bound)))
        return name

    def _text(self, value: Any, indent: int) -> str:
        match value:
            case np.ndarray() if value.size > MOST_ENTRIES:
                return self._packed(value)
            case np.ndarray():
                return _array(value, indent)
            case np.generic():
                plain = _number(value.item())
                default = value.dtype.name in _DEFAULTS
                return plain if default else f"np.{value.dtype.name}({plain})"
            case tuple() | list():
                parts = [self._text(part, indent + 1) for part in value]
                between = f",\n{' ' * (indent + 1)}" if _holds_arrays(value) else ", "
                inner = between.join(parts)
                if isinstance(value, list):
                    return f"[{inner}]"
                return f"({inner},)" if len(value) == 1 else f"({inner})"
            case Mapping():
                pairs = (f"{key!r}: {self._text(part, indent)}" for key, part in value.items())
                return f"{{{', '.join(pairs)}}}"
        return _number(value)

    def _packed(self, array: NDArray[Any]) -> str:
        """A large array as text that `unpacked` reads; one that is too large as dots."""
        if array.nbytes > MOST_PACKED_BYTES:
            return f"...  # an array of shape {array.shape}, too large to be written down"
        self.has_packed = True
        file = io.BytesIO()
        np.save(file, np.ascontiguousarray(array), allow_pickle=False)
        text = base64.b64encode(zlib.compress(file.getvalue(), 9)).decode("ascii")
        return f'unpacked("{text}")'


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
