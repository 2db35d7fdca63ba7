"""Which class a command is about: one of this course, or one of another course."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.authoring.loading import find_assignment, load_assignments
from autograder.core.course import Course
from autograder.core.walls import Sandbox
from autograder.foreign.classroom import ForeignClassroom
from autograder.foreign.course import ForeignCourse, names_with_results
from autograder.grading.classroom import Classroom
from autograder.grading.own import OwnClassroom
from autograder.settings import LockedRoom, load_settings


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
    own = {each.name for each in load_assignments(course)}
    if not names:
        names = [*sorted(own), *names_with_results(course)]
    foreign = None if own.issuperset(names) else ForeignCourse.load(course)
    _, room = load_settings(course)
    room = _with_walls(room, sandbox)
    return [
        ForeignClassroom(foreign, foreign.find(name), _with_walls(foreign.room, sandbox))
        if foreign and name not in own
        else OwnClassroom(course, find_assignment(course, name), room)
        for name in names
    ]


def _with_walls(room: LockedRoom, sandbox: Sandbox | None) -> LockedRoom:
    """`room`, with other walls if some are asked for."""
    return room if sandbox is None else LockedRoom(config=room.config, walls=str(sandbox))
