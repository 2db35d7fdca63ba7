"""The feedback page of a submission that has been entered, from what is stored of it."""

from __future__ import annotations

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course
from autograder.publishing.marks.page import with_marks
from autograder.publishing.marks.reading import saved_marks
from autograder.publishing.page.feedback_page import feedback_page
from autograder.publishing.result import load_result
from autograder.records.record import RecordError, load_record


def stored_page(course: Course, assignment: Assignment, student: str, gradebook: str) -> str | None:
    """The page of one submission, with the marks that the gradebook holds now.

    Parameters
    ----------
    gradebook : str
        Its SQLAlchemy URL.

    Returns
    -------
    str or None
        None where record and result are not of one run, or are not there.

    Raises
    ------
    CourseError
        If the gradebook cannot be read.
    """
    name = assignment.name
    result = load_result(course.result(name, student))
    try:
        record = load_record(course.record(name, student))
    except RecordError:
        return None
    if result is None or result.record != record.key:
        return None
    marks = saved_marks(gradebook, name, student).get(student)
    if marks is None:
        return None
    return with_marks(feedback_page(record, result.verdict, assignment), marks)
