"""The grader's side of a snapshot: hidden inputs in, answers out, within bounds.

The student's side of the same conversation is `inside.snapshot`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from autograder.core.outcome import Outcome
from autograder.sandbox.outside.hidden_inputs import inputs_frame
from autograder.sandbox.outside.replies import (
    MOST_PARTS,
    Budget,
    SnapshotEnd,
    read_answer,
    read_end,
)
from autograder.sandbox.protocol.plan import Answer, Question, QuestionResult
from autograder.sandbox.protocol.wire import Channel, WireError, WireTimeout

FRAME_SLACK = 1 << 16


@dataclass(frozen=True)
class Snapshot:
    """A process that waits for the inputs of one question, or of several, one after the other."""

    id: str
    channel: Channel

    def answer(
        self, question: Question, budget: Budget, most_bytes: int, deadline: float
    ) -> QuestionResult:
        """Send a question's inputs, and take the answers out of the `budget`.

        Parameters
        ----------
        most_bytes : int
            Bytes that the answers may take as they travel.
        deadline : float
            On the monotonic clock.
        """
        answers: list[Answer] = []
        try:
            end = self._take_answers(question, answers, budget, most_bytes, deadline)
        except WireTimeout:
            end = SnapshotEnd(Outcome.TIMEOUT)
        except WireError:
            end = SnapshotEnd(Outcome.CRASH)
        return QuestionResult(
            id=question.id,
            outcome=end.outcome,
            answers=tuple(answers),
            reached=end.reached,
            growth=end.growth,
        )

    def _take_answers(
        self,
        question: Question,
        answers: list[Answer],
        budget: Budget,
        most_bytes: int,
        deadline: float,
    ) -> SnapshotEnd:
        ids = [call.id for call in question.calls or ()]
        left, parts = most_bytes, min(MOST_PARTS, budget.parts)
        self.channel.send({"op": "allow", "bytes": most_bytes}, seconds=_until(deadline))
        self.channel.send_frame(inputs_frame(question), seconds=_until(deadline))
        while True:
            reply = self.channel.receive(
                limit=left + FRAME_SLACK, seconds=_until(deadline), most_parts=max(0, parts)
            )
            left -= self.channel.received
            parts -= self.channel.parts
            budget.charge(self.channel)
            if left < -FRAME_SLACK:
                return SnapshotEnd(Outcome.OUTPUT)
            if reply.get("op") == "done":
                return read_end(reply, question, complete=len(answers) == len(ids))
            if len(answers) >= len(ids):
                raise WireError("an answer too many")
            answers.append(read_answer(reply, ids[len(answers)], max_bytes=most_bytes))


@dataclass(frozen=True)
class PendingQuestion:
    """A question that waits for its inputs.

    Attributes
    ----------
    snapshot : Snapshot or None
        Its own; without one the question can wait for the end of the notebook.
    """

    question: Question
    snapshot: Snapshot | None


def _until(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())
