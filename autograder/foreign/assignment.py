"""A foreign assignment as the gradebook knows it, and what a submission has earned in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nbgrader.api import Gradebook, GradeCell, MissingEntry
from nbgrader.api import Notebook as GradebookNotebook

from autograder.authoring.exercise import MarkedAssignment, MarkedExercise, RubricLine, Written
from autograder.foreign.labels import JUDGED_BY_ITSELF
from autograder.publishing.marks.entry import NO_RESPONSE


@dataclass(frozen=True)
class OwnTest(MarkedExercise):
    """A graded cell that marks an answer by running.

    Attributes
    ----------
    name : str
        What people call it: its cell, after its notebook where there are several.
    """

    notebook: str
    cell: str

    @staticmethod
    def of(name: str, notebook: str, cell: str, points: float) -> OwnTest:
        """The test in a cell that is worth so many points."""
        line = RubricLine(cell, points, "what its own test gave points for")
        return OwnTest(name, (line,), notebook, cell)


@dataclass(frozen=True)
class ForeignAssignment(MarkedAssignment):
    """An assignment whose notebooks carry their own tests.

    Attributes
    ----------
    exercises : tuple of OwnTest
        In the order of the notebooks.
    notebooks : tuple of str
        Their names.
    students : tuple of str
        Who has submitted, in order of name.
    """

    exercises: tuple[OwnTest, ...]
    notebooks: tuple[str, ...] = ()
    students: tuple[str, ...] = ()

    @property
    def judged(self) -> str:
        return JUDGED_BY_ITSELF


@dataclass(frozen=True)
class GradebookEntry:
    """What the gradebook holds of one submission.

    Attributes
    ----------
    scores : dict
        (notebook, cell) -> automatic points, None where a person has to look.
    penalty : float
        Points off for being late.
    late : bool
        Whether it was handed in after the time due.
    untouched : bool
        Whether all answers are still as they were released.
    """

    scores: Mapping[tuple[str, str], float | None]
    penalty: float = 0.0
    late: bool = False
    untouched: bool = False
    timestamp: str = ""


def read_assignment(gradebook: Gradebook, name: str) -> ForeignAssignment | None:
    """The assignment called `name`; None if the gradebook does not know it."""
    try:
        notebooks = gradebook.find_assignment(name).notebooks
    except MissingEntry:
        return None
    several = len(notebooks) > 1
    tests: list[OwnTest] = []
    written: list[Written] = []
    for notebook in notebooks:
        marked_by_hand = {cell.name for cell in notebook.solution_cells}
        for cell in sorted(notebook.grade_cells, key=_position(notebook)):
            called = f"{notebook.name}/{cell.name}" if several else cell.name
            if cell.name in marked_by_hand or cell.cell_type == "markdown":
                written.append(Written(called, cell.max_score))
            else:
                tests.append(OwnTest.of(called, notebook.name, cell.name, cell.max_score))
        written += [Written(task.name, task.max_score) for task in notebook.task_cells]
    names = tuple(notebook.name for notebook in notebooks)
    return ForeignAssignment(name, tuple(tests), tuple(written), names)


def _position(notebook: GradebookNotebook) -> Callable[[GradeCell], int]:
    """Where a cell stands in its notebook, as a key to sort by."""
    order = {cell.name: number for number, cell in enumerate(notebook.source_cells)}
    return lambda cell: order.get(cell.name, len(order))


def read_entry(gradebook: Gradebook, name: str, student: str) -> GradebookEntry:
    """What the gradebook holds of a submission; nothing if it does not know it."""
    try:
        submission = gradebook.find_submission(name, student)
    except MissingEntry:
        return GradebookEntry({})
    comments = [comment for notebook in submission.notebooks for comment in notebook.comments]
    return GradebookEntry(
        scores={
            (notebook.name, grade.name): grade.auto_score
            for notebook in submission.notebooks
            for grade in notebook.grades
        },
        penalty=sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks),
        late=submission.total_seconds_late > 0,
        untouched=bool(comments) and all(c.auto_comment == NO_RESPONSE for c in comments),
        timestamp=submission.timestamp.isoformat(" ") if submission.timestamp else "",
    )
