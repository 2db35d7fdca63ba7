"""The course of this repository, for tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

from autograder import sample
from autograder.authoring import loading
from autograder.authoring.exercise import Assignment
from autograder.core.course import Course

COURSE = Course(Path(__file__).resolve().parent.parent)
ASSIGNMENTS = loading.load_assignments(COURSE)


def find_assignment(name: str) -> Assignment:
    """The assignment called `name`."""
    return loading.find_assignment(COURSE, name)


def make_course(root: Path) -> Course:
    """A copy of the course, for a sample class."""
    return sample.make_course(COURSE, root)
