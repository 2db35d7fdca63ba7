"""The lock of a course: one run at a time writes into it."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

from autograder.core.course import Course
from autograder.core.errors import CourseError


@contextlib.contextmanager
def sole_run(course: Course) -> Iterator[None]:
    """Hold the course's lock, so that two runs do not write at once.

    Raises
    ------
    CourseError
        If another run holds it.
    """
    course.records.mkdir(parents=True, exist_ok=True)
    with open(course.records / ".lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                "another run is grading this course; wait for it, then start again"
            ) from None
        yield
