"""Filling in a released notebook, as a student would."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
import numpy as np

from autograder.exercise import Assignment, source_as
from autograder.release import VALUE_STUB

Implementations = Mapping[str, Callable[..., Any]]


def wheats(assignment: Assignment, style: int = 0) -> dict[str, Callable[..., Any]]:
    """A correct implementation of each exercise; `style` picks which."""
    return {
        exercise.name: exercise.wheats[style % len(exercise.wheats)].implementation
        for exercise in assignment.exercises
    }


def fill_in(
    notebook: nbformat.NotebookNode, implementations: Implementations
) -> nbformat.NotebookNode:
    """A copy of the released `notebook` with these exercises done and the others untouched."""
    filled = nbformat.from_dict(notebook)
    for cell in filled.cells:
        mark = cell.metadata.get("convkit", {})
        name = mark.get("name", "")
        if mark.get("kind") == "solution" and name in implementations:
            cell.source = source_as(implementations[name], name)
        elif mark.get("kind") == "value":
            cell.source = _with_values(cell.source, implementations)
    return filled


def _with_values(source: str, implementations: Implementations) -> str:
    def value(match: re.Match) -> str:
        name = match["name"]
        return (
            f"{name} = {literal(implementations[name]())}" if name in implementations else match[0]
        )

    return re.sub(rf"^(?P<name>\w+) = {re.escape(VALUE_STUB)}$", value, source, flags=re.MULTILINE)


def literal(value: Any) -> str:
    """`value` as a student types it.

    Examples
    --------
    >>> literal(np.array([[1, 2], [3, 4]]))
    '[[1, 2], [3, 4]]'
    """
    return repr(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)


def with_code(notebook: nbformat.NotebookNode, cell_id: str, source: str) -> nbformat.NotebookNode:
    """A copy of `notebook` with `source` in the cell called `cell_id`."""
    changed = nbformat.from_dict(notebook)
    for cell in changed.cells:
        if cell.id == cell_id:
            cell.source = source
            return changed
    raise LookupError(f"the notebook has no cell {cell_id}")
