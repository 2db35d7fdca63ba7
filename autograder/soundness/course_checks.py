"""Faults of a course as a whole, beside those of its assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from autograder.authoring.exercise import Assignment
from autograder.authoring.syllabus import syllabus_faults
from autograder.core.course import Course

CourseCheck = Callable[[Course, Sequence[Assignment]], Iterator[str]]
"""Gives a line for each fault."""


def course_faults(course: Course, assignments: Sequence[Assignment]) -> Iterator[str]:
    """What is wrong with a course, a line for each fault.

    Parameters
    ----------
    assignments : sequence of Assignment
        All of the course.
    """
    for check in CHECKS:
        yield from check(course, assignments)


def texts_without_exercises(course: Course, assignments: Sequence[Assignment]) -> Iterator[str]:
    """Text notebooks that no assignment belongs to: they would never be built."""
    names = {assignment.name for assignment in assignments}
    for path in sorted(course.text("NAME").parent.glob("*.py")):
        if path.stem not in names:
            yield f"{path} has no exercises: no ASSIGNMENT is called {path.stem}"


CHECKS: tuple[CourseCheck, ...] = (texts_without_exercises, syllabus_faults)
"""Whatever is to be looked at in every course. A new check is a function in this list."""
