"""Reading from nbgrader's gradebook what it holds of submissions."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import Select, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from autograder.core.errors import CourseError
from autograder.publishing.marks.entry import CellMark, Marks

_RELEASED, _CELLS = Notebook.__table__, BaseCell.__table__
_ASSIGNMENTS, _SUBMISSIONS = Assignment.__table__, SubmittedAssignment.__table__
_SUBMITTED = SubmittedNotebook.__table__
_GRADES, _COMMENTS = Grade.__table__, Comment.__table__
_TESTS, _TASKS = GradeCell.__table__, TaskCell.__table__

_PATIENCE = 60
"""Seconds to wait for a gradebook that another program has locked."""


def read_marks(session: Session, assignment: str, student: str = "") -> dict[str, Marks]:
    """What the gradebook holds of the submissions of an assignment, by student.

    Parameters
    ----------
    session : Session
        Of the gradebook, in whatever transaction it is.
    student : str
        Read the submission of this student alone.
    """
    found = {
        row.student_id: Marks(handed_in=row.timestamp, due=_due(row.duedate, row.extension))
        for row in session.execute(
            _of(
                select(
                    _SUBMISSIONS.c.student_id,
                    _SUBMISSIONS.c.timestamp,
                    _SUBMISSIONS.c.extension,
                    _ASSIGNMENTS.c.duedate,
                ).select_from(_SUBMISSIONS.join(_ASSIGNMENTS)),
                assignment,
                student,
            )
        )
    }
    cells: dict[str, dict[tuple[str, str], CellMark]] = {}
    for row in session.execute(_grades(assignment, student)):
        mark = CellMark(
            row.points, row.auto_score, row.manual_score, row.extra_credit or 0.0, row.waits
        )
        cells.setdefault(row.student_id, {})[row.notebook, row.cell] = mark
    comments: dict[str, dict[tuple[str, str], str]] = {}
    for row in session.execute(_comments(assignment, student)):
        comments.setdefault(row.student_id, {})[row.notebook, row.cell] = row.comment
    penalties = {
        row.student_id: row.penalty for row in session.execute(_penalties(assignment, student))
    }
    return {
        name: replace(
            marks,
            cells=cells.get(name, {}),
            comments=comments.get(name, {}),
            penalty=penalties.get(name) or 0.0,
        )
        for name, marks in found.items()
    }


def saved_marks(url: str, assignment: str, student: str = "") -> dict[str, Marks]:
    """What a gradebook holds of an assignment, by student; nothing if there is none.

    Parameters
    ----------
    url : str
        SQLAlchemy URL of the gradebook.
    student : str
        Read the submission of this student alone.

    Raises
    ------
    CourseError
        If it cannot be read.
    """
    if is_missing(url):
        return {}
    try:
        with closing(Gradebook(with_patience(url))) as gradebook:
            return read_marks(gradebook.db, assignment, student)
    except SQLAlchemyError as error:
        raise CourseError(
            f"the gradebook cannot be read: {getattr(error, 'orig', error)}"
        ) from None


def is_missing(url: str) -> bool:
    """Whether there is no gradebook: nbgrader would make an empty one."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    return sqlite and not Path(parsed.database or "").is_file()


def with_patience(url: str) -> str:
    """The same gradebook, waited for if another program has locked it."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return url
    query = {"timeout": f"{_PATIENCE}", **parsed.query}
    return parsed.set(query=query).render_as_string(hide_password=False)


def _due(duedate: Any, extension: Any) -> Any:
    return duedate if duedate is None or extension is None else duedate + extension


def _of(query: Select[Any], assignment: str, student: str) -> Select[Any]:
    query = query.where(_ASSIGNMENTS.c.name == assignment)
    return query.where(_SUBMISSIONS.c.student_id == student) if student else query


def _grades(assignment: str, student: str) -> Select[Any]:
    columns = select(
        _SUBMISSIONS.c.student_id,
        _RELEASED.c.name.label("notebook"),
        _CELLS.c.name.label("cell"),
        func.coalesce(_TESTS.c.max_score, _TASKS.c.max_score, 0.0).label("points"),
        _GRADES.c.auto_score,
        _GRADES.c.manual_score,
        _GRADES.c.extra_credit,
        _GRADES.c.needs_manual_grade.label("waits"),
    )
    joined = _entries(_GRADES)
    joined = joined.outerjoin(_TESTS, _TESTS.c.id == _CELLS.c.id)
    joined = joined.outerjoin(_TASKS, _TASKS.c.id == _CELLS.c.id)
    return _of(columns.select_from(joined), assignment, student)


def _comments(assignment: str, student: str) -> Select[Any]:
    comment = func.coalesce(_COMMENTS.c.manual_comment, _COMMENTS.c.auto_comment).label("comment")
    columns = select(
        _SUBMISSIONS.c.student_id,
        _RELEASED.c.name.label("notebook"),
        _CELLS.c.name.label("cell"),
        comment,
    )
    query = columns.select_from(_entries(_COMMENTS)).where(comment.is_not(None))
    return _of(query, assignment, student)


def _penalties(assignment: str, student: str) -> Select[Any]:
    columns = select(
        _SUBMISSIONS.c.student_id,
        func.sum(_SUBMITTED.c.late_submission_penalty).label("penalty"),
    )
    joined = _SUBMITTED.join(_SUBMISSIONS).join(_ASSIGNMENTS)
    query = _of(columns.select_from(joined), assignment, student)
    return query.group_by(_SUBMISSIONS.c.student_id)


def _entries(table: Any) -> Any:
    """Entries of one kind, with the cell, notebook, submission and assignment that they are of."""
    return (
        table.join(_CELLS, table.c.cell_id == _CELLS.c.id)
        .join(_SUBMITTED, table.c.notebook_id == _SUBMITTED.c.id)
        .join(_RELEASED, _SUBMITTED.c.notebook_id == _RELEASED.c.id)
        .join(_SUBMISSIONS, _SUBMITTED.c.assignment_id == _SUBMISSIONS.c.id)
        .join(_ASSIGNMENTS, _SUBMISSIONS.c.assignment_id == _ASSIGNMENTS.c.id)
    )
