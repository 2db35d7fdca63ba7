"""The grader's side of one room: orders in, results out, always with a deadline.

The other side is student code. Nothing that it sends, or fails to send, may harm the grader.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.outcome import Outcome
from autograder.sandbox.errors import SandboxError
from autograder.sandbox.outputs import OutputError, check_outputs, clean_name
from autograder.sandbox.plan import Answer, Call, Cell, CellResult, Limits, Question, QuestionResult
from autograder.sandbox.replies import (
    MOST_PARTS,
    Budget,
    Ending,
    frame_bytes,
    read_answer,
    read_ending,
)
from autograder.sandbox.values import encode
from autograder.sandbox.wire import (
    Channel,
    Message,
    WireClosed,
    WireError,
    WireTimeout,
    pair,
)

_GRACE = 1.0
_GUARD_PATIENCE = 10.0
_WATCH_PATIENCE = 10.0
_SMALL = 1 << 12
# JSON writes one byte of text with at most six.
_JSON_GROWTH = 6
_FRAME_SLACK = 1 << 16
_STAGED_AT_ONCE = 8 << 20
_OUTCOMES_OF_A_ROOM = {"memory": Outcome.MEMORY, "files": Outcome.OUTPUT}


class RoomLost(Exception):
    """The room is gone, or has to go, because of the step at hand.

    Attributes
    ----------
    outcome : Outcome
        Of that step, as far as this side can tell; the guard may know better.
    result : QuestionResult or None
        What the step gave before.
    """

    def __init__(self, outcome: Outcome, result: QuestionResult | None = None) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.result = result


class OutOfTime(Exception):
    """The submission has used up its time."""


@dataclass(frozen=True)
class Use:
    """What a room used, and why it ended, as its guard says."""

    reason: str
    cpu_seconds: float
    peak_bytes: int

    @property
    def outcome(self) -> Outcome | None:
        """The outcome for the step at hand, if a bound was broken."""
        return _OUTCOMES_OF_A_ROOM.get(self.reason)


@dataclass
class Asked:
    """A question whose snapshot waits for its calls."""

    question: Question
    channel: Channel
    calls: list[Message] | None
    probes: list[Message]
    answers: list[Answer] = field(default_factory=list)


class Session:
    """Talks with one room.

    Parameters
    ----------
    student, guard : Channel
        To the student's process and to the room's guard.
    limits : Limits
        What the submission may use.
    deadline : float
        When the time of the submission is over, on the monotonic clock.
    """

    def __init__(self, student: Channel, guard: Channel, limits: Limits, deadline: float) -> None:
        self._student = student
        self._guard = guard
        self._limits = limits
        self._deadline = deadline

    def _allowance(self, seconds: float) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return min(seconds, left)

    def watch(self, names: Sequence[Sequence[str]]) -> None:
        """Have the room look up what will be watched."""
        if names:
            order = {"op": "watch", "names": [list(group) for group in names]}
            self._exchange(order, "watching", _WATCH_PATIENCE)

    def stage(self, files: Mapping[str, bytes]) -> None:
        """Lay files beside the notebook.

        Raises
        ------
        RoomLost
            If the room does not take them.
        """
        for path, content in files.items():
            for start in range(0, max(len(content), 1), _STAGED_AT_ONCE):
                part = base64.b64encode(content[start : start + _STAGED_AT_ONCE]).decode()
                order = {"op": "stage", "path": path, "content": part}
                self._exchange(order, "staged", _WATCH_PATIENCE)

    def run_cell(self, cell: Cell, budget: int) -> tuple[CellResult, int]:
        """Run a cell; return its result and how many bytes its outputs take.

        Raises
        ------
        RoomLost
            If the cell took the room with it, or could not be stopped.
        OutOfTime
            If the time of the submission was over before the cell began.
        """
        seconds = self._allowance(self._limits.cell_seconds)
        order = {"op": "cell", "id": cell.id, "source": cell.source, "budget": max(0, budget)}
        start = time.monotonic()
        late = False
        try:
            self._student.send(order, seconds=seconds)
            try:
                reply = self._cell_reply(budget, max(0.0, start + seconds - time.monotonic()))
            except WireTimeout:
                late = True
                self._interrupt()
                reply = self._cell_reply(budget, _GRACE)
            if reply.get("op") != "cell" or reply.get("id") != cell.id:
                raise WireError("a reply to another order")
            outputs, used, cut = check_outputs(reply.get("outputs"), budget=max(0, budget) + _SMALL)
            error = clean_name(reply.get("error", ""))
        except WireTimeout:
            raise RoomLost(Outcome.TIMEOUT) from None
        except (WireError, OutputError):
            raise RoomLost(Outcome.CRASH) from None
        outcome = Outcome.OUTPUT if cut or reply.get("overflow") is True else Outcome.OK
        if late:
            outcome = Outcome.TIMEOUT
        taken = time.monotonic() - start
        return CellResult(cell.id, outcome, tuple(outputs), taken, error), used

    def _cell_reply(self, budget: int, seconds: float) -> Message:
        limit = _JSON_GROWTH * max(0, budget) + 4 * _FRAME_SLACK
        return self._student.receive(limit=limit, seconds=seconds, most_parts=None)

    def _interrupt(self) -> None:
        """Have the student's process interrupted; wait until the signal is sent."""
        try:
            self._guard.send({"op": "interrupt"}, seconds=_GUARD_PATIENCE)
            self._guard.receive(limit=_SMALL, seconds=_GUARD_PATIENCE)
        except WireError:
            raise RoomLost(Outcome.CRASH) from None

    def ask(self, question: Question) -> Asked | QuestionResult:
        """Have a snapshot made for a question, or learn at once that it has no answer.

        Raises
        ------
        RoomLost
            If the room does not do it.
        """
        calls, probes = _encoded_calls(question)
        patience = max(_GRACE, self._limits.question_seconds)
        channel, theirs = pair()
        order: Message = {"op": "ask", "id": question.id, "target": question.target}
        order["watch"] = list(question.watch)
        with theirs:
            self._exchange(order, "asked", patience, descriptors=[theirs.fileno()])
        try:
            reply = channel.receive(limit=_SMALL, seconds=self._allowance(patience))
            bound = reply.get("op") == "bound" and reply.get("bound") is True
        except WireError as error:
            channel.close()
            late = isinstance(error, WireTimeout)
            return QuestionResult(question.id, Outcome.TIMEOUT if late else Outcome.CRASH)
        if not bound:
            channel.close()
            return QuestionResult(question.id, Outcome.OK, bound=False)
        return Asked(question, channel, calls, probes)

    def answer(self, asked: Asked, budget: Budget) -> QuestionResult:
        """Send a waiting snapshot its calls, and take the answers out of the `budget`.

        Raises
        ------
        RoomLost
            If the room is gone or has to go. What was answered before comes along.
        OutOfTime
            If the time of the submission was over before.
        """
        seconds = self._allowance(self._limits.question_seconds)
        start = time.monotonic()
        with asked.channel:
            try:
                ending = self._take_answers(asked, budget, start + seconds)
            except WireTimeout:
                ending = Ending(Outcome.TIMEOUT)
            except _TooMany:
                ending = Ending(Outcome.OUTPUT)
            except WireError:
                ending = Ending(Outcome.CRASH)
        outcome = ending.outcome
        result = QuestionResult(
            id=asked.question.id,
            outcome=outcome,
            answers=tuple(asked.answers),
            reached=ending.reached,
            growth=ending.growth,
            seconds=time.monotonic() - start,
        )
        try:
            self._exchange({"op": "drop", "id": result.id}, "dropped", _GRACE)
        except RoomLost:
            lost = Outcome.CRASH if outcome is Outcome.OK else outcome
            raise RoomLost(lost, result) from None
        return result

    def _take_answers(self, asked: Asked, budget: Budget, deadline: float) -> Ending:
        ids = ["value"] if asked.calls is None else [call["id"] for call in asked.calls]
        most = min(frame_bytes(self._limits.answer_bytes), max(0, budget.frame_bytes))
        most += 512 * len(ids) + _SMALL
        left, parts = most, min(MOST_PARTS, budget.parts)
        order = {
            "op": "calls",
            "calls": asked.calls,
            "use": asked.question.use,
            "probes": asked.probes,
            "frame_bytes": most,
        }
        asked.channel.send(order, seconds=max(0.0, deadline - time.monotonic()))
        while True:
            reply = asked.channel.receive(
                limit=left + _FRAME_SLACK,
                seconds=max(0.0, deadline - time.monotonic()),
                most_parts=max(0, parts),
            )
            left -= asked.channel.received
            parts -= asked.channel.parts
            budget.frame_bytes -= asked.channel.received
            budget.parts -= asked.channel.parts
            if left < -_FRAME_SLACK:
                raise _TooMany
            if reply.get("op") == "done":
                complete = len(asked.answers) == len(ids)
                return read_ending(reply, asked.question, complete=complete)
            if len(asked.answers) >= len(ids):
                raise WireError("an answer too many")
            call = ids[len(asked.answers)]
            asked.answers.append(read_answer(reply, call, max_bytes=most))

    def _exchange(
        self, order: Message, reply: str, seconds: float, descriptors: Sequence[int] = ()
    ) -> None:
        """Give the student's process an order that it follows at once."""
        try:
            self._student.send(order, seconds=seconds, descriptors=descriptors)
            if self._student.receive(limit=_SMALL, seconds=seconds).get("op") != reply:
                raise WireError("a reply to another order")
        except WireTimeout:
            raise RoomLost(Outcome.TIMEOUT) from None
        except WireError:
            raise RoomLost(Outcome.CRASH) from None

    def end(self) -> Use:
        """Have the room ended, and learn what it used.

        Raises
        ------
        SandboxError
            If the guard or the zygote is gone. They are out of the reach of student code.
        """
        try:
            with self._student, self._guard:
                with contextlib.suppress(WireClosed):
                    self._guard.send({"op": "close"}, seconds=_GUARD_PATIENCE)
                while True:
                    message = self._guard.receive(limit=_SMALL, seconds=_GUARD_PATIENCE)
                    if message["op"] == "end" and message["reason"] == "orphaned":
                        raise SandboxError("the zygote of a room is gone")
                    if message["op"] == "end":
                        return Use(message["reason"], message["cpu_seconds"], message["peak_bytes"])
        except WireError as error:
            raise SandboxError(f"the guard of a room is gone: {error}") from None


class _TooMany(Exception):
    """The answers have more bytes than allowed."""


@functools.lru_cache(maxsize=256)
def _encoded_calls(question: Question) -> tuple[list[Message] | None, list[Message]]:
    """Calls and probes of a question, ready to be sent; the same for every submission."""
    calls = None if question.calls is None else [_encoded(call) for call in question.calls]
    return calls, [_encoded(call) for call in question.probes]


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
