"""The records of a course on disk."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from autograder.core.course import Course
from autograder.records.record import Record, RecordError, load_record

_LOG = logging.getLogger(__name__)


def known_record(course: Course, assignment: str, student: str) -> Record | None:
    """The record of an earlier run; None if there is none, or none that can be read."""
    path = course.record(assignment, student)
    if not path.exists():
        return None
    try:
        return load_record(path)
    except RecordError as error:
        _LOG.warning("%s; it is made again", error)
        return None


def saved_records(course: Course, assignment: str) -> Iterator[Record]:
    """The records of an assignment, in order of student.

    Raises
    ------
    RecordError
        If one of them is damaged.
    """
    for path in sorted((course.records / assignment).glob("[!.]*.json")):
        yield load_record(path)
