"""From a record to what people see: staged first, and shown only once the gradebook holds it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import nbformat

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course
from autograder.core.files import StagedFile, stage
from autograder.core.notebooks import as_bytes
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge
from autograder.judging.verdict import Verdict
from autograder.publishing.feedback_page import feedback_page
from autograder.publishing.gradebook import GradebookBusyError
from autograder.publishing.graded_notebook import annotated_notebook
from autograder.publishing.result import Result, save_result, stage_result
from autograder.records.record import Record

Write = Callable[[Verdict, str], None]
"""Writes a verdict into the gradebook, with the time of the submission."""


@dataclass(frozen=True)
class GradedSubmission:
    """A submission that is judged, and not entered yet.

    Attributes
    ----------
    files : tuple of StagedFile
        Feedback page, graded notebook and result, ready to be shown. A fault has none.
    notebook : NotebookNode or None
        The graded notebook, if somebody else is to write it.
    """

    result: Result
    files: tuple[StagedFile, ...] = ()
    notebook: nbformat.NotebookNode | None = None


def finish(
    course: Course, assignment: Assignment, secret: bytes, record: Record, *, pages: bool = True
) -> GradedSubmission:
    """Judge a record, and stage its feedback page, its graded notebook and its result.

    Parameters
    ----------
    pages : bool
        Whether to stage feedback page and graded notebook; nbgrader's own commands write theirs.

    Raises
    ------
    OSError
        If a file cannot be written. Nothing of the others stays.
    """
    verdict = judge(record, assignment, secret)
    result = Result.of(record, verdict)
    notebook = annotated_notebook(record, verdict) if verdict.scored else None
    name, student = assignment.name, record.student
    files: list[StagedFile] = []
    try:
        if pages:
            page = course.feedback / student / name / f"{name}.html"
            files.append(stage(page, feedback_page(record, verdict, assignment)))
        if pages and notebook is not None:
            graded = course.autograded / student / name / f"{name}.ipynb"
            files.append(stage(graded, as_bytes(notebook)))
        files.append(stage_result(result, course.result(name, student)))
    except BaseException:
        _discard(files)
        raise
    return GradedSubmission(result, tuple(files), None if pages else notebook)


def not_graded(assignment: str, student: str, outcome: Outcome, why: str) -> GradedSubmission:
    """What there is of a submission that was kept from being graded."""
    return GradedSubmission(Result(Verdict(assignment, student, outcome, (), (why,))))


def enter(course: Course, graded: GradedSubmission, write: Write) -> Result:
    """Enter a submission into the gradebook, then show its files.

    The result that a report reads is taken away before the gradebook changes, and comes back
    after. So no report shows a score that the gradebook does not hold, whenever this is killed.

    Returns
    -------
    Result
        As it was given, or of a fault if the gradebook or the disk did not take it.
    """
    result = graded.result
    verdict = result.verdict
    place = course.result(verdict.assignment, verdict.student)
    try:
        place.unlink(missing_ok=True)
        write(verdict, result.timestamp)
        for file in graded.files:
            file.publish()
    except (GradebookBusyError, OSError) as error:
        _discard(graded.files)
        where = "the gradebook: " if isinstance(error, GradebookBusyError) else ""
        why = f"{where}{error}"
        graded = not_graded(verdict.assignment, verdict.student, Outcome.INFRA, why)
    if not graded.files:
        # A full disk may not take even this; the report then says "not graded yet".
        with contextlib.suppress(OSError):
            save_result(graded.result, place)
    return graded.result


def _discard(files: Iterable[StagedFile]) -> None:
    for file in files:
        file.discard()
