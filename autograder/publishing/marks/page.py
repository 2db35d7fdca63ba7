"""The part of a feedback page that the gradebook fills in: points, penalty, comments, dates.

A page is made with empty slots, and whichever command runs next fills them again. A slot stands
between two comments of HTML. Nothing of a student's can hold one: it is escaped, or cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

from markupsafe import Markup

from autograder.core.files import stage
from autograder.publishing.marks.entry import NO_RESPONSE, CellMark, Marks
from autograder.publishing.pages import render

_SLOT = re.compile(r"<!--marks (?P<kind>[a-z]+) (?P<cells>[^>]*)-->.*?<!--/marks-->", re.DOTALL)
_NAME = re.compile(r"[\w.-]+")


def slot(kind: str, *cells: str) -> Markup:
    """An empty place for marks on a page.

    Parameters
    ----------
    kind : str
        ``total``, ``kept`` for the same of an earlier hand-in, ``score`` of a cell, or all that is
        known of an ``exercise`` or a ``written`` answer.
    cells : str
        Ids of the cells whose marks and comments are shown.

    Examples
    --------
    >>> slot("written", "written-why")
    Markup('<!--marks written written-why--><!--/marks-->')
    """
    if not all(map(_NAME.fullmatch, cells)):
        raise ValueError(f"no ids of cells: {cells}")
    return Markup(f"<!--marks {kind} {' '.join(cells)}--><!--/marks-->")


def with_marks(page: str, marks: Marks) -> str:
    """A page with all of its slots filled, whatever they held before."""
    cells = {cell: mark for (_, cell), mark in marks.cells.items()}
    comments = {
        cell: comment for (_, cell), comment in marks.comments.items() if comment != NO_RESPONSE
    }

    def filled(found: re.Match[str]) -> str:
        kind, names = found["kind"], found["cells"].split()
        begin, end = f"<!--marks {kind} {found['cells']}-->", "<!--/marks-->"
        if kind in ("total", "kept"):
            inner = _total(marks, kept=kind == "kept")
        else:
            inner = _cell(kind, names, cells, comments)
        return f"{begin}{inner}{end}"

    return _SLOT.sub(filled, page)


def refresh_page(path: Path, refreshed: Callable[[str], str]) -> bool:
    """Write a page on disk anew; a page that somebody replaces meanwhile is theirs.

    Parameters
    ----------
    refreshed : callable
        Takes the page, and gives it as it should be.

    Returns
    -------
    bool
        Whether it is another page now.

    Raises
    ------
    OSError
        If it cannot be written. The page is as it was then.
    """
    try:
        before = path.stat()
        page = path.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return False
    filled = refreshed(page)
    if filled == page:
        return False
    staged = stage(path, filled.encode("utf-8", "surrogateescape"))
    try:
        now = path.stat()
    except FileNotFoundError:
        staged.discard()
        return False
    if (now.st_ino, now.st_mtime_ns) == (before.st_ino, before.st_mtime_ns):
        staged.publish()
        return True
    staged.discard()
    return False


def _total(marks: Marks, *, kept: bool) -> str:
    return render("marks_total.html.j2", marks=marks, kept=kept, late=in_words(marks.late))


def _cell(
    kind: str, names: list[str], cells: Mapping[str, CellMark], comments: Mapping[str, str]
) -> str:
    found = [cells[name] for name in names if name in cells]
    said = [] if kind == "score" else [comments[name] for name in names if name in comments]
    return render(
        "marks_cell.html.j2",
        kind=kind,
        mark=found[0] if found else None,
        comments=said,
    )


def in_words(duration: timedelta) -> str:
    """How long something is, in its two largest units.

    Examples
    --------
    >>> in_words(timedelta(days=1, hours=2, minutes=3)), in_words(timedelta(seconds=30))
    ('1 day 2 hours', 'less than a minute')
    """
    minutes = int(duration.total_seconds()) // 60
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    words = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(words[:2]) or "less than a minute"
