"""From a record to what people see: staged first, and shown only once the gradebook holds it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course
from autograder.core.files import StagedFile, stage
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge
from autograder.judging.verdict import Verdict
from autograder.publishing.feedback_page import feedback_page
from autograder.publishing.gradebook import GradebookBusyError, GradebookWriter
from autograder.publishing.graded_notebook import annotated_notebook, notebook_file
from autograder.publishing.result import Result, save_result, stage_result
from autograder.records.record import Record


@dataclass(frozen=True)
class Finished:
    """A submission that is judged.

    Attributes
    ----------
    files : tuple of StagedFile
        Feedback page, graded notebook and result, ready to be shown. A fault has none.
    """

    result: Result
    files: tuple[StagedFile, ...] = ()


def finish(course: Course, assignment: Assignment, secret: bytes, record: Record) -> Finished:
    """Judge a record, and stage its feedback page, its graded notebook and its result.

    Raises
    ------
    OSError
        If a file cannot be written. Nothing of the others stays.
    """
    verdict = judge(record, assignment, secret)
    result = Result.of(record, verdict)
    name, student = assignment.name, record.student
    files: list[StagedFile] = []
    try:
        page = course.feedback / student / name / f"{name}.html"
        files.append(stage(page, feedback_page(record, verdict, assignment)))
        if verdict.scored:
            graded = notebook_file(annotated_notebook(record, verdict))
            files.append(stage(course.autograded / student / name / f"{name}.ipynb", graded))
        files.append(stage_result(result, course.result(name, student)))
    except BaseException:
        _discard(files)
        raise
    return Finished(result, tuple(files))


def not_graded(assignment: str, student: str, fault: str) -> Finished:
    """What there is of a submission that a fault of ours kept from being graded."""
    return Finished(Result(Verdict(assignment, student, Outcome.INFRA, (), (fault,))))


def enter(course: Course, writer: GradebookWriter, finished: Finished) -> Result:
    """Enter a submission into the gradebook, then show its files.

    The result that a report reads is taken away before the gradebook changes, and comes back
    after. So no report shows a score that the gradebook does not hold, whenever this is killed.

    Returns
    -------
    Result
        As it was given, or of a fault if the gradebook or the disk did not take it.
    """
    result = finished.result
    verdict = result.verdict
    place = course.result(verdict.assignment, verdict.student)
    try:
        place.unlink(missing_ok=True)
        writer.write(verdict, result.timestamp)
        for file in finished.files:
            file.publish()
    except (GradebookBusyError, OSError) as error:
        _discard(finished.files)
        where = "the gradebook: " if isinstance(error, GradebookBusyError) else ""
        finished = not_graded(verdict.assignment, verdict.student, f"{where}{error}")
    if not finished.files:
        # A full disk may not take even this; the report then says "not graded yet".
        with contextlib.suppress(OSError):
            save_result(finished.result, place)
    return finished.result


def _discard(files: list[StagedFile] | tuple[StagedFile, ...]) -> None:
    for file in files:
        file.discard()
