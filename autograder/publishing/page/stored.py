"""The feedback page of a submission that has been entered, from what is stored of it."""

from __future__ import annotations

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course, course_secret
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.page import with_marks
from autograder.publishing.marks.reading import saved_marks
from autograder.publishing.page.feedback_page import feedback_page
from autograder.publishing.page.showing import is_settled, settled, shown_for, shown_now
from autograder.publishing.result import load_result
from autograder.records.record import Record, RecordError, load_record
from autograder.running.questions import cases_digest
from autograder.settings import Shows


def stored_page(
    course: Course,
    assignment: Assignment,
    student: str,
    gradebook: str,
    shows: Shows = Shows.CASE,
    most: int = 0,
) -> str | None:
    """The page of one submission, with the marks that the gradebook holds now.

    Parameters
    ----------
    gradebook : str
        Its SQLAlchemy URL.
    shows : Shows
        What the page may show.
    most : int
        How many hand-ins of a student get more than points; 0 for all.

    Returns
    -------
    str or None
        None where record and result are not of one run, or are not there.

    Raises
    ------
    CourseError
        If the gradebook cannot be read.
    """
    marks = saved_marks(gradebook, assignment.name, student).get(student)
    if marks is None:
        return None
    return _written(course, assignment, student, marks, shows, most)


def brought_up_to_date(
    page: str,
    course: Course,
    assignment: Assignment,
    student: str,
    marks: Marks,
    shows: Shows,
    most: int = 0,
) -> str:
    """A page with the marks that the gradebook holds, that shows what it may show now.

    Where what is stored does not allow to write it anew, it shows no more than it may.
    """
    now = shown_now(shows, marks)
    if not is_settled(page, now):
        written = _written(course, assignment, student, marks, shows, most)
        if written is not None:
            return written
        page = settled(page, now)
    return with_marks(page, marks)


def _written(
    course: Course, assignment: Assignment, student: str, marks: Marks, shows: Shows, most: int
) -> str | None:
    name = assignment.name
    result = load_result(course.result(name, student))
    try:
        record = load_record(course.record(name, student))
    except RecordError:
        return None
    if result is None or result.record != record.key:
        return None
    secret = course_secret(course)
    shows = shown_for(shows, len(record.handed_in), most)
    now = shown_now(shows, marks)
    has_cases = shows in (Shows.CASE, Shows.CASE_AFTER_DUE)
    if not has_cases or _fits(record, assignment, secret):
        page = feedback_page(record, result.verdict, assignment, secret, shows, most)
        page = settled(page, now)
    else:
        page = feedback_page(record, result.verdict, assignment, secret, Shows.MESSAGES)
        page = settled(page, now, outdated=True)
    return with_marks(page, marks)


def _fits(record: Record, assignment: Assignment, secret: bytes) -> bool:
    """Whether what would be asked now is what was asked."""
    return record.basis.questions == cases_digest(assignment, secret)
