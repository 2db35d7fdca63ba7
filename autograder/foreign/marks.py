"""What the cells of a notebook earn that carries its own tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from logging import Logger
from typing import Any, TypeVar

import nbformat
from nbgrader import preprocessors as stock
from nbgrader import utils
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedNotebook
from sqlalchemy.orm import Session

from autograder.core.errors import RefusedError
from autograder.foreign.cells import was_put_back
from autograder.publishing.marks.basis import basis_of, known_bases, note_bases
from autograder.publishing.marks.entry import NO_RESPONSE

MISSING = "This cell was missing, and was put back as it had been released."
"""Comment on an answer that is not where it was asked for."""

_Entry = TypeVar("_Entry", Grade, Comment)


class Marks(stock.SaveAutoGrades):
    """nbgrader's `SaveAutoGrades` with a rule of its own for what a cell earns: see `mark`.

    A notebook is entered in one transaction, where nbgrader takes one for each cell.
    """

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """Enter what the cells have earned.

        Raises
        ------
        RefusedError
            If a cell is none that was released as what it claims to be.
        """
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            notebook = gradebook.find_submission_notebook(
                names["notebook"], names["assignment"], names["student"]
            )
            released, session = notebook.notebook, gradebook.db
            answers = [*released.solution_cells, *released.task_cells]
            grades = _entries(session, Grade, notebook, released.grade_cells)
            comments = _entries(session, Comment, notebook, answers)
            session.flush()
            known = known_bases(session, [grade.id for grade in grades.values()])
            bases = {}
            for cell in nb.cells:
                if utils.is_grade(cell):
                    grade = _of(cell, grades)
                    bases[grade.id] = self._enter_score(grade, cell, known.get(grade.id))
                if utils.is_solution(cell) or utils.is_task(cell):
                    _of(cell, comments).auto_comment = _comment(cell)
            note_bases(session, known, bases)
            session.commit()
        return nb, resources

    def _enter_score(self, grade: Grade, cell: nbformat.NotebookNode, known: str | None) -> str:
        """Enter what a cell has earned; gives what a person's mark of it rests on."""
        # What a person marks may stand anywhere else in the notebook.
        missing = was_put_back(cell) and utils.is_solution(cell)
        grade.auto_score = None if missing else mark(cell, self.log)
        by_hand = utils.is_solution(cell) or utils.is_task(cell)
        basis = basis_of(cell.source if by_hand else None, grade.auto_score)
        if grade.manual_score is None:
            grade.needs_manual_grade = grade.auto_score is None
        else:
            grade.needs_manual_grade = grade.needs_manual_grade or known != basis
        return basis


def _entries(
    session: Session,
    kind: type[_Entry],
    notebook: SubmittedNotebook,
    cells: Collection[BaseCell],
) -> dict[str, _Entry]:
    """The gradebook's entries for some cells, by name; those that were released later are added."""
    there = session.query(kind).filter_by(notebook_id=notebook.id)
    found = {entry.cell_id: entry for entry in there}
    missing = [
        kind(cell_id=cell.id, notebook_id=notebook.id) for cell in cells if cell.id not in found
    ]
    session.add_all(missing)
    found |= {entry.cell_id: entry for entry in missing}
    return {cell.name: found[cell.id] for cell in cells}


def _of(cell: nbformat.NotebookNode, entries: Mapping[str, _Entry]) -> _Entry:
    name = cell.metadata["nbgrader"]["grade_id"]
    if name not in entries:
        raise RefusedError(f"the cell {name!r} claims to be of another kind than was released")
    return entries[name]


def _comment(cell: nbformat.NotebookNode) -> str | None:
    if was_put_back(cell) and utils.is_solution(cell):
        return MISSING
    untouched = cell.metadata["nbgrader"].get("checksum") == utils.compute_checksum(cell)
    return NO_RESPONSE if untouched and not utils.is_task(cell) else None


def mark(cell: nbformat.NotebookNode, log: Logger | None = None) -> float | None:
    """The automatic points of a graded cell, None where a person has to look.

    As nbgrader's own rule, but for three things: what a cell writes to stderr costs nothing; a
    result that is followed by an error is no score; and a result that cannot be a score, such as
    5 in a cell of 2 points, is left to a person, where nbgrader gives the submission up.
    """
    if cell.cell_type != "code" or utils.is_solution(cell):
        points_by_hand: float | None = utils.determine_grade(cell, log)[0]
        return points_by_hand
    points = float(cell.metadata["nbgrader"]["points"])
    if any(output.output_type == "error" for output in cell.outputs):
        return 0.0
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return _partial(output, points, log)
    return points


def _partial(output: nbformat.NotebookNode, points: float, log: Logger | None) -> float | None:
    score: float | None = None
    try:
        score = utils.get_partial_grade(output, points, log)
    except (KeyError, ValueError) as error:
        if log:
            log.warning("The result of a test is no score; somebody has to look: %s", error)
    return score
