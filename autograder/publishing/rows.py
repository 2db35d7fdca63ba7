"""The rows of a class's table: what stays of each submission when it has been counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograder.core.outcome import Outcome
from autograder.publishing.marks.entry import Marks

if TYPE_CHECKING:
    from autograder.judging.verdict import Verdict


@dataclass(frozen=True)
class SubmissionRow:
    """One submission in the table of a class."""

    student: str
    score: str
    outcome: Outcome
    remark: str
    marks: Marks = field(default_factory=Marks)

    @staticmethod
    def of(verdict: Verdict, marks: Marks | None = None) -> SubmissionRow:
        """What the table says of a verdict, and of what the gradebook holds."""
        score = f"{verdict.earned:g} / {verdict.points:g}" if verdict.scored else "–"
        return SubmissionRow(
            verdict.student, score, verdict.outcome, verdict.remark, marks or Marks()
        )

    @property
    def by_hand(self) -> str:
        """What a person gave, or "" where nobody gave anything."""
        return f"{self.marks.by_hand:g}" if self.marks.marked_by_hand else ""

    @property
    def penalty(self) -> str:
        return f"−{self.marks.penalty:g}" if self.marks.penalty else ""

    @property
    def total(self) -> str:
        """All that counts, of all points that there are; a dash before there are any."""
        marks = self.marks
        return f"{marks.total:g} / {marks.points:g}" if marks.scored else "–"

    @property
    def waiting(self) -> str:
        """How many answers wait for a person, where any points have been given."""
        return f"{self.marks.waiting}" if self.marks.scored and self.marks.waiting else ""


def more_than_tests(rows: Iterable[SubmissionRow]) -> bool:
    """Whether anybody's total is another number than what the tests gave."""
    return any(row.marks.marked_by_hand or row.marks.penalty for row in rows)


def waiting(rows: Iterable[SubmissionRow]) -> int:
    """How many answers of a class wait for a person."""
    return sum(int(row.waiting or 0) for row in rows)
