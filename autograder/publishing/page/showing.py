"""How much a page shows, and when: the cases of some courses wait for the time due.

A page is written with all that it may ever show, and settled when the time due is known, which the
gradebook says. It says of itself what it shows, so that a later command can tell whether it is
still what it should be.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from markupsafe import Markup

from autograder.publishing.marks.entry import Marks
from autograder.settings import Shows

_MARK = re.compile(r"<!--shows ([a-z-]+)-->")
_OUTDATED = "-outdated"
_CASE = re.compile(r"<!--case-->.*?<!--/case-->\n?", re.DOTALL)
_WAITS = re.compile(r"<!--waits-->.*?<!--/waits-->\n?", re.DOTALL)

CASE_BEGINS, CASE_ENDS = Markup("<!--case-->"), Markup("<!--/case-->")
WAITS_BEGINS, WAITS_ENDS = Markup("<!--waits-->"), Markup("<!--/waits-->")


def mark(shows: Shows, *, outdated: bool = False) -> Markup:
    """What a page says of itself."""
    return Markup(f"<!--shows {shows}{_OUTDATED if outdated else ''}-->")


def shown_now(shows: Shows, marks: Marks, now: datetime | None = None) -> Shows:
    """What a page shows at a time: `CASE_AFTER_DUE` becomes one of two.

    Parameters
    ----------
    marks : Marks
        They say when it is due. Where nothing is, no case is shown.
    now : datetime, optional
        In UTC, without a time zone, as nbgrader has it.

    Examples
    --------
    >>> due = Marks(due=datetime(2026, 2, 1))
    >>> str(shown_now(Shows.CASE_AFTER_DUE, due, datetime(2026, 2, 2)))
    'case'
    >>> str(shown_now(Shows.CASE_AFTER_DUE, Marks()))
    'messages'
    """
    if shows is not Shows.CASE_AFTER_DUE:
        return shows
    now = now or datetime.now(UTC).replace(tzinfo=None)
    return Shows.CASE if marks.due is not None and now > marks.due else Shows.MESSAGES


def shown_for(shows: Shows, hand_in: int, most: int) -> Shows:
    """What a page shows of the how-many-th hand-in, where only so many get more than points.

    Examples
    --------
    >>> [str(shown_for(Shows.CASE, hand_in, most=2)) for hand_in in (1, 2, 3)]
    ['case', 'case', 'nothing']
    >>> str(shown_for(Shows.CASE, 3, most=0))
    'case'
    """
    return Shows.NOTHING if 0 < most < hand_in else shows


def settled(page: str, shows: Shows, *, outdated: bool = False) -> str:
    """A page that shows no more than it should. What is not on it stays away.

    Parameters
    ----------
    shows : Shows
        What `shown_now` says.
    outdated : bool
        Whether its cases cannot be shown any more. The page notes that, so that nobody tries again.
    """
    page = (_WAITS if shows is Shows.CASE else _CASE).sub("", page)
    return _MARK.sub(mark(shows, outdated=outdated), page, count=1)


def is_settled(page: str, shows: Shows) -> bool:
    """Whether a page shows what it should; so does one that says nothing of itself."""
    found = _MARK.search(page)
    return found is None or found[1].removesuffix(_OUTDATED) == shows
