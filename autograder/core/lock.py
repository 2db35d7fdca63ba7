"""The lock of a course: one run at a time writes into it."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

from autograder.core.course import Course
from autograder.core.errors import CourseError

_LONGEST_SAYING = 1000
RUN = "another run is grading this course; wait for it, then start again"
"""What others are told of a run that ends by itself."""


@contextlib.contextmanager
def sole_run(course: Course, says: str = RUN) -> Iterator[None]:
    """Hold the course's lock, so that two runs do not write at once.

    Parameters
    ----------
    says : str
        What whoever comes meanwhile is told.

    Raises
    ------
    CourseError
        If another run holds it, with what that run says.
    """
    course.records.mkdir(parents=True, exist_ok=True)
    # Not emptied by opening it: what it says is the holder's.
    with open(course.records / ".lock", "a+", encoding="utf-8", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(_said(course) or RUN) from None
        file.truncate(0)
        file.write(says)
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def require_no_watcher(course: Course) -> None:
    """Raise what a watcher says, where one holds the lock of the course.

    Raises
    ------
    CourseError
        If one does. Any other run is no reason: it ends by itself.
    """
    try:
        said = _said(course)
    except FileNotFoundError:
        return
    if said in ("", RUN):
        return
    with open(course.records / ".lock", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(said) from None


def _said(course: Course) -> str:
    """What the holder of the lock says; "" where it has not said it yet."""
    with open(course.records / ".lock", encoding="utf-8", errors="replace") as file:
        return file.read(_LONGEST_SAYING)
