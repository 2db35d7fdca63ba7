"""Which class a command is about: one of this course, or one of another course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.authoring.loading import find_assignment, load_assignments
from autograder.core.course import Course
from autograder.core.walls import Sandbox
from autograder.grading.classroom import Classroom
from autograder.grading.own import OwnClassroom
from autograder.running.early import EarlyZygote
from autograder.settings import load_settings, with_walls


def find_classroom(
    course: Course,
    name: str,
    sandbox: Sandbox | None = None,
    early: EarlyZygote | None = None,
) -> Classroom:
    """The class that has handed in the assignment called `name`.

    Parameters
    ----------
    sandbox : Sandbox, optional
        Which walls to put around student code, if not those of the configuration.
    early : EarlyZygote, optional
        A zygote for its rooms that is coming up already.

    Raises
    ------
    CourseError
        If there is no such assignment, or the course's configuration is wrong.
    """
    (found,) = find_classrooms(course, [name], sandbox, early)
    return found


def find_classrooms(
    course: Course,
    names: Sequence[str] = (),
    sandbox: Sandbox | None = None,
    early: EarlyZygote | None = None,
) -> list[Classroom]:
    """The classes of the assignments called `names`; of all that there can be results of, if none.

    Raises
    ------
    CourseError
        If there is no such assignment, or the course's configuration is wrong.
    """
    own = {each.name for each in load_assignments(course)}
    if not names:
        names = [*sorted(own), *_others_with_results(course, own)]
    others = [name for name in names if name not in own]
    foreign = _foreign(course, others, sandbox) if others else {}
    _, room = load_settings(course)
    room = with_walls(room, sandbox)
    return [
        foreign[name]
        if name in foreign
        else OwnClassroom(course, find_assignment(course, name), room, early)
        for name in names
    ]


def _others_with_results(course: Course, own: set[str]) -> Sequence[str]:
    if own.issuperset(path.name for path in course.results.glob("[!.]*")):
        return []
    from autograder.foreign.course import names_with_results

    return names_with_results(course)


def _foreign(
    course: Course, names: Sequence[str], sandbox: Sandbox | None
) -> Mapping[str, Classroom]:
    # It loads all of nbgrader, which most courses can do without.
    from autograder.foreign.classroom import ForeignClassroom
    from autograder.foreign.course import ForeignCourse

    foreign = ForeignCourse.load(course)
    room = with_walls(foreign.room, sandbox)
    return {name: ForeignClassroom(foreign, foreign.find(name), room) for name in names}
