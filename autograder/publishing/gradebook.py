"""From verdicts to nbgrader's gradebook: one writer, one transaction a submission."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from nbgrader import utils
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    new_uuid,
)
from sqlalchemy import and_, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from autograder.authoring.exercise import MarkedAssignment
from autograder.core.cells import test_id, written_id
from autograder.core.errors import CourseError, GraderError
from autograder.core.outcome import Outcome
from autograder.judging.verdict import Verdict
from autograder.publishing.marks.basis import basis_of, known_bases, note_bases
from autograder.publishing.marks.entry import NO_RESPONSE, Marks
from autograder.publishing.marks.penalty import LatePenalty, charge
from autograder.publishing.marks.reading import read_marks

PATIENCE = 60.0
"""Seconds to wait for a gradebook that another program has locked."""

_PATIENCE_AFTERWARDS = 5.0
"""The same, for those that come after one that waited in vain."""

_PAUSE = 0.5
_GRADED = ("GradeCell", "TaskCell")
_COMMENTED = ("SolutionCell", "TaskCell")
_Row = Mapping[str, Any]


class GradebookBusyError(GraderError):
    """The gradebook cannot be written now. Nothing of the submission has been entered."""


class GradebookWriter:
    """Writes verdicts into nbgrader's database. Use it as a context manager.

    Parameters
    ----------
    url : str
        SQLAlchemy URL of the gradebook.
    assignment : str
        Name of an assignment that has been released.
    penalty : LatePenalty, optional
        What late submissions lose. Without it penalties stay as they are.
    maxima : dict, optional
        What graded cells are worth: name -> points. It is entered with the first verdict.

    Raises
    ------
    CourseError
        If the gradebook does not know the assignment, or stays locked.
    """

    def __init__(
        self,
        url: str,
        assignment: str,
        penalty: LatePenalty | None = None,
        maxima: Mapping[str, float] | None = None,
    ) -> None:
        self._penalty = penalty
        self._maxima = maxima or {}
        self._patience = PATIENCE
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
        self._assignment = assignment
        try:
            self._assignment_id: str = self._gradebook.find_assignment(assignment).id
            self._session.rollback()
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

    def write(
        self,
        verdict: Verdict,
        timestamp: str = "",
        answers: Mapping[str, str] | None = None,
        *,
        ready: Callable[[Marks], None] | None = None,
    ) -> Marks:
        """Enter the scores of one submission, and what it loses by being late, in one transaction.

        A person's scores and comments stay. Where there is a score, the grade waits for a person
        only if what it rests on has changed since. A verdict that is not scored leaves a submission
        without scores.

        Parameters
        ----------
        answers : dict, optional
            The text of each written answer, by the id of its cell.
        ready : callable, optional
            Is given what the gradebook is about to hold. What it raises undoes the entry.

        Returns
        -------
        Marks
            What the gradebook holds then.

        Raises
        ------
        GradebookBusyError
            If the gradebook stays locked, there is no space left for it, or another program
            was entering the same student.
        PenaltyError
            If the course's plugin for late submissions fails.
        """
        with self._transaction():
            self._set_maxima()
            submission = self._submission(verdict.student)
            known = verdict.outcome is not Outcome.INFRA
            if known:
                self._stamp(submission, _parse(timestamp))
            for name, notebook, is_new in self._notebooks(submission):
                scored = verdict.scored and name == self._assignment
                if scored or is_new:
                    self._enter_cells(notebook, verdict if scored else None, answers or {})
            marks = self._marks(verdict.student)
            if known and self._charge(verdict.student, submission, marks):
                marks = self._marks(verdict.student)
            if ready is not None:
                ready(marks)
        self._patience = PATIENCE
        self._maxima = {}
        return marks

    def _marks(self, student: str) -> Marks:
        return read_marks(self._session, self._assignment, student)[student]

    def enrol(self, student: str) -> None:
        """Enter a submission without scores where there is none, in one transaction.

        nbgrader looks whether a submission is there before it enters one, and gives it up if
        somebody else was faster. Where this is called first, it finds one.

        Raises
        ------
        GradebookBusyError
            As for `write`.
        """
        with self._transaction():
            for _, notebook, is_new in self._notebooks(self._submission(student)):
                if is_new:
                    self._enter_cells(notebook, None, {})

    def follow(self, student: str) -> None:
        """Enter what a submission loses by being late as things are now, in one transaction.

        Its scores stay. Where there is no submission, nothing is entered.

        Raises
        ------
        GradebookBusyError, PenaltyError
            As for `write`.
        """
        with self._transaction():
            marks = read_marks(self._session, self._assignment, student).get(student)
            if marks is not None:
                self._charge(student, self._submission(student), marks)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._begin()
            yield
            self._session.commit()
        except (OperationalError, IntegrityError) as error:
            raise self._busy(error) from error
        except BaseException:
            self._session.rollback()
            raise

    def _busy(self, error: OperationalError | IntegrityError) -> GradebookBusyError:
        """What to raise; whoever comes next does not wait as long again."""
        self._session.rollback()
        self._patience = min(PATIENCE, _PATIENCE_AFTERWARDS)
        return GradebookBusyError(str(error.orig))

    def _begin(self) -> None:
        """Begin a transaction that nobody else can write into between our reading and writing."""
        if self._session.get_bind().dialect.name == "sqlite":
            self._session.execute(text(f"PRAGMA busy_timeout = {int(1000 * self._patience)}"))
            self._session.execute(text("BEGIN IMMEDIATE"))

    def _set_maxima(self) -> None:
        """Say what graded cells are worth now; nbgrader itself does when it makes a release."""
        cells, graded, released = BaseCell.__table__, GradeCell.__table__, Notebook.__table__
        rows = self._session.execute(
            select(graded.c.id, cells.c.name, graded.c.max_score)
            .join_from(graded, cells, graded.c.id == cells.c.id)
            .join(released, released.c.id == cells.c.notebook_id)
            .where(released.c.assignment_id == self._assignment_id)
        ).all()
        for row in rows:
            points = self._maxima.get(row.name, row.max_score)
            if points != row.max_score:
                changed = update(graded).where(graded.c.id == row.id).values(max_score=points)
                self._session.execute(changed)

    def _submission(self, student: str) -> str:
        """The id of a student's submission, entered if there is none."""
        table, people = SubmittedAssignment.__table__, Student.__table__
        wanted = {"assignment_id": self._assignment_id, "student_id": student}
        found = self._session.execute(select(table.c.id).filter_by(**wanted)).scalar()
        if found is not None:
            return str(found)
        if self._session.execute(select(people.c.id).filter_by(id=student)).first() is None:
            self._session.execute(insert(people).values(id=student))
        submission: str = new_uuid()
        self._session.execute(insert(table).values(id=submission, **wanted))
        return submission

    def _stamp(self, submission: str, timestamp: datetime.datetime | None) -> None:
        """Say when a submission was handed in."""
        table = SubmittedAssignment.__table__
        there = select(table.c.timestamp).where(table.c.id == submission)
        if self._session.execute(there).scalar() != timestamp:
            changed = update(table).where(table.c.id == submission).values(timestamp=timestamp)
            self._session.execute(changed)

    def _notebooks(self, submission: str) -> list[tuple[str, str, bool]]:
        """Name and id of each notebook of a submission, and whether it had to be entered."""
        released, submitted = Notebook.__table__, SubmittedNotebook.__table__
        rows = self._session.execute(
            select(released.c.name, released.c.id, submitted.c.id.label("submitted"))
            .select_from(released)
            .outerjoin(
                submitted,
                and_(
                    submitted.c.notebook_id == released.c.id,
                    submitted.c.assignment_id == submission,
                ),
            )
            .where(released.c.assignment_id == self._assignment_id)
        ).all()
        notebooks = []
        for row in rows:
            id_ = row.submitted or new_uuid()
            if row.submitted is None:
                self._session.execute(
                    insert(submitted).values(id=id_, notebook_id=row.id, assignment_id=submission)
                )
            notebooks.append((row.name, id_, row.submitted is None))
        return notebooks

    def _charge(self, student: str, submission: str, marks: Marks) -> bool:
        """Enter what each notebook loses; whether any penalty has changed."""
        if self._penalty is None or not self._penalty.enabled:
            return False
        return charge(self._session, self._penalty, student, submission, marks)

    def _enter_cells(
        self, notebook: str, verdict: Verdict | None, answers: Mapping[str, str]
    ) -> None:
        """Enter what a verdict says of each cell; without a verdict the cells have no scores."""
        points = _points(verdict) if verdict else {}
        unanswered = verdict.unanswered if verdict else frozenset()
        cells = self._cells(notebook, Grade, _GRADED, "manual_score", "needs_manual_grade")
        ids = {cell["cell_id"]: cell["id"] or new_uuid() for cell in cells}
        known = known_bases(self._session, list(ids.values()))
        bases = {
            ids[cell["cell_id"]]: basis_of(answers.get(cell["name"]), points.get(cell["name"]))
            for cell in cells
        }
        grades = []
        for cell in cells:
            score, grade = points.get(cell["name"]), ids[cell["cell_id"]]
            waits = score is None
            if cell["manual_score"] is not None:
                waits = cell["needs_manual_grade"] or known.get(grade) != bases[grade]
            grades.append(
                {**cell, "new_id": grade, "auto_score": score, "needs_manual_grade": waits}
            )
        self._save(Grade, notebook, grades, ("auto_score", "needs_manual_grade"))
        if verdict is not None:
            note_bases(self._session, known, bases)
        comments = [
            {**cell, "auto_comment": NO_RESPONSE if cell["name"] in unanswered else None}
            for cell in self._cells(notebook, Comment, _COMMENTED)
        ]
        self._save(Comment, notebook, comments, ("auto_comment",))

    def _cells(
        self, notebook: str, kind: type[Any], types: tuple[str, ...], *columns: str
    ) -> Sequence[_Row]:
        """The cells of some types, and what the table of `kind` already holds of each."""
        cells, entries = BaseCell.__table__, kind.__table__
        submitted = SubmittedNotebook.__table__
        entry = and_(entries.c.cell_id == cells.c.id, entries.c.notebook_id == submitted.c.id)
        wanted = (entries.c[column] for column in columns)
        query = (
            select(cells.c.id.label("cell_id"), cells.c.name, entries.c.id, *wanted)
            .select_from(submitted)
            .join(cells, cells.c.notebook_id == submitted.c.notebook_id)
            .outerjoin(entries, entry)
            .where(submitted.c.id == notebook, cells.c.type.in_(types))
        )
        rows: Sequence[_Row] = self._session.execute(query).mappings().all()
        return rows

    def _save(
        self, kind: type[Any], notebook: str, rows: Sequence[_Row], columns: tuple[str, ...]
    ) -> None:
        """Write some columns of rows that are there, and add those that are not."""
        table = kind.__table__
        there, missing = [], []
        for row in rows:
            if row["id"] is None:
                values = {column: row[column] for column in columns}
                own = {"id": row["new_id"]} if "new_id" in row else {}
                missing.append(
                    {"notebook_id": notebook, "cell_id": row["cell_id"], **own, **values}
                )
            else:
                there.append({f"new_{column}": row[column] for column in ("id", *columns)})
        if there:
            changes: dict[str, Any] = {column: bindparam(f"new_{column}") for column in columns}
            its_own = table.c.id == bindparam("new_id")
            self._session.execute(update(table).where(its_own).values(changes), there)
        if missing:
            self._session.execute(insert(table), missing)


def maxima(assignment: MarkedAssignment) -> dict[str, float]:
    """What each graded cell of an assignment with exercises is worth."""
    return {test_id(exercise.name): exercise.points for exercise in assignment.exercises} | {
        written_id(question.name): question.points for question in assignment.written
    }


def _points(verdict: Verdict) -> dict[str, float]:
    """The points of each graded cell that the grader can give points for."""
    return dict.fromkeys(verdict.unanswered, 0.0) | {
        test_id(marked.exercise): marked.earned for marked in verdict.exercises
    }


def _parse(timestamp: str) -> datetime.datetime | None:
    try:
        return utils.parse_utc(timestamp) if timestamp else None
    except (ValueError, OverflowError):
        return None
