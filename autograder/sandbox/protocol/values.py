"""Values as plain data: arrays, numbers, texts and nests of them, to and from JSON.

Encoding happens on the student's side, decoding also in the process that decides about points.
So `decode` believes nothing: it takes a short list of types, counts bytes and elements before it
sets memory aside, and never runs code that comes with the data.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

Encoded = dict[str, Any]

MOST_DEPTH = 8
MOST_ITEMS = 100_000
MOST_DIGITS = 4000
MOST_DIMENSIONS = 8
_LONGEST_TYPE_NAME = 200
_LONGEST_AXIS = (1 << 63) - 1

_NAMES = {np.dtype(code).newbyteorder("<").str for code in "?bBhHiIqQefdFDg"}
_DTYPES = {name: np.dtype(name) for name in _NAMES}
_INTEGER = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}")
_SPECIAL_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class DecodeError(ValueError):
    """The data is not an encoded value."""


class TooLarge(ValueError):
    """The value has more bytes than may be encoded."""


class _TooMany(Exception):
    """The value has more elements than may be encoded."""


@dataclass(frozen=True)
class Other:
    """Stands for a value that does not leave the room; only the name of its type does."""

    type: str


def encode(value: object, *, max_bytes: int | None = None) -> Encoded:
    """Write a value down as plain data.

    Parameters
    ----------
    value : object
        None, a bool, a number, a text, a numpy array or scalar of numbers, or a tuple, list or
        dict (with text keys) of such values. Subclasses of these are taken as their base.
        A text holds no lone surrogates: these cannot be written to a file.
    max_bytes : int, optional
        How many bytes of arrays and texts may be written.

    Returns
    -------
    dict
        ``{"kind": ..., ...}``; ``{"kind": "other", "type": name}`` for a value of another type,
        or one that is nested too deeply or has too many elements.

    Raises
    ------
    TooLarge
        If `max_bytes` do not suffice.

    Examples
    --------
    >>> encode((1, "two"))
    {'kind': 'tuple', 'items': [{'kind': 'int', 'value': '1'}, {'kind': 'str', 'value': 'two'}]}
    >>> encode(object())
    {'kind': 'other', 'type': 'object'}
    """
    try:
        return _Encoder(max_bytes).encode(value, 0)
    except _TooMany:
        return _other(value)


class _Encoder:
    def __init__(self, max_bytes: int | None) -> None:
        self._bytes_left = max_bytes
        self._items_left = MOST_ITEMS

    def encode(self, value: object, depth: int) -> Encoded:
        self._items_left -= 1
        if self._items_left < 0:
            raise _TooMany
        if value is None:
            return {"kind": "none"}
        if isinstance(value, np.ndarray | np.generic):
            return self._array(value)
        if type(value) is bool:
            return {"kind": "bool", "value": value}
        if type(value) is int and value.bit_length() < 3 * MOST_DIGITS:
            return {"kind": "int", "value": str(value)}
        if type(value) is float:
            return {"kind": "float", "value": value if math.isfinite(value) else repr(value)}
        if type(value) is complex:
            parts = [self.encode(part, depth)["value"] for part in (value.real, value.imag)]
            return {"kind": "complex", "value": parts}
        if type(value) is str and (size := _size(value)) is not None:
            self._charge(size)
            return {"kind": "str", "value": value}
        if not isinstance(value, tuple | list | dict):
            return _other(value)
        if depth >= MOST_DEPTH or len(value) > self._items_left:
            return _other(value)
        return self._nest(value, depth)

    def _nest(self, value: tuple[Any, ...] | list[Any] | dict[Any, Any], depth: int) -> Encoded:
        if isinstance(value, dict):
            sizes = [_size(key) if type(key) is str else None for key in value]
            if None in sizes:
                return _other(value)
            self._charge(sum(filter(None, sizes)))
            pairs = [[key, self.encode(item, depth + 1)] for key, item in dict.items(value)]
            return {"kind": "dict", "items": pairs}
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {"kind": kind, "items": [self.encode(item, depth + 1) for item in value]}

    def _array(self, value: np.ndarray | np.generic) -> Encoded:
        dtype = value.dtype.newbyteorder("<")
        if dtype.str not in _DTYPES or value.ndim > MOST_DIMENSIONS:
            return {
                "kind": "other",
                "type": f"{_type_name(value)} of {value.dtype}"[:_LONGEST_TYPE_NAME],
            }
        self._charge(value.nbytes)
        plain = np.array(value, dtype=dtype, subok=False, order="C")
        data = base64.b64encode(plain.tobytes()).decode("ascii")
        if isinstance(value, np.generic):
            return {"kind": "scalar", "dtype": dtype.str, "data": data}
        return {"kind": "array", "dtype": dtype.str, "shape": list(plain.shape), "data": data}

    def _charge(self, size: int) -> None:
        if self._bytes_left is not None:
            self._bytes_left -= size
            if self._bytes_left < 0:
                raise TooLarge("the value has too many bytes")


def _size(text: str) -> int | None:
    """Bytes of a text in UTF-8, None if it holds lone surrogates."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return None


def _type_name(value: object) -> str:
    name = str(type(value).__name__)[:_LONGEST_TYPE_NAME]
    return name.encode(errors="replace").decode()


def _other(value: object) -> Encoded:
    return {"kind": "other", "type": _type_name(value)}


def decode(encoded: object, *, max_bytes: int) -> Any:
    """Read a value that `encode` wrote down, and trust nothing in it.

    Parameters
    ----------
    encoded : object
        What came from the other side: parsed JSON.
    max_bytes : int
        How many bytes of arrays and texts are taken.

    Returns
    -------
    object
        Arrays are fresh, writable and contiguous. A value of a type that is not carried over
        becomes `Other`.

    Raises
    ------
    DecodeError
        If `encoded` is anything that `encode` does not produce.

    Examples
    --------
    >>> decode({"kind": "tuple", "items": [{"kind": "int", "value": "1"}]}, max_bytes=100)
    (1,)
    >>> decode({"kind": "array", "dtype": "O", "shape": [1], "data": ""}, max_bytes=100)
    Traceback (most recent call last):
    ...
    autograder.sandbox.protocol.values.DecodeError: no dtype of numbers: 'O'
    """
    return _Decoder(max_bytes).decode(encoded, 0)


class _Decoder:
    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes_left = max_bytes
        self._items_left = MOST_ITEMS

    def decode(self, encoded: object, depth: int) -> Any:
        self._items_left -= 1
        if self._items_left < 0:
            raise DecodeError("too many elements")
        if type(encoded) is not dict or not all(type(key) is str for key in encoded):
            raise DecodeError("an encoded value is a dict")
        kind = encoded.get("kind")
        reader = _READERS.get(kind) if type(kind) is str else None
        if reader is None:
            raise DecodeError("no such kind")
        fields, read = reader
        if encoded.keys() != fields:
            raise DecodeError(f"a value of kind {kind} has the fields {sorted(fields)}")
        return read(self, encoded, depth)

    def _charge(self, size: int) -> None:
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise DecodeError(f"more than {self._max_bytes} bytes")

    def none(self, encoded: Encoded, depth: int) -> None:
        return None

    def boolean(self, encoded: Encoded, depth: int) -> bool:
        return bool(_typed(encoded["value"], bool))

    def integer(self, encoded: Encoded, depth: int) -> int:
        digits = _typed(encoded["value"], str)
        if not _INTEGER.fullmatch(digits):
            raise DecodeError("no decimal integer")
        return int(digits)

    def floating(self, encoded: Encoded, depth: int) -> float:
        return _float(encoded["value"])

    def complex(self, encoded: Encoded, depth: int) -> complex:
        parts = _typed(encoded["value"], list)
        if len(parts) != 2:
            raise DecodeError("a complex number has two parts")
        return complex(_float(parts[0]), _float(parts[1]))

    def text(self, encoded: Encoded, depth: int) -> str:
        return self._text(encoded["value"])

    def _text(self, value: object) -> str:
        text: str = _typed(value, str)
        size = _size(text)
        if size is None:
            raise DecodeError("a text with lone surrogates")
        self._charge(size)
        return text

    def sequence(self, encoded: Encoded, depth: int) -> tuple[Any, ...] | list[Any]:
        items = [self.decode(item, depth + 1) for item in self._items(encoded, depth)]
        return tuple(items) if encoded["kind"] == "tuple" else items

    def mapping(self, encoded: Encoded, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for pair in self._items(encoded, depth):
            if len(_typed(pair, list)) != 2:
                raise DecodeError("an item of a dict is a key and a value")
            key = self._text(pair[0])
            if key in result:
                raise DecodeError("a key occurs twice")
            result[key] = self.decode(pair[1], depth + 1)
        return result

    def _items(self, encoded: Encoded, depth: int) -> list[Any]:
        items: list[Any] = _typed(encoded["items"], list)
        if depth >= MOST_DEPTH:
            raise DecodeError("nested too deeply")
        if len(items) > self._items_left:
            raise DecodeError("too many elements")
        return items

    def array(self, encoded: Encoded, depth: int) -> np.ndarray:
        shape = tuple(_typed(encoded["shape"], list))
        if len(shape) > MOST_DIMENSIONS or not all(type(size) is int for size in shape):
            raise DecodeError("a shape is a short list of integers")
        if not all(0 <= size <= _LONGEST_AXIS for size in shape):
            raise DecodeError("a size in the shape is out of bounds")
        numbers = self._numbers(encoded, math.prod(shape))
        try:
            return numbers.reshape(shape)
        except ValueError:
            # An empty array may still have too large a shape for numpy.
            raise DecodeError("no array has such a shape") from None

    def scalar(self, encoded: Encoded, depth: int) -> np.generic:
        number: np.generic = self._numbers(encoded, 1)[0]
        return number

    def _numbers(self, encoded: Encoded, count: int) -> np.ndarray:
        name = _typed(encoded["dtype"], str)
        if name not in _DTYPES:
            raise DecodeError(f"no dtype of numbers: {name[:40]!r}")
        dtype = _DTYPES[name]
        size = count * dtype.itemsize
        self._charge(size)
        text = _typed(encoded["data"], str)
        if len(text) != 4 * -(-size // 3):
            raise DecodeError("the shape does not fit the data")
        try:
            data = base64.b64decode(text.encode("ascii"), validate=True)
        except (binascii.Error, UnicodeError):
            raise DecodeError("no base64") from None
        if len(data) != size:
            raise DecodeError("the shape does not fit the data")
        if dtype.kind == "b" and data.translate(None, b"\x00\x01"):
            raise DecodeError("a bool is 0 or 1")
        return np.frombuffer(data, dtype=dtype).copy()

    def other(self, encoded: Encoded, depth: int) -> Other:
        name = _typed(encoded["type"], str)
        if len(name) > _LONGEST_TYPE_NAME or _size(name) is None:
            raise DecodeError("no name of a type")
        return Other(name)


_READERS: dict[str, tuple[set[str], Any]] = {
    "none": ({"kind"}, _Decoder.none),
    "bool": ({"kind", "value"}, _Decoder.boolean),
    "int": ({"kind", "value"}, _Decoder.integer),
    "float": ({"kind", "value"}, _Decoder.floating),
    "complex": ({"kind", "value"}, _Decoder.complex),
    "str": ({"kind", "value"}, _Decoder.text),
    "tuple": ({"kind", "items"}, _Decoder.sequence),
    "list": ({"kind", "items"}, _Decoder.sequence),
    "dict": ({"kind", "items"}, _Decoder.mapping),
    "array": ({"kind", "dtype", "shape", "data"}, _Decoder.array),
    "scalar": ({"kind", "dtype", "data"}, _Decoder.scalar),
    "other": ({"kind", "type"}, _Decoder.other),
}


def _typed(value: object, wanted: type) -> Any:
    if type(value) is not wanted:
        raise DecodeError(f"{wanted.__name__} expected, got {type(value).__name__}")
    return value


def _float(value: object) -> float:
    if type(value) is float:
        if not math.isfinite(value):
            raise DecodeError("a special float is written as a text")
        return value
    if type(value) is str and value in _SPECIAL_FLOATS:
        return _SPECIAL_FLOATS[value]
    raise DecodeError("no float")
