"""The course of this repository, for tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

from nbformat import NotebookNode

from autograder import sample
from autograder.authoring import loading
from autograder.authoring.exercise import Assignment
from autograder.building.text_notebook import build_source, solved_notebook
from autograder.core.course import Course
from autograder.core.notebooks import read_notebook
from autograder.sample.answers import fill_in, wheats

COURSE = Course(Path(__file__).resolve().parent.parent)
ASSIGNMENTS = loading.load_assignments(COURSE)


def find_assignment(name: str) -> Assignment:
    """The assignment called `name`."""
    return loading.find_assignment(COURSE, name)


def make_course(root: Path) -> Course:
    """A copy of the course, for a sample class."""
    return sample.make_course(COURSE, root)


def right_notebook(course: Course, assignment: Assignment) -> NotebookNode:
    """The notebook that was released, with everything done and right."""
    text = course.text(assignment.name).read_text(encoding="utf-8")
    solved = solved_notebook(build_source(text, assignment))
    return fill_in(read_notebook(course.released(assignment.name)), wheats(assignment), solved)
