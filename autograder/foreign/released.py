"""A notebook as it was released: from the gradebook, and from the folder of releases.

The gradebook holds the cells that nbgrader knows, with their hidden tests; the released file holds
all cells in their order, as students got them. It may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Notebook as GradebookNotebook
from nbgrader.nbgraderformat import MetadataValidator

from autograder.core.notebooks import read_notebook

Metadata = Mapping[str, Any]


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of a released notebook.

    Attributes
    ----------
    name : str
        Its grade_id; "" for a cell that nbgrader does not know.
    kind : str
        ``"code"`` or ``"markdown"``, or what else there is.
    text : str
        As students got it.
    source : str
        As the gradebook holds it: with hidden tests.
    id : str
        Of nbformat; "" if it has none.
    metadata : dict
        What nbgrader says of it.
    """

    name: str
    kind: str
    text: str
    source: str = ""
    id: str = ""
    metadata: Metadata = field(default_factory=dict)

    @property
    def is_answer(self) -> bool:
        """Whether students write into it."""
        return bool(self.metadata.get("solution"))

    @property
    def is_marked_by_hand(self) -> bool:
        """Whether a person gives points for what is in it."""
        return self.is_answer and bool(self.metadata.get("grade"))


def read_released(notebook: GradebookNotebook, path: Path) -> tuple[ReleasedCell, ...]:
    """The cells of a notebook, in their order.

    Parameters
    ----------
    notebook : nbgrader.api.Notebook
        As the gradebook knows it.
    path : Path
        Of the released file. Without it there is only what the gradebook knows.
    """
    known = _known(notebook)
    cells: list[ReleasedCell] = []
    for shown in _shown(path):
        entry = known.pop(shown.name, None)
        if entry is None:
            cells.append(replace(shown, name="", metadata={}))
        else:
            checksum = shown.metadata.get("checksum", entry.metadata["checksum"])
            metadata = {**entry.metadata, "checksum": checksum}
            cells.append(replace(entry, text=shown.text, id=shown.id, metadata=metadata))
    return (*cells, *known.values())


def _shown(path: Path) -> list[ReleasedCell]:
    """What students got; nothing where that is not there any more."""
    try:
        notebook = read_notebook(path)
    except (OSError, ValueError, nbformat.ValidationError):
        return []
    found = []
    for cell in notebook.cells:
        metadata = cell.metadata.get("nbgrader", {})
        name, id_ = metadata.get("grade_id", ""), cell.get("id", "")
        found.append(ReleasedCell(name, cell.cell_type, cell.source, id=id_, metadata=metadata))
    return found


def _known(notebook: GradebookNotebook) -> dict[str, ReleasedCell]:
    """What the gradebook holds, by name."""
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    points |= {cell.name: cell.max_score for cell in notebook.task_cells}
    graded = {cell.name for cell in notebook.grade_cells}
    answers = {cell.name for cell in notebook.solution_cells}
    tasks = {cell.name for cell in notebook.task_cells}
    found = {}
    for cell in notebook.source_cells:
        name = cell.name
        metadata = {
            "grade_id": name,
            "grade": name in graded,
            "solution": name in answers,
            "task": name in tasks,
            "locked": cell.locked,
            "checksum": cell.checksum,
            "cell_type": cell.cell_type,
            "schema_version": MetadataValidator.schema_version,
        }
        if name in points:
            metadata["points"] = points[name]
        found[name] = ReleasedCell(name, cell.cell_type, cell.source, cell.source, "", metadata)
    return found
