"""From an untrusted file to a clean notebook, rebuilt on the master. Runs nothing."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.core.errors import RefusedError
from autograder.sandbox.protocol.wire import count_parts

MAX_FILE_BYTES = 32 << 20
MAX_CELLS = 2_000
MAX_SOURCE_CHARACTERS = 200_000
MAX_PARTS = 2_000_000
"""Brackets and commas of the file: short texts can become large structures."""

STUDENT_KINDS = ("solution", "value", "written")


@dataclass(frozen=True)
class SubmittedCell:
    """What counts of a submitted cell.

    Attributes
    ----------
    id : str
        nbgrader's ``grade_id`` if the cell has one, else its cell id, else "".
    flags : dict
        nbgrader's metadata, for comparison with the master's.
    """

    id: str
    cell_type: str
    source: str
    flags: dict[str, Any]
    tags: tuple[str, ...]


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

    notebook: nbformat.NotebookNode
    untouched: tuple[str, ...]
    repairs: tuple[str, ...]


def read_submission(path: Path) -> bytes:
    """The bytes of a submitted notebook.

    Raises
    ------
    RefusedError
        If there is no regular file of a bearable size at `path`, or if the file or one of
        the two folders above it is a symbolic link.
    """
    for folder in (path.parent.parent, path.parent):
        if folder.is_symlink():
            raise RefusedError(f"{folder.name} is a symbolic link")
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        raise RefusedError(_missing(path)) from None
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be opened: {error.strerror}") from None
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{path.name} is not a regular file")
    if found.st_nlink > 1:
        raise RefusedError(f"{path.name} has other names on this disk (a hard link)")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be opened: {error.strerror}") from None
    with open(descriptor, "rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise RefusedError(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MB")
    return content


def _missing(path: Path) -> str:
    student = path.parent.parent
    if not os.path.lexists(student) and "\\x" in student.name:
        return f"the name of the folder {student.name} is not UTF-8 text; rename it"
    try:
        others = sorted(name for name in os.listdir(path.parent) if name.endswith(".ipynb"))
    except OSError:
        others = []
    hint = f"; there is {', '.join(map(ascii, others[:3]))}" if others else ""
    return f"{path.name} is missing{hint}"


def parse_submission(content: bytes) -> tuple[SubmittedCell, ...]:
    """The cells of a submitted notebook; its outputs are dropped unread.

    Raises
    ------
    RefusedError
        If `content` is not UTF-8, not strict JSON, or not a notebook of format 4.
    """
    require_few_parts(content)
    try:
        document = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise RefusedError("the file is not UTF-8 text") from None
    except RecursionError:
        raise RefusedError("the file is nested too deeply") from None
    except ValueError as error:
        raise RefusedError(f"the file is not valid JSON ({error})"[:200]) from None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        if isinstance(document, dict) and "worksheets" in document:
            raise RefusedError("the notebook is of format 3; open and save it in JupyterLab")
        raise RefusedError("the file is not a Jupyter notebook")
    if (stated := document.get("nbformat")) != 4:
        said = (
            f"format {stated}" if type(stated) is int and abs(stated) < 100 else "no known format"
        )
        raise RefusedError(f"the notebook says {said}; 4 is needed")
    if len(document["cells"]) > MAX_CELLS:
        raise RefusedError(f"the notebook has more than {MAX_CELLS} cells")
    cells = tuple(_parse_cell(number, cell) for number, cell in enumerate(document["cells"], 1))
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE_CHARACTERS:
        raise RefusedError(f"the cells hold more than {MAX_SOURCE_CHARACTERS:,} characters")
    return cells


def require_few_parts(content: bytes) -> None:
    """Refuse what would need much memory once it is parsed.

    Raises
    ------
    RefusedError
        If there are more than `MAX_PARTS` brackets and commas.
    """
    if count_parts(content) > MAX_PARTS:
        raise RefusedError("the file has too many parts; clear its outputs and save it again")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _parse_cell(number: int, cell: Any) -> SubmittedCell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise RefusedError(f"cell {number} is not a notebook cell")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise RefusedError(f"cell {number} has no text")
    try:
        source.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError(f"cell {number} holds characters that no text can hold") from None
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    flags = metadata.get("nbgrader")
    flags = flags if isinstance(flags, dict) else {}
    tags = metadata.get("tags")
    tags = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    name = flags.get("grade_id", cell.get("id"))
    name = name if isinstance(name, str) else ""
    return SubmittedCell(name, cell["cell_type"], source, flags, tags)


def rebuild(master: nbformat.NotebookNode, submitted: tuple[SubmittedCell, ...]) -> CleanNotebook:
    """Splice the student's cells into the master, which is the released notebook.

    Tests, figures, set-up, order, points and tags are the master's. The student's answers
    and the cells that students may change are theirs. Cells that the master does not have
    stay behind the cell that they stood behind.

    Raises
    ------
    RefusedError
        If no cell of the assignment is in the submission at all.
    """
    kinds = {cell.id: _kind(cell) for cell in master.cells}
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
    notebook = nbformat.from_dict({**master, "cells": []})
    notebook.cells = cells
    untouched = tuple(
        cell.id
        for cell in master.cells
        if _kind(cell) in (*STUDENT_KINDS, "playground")
        and (cell.id not in mine or mine[cell.id].source.strip() == cell.source.strip())
    )
    return CleanNotebook(notebook, untouched, tuple(_repairs(master, mine, submitted)))


def _kind(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.get("convkit", {}).get("kind", "")


def _spliced(
    original: nbformat.NotebookNode, submitted: SubmittedCell | None
) -> nbformat.NotebookNode:
    cell = nbformat.from_dict(original)
    if submitted is None:
        return cell
    if _is_theirs(cell):
        cell.source = submitted.source
    return cell


def _is_theirs(cell: nbformat.NotebookNode) -> bool:
    """Whether a cell of the master is the student's to change."""
    kind = _kind(cell)
    return kind in STUDENT_KINDS or (kind in ("", "playground") and cell.cell_type == "code")


def _extra_cell(cell: SubmittedCell, number: int) -> nbformat.NotebookNode:
    make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    return make(
        cell.source, id=f"extra-{number}", metadata={"convkit": {"kind": "extra", "name": ""}}
    )


def _repairs(
    master: nbformat.NotebookNode,
    mine: dict[str, SubmittedCell],
    submitted: tuple[SubmittedCell, ...],
) -> Iterator[str]:
    """What the submission changed in cells that students must leave alone."""
    known = [cell for cell in master.cells if _kind(cell) not in ("", "playground")]
    needed = [cell.id for cell in known if _kind(cell) in ("test", *STUDENT_KINDS)]
    if missing := [id_ for id_ in needed if id_ not in mine]:
        yield f"{_listing(missing)} missing"
    for cell in known:
        kind = _kind(cell)
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


def _changed_flags(cell: nbformat.NotebookNode, theirs: SubmittedCell) -> Iterator[str]:
    original = cell.metadata.get("nbgrader", {})
    for flag in ("grade", "solution", "locked", "points"):
        if theirs.flags.get(flag) != original.get(flag):
            yield f"cell {cell.id}: {flag} was changed"
    unknown = set(theirs.tags) - set(cell.metadata.get("tags", ()))
    if unknown & {"skip-execution", "raises-exception"}:
        yield f"cell {cell.id}: tags were added"
