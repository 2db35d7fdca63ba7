"""What the gradebook holds of a submission: points by tests and by hand, penalty, dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

NO_RESPONSE = "No response."
"""nbgrader's comment on an answer that is still as it was released."""


@dataclass(frozen=True)
class CellMark:
    """What the gradebook holds of one graded cell.

    Attributes
    ----------
    automatic : float or None
        Points that the grader gave; None where a person has to.
    by_hand : float or None
        Points that a person gave. They count in place of the automatic ones.
    extra : float
        What a person added to either.
    waits : bool
        Whether a person has something to do: it was never marked, or has changed since.
    """

    points: float
    automatic: float | None = None
    by_hand: float | None = None
    extra: float = 0.0
    waits: bool = True

    @property
    def score(self) -> float | None:
        """All points of the cell, as nbgrader counts them; None before there are any.

        Examples
        --------
        >>> CellMark(2, by_hand=1.5, extra=0.5).score, CellMark(2, automatic=1.0).score
        (2.0, 1.0)
        >>> CellMark(2).score
        """
        counted = self.automatic if self.by_hand is None else self.by_hand
        return counted if counted is None else counted + self.extra


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds of one submission.

    Attributes
    ----------
    cells : dict
        Marks by (notebook, cell).
    comments : dict
        Comments by (notebook, cell), where there are some.
    penalty : float
        Points off for being late.
    handed_in, due : datetime or None
        In UTC, without a time zone, as nbgrader has them; `due` includes an extension.
    """

    cells: Mapping[tuple[str, str], CellMark] = field(default_factory=dict)
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    penalty: float = 0.0
    handed_in: datetime | None = None
    due: datetime | None = None

    @property
    def scored(self) -> bool:
        """Whether there are any points to speak of."""
        return any(mark.score is not None for mark in self.cells.values())

    @property
    def automatic(self) -> float:
        """What counts of the points that the grader gave."""
        return sum(m.automatic or 0.0 for m in self.cells.values() if m.by_hand is None)

    @property
    def by_hand(self) -> float:
        """What a person gave, extra credit included."""
        given = (mark for mark in self.cells.values() if mark.score is not None)
        return sum((mark.by_hand or 0.0) + mark.extra for mark in given)

    @property
    def score(self) -> float:
        """All points, before the penalty."""
        return self.automatic + self.by_hand

    @property
    def total(self) -> float:
        return self.score - self.penalty

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.cells.values())

    @property
    def waiting(self) -> int:
        """How many cells wait for a person."""
        return sum(mark.waits for mark in self.cells.values())

    @property
    def marked_by_hand(self) -> bool:
        """Whether a person gave or added any points."""
        return any(m.by_hand is not None or m.extra for m in self.cells.values())

    @property
    def late(self) -> timedelta:
        """How long after the time due it was handed in; nothing if that is not known."""
        if self.handed_in is None or self.due is None:
            return timedelta()
        return max(timedelta(), self.handed_in - self.due)
