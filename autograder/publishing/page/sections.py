"""Which section of a notebook each of its cells stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autograder.core.cells import EXTRA, marker_of

_HEADING = re.compile(r" {0,3}(#{1,2})[ \t]+(.*?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def sections(cells: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The title of the section that each cell stands in, by the id of the cell.

    A section begins with a heading of the first or second level. What opens the notebook is its own
    title, and no section; nor is anything that a student has written.

    Examples
    --------
    >>> text = {"cell_type": "markdown", "metadata": {}}
    >>> title, section = {**text, "source": "# 02 · Folds"}, {**text, "source": "## 1 · A fold"}
    >>> code = {"cell_type": "code", "metadata": {}, "source": ""}
    >>> sections([title, {**code, "id": "a"}, section, {**code, "id": "b"}])
    {'b': '1 · A fold'}
    """
    found: dict[str, str] = {}
    title = ""
    opened = False
    for cell in cells:
        if cell["cell_type"] == "markdown" and marker_of(cell).kind not in ("written", EXTRA):
            for level, heading in headings(cell["source"]):
                title = heading if opened or level > 1 else ""
                opened = True
        if title and "id" in cell:
            found[cell["id"]] = title
    return found


def headings(source: str) -> Iterator[tuple[int, str]]:
    """Level and text of each heading of the first two levels; not what only looks like one in code.

    Examples
    --------
    >>> list(headings("## The `pad` of it\\n```\\n# a comment\\n```\\n### Deeper\\n# Next #"))
    [(2, 'The pad of it'), (1, 'Next')]
    """
    fence = ""
    for line in source.splitlines():
        marks = _FENCE.match(line)
        if marks and fence in ("", marks[1]):
            fence = "" if fence else marks[1]
        elif not fence and (heading := _HEADING.fullmatch(line)) and heading[2]:
            yield len(heading[1]), heading[2].replace("`", "")
