"""From a submission to a clean notebook: the student's answers, spliced into the master."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.core.cells import ANSWERS, EXTRA, Marker, marker_of
from autograder.core.errors import RefusedError
from autograder.core.notebooks import from_dict, new_code_cell, new_markdown_cell
from autograder.running.read import MAX_CELLS, SubmittedCell


@dataclass(frozen=True)
class CleanNotebook:
    """A submission that was rebuilt on the master.

    Attributes
    ----------
    notebook : NotebookNode
        The master with the student's cells spliced in.
    untouched : tuple of str
        Ids of the student's cells that are still as they were released.
    repairs : tuple of str
        What had been changed that students must not change.
    """

    notebook: NotebookNode
    untouched: tuple[str, ...]
    repairs: tuple[str, ...]


def rebuild(master: NotebookNode, submitted: tuple[SubmittedCell, ...]) -> CleanNotebook:
    """Splice the student's cells into the master, which is the released notebook.

    Tests, figures, set-up, order, points and tags are the master's. The student's answers
    and the cells that students may change are theirs. Cells that the master does not have
    stay behind the cell that they stood behind.

    Raises
    ------
    RefusedError
        If no cell of the assignment is in the submission at all.
    """
    kinds = {cell.id: marker_of(cell).kind for cell in master.cells}
    mine: dict[str, SubmittedCell] = {}
    extras: dict[str, list[SubmittedCell]] = {}
    anchor = ""
    for cell in submitted:
        if cell.id in kinds and cell.id not in mine:
            mine[cell.id] = cell
            anchor = cell.id
        else:
            extras.setdefault(anchor, []).append(cell)
    if not any(kinds[id_] for id_ in mine):
        raise RefusedError("none of its cells belongs to this assignment")

    numbers = iter(range(1, MAX_CELLS + 1))
    cells = [_extra_cell(cell, next(numbers)) for cell in extras.get("", [])]
    for original in master.cells:
        cells.append(_spliced(original, mine.get(original.id)))
        cells += [_extra_cell(cell, next(numbers)) for cell in extras.get(original.id, [])]
    notebook = from_dict({**master, "cells": []})
    notebook.cells = cells
    untouched = tuple(
        cell.id
        for cell in master.cells
        if marker_of(cell).kind in (*ANSWERS, "playground")
        and (cell.id not in mine or mine[cell.id].source.strip() == cell.source.strip())
    )
    return CleanNotebook(notebook, untouched, tuple(_repairs(master, mine, submitted)))


def _spliced(original: NotebookNode, submitted: SubmittedCell | None) -> NotebookNode:
    cell = from_dict(original)
    if submitted is None:
        return cell
    if _is_theirs(cell):
        cell.source = submitted.source
    return cell


def _is_theirs(cell: NotebookNode) -> bool:
    """Whether a cell of the master is the student's to change."""
    kind = marker_of(cell).kind
    return kind in ANSWERS or (kind in ("", "playground") and cell.cell_type == "code")


def _extra_cell(cell: SubmittedCell, number: int) -> NotebookNode:
    make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    return make(cell.source, id=f"extra-{number}", metadata=Marker(EXTRA).metadata)


def _repairs(
    master: NotebookNode,
    mine: dict[str, SubmittedCell],
    submitted: tuple[SubmittedCell, ...],
) -> Iterator[str]:
    """What the submission changed in cells that students must leave alone."""
    known = [cell for cell in master.cells if marker_of(cell).kind not in ("", "playground")]
    needed = [cell.id for cell in known if marker_of(cell).kind in ("test", *ANSWERS)]
    if missing := [id_ for id_ in needed if id_ not in mine]:
        yield f"{_listing(missing)} missing"
    for cell in known:
        kind = marker_of(cell).kind
        theirs = mine.get(cell.id)
        if theirs is None:
            continue
        if theirs.cell_type != cell.cell_type:
            yield f"cell {cell.id} was turned into {theirs.cell_type}"
        elif kind in ("test", "setup") and theirs.source != cell.source:
            yield f"cell {cell.id} was changed"
        if kind == "test" and sum(other.id == cell.id for other in submitted) > 1:
            yield f"cell {cell.id} was duplicated"
        yield from _changed_flags(cell, theirs)
    order = [cell.id for cell in known if cell.id in mine]
    if order != [id_ for id_ in mine if id_ in set(order)]:
        yield "cells were reordered"


def _listing(ids: list[str]) -> str:
    """Some cells, as the beginning of a sentence.

    Examples
    --------
    >>> _listing(["a"]), _listing(["a", "b", "c", "d"])
    ('cell a was', 'cells a, b and 2 more were')
    """
    if len(ids) == 1:
        return f"cell {ids[0]} was"
    if len(ids) == 2:
        return f"cells {ids[0]} and {ids[1]} were"
    return f"cells {ids[0]}, {ids[1]} and {len(ids) - 2} more were"


def _changed_flags(cell: NotebookNode, theirs: SubmittedCell) -> Iterator[str]:
    original = cell.metadata.get("nbgrader", {})
    for flag in ("grade", "solution", "locked", "points"):
        if theirs.flags.get(flag) != original.get(flag):
            yield f"cell {cell.id}: {flag} was changed"
    unknown = set(theirs.tags) - set(cell.metadata.get("tags", ()))
    if unknown & {"skip-execution", "raises-exception"}:
        yield f"cell {cell.id}: tags were added"
