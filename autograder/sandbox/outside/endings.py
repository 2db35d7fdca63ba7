"""How rooms end: what each exception means for the submission, and what a guard says at the end."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.core.outcome import Outcome
from autograder.sandbox.protocol.plan import QuestionResult

_OUTCOMES = {"memory": Outcome.MEMORY, "files": Outcome.OUTPUT}


class ZygoteDied(Exception):
    """The zygote or a guard is gone: worth one more attempt."""


class OutOfTime(Exception):
    """The submission has used up its time."""


class RoomLost(Exception):
    """The room is gone, or has to go, because of the step at hand.

    Attributes
    ----------
    outcome : Outcome
        Of that step, as far as this side can tell; the guard may know better.
    result : QuestionResult or None
        What the step gave before.
    blameless : bool
        Whether an earlier question may have broken the room.
    """

    def __init__(
        self, outcome: Outcome, result: QuestionResult | None = None, *, blameless: bool = False
    ) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.result = result
        self.blameless = blameless


@dataclass(frozen=True)
class RoomEnd:
    """Why a room ended, and what it had used, as its guard says."""

    reason: str
    cpu_seconds: float
    peak_bytes: int

    @property
    def outcome(self) -> Outcome | None:
        """The outcome for the step at hand, if a bound was broken."""
        return _OUTCOMES.get(self.reason)
