"""The hidden inputs of a question, ready to be sent.

They are kept here, on the grader's side, and reach a room only as a message.
"""

from __future__ import annotations

import functools
from typing import Any

from autograder.sandbox.protocol.plan import Call, Question
from autograder.sandbox.protocol.values import encode
from autograder.sandbox.protocol.wire import Message, pack


@functools.lru_cache(maxsize=64)
def inputs_frame(question: Question) -> bytes:
    """The order that a snapshot is given for a question, framed.

    Raises
    ------
    ValueError
        If an input cannot be sent.
    """
    return pack(
        {
            "op": "calls",
            "id": question.id,
            "calls": [_encoded(call) for call in question.calls or ()],
            "use": question.use,
            "probes": [_encoded(call) for call in question.probes],
        }
    )


def _encoded(call: Call) -> Message:
    parts = {"args": encode(tuple(call.args)), "kwargs": encode(dict(call.kwargs))}
    if strange := _unsendable(list(parts.values())):
        raise ValueError(
            f"call {call.id!r}: a value of type {strange} cannot be sent into the room"
        )
    return {"id": call.id, **parts}


def _unsendable(encoded: Any) -> str | None:
    """Name of a type that was not encoded, if there is one."""
    if isinstance(encoded, dict):
        if encoded.get("kind") == "other":
            return str(encoded["type"])
        encoded = encoded.get("items", ())
    if isinstance(encoded, list):
        for item in encoded:
            if strange := _unsendable(item):
                return strange
    return None
