"""What the course says about marking an answer, beside the answer."""

from __future__ import annotations

from nbformat import NotebookNode

from autograder.core.notebooks import from_dict, new_markdown_cell

_BEGIN, _END = "BEGIN MARK SCHEME", "END MARK SCHEME"


def with_guides(graded: NotebookNode, master: NotebookNode) -> NotebookNode:
    """A graded notebook with the marking guide before each answer that has one.

    Parameters
    ----------
    graded : NotebookNode
        A student's notebook. It is left as it is.
    master : NotebookNode
        The instructor's notebook, whose cells hold the guides.
    """
    guides = {_name(cell): _split(cell.source) for cell in master.cells if _name(cell)}
    shown = from_dict({**graded, "cells": []})
    for cell in graded.cells:
        answer, guide = guides.get(_name(cell), ("", ""))
        # A task of nbgrader's own kind holds its guide already.
        if guide and _BEGIN not in cell.source:
            shown.cells.append(new_markdown_cell(_GUIDE.format(guide=guide, answer=answer)))
            if "id" not in cell:
                del shown.cells[-1]["id"]
        shown.cells.append(cell)
    return shown


_GUIDE = """\
<div class="alert alert-info">

**Marking guide**: students do not see it.

{guide}

<details><summary>▸ The course's own answer</summary>

{answer}

</details>

</div>"""


def _name(cell: NotebookNode) -> str:
    flags = cell.metadata.get("nbgrader", {})
    return str(flags.get("grade_id", "")) if flags.get("grade") or flags.get("task") else ""


def _split(source: str) -> tuple[str, str]:
    """The answer in a cell, and the guide in it."""
    answer: list[str] = []
    guide: list[str] = []
    inside = False
    for line in source.split("\n"):
        if _BEGIN in line or _END in line:
            inside = _BEGIN in line
        else:
            (guide if inside else answer).append(line)
    return "\n".join(answer).strip(), "\n".join(guide).strip()
