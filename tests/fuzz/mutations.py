"""Valid data, damaged a little: the way past the first check of a reader."""

from __future__ import annotations

import copy
import json
import struct
from typing import Any

from hypothesis import strategies as st

MOST_EDITS = 4


def nested(depth: int) -> list[Any]:
    """Lists in lists."""
    deep: list[Any] = []
    for _ in range(depth):
        deep = [deep]
    return deep


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2**31,
    2**63 - 1,
    10**4000,
    1.5,
    -0.0,
    float("nan"),
    float("inf"),
    "",
    "1",
    "nan",
    "-0",
    "\ud800",
    "\x00",
    "\N{PILE OF POO}",
    "x" * 2000,
    "../../x",
    [],
    {},
    [[]],
    [0] * 300,
    {"": {}},
    {"kind": "none"},
    {"kind": []},
    {"kind": "other", "type": "\udfff"},
    {"kind": "array", "dtype": "<f8", "shape": [2**24] * 7 + [0], "data": ""},
    {"kind": "scalar", "dtype": "<f16", "data": "/" * 21 + "w=="},
    {"kind": "int", "value": "9" * 4000},
    {"kind": "str", "value": "\ud800"},
    {"kind": "list", "items": [{"kind": "str", "value": "x" * 500}] + [{"kind": "none"}] * 9},
    nested(40),
    nested(400),
)
TOKENS = (
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"1" * 5000,
    b'"\\ud800"',
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\x00",
    b"[" * 2000,
    b'{"":',
    b'"id":"x",',
    b",",
    b"]",
    b"}",
    b"null",
)

odd = st.sampled_from(ODD).map(copy.deepcopy) | st.text(max_size=5) | st.integers() | st.floats()


@st.composite
def damaged(draw: st.DrawFn, valid: Any) -> Any:
    """A copy of some JSON with a few places replaced, dropped, doubled, moved or wrapped."""
    whole = [copy.deepcopy(valid)]
    for _ in range(draw(st.integers(0, MOST_EDITS))):
        holder, key = _place(draw, whole)
        _edit(draw, holder, key)
    return whole[0] if whole else None


def _place(draw: st.DrawFn, whole: list[Any]) -> tuple[Any, Any]:
    """Walk from the root to some place in it."""
    holder, key = whole, 0
    while whole:
        below = holder[key]
        keys = _keys(below)
        if not keys or draw(st.integers(0, 7)) == 0:
            break
        holder, key = below, draw(st.sampled_from(keys))
    return holder, key


def _keys(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if _is_list(value) else []


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _edit(draw: st.DrawFn, holder: Any, key: Any) -> None:
    if not holder:
        return
    match draw(st.integers(0, 5)):
        case 0 | 1:
            holder[key] = draw(odd)
        case 2:
            del holder[key]
        case 3 if _is_list(holder):
            holder.insert(key, copy.deepcopy(holder[key]))
        case 3:
            holder[draw(st.text(max_size=3))] = holder[key]
        case 4:
            other = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else [0]))
            holder[key], holder[other] = holder[other], holder[key]
        case 5:
            holder[key] = {"items": holder[key]} if draw(st.booleans()) else [holder[key]]


@st.composite
def written(draw: st.DrawFn, valid: Any) -> bytes:
    """Damaged JSON as bytes, with a few bytes changed here and there."""
    body = bytearray(json.dumps(draw(damaged(valid))).encode())
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.sampled_from([0, 1, 2, 30]))
        body[start:end] = draw(st.sampled_from(TOKENS) | st.binary(max_size=3))
    return bytes(body)


@st.composite
def framed(draw: st.DrawFn, *valid: Any) -> bytes:
    """A stream of messages, some of them damaged."""
    stream = b""
    for message in valid:
        body = draw(written(message)) if draw(st.booleans()) else json.dumps(message).encode()
        length = len(body) + draw(st.sampled_from([0] * 12 + [-1, 1, 1 << 20, 1 << 31]))
        stream += struct.pack("!I", max(0, length)) + body
    return stream
