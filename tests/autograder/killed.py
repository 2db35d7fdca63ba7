"""Grade a course, and be killed at a chosen point: ``killed.py COURSE POINT NUMBER [watch]``.

With ``watch`` the course is watched, until everybody is graded.

The kill is SIGKILL, from within, at the NUMBER-th time that the run comes to the POINT: before or
after a rename, before or after a file is taken away, in the middle of a database transaction, or
after its commit.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy.engine
import sqlalchemy.event
import sqlalchemy.orm

from autograder.core.course import Course
from autograder.grading.own import OwnClassroom
from autograder.publishing.result import Result
from autograder.settings import Watch, load_settings
from autograder.watching.watcher import Watcher
from tests.autograder.conftest import TINY

POINTS = {
    "before rename": 4,
    "after rename": 4,
    "before unlink": 1,
    "after unlink": 1,
    "within transaction": 3,
    "after commit": 1,
}
"""Points, and how often a run comes to each of them for one submission."""


def die_at(point: str, number: int) -> None:
    """Arrange for the kill."""
    left = [number]

    def passed(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    def surround(name: str, word: str) -> None:
        call = getattr(os, name)

        def surrounded(*arguments: object, **options: object) -> None:
            if point == f"before {word}":
                passed()
            call(*arguments, **options)
            if point == f"after {word}":
                passed()

        setattr(os, name, surrounded)

    def executed(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE")):
            passed()

    surround("replace", "rename")
    surround("unlink", "unlink")
    if point == "within transaction":
        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "after_cursor_execute", executed)
    if point == "after commit":
        sqlalchemy.event.listen(sqlalchemy.orm.Session, "after_commit", passed)


def watched(classroom: OwnClassroom) -> Iterator[Result]:
    """Watch a course until everybody has been graded."""
    stop = threading.Event()
    left = set(classroom.students)
    settings = Watch(between_seconds=0, poll_seconds=0.02, settle_seconds=0.02)
    watcher = Watcher(classroom.course, [classroom], settings, classroom.room.sizes)
    for served in watcher.run(stop):
        left.discard(served.result.verdict.student)
        yield served.result
        if not left:
            stop.set()


def main(root: str, point: str = "", number: str = "0", how: str = "grade") -> None:
    """Grade everyone in the course at `root`."""
    course = Course(Path(root))
    _, room = load_settings(course)
    print("begun", flush=True)
    if point:
        die_at(point, int(number))
    classroom = OwnClassroom(course, TINY, room)
    students = course.students(TINY.name)
    for result in watched(classroom) if how == "watch" else classroom.grade(students):
        print(result.verdict.student, result.verdict.earned, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
