"""The records of a course on disk."""

from __future__ import annotations

from autograder.core.course import Course


def recorded(course: Course, assignment: str) -> list[str]:
    """Of whose submissions there are records, readable or not."""
    return [path.stem for path in (course.records / assignment).glob("[!.]*.json")]
