"""What the cells of a notebook earn that carries its own tests."""

from __future__ import annotations

from logging import Logger
from typing import Any

import nbformat
from nbgrader import preprocessors as stock
from nbgrader import utils


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
