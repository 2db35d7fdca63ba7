"""The records of a class that was graded."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.core.course import Course
from autograder.records.record import Record, load_record
from autograder.records.shelf import recorded


def saved_records(course: Course, assignment: str) -> Iterator[Record]:
    """The records of an assignment, in order of student, one at a time."""
    for student in sorted(recorded(course, assignment)):
        yield load_record(course.record(assignment, student))
