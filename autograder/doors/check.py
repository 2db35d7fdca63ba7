"""What ``autograder check`` looks at beside the exercises, and how it tells what it finds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from autograder.authoring.exercise import Assignment
from autograder.authoring.syllabus import cover_faults
from autograder.core.course import Course
from autograder.doors.bar import bar
from autograder.trials.check import Checked, check, check_exercise


def check_one(course: Course, assignment: Assignment, exercise: str) -> Checked:
    """Check one exercise, and which rows of the syllabus it covers."""
    checked = check_exercise(assignment, exercise)
    alone = tuple(each for each in assignment.exercises if each.name == exercise)
    part = replace(assignment, exercises=alone, written=())
    return replace(checked, faults=(*cover_faults(course, part), *checked.faults))


def check_assignments(
    course: Course, assignments: Sequence[Assignment], *, covers: bool = False
) -> list[Checked]:
    """Check whole assignments, and the text notebooks that belong to them.

    Parameters
    ----------
    covers : bool
        Whether to look at the rows of the syllabus that they cover; that is done with the whole
        course, too.
    """
    found = []
    with bar(sum(len(each.exercises) for each in assignments), "Checking") as step:
        for assignment in assignments:
            beside = list(_text_faults(course, assignment))
            beside += cover_faults(course, assignment) if covers else ()
            checked = check(assignment, advance=step)
            found.append(replace(checked, faults=(*beside, *checked.faults)))
    return found


def _text_faults(course: Course, assignment: Assignment) -> list[str]:
    # It reads notebooks, which takes seconds to import. One exercise is checked without.
    from autograder.building.text_notebook import text_faults

    path = course.text(assignment.name)
    if not path.is_file():
        return [f"it has no text notebook: {path} is missing"]
    return text_faults(path.read_text(encoding="utf-8"), assignment)


def as_lines(found: Checked) -> list[str]:
    """What people read of a check: a line for each fault, or one that says that there is none."""
    if not found.faults:
        return [found.summary]
    return [f"{found.assignment}: {fault}" for fault in found.faults]


def as_json(found: Sequence[Checked], of_course: Sequence[str]) -> str:
    """What programs read of a check."""
    data = {"course": list(of_course), "assignments": [asdict(each) for each in found]}
    return json.dumps(data, indent=2)
