"""The records of a course on disk."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.core.course import Course
from autograder.records.record import Record, load_record


def saved_records(course: Course, assignment: str) -> Iterator[Record]:
    """The records of an assignment, in order of student.

    Raises
    ------
    RecordError
        If one of them is damaged.
    """
    for path in sorted((course.records / assignment).glob("[!.]*.json")):
        yield load_record(path)


def recorded(course: Course, assignment: str) -> list[str]:
    """Of whose submissions there are records, readable or not."""
    return [path.stem for path in (course.records / assignment).glob("[!.]*.json")]
