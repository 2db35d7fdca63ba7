"""The grader's side of one room: orders in, results out, always with a deadline.

The other side is student code. Nothing that it sends, or fails to send, may harm the grader.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.core.errors import SandboxError
from autograder.core.outcome import Outcome
from autograder.sandbox.outside.endings import OutOfTime, RoomEnd, RoomLost
from autograder.sandbox.outside.hidden_inputs import inputs_frame
from autograder.sandbox.outside.replies import MOST_PARTS, Budget, frame_bytes, read_value
from autograder.sandbox.outside.snapshot import FRAME_SLACK, PendingQuestion, Snapshot
from autograder.sandbox.protocol.outputs import OutputError, check_outputs, clean_name
from autograder.sandbox.protocol.plan import Cell, CellResult, Limits, Question, QuestionResult
from autograder.sandbox.protocol.wire import (
    Channel,
    Message,
    WireClosed,
    WireError,
    WireTimeout,
    pair,
)

_GRACE = 1.0
_LAST_GRACE = 3.0
_GUARD_PATIENCE = 10.0
# A guard keeps and removes thousands of files on a busy machine; one that is dead is known at once.
_END_PATIENCE = 60.0
_WATCH_PATIENCE = 10.0
_SMALL = 1 << 12
# JSON writes one byte of text with at most six.
_JSON_GROWTH = 6


@contextlib.contextmanager
def _room_is_lost_on_error() -> Iterator[None]:
    """Take silence, and everything that is no reply, for the end of the room."""
    try:
        yield
    except WireTimeout:
        raise RoomLost(Outcome.TIMEOUT) from None
    except (WireError, OutputError):
        raise RoomLost(Outcome.CRASH) from None


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
        self._patience = max(_GRACE, limits.question_seconds)
        self._snapshots: list[Channel] = []
        self._common: Snapshot | None = None
        self._answered = False

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

    def run_cell(
        self, cell: Cell, budget: int, most_seconds: float = math.inf
    ) -> tuple[CellResult, int]:
        """Run a cell; return its result and how many bytes its outputs take.

        Parameters
        ----------
        budget : int
            Bytes that its outputs may take.
        most_seconds : float
            How long it may take, if that is less than the limit for a cell.

        Raises
        ------
        RoomLost
            If the cell took the room with it, or could not be stopped.
        OutOfTime
            If the time of the submission was over before the cell began.
        """
        seconds = self._allowance(min(self._limits.cell_seconds, most_seconds))
        order = {"op": "cell", "id": cell.id, "source": cell.source, "budget": max(0, budget)}
        start = time.monotonic()
        late = False
        with _room_is_lost_on_error():
            self._student.send(order, seconds=seconds)
            try:
                reply = self._cell_reply(budget, max(0.0, start + seconds - time.monotonic()))
            except WireTimeout:
                late = True
                reply = self._interrupted_reply(budget)
            if reply.get("op") != "cell" or reply.get("id") != cell.id:
                raise WireError("a reply to another order")
            outputs, used, cut = check_outputs(reply.get("outputs"), budget=max(0, budget) + _SMALL)
            error = clean_name(reply.get("error", ""))
        outcome = Outcome.OUTPUT if cut or reply.get("overflow") is True else Outcome.OK
        if late:
            outcome = Outcome.TIMEOUT
        taken = time.monotonic() - start
        return CellResult(cell.id, outcome, tuple(outputs), taken, error), used

    def _cell_reply(self, budget: int, seconds: float) -> Message:
        limit = _JSON_GROWTH * max(0, budget) + 4 * FRAME_SLACK
        return self._student.receive(limit=limit, seconds=seconds, most_parts=None)

    def _interrupted_reply(self, budget: int) -> Message:
        """Interrupt a cell, and once more where the first was not enough."""
        self._interrupt()
        try:
            return self._cell_reply(budget, _GRACE)
        except WireTimeout:
            self._interrupt()
            return self._cell_reply(budget, _LAST_GRACE)

    def _interrupt(self) -> None:
        """Have the student's process interrupted; wait until the signal is sent."""
        try:
            self._guard.send({"op": "interrupt"}, seconds=_GUARD_PATIENCE)
            self._guard.receive(limit=_SMALL, seconds=_GUARD_PATIENCE)
        except WireError:
            raise RoomLost(Outcome.CRASH) from None

    def read(self, question: Question, budget: Budget) -> QuestionResult:
        """Take the value that a name has now out of the `budget`.

        Raises
        ------
        RoomLost
            If the room does not give it.
        OutOfTime
            If the time of the submission was over before.
        """
        seconds = self._allowance(self._limits.question_seconds)
        start = time.monotonic()
        most = self._most_bytes(budget, 1)
        order = {"op": "read", "id": question.id, "target": question.target, "bytes": most}
        with _room_is_lost_on_error():
            self._student.send(order, seconds=seconds)
            left = max(0.0, start + seconds - time.monotonic())
            parts = max(0, min(MOST_PARTS, budget.parts))
            reply = self._student.receive(limit=most + FRAME_SLACK, seconds=left, most_parts=parts)
        budget.charge(self._student)
        try:
            result = read_value(reply, question, max_bytes=most)
        except WireError:
            result = QuestionResult(question.id, Outcome.CRASH)
        return replace(result, seconds=time.monotonic() - start)

    def _most_bytes(self, budget: Budget, answers: int) -> int:
        """Bytes that the answers to one question may take as they travel."""
        most = min(frame_bytes(self._limits.answer_bytes), max(0, budget.frame_bytes))
        return most + 512 * answers + _SMALL

    def ask(self, question: Question) -> PendingQuestion | QuestionResult:
        """Put a question: it waits for its inputs, or it is known at once to have no answer.

        Raises
        ------
        RoomLost
            If the room does not take it.
        """
        # An input that cannot be sent is told before anything waits for it.
        inputs_frame(question)
        order: Message = {"op": "ask", "id": question.id, "target": question.target}
        order["watch"] = list(question.watch)
        reply = self._exchange(order, "asked", self._patience)
        if reply.get("bound") is not True:
            return QuestionResult(question.id, Outcome.OK, bound=False)
        can_wait = reply.get("can_wait") is True
        return PendingQuestion(question, None if can_wait else self._fork(question.id))

    def answer(self, pending: PendingQuestion, budget: Budget) -> QuestionResult:
        """Give a pending question its inputs, and take the answers out of the `budget`.

        Raises
        ------
        RoomLost
            If the room is gone or has to go. What was answered before comes along.
        OutOfTime
            If the time of the submission was over before.
        """
        shared = pending.snapshot is None and self._common is not None
        not_the_first, self._answered = self._answered, True
        try:
            result = self._answer_once(pending, budget)
            if shared and result.outcome is Outcome.CRASH:
                # An earlier question may have broken the snapshot that they share.
                return self._answer_once(pending, budget)
            return result
        except RoomLost as lost:
            blameless = not_the_first and lost.outcome is Outcome.CRASH
            raise RoomLost(lost.outcome, lost.result, blameless=blameless) from None

    def _answer_once(self, pending: PendingQuestion, budget: Budget) -> QuestionResult:
        seconds = self._allowance(self._limits.question_seconds)
        start = time.monotonic()
        most = self._most_bytes(budget, len(pending.question.calls or ()))
        snapshot = pending.snapshot or self._common_snapshot()
        result = replace(
            snapshot.answer(pending.question, budget, most, start + seconds),
            seconds=time.monotonic() - start,
        )
        if snapshot is self._common and result.outcome is Outcome.OK:
            return result
        if snapshot is self._common:
            self._common = None
        try:
            self._drop(snapshot)
        except RoomLost:
            lost = Outcome.CRASH if result.outcome is Outcome.OK else result.outcome
            raise RoomLost(lost, result) from None
        return result

    def _common_snapshot(self) -> Snapshot:
        """The snapshot for all the questions that could wait for the end of the notebook."""
        if self._common is None:
            self._common = self._fork("")
        return self._common

    def _fork(self, id_: str) -> Snapshot:
        channel, theirs = pair()
        self._snapshots.append(channel)
        with theirs:
            order = {"op": "fork", "id": id_}
            self._exchange(order, "forked", self._patience, descriptors=[theirs.fileno()])
        return Snapshot(id_, channel)

    def _drop(self, snapshot: Snapshot) -> None:
        snapshot.channel.close()
        self._exchange({"op": "drop", "id": snapshot.id}, "dropped", _GRACE)

    def _exchange(
        self, order: Message, op: str, seconds: float, descriptors: Sequence[int] = ()
    ) -> Message:
        """Give the student's process an order that it follows at once; return its reply."""
        with _room_is_lost_on_error():
            self._student.send(order, seconds=seconds, descriptors=descriptors)
            reply = self._student.receive(limit=_SMALL, seconds=seconds)
            if reply.get("op") != op:
                raise WireError("a reply to another order")
        return reply

    def end(self) -> RoomEnd:
        """Have the room ended, and learn what it used.

        Raises
        ------
        SandboxError
            If the guard or the zygote is gone. They are out of the reach of student code.
        """
        for channel in self._snapshots:
            channel.close()
        try:
            with self._student, self._guard:
                with contextlib.suppress(WireClosed):
                    self._guard.send({"op": "close"}, seconds=_GUARD_PATIENCE)
                while True:
                    message = self._guard.receive(limit=_SMALL, seconds=_END_PATIENCE)
                    if message["op"] == "end" and message["reason"] == "orphaned":
                        raise SandboxError("the zygote of a room is gone")
                    if message["op"] == "end":
                        return RoomEnd(
                            message["reason"], message["cpu_seconds"], message["peak_bytes"]
                        )
        except WireError as error:
            raise SandboxError(f"the guard of a room is gone: {error}") from None
