"""What nbgrader does before and after running a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nbformat
import traitlets
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.foreign.files import refuse_links

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
    stock.DeduplicateIds,
    stock.OverwriteKernelspec,
    PutCellsRight,
    stock.CheckCellMetadata,
)


def after_execution(config: Any, parent: Any) -> Sequence[NbGraderPreprocessor]:
    """What nbgrader does between running a notebook and entering its scores."""
    kinds = (stock.IgnorePattern, ClearMetadataPreprocessor, stock.LimitOutput)
    return [kind(config=config, parent=parent) for kind in kinds]
