"""From verdicts to nbgrader's gradebook: one writer, one transaction a submission."""

from __future__ import annotations

import datetime
import time
from types import TracebackType

from nbgrader import utils
from nbgrader.api import Assignment as GradebookAssignment
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from autograder.course import CourseError
from autograder.verdict import Verdict

PATIENCE = 60.0
"""Seconds to wait for a gradebook that another program has locked."""

_PAUSE = 0.5


class GradebookBusyError(Exception):
    """The gradebook cannot be written now. Nothing of the submission has been entered."""


class GradebookWriter:
    """Writes verdicts into nbgrader's database. Use it as a context manager.

    Parameters
    ----------
    url : str
        SQLAlchemy URL of the gradebook.
    assignment : str
        Name of an assignment that has been released.

    Raises
    ------
    CourseError
        If the gradebook does not know the assignment, or stays locked.
    """

    def __init__(self, url: str, assignment: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._open(url, assignment)
                return
            except OperationalError as error:
                if time.monotonic() > deadline:
                    raise CourseError(f"the gradebook cannot be read: {error.orig}") from None
                time.sleep(_PAUSE)

    def _open(self, url: str, assignment: str) -> None:
        self._gradebook = Gradebook(url)
        self._session = self._gradebook.db
        try:
            if self._session.get_bind().dialect.name == "sqlite":
                self._session.execute(text(f"PRAGMA busy_timeout = {int(1000 * PATIENCE)}"))
            self._assignment: GradebookAssignment = self._gradebook.find_assignment(assignment)
        except MissingEntry:
            self._gradebook.close()
            raise CourseError(
                f"the gradebook does not know {assignment}; run: autograder build {assignment}"
            ) from None
        except OperationalError:
            self._gradebook.close()
            raise

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gradebook.close()

    def write(self, verdict: Verdict, timestamp: str = "") -> None:
        """Enter the scores of one submission, in one transaction.

        A person's scores and comments stay. Where there is one, the grade is marked as
        needing review, as nbgrader does. A verdict that is not scored leaves a submission
        without scores.

        Raises
        ------
        GradebookBusyError
            If the gradebook stays locked, or there is no space left for it.
        """
        try:
            notebook = self._submitted_notebook(verdict.student, timestamp)
            if verdict.scored:
                self._score(notebook, verdict)
            self._session.commit()
        except OperationalError as error:
            self._session.rollback()
            raise GradebookBusyError(str(error.orig)) from error
        except BaseException:
            self._session.rollback()
            raise

    def _submitted_notebook(self, student_id: str, timestamp: str) -> SubmittedNotebook:
        student = self._session.get(Student, student_id)
        if student is None:
            student = Student(id=student_id)
            self._session.add(student)
        submission = (
            self._session.query(SubmittedAssignment)
            .filter_by(assignment_id=self._assignment.id, student_id=student_id)
            .one_or_none()
        )
        if submission is None:
            submission = self._new_submission(student)
        submission.timestamp = _parse(timestamp)
        name = self._assignment.name
        return next(n for n in submission.notebooks if n.name == name)

    def _new_submission(self, student: Student) -> SubmittedAssignment:
        with self._session.no_autoflush:
            submission = SubmittedAssignment(assignment=self._assignment, student=student)
            for notebook in self._assignment.notebooks:
                submitted = SubmittedNotebook(notebook=notebook, assignment=submission)
                for cell in notebook.grade_cells:
                    submitted.grades.append(Grade(cell_id=cell.id, needs_manual_grade=True))
                for cell in notebook.solution_cells:
                    submitted.comments.append(Comment(cell_id=cell.id))
            self._session.add(submission)
        self._session.flush()
        return submission

    def _score(self, notebook: SubmittedNotebook, verdict: Verdict) -> None:
        earned = {f"test-{e.exercise}": e.earned for e in verdict.exercises}
        for grade in notebook.grades:
            if grade.name in earned:
                grade.auto_score = earned[grade.name]
            else:
                grade.auto_score = 0.0 if grade.name in verdict.unanswered else None
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            unanswered = comment.name in verdict.unanswered
            comment.auto_comment = "No response." if unanswered else None


def _parse(timestamp: str) -> datetime.datetime | None:
    try:
        return utils.parse_utc(timestamp) if timestamp else None
    except (ValueError, OverflowError):
        return None
