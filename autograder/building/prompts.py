"""What each question is worth, written into the prompt above it.

Points are written down in the rubric alone. A build puts them where a student begins to work:
behind a heading that names the exercise, else as a last line of the prompt, above its hints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

from autograder.authoring.exercise import Assignment
from autograder.core.cells import Marker, marker_of
from autograder.core.check import in_points
from autograder.core.definitions import assigned_names

_HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
_HINTS = re.compile(r"(?:\s*^<details\b(?:(?!</details>).)*</details>)+\s*\Z", re.DOTALL | re.M)


def show_points(cells: Sequence[NotebookNode], assignment: Assignment) -> None:
    """Write into each prompt what the answers below it are worth.

    Parameters
    ----------
    cells : sequence of NotebookNode
        A notebook's cells with their markers. The last cell of plain Markdown above an answer is
        its prompt, also for those that follow.
    assignment : Assignment
        Where the points come from.
    """
    points = assignment.worth
    for prompt, names in _prompts(cells):
        worth = {name: points[name] for name in names if name in points}
        if worth:
            prompt.source = with_points(prompt.source, worth)


def _prompts(cells: Sequence[NotebookNode]) -> Iterator[tuple[NotebookNode, list[str]]]:
    """Each prompt, and the names of what is answered below it."""
    prompt, names = None, list[str]()
    for cell in cells:
        marker = marker_of(cell)
        if cell.cell_type == "markdown" and not marker.kind:
            if prompt is not None:
                yield prompt, names
            prompt, names = cell, []
        names += _answered(cell, marker)
    if prompt is not None:
        yield prompt, names


def _answered(cell: NotebookNode, marker: Marker) -> list[str]:
    if marker.kind == "value":
        return assigned_names(cell.source) or []
    return [marker.name] if marker.kind in ("solution", "written") else []


def with_points(prompt: str, worth: dict[str, float]) -> str:
    """A prompt with what its questions are worth.

    Examples
    --------
    >>> with_points("### Your turn: `area`", {"area": 3})
    '### Your turn: `area` · 3 points'
    >>> print(with_points("How long is it? How wide?", {"length": 1, "width": 0.5}))
    How long is it? How wide?
    <BLANKLINE>
    *`length`: 1 point · `width`: 0.5 points*
    """
    rest = dict(worth)
    for heading in reversed(list(_HEADING.finditer(prompt))):
        if name := next((name for name in rest if f"`{name}`" in heading.group()), ""):
            told = f" · {in_points(rest.pop(name))}"
            prompt = prompt[: heading.end()] + told + prompt[heading.end() :]
    if not rest:
        return prompt
    told = " · ".join(f"`{name}`: {in_points(each)}" for name, each in rest.items())
    if len(worth) == 1:
        told = in_points(*rest.values())
    hints = _HINTS.search(prompt)
    end = hints.start() if hints else len(prompt)
    return f"{prompt[:end].rstrip()}\n\n*{told}*{prompt[end:]}"
