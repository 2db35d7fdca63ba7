"""Classes of any size, distinct submissions: for our course and for stock nbgrader."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.authoring.exercise import Assignment
from autograder.building.release import release
from autograder.core.cells import marker_of
from autograder.core.course import Course, course_secret
from autograder.sample.answers import Implementations, fill_in, wheats
from autograder.settings import load_settings
from benchmarks.grading.stock import stock_source
from tests.course import find_assignment, make_course

NAME = "02_convolution"
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "notebooks"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\\nraise NotImplementedError"}
"""


def implementations(assignment: Assignment) -> Iterator[Implementations]:
    """Ways to answer: every wheat's style, then each known mistake of each function."""
    most = max(len(exercise.wheats) for exercise in assignment.exercises)
    for style in range(most):
        yield wheats(assignment, style)
    for exercise in assignment.exercises:
        for mistake in exercise.misconceptions:
            yield {**wheats(assignment), exercise.name: mistake.implementation}


def submissions(released: nbformat.NotebookNode, count: int) -> Iterator[tuple[str, bytes]]:
    """Students and what they hand in; no two files are the same."""
    assignment = find_assignment(NAME)
    ways = itertools.cycle(implementations(assignment))
    for number, way in zip(range(count), ways, strict=False):
        notebook = fill_in(released, way)
        for cell in notebook.cells:
            if marker_of(cell).kind == "solution":
                cell.source += f"\n# student {number}"
                break
        yield f"student-{number:05}", (nbformat.writes(notebook) + "\n").encode()


def our_course(root: Path, students: int) -> Course:
    """A course with a class that has handed in."""
    course = make_course(root)
    config, _ = load_settings(course)
    release(course, find_assignment(NAME), config)
    hand_in(course, students)
    return course


def stock_course(root: Path, students: int) -> Course:
    """The same class in a course of plain nbgrader, with hidden asserts in the test cells."""
    shutil.rmtree(root, ignore_errors=True)
    course = Course(root)
    course.master(NAME).parent.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(STOCK_CONFIG)
    source = stock_source(find_assignment(NAME), course_secret(course))
    course.master(NAME).write_text(nbformat.writes(source))
    run: list[str | Path] = [Path(sys.executable).parent / "nbgrader", "generate_assignment", NAME]
    subprocess.run(run, cwd=root, check=True, capture_output=True)
    hand_in(course, students)
    return course


def hand_in(course: Course, students: int) -> None:
    """Put everybody's notebook below ``submitted``."""
    released = nbformat.read(course.released(NAME), 4)
    for student, content in submissions(released, students):
        folder = course.submitted / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_bytes(content)
