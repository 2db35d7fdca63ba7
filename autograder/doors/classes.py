"""A class that has handed in, whichever course the assignment belongs to: ours or another."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.exercises import ASSIGNMENTS, find_assignment, is_foreign
from autograder.foreign.assignment import ForeignAssignment
from autograder.foreign.course import ForeignCourse, graded_foreign_assignments
from autograder.foreign.grade import grade_foreign_class
from autograder.grading.grade import grade_class
from autograder.publishing.result import Result
from autograder.settings import LockedRoom, Sandbox, load_settings


class Grade(Protocol):
    """Grades the submissions of some students, and gives the results as they come."""

    def __call__(
        self, students: Sequence[str], *, workers: int | None, force: bool
    ) -> Iterator[Result]: ...


@dataclass(frozen=True)
class HandedIn:
    """What a class has handed in for one assignment.

    Attributes
    ----------
    students : sequence of str
        Whose submissions there are, in order of name.
    submitted : str
        The folder that submissions are looked for in.
    grade : callable
        Grades some of them.
    places : dict
        What came out, and its path.
    """

    assignment: Assignment | ForeignAssignment
    students: Sequence[str]
    submitted: str
    grade: Grade
    places: Mapping[str, str]

    def chosen(self, students: Sequence[str] | None) -> Sequence[str]:
        """Those named, or everyone.

        Raises
        ------
        CourseError
            If there is no submission of one of them, or none at all.
        """
        name = self.assignment.name
        if not self.students:
            raise CourseError(f"there is no submission of {name} in {self.submitted}")
        unknown = sorted(set(students or ()) - set(self.students))
        if unknown:
            raise CourseError(f"no submission of {name} from {', '.join(unknown)}")
        return students or self.students


def find_class(course: Course, name: str, sandbox: Sandbox | None = None) -> HandedIn:
    """What has been handed in for the assignment called `name`.

    Parameters
    ----------
    sandbox : Sandbox, optional
        Which walls to put around student code, if not those of the configuration.

    Raises
    ------
    CourseError
        If there is no such assignment, or the course's configuration is wrong.
    """
    if is_foreign(name):
        foreign = ForeignCourse.load(course)
        other = foreign.find(name)
        walls = str(sandbox or foreign.room.walls)
        grade = functools.partial(grade_foreign_class, foreign, other, walls)
        return HandedIn(other, other.students, foreign.submitted, grade, foreign.places())
    _, room = load_settings(course)
    if sandbox is not None:
        room = LockedRoom(parent=room, config=room.config, walls=str(sandbox))
    own = find_assignment(name)
    grade = functools.partial(grade_class, course, own, room)
    students = course.students(name)
    return HandedIn(own, students, str(course.submitted), grade, own_places(course))


def own_places(course: Course) -> dict[str, str]:
    """Where the results of this course's own assignments are."""
    return {
        "gradebook": str(course.root / "gradebook.db"),
        "feedback": str(course.feedback),
        "records": str(course.records),
        "report": str(course.report),
    }


def find_assignments(
    course: Course, names: Sequence[str] | None = None
) -> list[Assignment | ForeignAssignment]:
    """The assignments called `names`; all that there can be results of if none is named.

    Raises
    ------
    CourseError
        If there is no such assignment.
    """
    if not names:
        return [*ASSIGNMENTS, *graded_foreign_assignments(course)]
    foreign = ForeignCourse.load(course) if any(map(is_foreign, names)) else None
    return [
        foreign.find(name) if foreign and is_foreign(name) else find_assignment(name)
        for name in names
    ]


def require_records(course: Course, name: str) -> Assignment:
    """The assignment called `name`, if it is one that leaves records to be judged again.

    Raises
    ------
    CourseError
        If it is one of another course, or none at all.
    """
    if is_foreign(name):
        ForeignCourse.load(course).find(name)
        raise CourseError(
            f"{name} is judged by its own tests while it runs, so there are no records of it to "
            f"judge again; run: autograder grade {name} --force"
        )
    return find_assignment(name)
