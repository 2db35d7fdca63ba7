"""``autograder check``: what is wrong with the exercises of a course, and what lies beside them."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import typer

from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import find_assignment
from autograder.authoring.syllabus import cover_faults
from autograder.core.course import Course, find_course
from autograder.doors.bar import bar
from autograder.doors.exits import ExitCode
from autograder.doors.pages import own_assignments
from autograder.soundness.course_checks import course_faults
from autograder.trials.check import DRAWS, Checked, check, check_exercise, draws_from


def check_course(
    start: Path, name: str, exercise: str, *, draws: int, seed: str, as_json: bool
) -> None:
    """Check one exercise, one assignment, or all of the course that `start` lies in.

    Parameters
    ----------
    name, exercise : str
        All, where they are empty.
    draws, seed
        See `_draws`.
    """
    course = find_course(start)
    of_course: list[str] = []
    drawn = _draws(draws, seed)
    if exercise:
        found = [_check_one(course, find_assignment(course, name), exercise, drawn)]
    elif name:
        assignment = find_assignment(course, name)
        found = _check_assignments(course, [assignment], drawn, covers=True)
    else:
        assignments = own_assignments(course)
        found = _check_assignments(course, assignments, drawn)
        of_course = list(course_faults(course, assignments))
    if as_json:
        print(_as_json(found, of_course))
    else:
        for line in (*of_course, *(line for each in found for line in _as_lines(each))):
            print(line)
    if of_course or any(each.faults for each in found):
        raise typer.Exit(ExitCode.FAULT)


def _draws(number: int, seed: str) -> Sequence[bytes]:
    """What the hidden cases of a check are drawn from: `number` new draws, or the usual ones.

    A new seed is told, so that a check that finds something rare can be repeated.

    Raises
    ------
    typer.BadParameter
        If there is a seed, and nothing to draw from it.
    """
    if not number and seed:
        raise typer.BadParameter("a seed is for new draws; give --draws, too")
    if not number:
        return DRAWS
    if not seed:
        seed = secrets.token_hex(4)
        again = f"--draws {number} --seed {seed}"
        print(f"{number} new draws; to repeat them: {again}", file=sys.stderr)
    return draws_from(seed, number)


def _check_one(
    course: Course, assignment: Assignment, exercise: str, draws: Sequence[bytes]
) -> Checked:
    """Check one exercise, and which rows of the syllabus it covers."""
    with bar(len(draws), "Checking") as step:
        checked = check_exercise(assignment, exercise, draws, step)
    alone = tuple(each for each in assignment.exercises if each.name == exercise)
    part = replace(assignment, exercises=alone, written=())
    return replace(checked, faults=(*cover_faults(course, part), *checked.faults))


def _check_assignments(
    course: Course,
    assignments: Sequence[Assignment],
    draws: Sequence[bytes],
    *,
    covers: bool = False,
) -> list[Checked]:
    """Check whole assignments, and the text notebooks that belong to them.

    Parameters
    ----------
    draws : sequence of bytes
        What the hidden cases are drawn from, each in turn.
    covers : bool
        Whether to look at the rows of the syllabus that they cover; that is done with the whole
        course, too.
    """
    found = []
    steps = len(draws) * sum(len(each.exercises) for each in assignments)
    with bar(steps, "Checking") as step:
        for assignment in assignments:
            beside = list(_text_faults(course, assignment))
            beside += cover_faults(course, assignment) if covers else ()
            checked = check(assignment, draws, step)
            found.append(replace(checked, faults=(*beside, *checked.faults)))
    return found


def _text_faults(course: Course, assignment: Assignment) -> list[str]:
    # It reads notebooks, which takes seconds to import. One exercise is checked without.
    from autograder.building.text_notebook import text_faults

    path = course.text(assignment.name)
    if not path.is_file():
        return [f"it has no text notebook: {path} is missing"]
    return text_faults(path.read_text(encoding="utf-8"), assignment)


def _as_lines(found: Checked) -> list[str]:
    """What people read of a check: a line for each fault, or one that says that there is none."""
    if not found.faults:
        return [found.summary]
    return [f"{found.assignment}: {fault}" for fault in found.faults]


def _as_json(found: Sequence[Checked], of_course: Sequence[str]) -> str:
    """What programs read of a check."""
    data = {"course": list(of_course), "assignments": [asdict(each) for each in found]}
    return json.dumps(data, indent=2)
