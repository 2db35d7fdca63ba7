"""nbgrader's `Execute` with the locked room for a kernel."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
from nbformat.v4 import new_output
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory

from autograder.core.cells import listed
from autograder.core.errors import RefusedError, SandboxError
from autograder.core.notebooks import from_dict
from autograder.core.outcome import Outcome
from autograder.core.stopped import STOPS
from autograder.foreign.cells import was_put_back
from autograder.foreign.scratch import files_for, released_files, show
from autograder.publishing.displayed import safe_outputs
from autograder.running.crash import Starved, agreed
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, CellResult, Limits, RoomReport

RUN = "autograder_run"
REMARKS = "autograder_remarks"

_NOT_RUN = "skip-execution"
_ENVIRONMENT = "NBGRADER_EXECUTION"
_LEAST_OUTPUT_BYTES = 4 << 20
# As in a kernel: modules beside the notebook can be imported.
_PREPARE = """\
import os as _os
_os.environ[{name!r}] = {value!r}
del _os
get_ipython().execution_count -= 1
"""
"""It is no cell of the notebook, whose first is number 1."""
_ERRORS = {
    Outcome.TIMEOUT: "CellTimeoutError",
    Outcome.MEMORY: "MemoryError",
    Outcome.OUTPUT: "OutputError",
    Outcome.CRASH: "DeadKernelError",
}


@dataclass(frozen=True)
class Run:
    """How the cells of one notebook ran.

    Attributes
    ----------
    stopped : dict
        Name or number of each cell that was stopped, and by what.
    attacked : str
        When rooms like it were last attacked, all in vain.
    """

    stopped: Mapping[str, Outcome]
    guarantees: Mapping[str, str]
    restarts: int
    cpu_seconds: float
    peak_bytes: int
    attacked: str


class WalledExecute(stock.Execute):
    """nbgrader's `Execute`, with the locked room for a kernel. It takes the same settings.

    How the cells ran is left in the resources, as a `Run` under the name `RUN`.
    """

    def __init__(
        self, *, zygote: Zygote, limits: Limits, kept_bytes: int = 0, **settings: Any
    ) -> None:
        super().__init__(**settings)
        self._zygote = zygote
        self._limits = limits
        self._kept_bytes = kept_bytes

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any], km: object = None
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Run the code cells in order; keep their outputs, and the files that they wrote.

        Raises
        ------
        SandboxError
            If it cannot be run, or if nobody can tell whose doing a crash was.
        """
        self._require_python(self.kernel_name or nb.metadata.get("kernelspec", {}).get("name", ""))
        cells = [cell for cell in nb.cells if cell.cell_type == "code" and _to_be_run(cell)]
        environment = os.environ.get(_ENVIRONMENT, "")
        steps = [Cell("prepare", _PREPARE.format(name=_ENVIRONMENT, value=environment))]
        steps += [Cell(f"cell-{number}", cell.source) for number, cell in enumerate(cells)]
        report = self._run_steps(steps, resources)
        stopped = {}
        for number, (cell, result) in enumerate(zip(cells, report.results[1:], strict=True), 1):
            assert isinstance(result, CellResult)
            cell.execution_count = number
            cell.outputs = [from_dict(output) for output in safe_outputs(result.outputs)]
            cell.outputs += _hidden_error(result)
            if result.outcome in _ERRORS:
                name = cell.metadata.get("nbgrader", {}).get("grade_id", f"cell {number}")
                stopped[name] = result.outcome
        resources[RUN] = Run(
            stopped,
            dict(report.guarantees),
            report.restarts,
            report.cpu_seconds,
            report.peak_bytes,
            self._zygote.attacked,
        )
        return nb, resources

    def _run_steps(self, steps: Sequence[Cell], resources: dict[str, Any]) -> RoomReport:
        folder = Path(resources.get("metadata", {}).get("path") or ".")
        names = resources.get("nbgrader")
        submitted = _submitted(self.config, names) if names else None
        files = files_for(folder, submitted, self._limits.data_bytes)
        limits = self._own_limits(len(steps))
        with tempfile.TemporaryDirectory() as places:
            runs: list[tuple[RoomReport, Path]] = []

            def run(seconds: float) -> RoomReport:
                place = Path(places, str(len(runs)))
                place.mkdir()
                within = replace(limits, submission_seconds=seconds)
                runs.append((self._zygote.run(steps, within, files, place), place))
                return runs[-1][0]

            try:
                report = agreed(run, _with_outcome, limits.submission_seconds)
            except Starved as fault:
                raise SandboxError(str(fault)) from None
            place = next(place for each, place in runs if each is report)
            released = released_files(self.config, names["assignment"]) if names else ()
            told = [
                *report.lost,
                *show(place, folder, released=released, most_bytes=self._kept_bytes),
            ]
        if told:
            resources[REMARKS] = (f"files that it wrote and that were not kept: {listed(told)}",)
            self.log.warning("%s", resources[REMARKS][0])
        return report

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


def python_kernel(name: str) -> KernelSpec:
    """The specification of a Python kernel.

    Raises
    ------
    NoSuchKernel
        If no kernel of that name is installed.
    RefusedError
        If it is one of another language.
    """
    if name in ("", "python"):
        # As jupyter_client's kernel manager reads it.
        name = NATIVE_KERNEL_NAME
    spec = KernelSpecManager().get_kernel_spec(name)
    if spec.language.lower() not in ("python", "python3"):
        raise RefusedError(
            f"the kernel {name!r} runs {spec.language}, which the locked room does not; "
            "grade this notebook with nbgrader's own preprocessors"
        )
    return spec


def _submitted(config: Any, names: Mapping[str, str]) -> Path:
    course = CourseDirectory(config=config)
    place = (course.submitted_directory, names["student"], names["assignment"])
    return Path(course.format_path(*place))


def _with_outcome(report: RoomReport, outcome: Outcome) -> frozenset[str]:
    return frozenset(each.id for each in report.results if each.outcome is outcome)


def _to_be_run(cell: nbformat.NotebookNode) -> bool:
    """All code but what is empty, what students marked as not to be run, and stubs put back."""
    if was_put_back(cell) and utils.is_solution(cell):
        return False
    skipped = _NOT_RUN in cell.metadata.get("tags", ()) and not utils.is_grade(cell)
    return bool(cell.source.strip()) and not skipped


def _hidden_error(result: CellResult) -> list[nbformat.NotebookNode]:
    """The error of a cell that was stopped, or that raised one which is not shown."""
    shown = any(output.get("output_type") == "error" for output in result.outputs)
    if result.outcome in _ERRORS:
        name, text = _ERRORS[result.outcome], f"the cell {STOPS[result.outcome].of_cell}"
    elif result.error and not shown:
        name, text = result.error, "the error was not shown"
    else:
        return []
    return [new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])]
