"""What a room replies to questions: checked, counted and cut before the grader keeps it."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.core.names import printable
from autograder.core.outcome import Outcome
from autograder.sandbox.protocol.displays import DisplayError, clean_text
from autograder.sandbox.protocol.plan import LONGEST_MESSAGE, Answer, Question, QuestionResult
from autograder.sandbox.protocol.values import DecodeError, Encoded, decode
from autograder.sandbox.protocol.wire import Channel, Message, WireError

MOST_PARTS = 500_000
"""Brackets and commas in the answers of one question."""

_QUESTIONS_WITH_THE_MOST = 4
_LONGEST_NAME = 200
_MOST_REACHED = 1000
_MOST_LINES = 10**6
_VALUE = "value"
_FAILURES = {"OUTPUT": Outcome.OUTPUT, "MEMORY": Outcome.MEMORY}
_OUTCOMES = {"OK": Outcome.OK, **_FAILURES}


@dataclass
class Budget:
    """How much all the answers of a submission together may still take.

    Attributes
    ----------
    frame_bytes : int
        Bytes, as they travel.
    parts : int
        Brackets and commas: short texts can become large structures.
    """

    frame_bytes: int
    parts: int = _QUESTIONS_WITH_THE_MOST * MOST_PARTS

    @staticmethod
    def of(answer_bytes: int) -> Budget:
        """The budget where a question may have `answer_bytes` of answers."""
        return Budget(_QUESTIONS_WITH_THE_MOST * frame_bytes(answer_bytes))

    def charge(self, channel: Channel) -> None:
        """Take out what the last message on a channel took."""
        self.frame_bytes -= channel.received
        self.parts -= channel.parts


@dataclass(frozen=True)
class SnapshotEnd:
    """How a snapshot ended, and what it reported at its end."""

    outcome: Outcome
    reached: tuple[str, ...] = ()
    growth: tuple[int, ...] | None = None


def frame_bytes(raw_bytes: int) -> int:
    """Bytes that arrays take as they travel."""
    return raw_bytes * 4 // 3


def read_answer(reply: Message, call: str, *, max_bytes: int) -> Answer:
    """The answer to a call.

    What is no encoded value is refused here: a record might not be able to hold it.

    Raises
    ------
    WireError
        If it is no answer, or one to another call.
    """
    if reply.get("op") != "answer" or reply.get("call") != call:
        raise WireError("an answer to another call")
    value: Encoded | None = reply.get("value")
    if value is not None:
        try:
            decode(value, max_bytes=max_bytes)
        except DecodeError:
            raise WireError("an answer is an encoded value") from None
        return Answer(call, value=value)
    raised, line = reply.get("raised"), reply.get("line")
    if type(raised) is not str or not _is_exception(raised):
        raise WireError("an answer is a value or the name of an exception")
    if type(line) is not int or not 0 < line <= _MOST_LINES:
        line = None
    return Answer(call, raised=raised, line=line, message=_message(reply.get("message")))


def _message(said: object) -> str:
    """What an exception says, in one line; "" for what is no text."""
    if type(said) is not str:
        return ""
    try:
        line = next(iter(clean_text(said[:LONGEST_MESSAGE]).splitlines()), "")
    except DisplayError:
        return ""
    return printable(line)


def read_value(reply: Message, question: Question, *, max_bytes: int) -> QuestionResult:
    """The result of a question for the value of a name.

    Raises
    ------
    WireError
        If the reply is none to this question.
    """
    if reply.get("op") != "value" or reply.get("id") != question.id:
        raise WireError("a reply to another order")
    if reply.get("bound") is not True:
        return QuestionResult(question.id, Outcome.OK, bound=False)
    if "value" not in reply:
        said = reply.get("outcome")
        outcome = _FAILURES.get(said, Outcome.CRASH) if type(said) is str else Outcome.CRASH
        return QuestionResult(question.id, outcome)
    answer = {"op": "answer", "call": _VALUE, "value": reply["value"]}
    return QuestionResult(
        question.id, Outcome.OK, answers=(read_answer(answer, _VALUE, max_bytes=max_bytes),)
    )


def _is_exception(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def read_end(reply: Message, question: Question, *, complete: bool) -> SnapshotEnd:
    """How a snapshot says that it ended.

    Parameters
    ----------
    reply : dict
        Its last message.
    question : Question
        What it was asked.
    complete : bool
        Whether every call has an answer.

    Raises
    ------
    WireError
        If the message does not fit the question.
    """
    said = reply.get("outcome")
    outcome = _OUTCOMES.get(said) if type(said) is str else None
    if outcome is None or (outcome is Outcome.OK and not complete):
        raise WireError("an ending that does not fit the answers")
    reached = reply.get("reached")
    if type(reached) is not list or len(reached) > _MOST_REACHED:
        raise WireError("a list of names was expected")
    if not all(type(name) is str and _watched(name, question.watch) for name in reached):
        raise WireError("a name that was not watched")
    growth = reply.get("growth")
    if growth is not None:
        if type(growth) is not list or len(growth) != max(0, len(question.probes) - 1):
            raise WireError("a growth for each probe was expected")
        if not all(type(lines) is int and abs(lines) <= _MOST_LINES for lines in growth):
            raise WireError("a growth is a number of lines")
        growth = tuple(growth)
    return SnapshotEnd(outcome, tuple(reached), growth)


def _watched(name: str, watch: Sequence[str]) -> bool:
    if len(name) > _LONGEST_NAME or not name.isascii():
        return False
    return any(
        name.startswith(entry[:-1]) if entry.endswith(".*") else name == entry for entry in watch
    )
