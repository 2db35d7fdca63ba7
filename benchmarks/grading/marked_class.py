"""A class in which some have everything right and some have everything wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.authoring.exercise import Assignment
from autograder.building.release import release
from autograder.building.text_notebook import build_source, solved_notebook
from autograder.core.course import Course
from autograder.sample.answers import Implementations, fill_in, pick, wheats
from autograder.settings import load_settings
from tests.course import make_course

KINDS = ("right", "wrong")
"""What the names of the students begin with."""


def course_with(root: Path, assignment: Assignment, students: int) -> Course:
    """A course in which so many students of each kind have handed in an assignment."""
    course = make_course(root)
    config, _ = load_settings(course)
    release(course, assignment, config)
    name = assignment.name
    text = course.text(name).read_text(encoding="utf-8")
    solved = solved_notebook(build_source(text, assignment))
    released = nbformat.read(course.released(name), 4)
    for student, answers in _answers(assignment, students):
        notebook = fill_in(released, answers, solved)
        place = course.submitted / student / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        place.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    return course


def _answers(assignment: Assignment, students: int) -> Iterator[tuple[str, Implementations]]:
    for number in range(students):
        yield f"right-{number}", wheats(assignment, number)
        chaffs = {
            exercise.name: pick([each.implementation for each in exercise.misconceptions], number)
            for exercise in assignment.exercises
        }
        yield f"wrong-{number}", chaffs
