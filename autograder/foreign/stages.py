"""What nbgrader does before and after running a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import traitlets
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.foreign.cells import settle
from autograder.foreign.execute import REMARKS
from autograder.foreign.files import refuse_links
from autograder.foreign.released import read_released

REPAIRS = "autograder_repairs"


class RunsNotebooks(NbGraderPreprocessor):
    """A preprocessor that runs notebooks in locked rooms. Whoever builds it says in which."""

    zygotes = traitlets.Callable(
        help="From a LockedRoom, and a folder that it hides, to the locked room's parent."
    )


class RefuseLinks(NbGraderPreprocessor):
    """Refuses a submission with links in it: see `refuse_links`."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        refuse_links(self.config, names["assignment"], names["student"])
        return nb, resources


class SettleCells(NbGraderPreprocessor):
    """Settles which cell of a submission is which of the release: see `cells.settle`.

    It takes the place of nbgrader's `DeduplicateIds`, and upgrades nbgrader's metadata of any
    earlier form as ``nbgrader update`` does. What it did is left in the resources, under the name
    `REMARKS`.
    """

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        for cell in nb.cells:
            # As some editors on Windows save it.
            cell.source = cell.source.replace("\r\n", "\n")
            said = cell.metadata.get("nbgrader")
            if not said or not isinstance(said, dict):
                cell.metadata.pop("nbgrader", None)
        MetadataValidator().upgrade_notebook_metadata(nb)
        course = CourseDirectory(config=self.config)
        folder = course.format_path(course.release_directory, ".", names["assignment"])
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            released = read_released(notebook, Path(folder, f"{names['notebook']}.ipynb"))
        resources[REMARKS] = settle(nb, released)
        for remark in resources[REMARKS]:
            self.log.warning("%s, %s: %s", names["student"], names["notebook"], remark)
        return nb, resources


class PutCellsRight(stock.OverwriteCells):
    """nbgrader's `OverwriteCells`, which also says what it put right.

    What had been changed is left in the resources, under the name `REPAIRS`.
    """

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        self._repairs: list[str] = []
        nb, resources = super().preprocess(nb, resources)
        resources[REPAIRS] = tuple(dict.fromkeys(self._repairs))
        return nb, resources

    def preprocess_cell(
        self, cell: nbformat.NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        # Where hidden tests come back, the text differs from the master's and is the released one.
        released = cell.metadata.get("nbgrader", {}).get("checksum")
        self._as_released = bool(released) and utils.compute_checksum(cell) == released
        done: tuple[nbformat.NotebookNode, dict[str, Any]]
        done = super().preprocess_cell(cell, resources, cell_index)
        return done

    def report_change(self, name: str, attr: str, old: Any, new: Any) -> None:
        what = "text" if attr == "checksum" else attr
        if not (attr == "checksum" and self._as_released):
            self._repairs.append(f"{name}: its {what} had been changed (put right)")
        super().report_change(name, attr, old, new)


SANITIZE = (
    RefuseLinks,
    stock.ClearOutput,
    SettleCells,
    stock.OverwriteKernelspec,
    PutCellsRight,
    stock.CheckCellMetadata,
)


def after_execution(config: Any, parent: Any) -> Sequence[NbGraderPreprocessor]:
    """What nbgrader does between running a notebook and entering its scores."""
    kinds = (stock.IgnorePattern, ClearMetadataPreprocessor, stock.LimitOutput)
    return [kind(config=config, parent=parent) for kind in kinds]
