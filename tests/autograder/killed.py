"""Grade a course, and be killed at a chosen point: ``killed.py COURSE POINT NUMBER``.

The kill is SIGKILL, from within, at the NUMBER-th time that the run comes to the POINT: before or
after a rename, or in the middle of a database transaction, before or after its commit.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import sqlalchemy.event
import sqlalchemy.orm

from autograder.course import Course
from autograder.grade import grade_class
from autograder.settings import load_settings
from tests.autograder.conftest import TINY

POINTS = ("before rename", "after rename", "within transaction", "after commit")


def die_at(point: str, number: int) -> None:
    """Arrange for the kill."""
    left = [number]

    def passed(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    rename = os.replace

    def replace(source: str, target: str) -> None:
        if point == "before rename":
            passed()
        rename(source, target)
        if point == "after rename":
            passed()

    os.replace = replace  # type: ignore[assignment]
    events = {"within transaction": "after_flush", "after commit": "after_commit"}
    if point in events:
        sqlalchemy.event.listen(sqlalchemy.orm.Session, events[point], passed)


def main(root: str, point: str = "", number: str = "0") -> None:
    """Grade everyone in the course at `root`."""
    course = Course(Path(root), Path(root) / "solutions")
    _, room = load_settings(course)
    print("begun", flush=True)
    if point:
        die_at(point, int(number))
    for result in grade_class(course, TINY, room, course.students(TINY.name)):
        print(result.verdict.student, result.verdict.earned, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
