"""A class of which nothing has changed since it was graded: what came out is told again."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.core.course import Course, find_course
from autograder.core.lock import sole_run
from autograder.doors.class_outcome import ClassOutcome, tell, tell_left_out
from autograder.grading.standing import given, kept_standing
from autograder.settings import LockedRoom, load_settings


@dataclass(frozen=True)
class Beginning:
    """What a run is given, as it was when the run began.

    Attributes
    ----------
    room : LockedRoom
        What the configuration says of rooms.
    given : str
        Digest of it; "" where it cannot be relied on.
    at : float
        When the run began.
    """

    course: Course
    assignment: str
    room: LockedRoom
    given: str
    at: float

    @staticmethod
    def of(start: Path, assignment: str) -> Beginning:
        """The beginning of a run over an assignment of the course that `start` lies in.

        Raises
        ------
        CourseError
            If there is no course, or its configuration is wrong.
        """
        now = time.time()
        course = find_course(start)
        config, room = load_settings(course)
        packages = [folder for name in room.packages.own if (folder := _folder(name))]
        found = given(course, assignment, repr(config), packages, before=now)
        return Beginning(course, assignment, room, found, now)


def told_again(beginning: Beginning, students: Sequence[str] | None, *, as_json: bool) -> bool:
    """Tell what is known of a class, if a run would change nothing; whether it was told.

    Raises
    ------
    CourseError
        If another run works on this course.
    typer.Exit
        With the code that the run has ended with.
    """
    course, name = beginning.course, beginning.assignment
    standing = kept_standing(course, name)
    if standing is None:
        return False
    with sole_run(course):
        if not standing.holds(course, name, beginning.given):
            return False
    rows = standing.rows
    if students:
        if not {row.student for row in rows}.issuperset(students):
            return False
        rows = tuple(row for row in rows if row.student in students)
    tell_left_out(str(course.submitted), course.left_out(name))
    marks = {row.student: row.marks for row in rows}
    tell(course, name, ClassOutcome(rows, ()), marks, standing.places, as_json=as_json)
    return True


def _folder(package: str) -> str:
    """Where the files of a package are, or ""."""
    spec = importlib.util.find_spec(package)
    return os.path.dirname(spec.origin) if spec and spec.origin else ""
