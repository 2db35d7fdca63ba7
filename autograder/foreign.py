"""Notebooks of other nbgrader courses: run behind our walls, marked by their own tests.

Such a notebook holds its tests in its cells, so they run in the student's process, and what that
process says is believed. The walls protect the grader and the rest of the class; they cannot
protect the score. Everything but running is left to nbgrader's own preprocessors.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import replace
from logging import Logger
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.intake import RefusedError
from autograder.outcome import Outcome
from autograder.sandbox import Cell, CellResult, Limits, Zygote

JUDGED_BY_ITSELF = "judged in the student's process"
"""What is written on such a verdict."""

NOTICE = (
    f"**Points in this notebook were {JUDGED_BY_ITSELF}.** The tests ran beside the answers, which "
    "could have changed them. The process was locked in: the grader and the rest of the class "
    "were out of its reach."
)
"""The last cell of a notebook that was marked so."""

_NOT_RUN = "skip-execution"
_ENVIRONMENT = "NBGRADER_EXECUTION"
_LEAST_OUTPUT_BYTES = 4 << 20
_FIRST_WITH_CELL_IDS = (4, 5)
# As in a kernel: modules beside the notebook can be imported.
_PREPARE = """\
import os as _os, sys as _sys
_os.environ[{name!r}] = {value!r}
_sys.path.insert(0, "")
del _os, _sys
"""
_ERRORS = {
    Outcome.TIMEOUT: ("CellTimeoutError", "the cell took too long and was stopped"),
    Outcome.MEMORY: ("MemoryError", "the cell used more memory than there is"),
    Outcome.OUTPUT: ("OutputError", "the cell wrote more than can be taken"),
    Outcome.CRASH: ("DeadKernelError", "the cell ended the process that it ran in"),
}


class ForeignError(RuntimeError):
    """A notebook cannot be run here; the message says what to do."""


class RefuseLinks(NbGraderPreprocessor):
    """Refuses a submission with links in it: see `refuse_links`."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        refuse_links(self.config, names["assignment"], names["student"])
        return nb, resources


SANITIZE = (
    RefuseLinks,
    stock.ClearOutput,
    stock.DeduplicateIds,
    stock.OverwriteKernelspec,
    stock.OverwriteCells,
    stock.CheckCellMetadata,
)


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
        self._require_python(self.kernel_name or nb.metadata.get("kernelspec", {}).get("name", ""))
        cells = [cell for cell in nb.cells if cell.cell_type == "code" and _to_be_run(cell)]
        environment = os.environ.get(_ENVIRONMENT, "")
        steps = [Cell("prepare", _PREPARE.format(name=_ENVIRONMENT, value=environment))]
        steps += [Cell(f"cell-{number}", cell.source) for number, cell in enumerate(cells)]
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        files = files_beside(folder, self._limits.file_bytes // 2)
        report = self._zygote.run(steps, self._own_limits(len(steps)), files)
        for number, (cell, result) in enumerate(zip(cells, report.results[1:], strict=True), 1):
            assert isinstance(result, CellResult)
            cell.execution_count = number
            cell.outputs = [nbformat.from_dict(output) for output in result.outputs]
            cell.outputs += _hidden_error(result)
        return nb, resources

    def _require_python(self, name: str) -> None:
        program = python_kernel(name).argv[0]
        if os.path.isabs(program) and os.path.dirname(program) != os.path.dirname(sys.executable):
            self.log.warning(
                "The kernel %r is %s; the locked room runs %s instead",
                name,
                program,
                sys.executable,
            )

    def _own_limits(self, steps: int) -> Limits:
        """The course's limits, with nbgrader's own setting for the time of a cell."""
        output = max(self._limits.output_bytes, _LEAST_OUTPUT_BYTES)
        limits = replace(self._limits, output_bytes=output)
        if self.timeout is None or self.timeout < 0:
            return limits
        whole = max(limits.submission_seconds, steps * self.timeout)
        return replace(limits, cell_seconds=self.timeout, submission_seconds=whole)


def after_execution(config: Any, parent: Any) -> Sequence[NbGraderPreprocessor]:
    """What nbgrader does between running a notebook and entering its scores."""
    kinds = (stock.IgnorePattern, ClearMetadataPreprocessor, stock.LimitOutput)
    return [kind(config=config, parent=parent) for kind in kinds]


class Label(NbGraderPreprocessor):
    """Writes on a graded notebook how it was judged: in its metadata and in a cell at the end.

    At the end, so that every other cell stays where it was.
    """

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        self.log.info("%s, %s: %s", names["student"], names["notebook"], JUDGED_BY_ITSELF)
        nb.metadata["convkit"] = {"judged": JUDGED_BY_ITSELF}
        notice = new_markdown_cell(NOTICE)
        if (nb.nbformat, nb.nbformat_minor) < _FIRST_WITH_CELL_IDS:
            del notice["id"]
        nb.cells.append(notice)
        return nb, resources


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

    As nbgrader's own rule, but for three things: what a cell writes to stderr costs nothing; a
    result that is followed by an error is no score; and a result that cannot be a score, such as
    5 in a cell of 2 points, is left to a person, where nbgrader gives the submission up.
    """
    if cell.cell_type != "code" or utils.is_solution(cell):
        return utils.determine_grade(cell, log)[0]
    points = float(cell.metadata["nbgrader"]["points"])
    if any(output.output_type == "error" for output in cell.outputs):
        return 0.0
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return _partial(output, points, log)
    return points


def _partial(output: nbformat.NotebookNode, points: float, log: Logger | None) -> float | None:
    try:
        return utils.get_partial_grade(output, points, log)
    except (KeyError, ValueError) as error:
        if log:
            log.warning("The result of a test is no score; somebody has to look: %s", error)
        return None


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


def refuse_links(config: Any, assignment: str, student: str) -> None:
    """Refuse a submission with links in it.

    nbgrader copies what they point to into the folder of the graded notebook, and from there
    into the feedback. It removes the copies of a submission that is refused.

    Raises
    ------
    RefusedError
        If there are any.
    """
    course = CourseDirectory(config=config)
    folder = course.format_path(course.submitted_directory, student, assignment)
    if found := links_in(Path(folder)):
        raise RefusedError(f"links in place of files: {', '.join(found)}")


def links_in(folder: Path) -> list[str]:
    """What is a link in a folder; the folder itself and the one above it count too."""
    found = [place.name for place in (folder.parent, folder) if place.is_symlink()]
    for root, folders, names in os.walk(folder):
        paths = [Path(root, name) for name in folders + names]
        found += [str(path.relative_to(folder)) for path in paths if path.is_symlink()]
    return sorted(found)


def python_kernel(name: str) -> KernelSpec:
    """The specification of a Python kernel.

    Raises
    ------
    NoSuchKernel
        If no kernel of that name is installed.
    ForeignError
        If it is one of another language.
    """
    if name in ("", "python"):
        # As jupyter_client's kernel manager reads it.
        name = NATIVE_KERNEL_NAME
    spec = KernelSpecManager().get_kernel_spec(name)
    if spec.language.lower() not in ("python", "python3"):
        raise ForeignError(
            f"the kernel {name!r} runs {spec.language}, which the locked room does not; "
            "grade this notebook with nbgrader's own preprocessors"
        )
    return spec


def _to_be_run(cell: nbformat.NotebookNode) -> bool:
    """All code but what is empty, or what students marked as not to be run."""
    skipped = _NOT_RUN in cell.metadata.get("tags", ()) and not utils.is_grade(cell)
    return bool(cell.source.strip()) and not skipped


def _hidden_error(result: CellResult) -> list[nbformat.NotebookNode]:
    """The error of a cell that was stopped, or that raised one which is not shown."""
    shown = any(output.get("output_type") == "error" for output in result.outputs)
    if result.outcome in _ERRORS:
        name, text = _ERRORS[result.outcome]
    elif result.error and not shown:
        name, text = result.error, "the error was not shown"
    else:
        return []
    return [new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])]
