"""The student's side of a snapshot: a fork of the process that waits for hidden inputs and answers.

The grader's side of the same conversation is `outside.snapshot`.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import os
import sys
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.sandbox.inside.effort import growth
from autograder.sandbox.inside.watch import Watch
from autograder.sandbox.protocol.plan import LONGEST_MESSAGE
from autograder.sandbox.protocol.values import Encoded, TooLarge, decode, encode
from autograder.sandbox.protocol.wire import Channel, Message, WireClosed, pack

_LIMIT_OF_INPUTS = 1 << 30
_CELL_FILES = ("<ipython-input-", "<cell ")


@dataclass(frozen=True)
class BoundQuestion:
    """A question whose object has been found, and that waits for its inputs.

    Attributes
    ----------
    find : callable
        Gives what the question is about.
    watch : Watch
        Library callables to look out for during the calls.
    """

    find: Callable[[], Any]
    watch: Watch


def serve(
    questions: Mapping[str, BoundQuestion],
    channel: Channel,
    prepare: Callable[[], None] | None = None,
) -> None:
    """Answer one question after the other, until the grader has no more.

    Parameters
    ----------
    questions : mapping
        From id to question.
    channel : Channel
        To the grader.
    prepare : callable, optional
        Called before the first answer: what it starts is not there while the snapshot waits.
    """
    _silence()
    while True:
        try:
            allowed = channel.receive(limit=_LIMIT_OF_INPUTS)
            order = channel.receive(limit=_LIMIT_OF_INPUTS)
        except WireClosed:
            return
        if prepare is not None:
            prepare()
            prepare = None
        _answer(questions[order["id"]], order, channel, allowed["bytes"])


def _answer(question: BoundQuestion, order: Message, channel: Channel, most_bytes: int) -> None:
    reached: set[str] = set()
    used = _put_to_use(question.find(), order["use"])
    outcome = _Answerer(channel, most_bytes).all(used, order["calls"], question.watch, reached)
    channel.send(
        {
            "op": "done",
            "outcome": outcome,
            "reached": sorted(reached),
            "growth": _growth(used, order["probes"]) if outcome == "OK" else None,
        }
    )


def _put_to_use(answer: Any, source: str) -> Any:
    """The student's answer, or a function that uses it in the way of `source`."""
    if not source:
        return answer
    names: dict[str, Any] = {"np": np}
    exec(compile(source, "<use>", "exec"), names)
    return functools.partial(names["use"], answer)


def _growth(function: Callable[..., Any], probes: list[Message]) -> list[int] | None:
    """How often some line runs more for each probe; None if that cannot be told."""
    if not probes:
        return None
    smallest, *larger = [_inputs(probe)[0] for probe in probes]
    for counted in (True, False):
        with contextlib.suppress(BaseException):
            return list(growth(function, smallest, larger, counted=counted))
    return None


def _silence() -> None:
    """From here on nothing that is printed goes anywhere."""
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115


class _Answerer:
    def __init__(self, channel: Channel, bytes_left: int) -> None:
        self._channel = channel
        self._bytes_left = bytes_left

    def all(self, target: Any, calls: list[Message], watch: Watch, reached: set[str]) -> str:
        """Answer every call; return the outcome of the question."""
        try:
            for number, call in enumerate(calls):
                args, kwargs = _inputs(call)
                try:
                    with watch.observe(reached, thoroughly=number == 0):
                        result = target(*args, **kwargs)
                    value = encode(result, max_bytes=self._bytes_left)
                except (MemoryError, TooLarge):
                    raise
                except BaseException as error:
                    self._send_error(call["id"], error)
                else:
                    self._send(call["id"], value)
        except TooLarge:
            return "OUTPUT"
        except MemoryError:
            return "MEMORY"
        return "OK"

    def _send(self, call: str, value: Encoded) -> None:
        message = {"op": "answer", "call": call, "value": value}
        self._bytes_left -= len(pack(message))
        if self._bytes_left < 0:
            raise TooLarge("the answers have too many bytes")
        self._channel.send(message)

    def _send_error(self, call: str, error: BaseException) -> None:
        self._channel.send(
            {
                "op": "answer",
                "call": call,
                "raised": _builtin_name(error),
                "line": _line(error),
                "message": _message(error),
            }
        )


def _inputs(call: Message) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Fresh copies of what a call is given."""
    args, kwargs = (decode(call[key], max_bytes=_LIMIT_OF_INPUTS) for key in ("args", "kwargs"))
    return args, kwargs


def _builtin_name(error: BaseException) -> str:
    """Name of the nearest built-in class of an exception."""
    for kind in type(error).__mro__:
        name = kind.__name__
        if getattr(builtins, name, None) is kind:
            return name
    return "Exception"


def _message(error: BaseException) -> str:
    """The first line of what an exception says."""
    try:
        return next(iter(str(error).strip().splitlines()), "")[:LONGEST_MESSAGE]
    except BaseException:
        return ""


def _line(error: BaseException) -> int | None:
    """The innermost line of a student's cell in the traceback."""
    line = None
    trace: types.TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(_CELL_FILES):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
