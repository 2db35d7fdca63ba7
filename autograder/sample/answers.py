"""Filling in a released notebook, as a student would."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import nbformat
import numpy as np

from autograder.authoring.exercise import Assignment, source_as
from autograder.building.clearing import VALUE_STUB
from autograder.core.cells import marker_of
from autograder.core.notebooks import from_dict

Implementation = Callable[..., Any]
Implementations = Mapping[str, Implementation | None]
"""How each exercise is done; None stands for the course's own solution."""


def wheats(assignment: Assignment, style: int = 0) -> dict[str, Implementation | None]:
    """A correct implementation of each exercise; `style` picks which."""
    return {
        exercise.name: pick([each.implementation for each in exercise.wheats], style)
        for exercise in assignment.exercises
    }


def pick(implementations: Sequence[Implementation], number: int = 0) -> Implementation | None:
    """One of those implementations that a student could hand in; None if there is none."""
    able = [each for each in implementations if stands_alone(each)]
    return able[number % len(able)] if able else None


def stands_alone(implementation: Implementation) -> bool:
    """Whether an implementation runs where the exercise's own modules cannot be read."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(implementation)))
    return not any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree))


def fill_in(
    notebook: nbformat.NotebookNode,
    implementations: Implementations,
    solved: nbformat.NotebookNode | None = None,
) -> nbformat.NotebookNode:
    """A copy of the released `notebook` with these exercises done and the others untouched.

    Cells without points are done as in the `solved` notebook, if there is one.
    """
    solutions = {cell.id: cell.source for cell in solved.cells} if solved else {}
    marks = [marker_of(cell) for cell in notebook.cells]
    graded = {mark.name for mark in marks if mark.kind == "test"}
    filled = from_dict(notebook)
    for cell, mark in zip(filled.cells, marks, strict=True):
        name = mark.name
        if mark.kind == "solution":
            implementation = implementations.get(name)
            if implementation is not None:
                cell.source = source_as(implementation, name)
            elif name in implementations or name not in graded:
                cell.source = solutions.get(cell.id, cell.source)
        elif mark.kind == "value":
            if all(implementations.get(name, ...) is None for name in _STUB.findall(cell.source)):
                cell.source = solutions.get(cell.id, cell.source)
            cell.source = _STUB.sub(lambda match: _value(match, implementations), cell.source)
    return filled


_STUB = re.compile(rf"^(\w+) = {re.escape(VALUE_STUB)}$", re.MULTILINE)


def _value(stub: re.Match[str], implementations: Implementations) -> str:
    """The line of a value, filled in if there is an implementation."""
    implementation = implementations.get(stub[1])
    return stub[0] if implementation is None else f"{stub[1]} = {literal(implementation())}"


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
    changed = from_dict(notebook)
    for cell in changed.cells:
        if cell.id == cell_id:
            cell.source = source
            return changed
    raise LookupError(f"the notebook has no cell {cell_id}")
