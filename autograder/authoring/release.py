"""From the instructor's notebook to what students get, and the check that nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from autograder.authoring.exercise import Assignment
from autograder.authoring.text_notebook import assigned_names, build_source
from autograder.core.course import Course
from autograder.core.errors import CourseError, GraderError
from autograder.core.files import write_atomically

VALUE_STUB = "...  # YOUR ANSWER"
_REGION = re.compile(
    r"^(?P<indent>[ ]*)### BEGIN SOLUTION\n(?P<body>.*?)^[ ]*### END SOLUTION$",
    re.DOTALL | re.MULTILINE,
)


class LeakError(GraderError):
    """The release holds something that students must not get."""


class ClearAnswers(ClearSolutions):
    """nbgrader's ClearSolutions, with a stub that fits a value.

    A function's body becomes a ``NotImplementedError``. A plain ``name = value`` keeps its
    name and loses its value, so that the notebook still runs from top to bottom.
    """

    def _replace_solution_region(self, cell: nbformat.NotebookNode, language: str) -> bool:
        if cell.cell_type == "code":
            cell.source, values = _REGION.subn(_without_values, cell.source)
            if values and "### BEGIN SOLUTION" not in cell.source:
                return True
        return super()._replace_solution_region(cell, language)


def _without_values(region: re.Match) -> str:
    if region["indent"]:
        return region[0]
    names = assigned_names(region["body"])
    if names is None:
        return region[0]
    return "\n".join(f"{name} = {VALUE_STUB}" for name in names)


def write_source(course: Course, assignment: Assignment) -> Path:
    """Write the instructor's notebook of `assignment`, and say where.

    Raises
    ------
    CourseError
        If the assignment has no text notebook.
    SourceError
        If the text notebook breaks a rule.
    """
    text = course.solutions / f"{assignment.name}.py"
    if not text.is_file():
        raise CourseError(f"{assignment.name} has no text notebook: {text} is missing")
    notebook = build_source(text.read_text(encoding="utf-8"), assignment)
    path = course.master(assignment.name)
    write_atomically(path, nbformat.writes(notebook) + "\n")
    return path


def release(course: Course, assignment: Assignment, config: Config) -> Path:
    """Build `assignment` and write its student release with nbgrader's own converter.

    The assignment is entered in the gradebook as well.

    Returns
    -------
    Path
        The released notebook.

    Raises
    ------
    LeakError
        If a line of a solution, or the mark of a hidden test, is in the release.
        The released notebook is removed then.
    """
    master = write_source(course, assignment)
    directory = CourseDirectory(config=config, assignment_id=assignment.name)
    GenerateAssignment(coursedir=directory, config=config, force=True).start()
    released = course.released(assignment.name)
    leaks = list(find_leaks(nbformat.read(master, 4), nbformat.read(released, 4)))
    if leaks:
        released.unlink()
        raise LeakError(f"{assignment.name}: the release would hold\n  " + "\n  ".join(leaks))
    return released


def find_leaks(source: nbformat.NotebookNode, released: nbformat.NotebookNode) -> Iterator[str]:
    """Lines of a released notebook that stand in a solution, or speak of hidden tests.

    Lines of twelve characters or fewer are passed over: they say nothing.
    """
    secret = {
        line.strip()
        for cell in source.cells
        if cell.cell_type == "code"
        for region in _REGION.finditer(cell.source)
        for line in region["body"].split("\n")
        if len(line.strip()) > 12 and not line.strip().startswith("#")
    }
    for cell in released.cells:
        for line in cell.source.split("\n"):
            if cell.cell_type == "code" and line.strip() in secret:
                yield f"a line of a solution, in cell {cell.id}: {line.strip()}"
            elif "HIDDEN TESTS" in line or "hidden_tests" in line or "MARK SCHEME" in line:
                yield f"a trace of the hidden tests, in cell {cell.id}: {line.strip()}"
