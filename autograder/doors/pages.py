"""``autograder table`` and ``autograder syllabus``: pages about the exercises of a course."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import find_assignment, load_assignments
from autograder.authoring.syllabus import syllabus_faults, syllabus_page
from autograder.core.course import Course, find_course
from autograder.core.errors import CourseError, itemized
from autograder.doors import console as show
from autograder.doors.exits import ExitCode
from autograder.soundness.checks import require_sound
from autograder.trials.table import markdown_table
from autograder.trials.wheat_chaff import PUBLISHED_SECRET, try_out


def table(start: Path, names: Sequence[str] | None, write: Path | None) -> None:
    """Print or write the table of wheats and chaffs; complain of what is not as it should be."""
    assignments = own_assignments(find_course(start), names)
    for assignment in assignments:
        require_sound(assignment, PUBLISHED_SECRET)
    tried = [(assignment, try_out(assignment)) for assignment in assignments]
    _put(markdown_table(tried), write)
    complaints = [
        f"{assignment.name}: {trial.exercise}: {trial.complaint}"
        for assignment, trials in tried
        for trial in trials
        if not trial.as_expected
    ]
    for complaint in complaints:
        show.complaint(complaint)
    if complaints:
        raise typer.Exit(ExitCode.FAULT)


def syllabus(start: Path, write: Path | None) -> None:
    """Print or write the syllabus."""
    course = find_course(start)
    assignments = own_assignments(course)
    if found := tuple(syllabus_faults(course, assignments)):
        raise CourseError(itemized("the exercises do not fit the syllabus", found))
    _put(syllabus_page(course, assignments), write)


def _put(text: str, file: Path | None) -> None:
    """Write a page to a file, or print it."""
    if file is None:
        print(text, end="", flush=True)
    else:
        file.write_text(text, encoding="utf-8")


def own_assignments(course: Course, names: Sequence[str] | None = None) -> Sequence[Assignment]:
    """Those called `names`, or all of them, if there are any."""
    if names:
        return [find_assignment(course, name) for name in names]
    if found := load_assignments(course):
        return found
    raise CourseError(
        f"the course {course.root} has no exercises: no module in {course.exercises} binds "
        "ASSIGNMENT. `autograder new` writes a course that has some"
    )
