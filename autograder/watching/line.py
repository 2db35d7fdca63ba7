"""Who is next: hand-ins that wait, the oldest first, and not too many of one student.

Nothing here looks at a clock or at a disk. Times are seconds on whatever clock the caller has.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

NOT_URGENT = math.inf
"""The age of what waits for everything else, such as a look at what is graded already."""


@dataclass(frozen=True, order=True)
class HandIn:
    """What one student hands in to one assignment, however often."""

    assignment: str
    student: str


@dataclass(frozen=True)
class Line:
    """Hand-ins that wait, and those at work. Every change gives a new line.

    What one student hands in again before it is taken is one hand-in, and keeps its place.

    Attributes
    ----------
    between : float
        Seconds from the time when a hand-in is taken until the next of the same student may be.
    waiting : dict
        Since when each waits.
    working : frozenset
        What has been taken and is not done.
    taken : dict
        When each was taken last.
    held : dict
        Until when some may not be taken, for another reason.

    Examples
    --------
    >>> first, second = HandIn("tiny", "a"), HandIn("tiny", "b")
    >>> line = Line(between=30.0).arrived(first, 1.0).arrived(second, 2.0).arrived(first, 3.0)
    >>> line.next(4.0) == first
    True
    >>> line = line.take(first, 4.0).arrived(first, 5.0).done(first)
    >>> line.next(6.0) == second, line.due(first)
    (True, 34.0)
    >>> line.take(second, 6.0).next(7.0) is None
    True
    """

    between: float = 0.0
    waiting: Mapping[HandIn, float] = field(default_factory=dict)
    working: frozenset[HandIn] = frozenset()
    taken: Mapping[HandIn, float] = field(default_factory=dict)
    held: Mapping[HandIn, float] = field(default_factory=dict)

    def arrived(self, hand_in: HandIn, at: float) -> Line:
        """Have a hand-in wait. One that waits already keeps the earlier time."""
        since = min(at, self.waiting.get(hand_in, at))
        return replace(self, waiting={**self.waiting, hand_in: since})

    def due(self, hand_in: HandIn) -> float:
        """From when on a hand-in may be taken."""
        after = self.taken.get(hand_in, -math.inf) + self.between
        return max(after, self.held.get(hand_in, -math.inf))

    def next(self, now: float, ready: Callable[[HandIn], bool] = lambda _: True) -> HandIn | None:
        """The oldest hand-in that may be taken now, or None.

        Parameters
        ----------
        ready : callable
            Whether one could be read at this moment. What cannot waits on, in its place.
        """
        able = (
            (since, hand_in)
            for hand_in, since in self.waiting.items()
            if hand_in not in self.working and self.due(hand_in) <= now
        )
        for _, hand_in in sorted(able):
            if ready(hand_in):
                return hand_in
        return None

    def take(self, hand_in: HandIn, now: float) -> Line:
        """Begin with a hand-in that waits."""
        return replace(
            self,
            waiting=_without(self.waiting, hand_in),
            working=self.working | {hand_in},
            taken={**self.taken, hand_in: now},
            held=_without(self.held, hand_in),
        )

    def done(self, hand_in: HandIn) -> Line:
        """Be done with a hand-in. If it has come again meanwhile, it waits."""
        return replace(self, working=self.working - {hand_in})

    def back(self, hand_in: HandIn, since: float, until: float) -> Line:
        """Put a hand-in that came to nothing back in its place, to be taken no sooner than then."""
        line = self.done(hand_in).arrived(hand_in, since)
        taken = _without(self.taken, hand_in)
        return replace(line, taken=taken, held={**self.held, hand_in: until})

    def gone(self, hand_in: HandIn) -> Line:
        """Forget a hand-in that waits and is not there any more."""
        return replace(self, waiting=_without(self.waiting, hand_in))

    def noted(self, hand_in: HandIn, at: float) -> Line:
        """Know of a hand-in that was taken before this line began."""
        return replace(self, taken={**self.taken, hand_in: at})


def _without(mapping: Mapping[HandIn, float], hand_in: HandIn) -> dict[HandIn, float]:
    return {each: value for each, value in mapping.items() if each != hand_in}
