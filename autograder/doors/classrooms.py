"""Which class a command is about: one of this course, or one of another course."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.core.course import Course
from autograder.exercises import ASSIGNMENTS, find_assignment, is_foreign
from autograder.foreign.classroom import ForeignClassroom
from autograder.foreign.course import ForeignCourse, names_with_results
from autograder.grading.classroom import Classroom
from autograder.grading.own import OwnClassroom
from autograder.settings import LockedRoom, Sandbox, load_settings


def find_classroom(course: Course, name: str, sandbox: Sandbox | None = None) -> Classroom:
    """The class that has handed in the assignment called `name`.

    Parameters
    ----------
    sandbox : Sandbox, optional
        Which walls to put around student code, if not those of the configuration.

    Raises
    ------
    CourseError
        If there is no such assignment, or the course's configuration is wrong.
    """
    (found,) = find_classrooms(course, [name], sandbox)
    return found


def find_classrooms(
    course: Course, names: Sequence[str] = (), sandbox: Sandbox | None = None
) -> list[Classroom]:
    """The classes of the assignments called `names`; of all that there can be results of, if none.

    Raises
    ------
    CourseError
        If there is no such assignment, or the course's configuration is wrong.
    """
    if not names:
        names = [*(each.name for each in ASSIGNMENTS), *names_with_results(course)]
    foreign = ForeignCourse.load(course) if any(map(is_foreign, names)) else None
    _, room = load_settings(course)
    if sandbox is not None:
        room = LockedRoom(parent=room, config=room.config, walls=str(sandbox))
    return [
        ForeignClassroom(foreign, foreign.find(name), str(sandbox or foreign.room.walls))
        if foreign and is_foreign(name)
        else OwnClassroom(course, find_assignment(name), room)
        for name in names
    ]
