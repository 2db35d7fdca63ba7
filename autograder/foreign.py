"""Notebooks of other nbgrader courses: run behind our walls, marked by their own tests.

Such a notebook holds its tests in its cells, so they run in the student's process, and what that
process says is believed. The walls protect the grader and the rest of the class; they cannot
protect the score. Everything but running is left to nbgrader's own preprocessors.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.outcome import Outcome
from autograder.sandbox import Cell, CellResult, Limits, Zygote

JUDGED_BY_ITSELF = "judged in the student's process"
"""What is written on such a verdict."""

SANITIZE = (
    stock.ClearOutput,
    stock.DeduplicateIds,
    stock.OverwriteKernelspec,
    stock.OverwriteCells,
    stock.CheckCellMetadata,
)

_NOT_RUN = "skip-execution"
_ENVIRONMENT = "NBGRADER_EXECUTION"
_ERRORS = {
    Outcome.TIMEOUT: ("CellTimeoutError", "the cell took too long and was stopped"),
    Outcome.MEMORY: ("MemoryError", "the cell used more memory than there is"),
    Outcome.OUTPUT: ("OutputError", "the cell wrote more than can be taken"),
    Outcome.CRASH: ("DeadKernelError", "the cell ended the process that it ran in"),
}


class ForeignError(RuntimeError):
    """A notebook cannot be run here; the message says what to do."""


class WalledExecute(stock.Execute):
    """nbgrader's `Execute`, with the locked room for a kernel. It takes the same settings."""

    def __init__(self, *, zygote: Zygote, limits: Limits, **settings: Any) -> None:
        super().__init__(**settings)
        self._zygote = zygote
        self._limits = limits

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any], km: object = None
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Run the code cells in order, and keep their outputs."""
        _require_python(nb)
        cells = [cell for cell in nb.cells if cell.cell_type == "code" and _to_be_run(cell)]
        environment = os.environ.get(_ENVIRONMENT, "")
        prepare = f"import os as _os; _os.environ[{_ENVIRONMENT!r}] = {environment!r}; del _os"
        steps = [Cell("environment", prepare)]
        steps += [Cell(f"cell-{number}", cell.source) for number, cell in enumerate(cells)]
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        files = files_beside(folder, self._limits.file_bytes // 2)
        report = self._zygote.run(steps, self._own_limits(len(steps)), files)
        for number, (cell, result) in enumerate(zip(cells, report.results[1:], strict=True), 1):
            assert isinstance(result, CellResult)
            cell.execution_count = number
            cell.outputs = [nbformat.from_dict(output) for output in result.outputs]
            cell.outputs += _hidden_error(result)
        nb.metadata["convkit"] = {"judged": JUDGED_BY_ITSELF}
        return nb, resources

    def _own_limits(self, steps: int) -> Limits:
        """The course's limits, with nbgrader's own setting for the time of a cell."""
        if self.timeout is None or self.timeout < 0:
            return self._limits
        whole = max(self._limits.submission_seconds, steps * self.timeout)
        return replace(self._limits, cell_seconds=self.timeout, submission_seconds=whole)


class Marks(stock.SaveAutoGrades):
    """nbgrader's `SaveAutoGrades` with a rule of its own for what a cell earns: see `mark`."""

    def _add_score(self, cell: nbformat.NotebookNode, resources: dict[str, Any]) -> None:
        names = resources["nbgrader"]
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"],
            names["notebook"],
            names["assignment"],
            names["student"],
        )
        grade.auto_score = mark(cell, self.log)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()


def mark(cell: nbformat.NotebookNode, log: Logger | None = None) -> float | None:
    """The automatic points of a graded cell, None where a person has to look.

    As nbgrader's own rule, but for two things: what a cell writes to stderr costs nothing, and a
    result that is followed by an error is no score.
    """
    if cell.cell_type != "code" or utils.is_solution(cell):
        return utils.determine_grade(cell, log)[0]
    points = float(cell.metadata["nbgrader"]["points"])
    if any(output.output_type == "error" for output in cell.outputs):
        return 0.0
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return utils.get_partial_grade(output, points, log)
    return points


def after_execution(config: Any, parent: Any) -> Sequence[NbGraderPreprocessor]:
    """What nbgrader does between running a notebook and entering its scores."""
    kinds = (stock.IgnorePattern, ClearMetadataPreprocessor, stock.LimitOutput)
    return [kind(config=config, parent=parent) for kind in kinds]


def files_beside(folder: Path, most_bytes: int) -> dict[str, bytes]:
    """Plain files in the folder of a submission, for the room.

    Links, pipes and devices are passed over, and so is what lies behind a linked folder.

    Raises
    ------
    ForeignError
        If they are too large together.
    """
    found: dict[str, bytes] = {}
    total = 0
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(root, name)
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or path.suffix == ".ipynb":
                continue
            total += status.st_size
            if total > most_bytes:
                raise ForeignError(
                    f"the files beside the notebook are larger than {most_bytes} bytes together"
                )
            found[str(path.relative_to(folder))] = path.read_bytes()
    return found


def _require_python(notebook: nbformat.NotebookNode) -> None:
    """Refuse a kernel that is missing or that is no Python."""
    name = notebook.metadata.get("kernelspec", {}).get("name") or NATIVE_KERNEL_NAME
    if name == "python":
        # As jupyter_client's kernel manager reads it.
        name = NATIVE_KERNEL_NAME
    language = KernelSpecManager().get_kernel_spec(name).language
    if language.lower() not in ("python", "python3"):
        raise ForeignError(
            f"the kernel {name!r} runs {language}, which the locked room does not; "
            "grade this notebook with nbgrader's own preprocessors"
        )


def _to_be_run(cell: nbformat.NotebookNode) -> bool:
    """All code but what is empty, or what students marked as not to be run."""
    skipped = _NOT_RUN in cell.metadata.get("tags", ()) and not utils.is_grade(cell)
    return bool(cell.source.strip()) and not skipped


def _hidden_error(result: CellResult) -> list[nbformat.NotebookNode]:
    """The error of a cell that shows none, although it was stopped or raised one."""
    if any(output.get("output_type") == "error" for output in result.outputs):
        return []
    name, text = _ERRORS.get(result.outcome, (result.error, "the error was not shown"))
    if not name:
        return []
    return [
        nbformat.from_dict(
            {
                "output_type": "error",
                "ename": name,
                "evalue": text,
                "traceback": [f"{name}: {text}"],
            }
        )
    ]
