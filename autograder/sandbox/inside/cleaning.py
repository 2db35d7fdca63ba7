"""What a cell displays, cleaned as a kernel cleans it: plain data that JSON can hold.

Bytes become base64; sets, tuples and arrays lists; dates ISO texts; numbers that JSON lacks their
names. The objects are the student's and may be anything, so nothing is taken for what it says that
it is, and whatever they raise costs that representation alone.
"""

from __future__ import annotations

import base64
import json
import math
from dataclasses import dataclass, field
from datetime import date
from numbers import Integral, Real
from typing import Any, cast

import numpy as np

from autograder.sandbox.protocol.displays import (
    DEEPEST,
    KINDS,
    MOST_PARTS,
    TEXTS,
    DisplayError,
    check_data,
    check_sizes,
)
from autograder.sandbox.protocol.pictures import PICTURES

_LONGEST_NAME = 80


@dataclass(frozen=True)
class Cleaned:
    """What of a display can be sent.

    Attributes
    ----------
    data : dict
        MIME type -> plain data, for the kinds that are kept.
    sizes : dict
        MIME type of a picture -> width and height at which it is shown.
    notes : list of str
        What could not be sent, in words. Kinds that are not kept are mentioned only if there is
        nothing else to see.
    cut : bool
        Whether something was too large.
    """

    data: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cut: bool = False


class _TooLarge(Exception):
    """It holds more than it may."""


def clean_display(data: object, metadata: object, *, most_bytes: int) -> Cleaned:
    """Make plain data of what IPython made of an object.

    Parameters
    ----------
    data : dict
        MIME type -> whatever the student's code gave for it.
    metadata : dict or None
        As IPython has it; of that the sizes of pictures are kept.
    most_bytes : int
        How much text or bytes one representation may hold.

    Examples
    --------
    >>> clean_display({"application/json": {"a": (1, {float("nan")})}}, {}, most_bytes=99).data
    {'application/json': {'a': [1, ['nan']]}}
    """
    kept: dict[str, Any] = {}
    notes = []
    cut = False
    bundle = {kind: value for kind, value in _plain_dict(data).items() if value is not None}
    for kind in filter(bundle.__contains__, KINDS):
        if kind in PICTURES and not PICTURES.keys().isdisjoint(kept):
            # Some libraries give every format; one picture is enough, and spares the rest.
            continue
        try:
            kept[kind] = check_data(kind, _cleaned(kind, bundle[kind], most_bytes))
        except _TooLarge:
            cut = True
            notes.append(f"[{kind} was cut: only {most_bytes} bytes more were allowed]")
        except DisplayError as error:
            notes.append(f"[{kind} could not be shown: {error}]")
        except Exception as error:
            notes.append(f"[{kind} could not be shown: it raised {class_name(type(error))}]")
    if not kept and not notes and bundle:
        name = ascii(next(iter(bundle)))[:_LONGEST_NAME]
        notes.append(f"[{name} is not shown: no kind of display that is kept]")
    return Cleaned(kept, check_sizes(kept, _sizes(metadata)), notes, cut)


def class_name(kind: type) -> str:
    """The name of a class, whatever its metaclass says."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name[:_LONGEST_NAME]


def _plain_dict(data: object) -> dict[str, Any]:
    """The items of a dict under keys that are texts."""
    if not issubclass(type(data), dict):
        return {}
    items = dict.items(cast("dict[Any, Any]", data))
    return {str.__str__(key): value for key, value in items if issubclass(type(key), str)}


def _cleaned(kind: str, value: object, most_bytes: int) -> Any:
    plain = _Cleaner(most_bytes).clean(value, DEEPEST)
    if kind not in TEXTS or type(plain) is str:
        return plain
    if type(plain) is list and all(type(line) is str for line in plain):
        # As in a notebook file: a text may be a list of lines.
        return "".join(plain)
    return json.dumps(plain)


def _sizes(metadata: object) -> dict[str, Any]:
    said = _plain_dict(metadata)
    return {kind: _whole_numbers(_plain_dict(said[kind])) for kind in PICTURES if kind in said}


def _whole_numbers(sides: dict[str, Any]) -> dict[str, int]:
    numbers = {}
    for side, number in sides.items():
        try:
            numbers[side] = int(number)
        except Exception:
            continue
    return numbers


class _Cleaner:
    """Makes plain data of one value, within bounds."""

    def __init__(self, most_bytes: int) -> None:
        self._bytes_left = most_bytes
        self._parts_left = MOST_PARTS

    def clean(self, value: Any, depth: int) -> Any:
        self._parts_left -= 1
        if self._parts_left < 0:
            raise DisplayError(f"it has more than {MOST_PARTS} parts")
        if depth < 0:
            raise DisplayError("it is nested too deeply")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if issubclass(kind, str):
            return self._text(value)
        if issubclass(kind, (bytes, bytearray)):
            self._charge(memoryview(value).nbytes)
            return base64.b64encode(value).decode("ascii")
        if issubclass(kind, dict):
            return {self._key(k): self.clean(v, depth - 1) for k, v in dict.items(value)}
        if issubclass(kind, np.bool_):
            return bool(value)
        if issubclass(kind, Integral):
            return int(value)
        if issubclass(kind, Real):
            number = float(value)
            return number if math.isfinite(number) else repr(number)
        if issubclass(kind, date):
            return self._text(value.isoformat())
        if hasattr(kind, "__iter__"):
            return [self.clean(item, depth - 1) for item in value]
        raise DisplayError(f"JSON has no {class_name(kind)}")

    def _key(self, key: Any) -> str:
        if key is None or type(key) is bool:
            return json.dumps(key)
        return self._text(key if issubclass(type(key), str) else str(key))

    def _text(self, text: str) -> str:
        plain = str.__str__(text)
        self._charge(len(plain))
        return plain

    def _charge(self, size: int) -> None:
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise _TooLarge
