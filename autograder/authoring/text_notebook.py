"""From a text notebook to the instructor's nbgrader notebook.

A solution is a py:percent file. The title of a cell says what the cell is::

    # %% solution conv2d         the student's code; solutions between nbgrader's markers
    # %% value patch_value       the student's values: plain assignments of the right answers
    # %% test conv2d             marked by the autograder; points come from the rubric
    # %% figure sliding_kernel   draws something; locked, and skipped when grading
    # %% playground windows      the student's to change; skipped when grading if nobody has
    # %% setup                   locked code that grading runs too
    # %% written why [markdown]  prose that a person marks
    # %%                         any other cell: the student's to change, and always run

The titles become nbgrader's metadata, and cell ids come from the names.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import jupytext
import nbformat
from nbformat.v4 import new_notebook

from autograder.authoring.exercise import Assignment
from autograder.core.errors import GraderError

KINDS = ("solution", "value", "test", "figure", "playground", "setup", "written")
_NAME = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*\Z")
_BEGIN, _END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


class SourceError(GraderError):
    """A text notebook breaks the rules; the message says which cell and how."""


@dataclass(frozen=True)
class Marker:
    """The title of a cell: what it is, and its name."""

    kind: str
    name: str


def build_source(text: str, assignment: Assignment) -> nbformat.NotebookNode:
    """Make the nbgrader source notebook of `assignment` from its text.

    Parameters
    ----------
    text : str
        A py:percent notebook.
    assignment : Assignment
        Where the points come from.

    Returns
    -------
    NotebookNode
        With solutions and with the marks of the hidden tests, ready for
        ``nbgrader generate_assignment``.

    Raises
    ------
    SourceError
        If a marker is unknown, a name occurs twice, or the exercises of the notebook
        and of `assignment` differ.
    """
    cells = []
    names: set[str] = set()
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        marker = parse_marker(cell.metadata.get("title", ""))
        built = _build_cell(cell, marker, assignment)
        while built.id in names:
            if marker.kind:
                raise SourceError(f"two cells are called {built.id!r}")
            built.id += "x"
        names.add(built.id)
        cells.append(built)
    _require_all(names, assignment)
    notebook = new_notebook(cells=cells)
    notebook.nbformat_minor = 5
    notebook.metadata = nbformat.from_dict(
        {
            "convkit": {"assignment": assignment.name},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    nbformat.validate(notebook)
    return notebook


def parse_marker(title: str) -> Marker:
    """Read a cell's title.

    Raises
    ------
    SourceError
        If the title is none of those that the module's text lists.

    Examples
    --------
    >>> parse_marker("test conv2d")
    Marker(kind='test', name='conv2d')
    >>> parse_marker("")
    Marker(kind='', name='')
    """
    if not title:
        return Marker("", "")
    kind, _, name = title.partition(" ")
    name = name.strip()
    if kind not in KINDS:
        raise SourceError(f"cell marker {title!r}: {kind!r} is none of {', '.join(KINDS)}")
    if kind == "setup" and not name:
        name = "setup"
    if not _NAME.match(name):
        raise SourceError(f"cell marker {title!r}: {name!r} is not a name")
    return Marker(kind, name)


def visible(source: str) -> str:
    """`source` without its hidden tests: the cell as students get it."""
    lines = source.split("\n")
    if _BEGIN not in lines:
        return source
    begin, end = lines.index(_BEGIN), lines.index(_END)
    return "\n".join(lines[:begin] + lines[end + 1 :])


def solved_notebook(source: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook of a student who has solved everything: no markers, no hidden tests."""
    solved = nbformat.from_dict(source)
    for cell in solved.cells:
        kept = [
            line
            for line in visible(cell.source).split("\n")
            if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")
        ]
        cell.source = "\n".join(kept)
    return solved


def _build_cell(
    cell: nbformat.NotebookNode, marker: Marker, assignment: Assignment
) -> nbformat.NotebookNode:
    kind, name = marker.kind, marker.name
    if kind and (kind == "written") != (cell.cell_type == "markdown"):
        raise SourceError(f"cell {kind} {name!r} is a {cell.cell_type} cell")
    source, points = cell.source, None
    if kind == "value":
        source = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
    elif kind == "test":
        points = _points(assignment, name)
        # The semicolon keeps the notebook from echoing what the check returns.
        source = f'{source};\n{_BEGIN}\nhidden_tests("{name}", {name})\n{_END}'
    elif kind == "written":
        points = {question.name: question.points for question in assignment.written}.get(name)
        if points is None:
            raise SourceError(f"{assignment.name} has no written question called {name!r}")
    built = nbformat.from_dict({"cell_type": cell.cell_type, "metadata": {}, "source": source})
    if cell.cell_type == "code":
        built.execution_count, built.outputs = None, []
    built.id = _cell_id(marker, cell)
    if kind:
        built.metadata.convkit = {"kind": kind, "name": name}
    if kind and kind != "playground":
        built.metadata.nbgrader = _nbgrader_metadata(kind, built.id, points, cell.cell_type)
    return built


def _points(assignment: Assignment, name: str) -> float:
    try:
        return assignment.exercise(name).points
    except KeyError as error:
        raise SourceError(error.args[0]) from None


def _cell_id(marker: Marker, cell: nbformat.NotebookNode) -> str:
    if not marker.kind:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
        return f"text-{digest[:8]}"
    if marker.kind in ("solution", "setup"):
        return marker.name
    return f"{marker.kind}-{marker.name}"


def _nbgrader_metadata(kind: str, id_: str, points: float | None, cell_type: str) -> dict:
    graded = points is not None
    metadata = {
        "schema_version": 3,
        "grade_id": id_,
        "grade": graded,
        "solution": kind in ("solution", "value", "written"),
        "locked": kind in ("test", "figure", "setup"),
        "task": False,
        "cell_type": cell_type,
    }
    if graded:
        metadata["points"] = points
    return metadata


def _require_all(ids: set[str], assignment: Assignment) -> None:
    wanted = {f"test-{exercise.name}" for exercise in assignment.exercises}
    wanted |= {f"written-{question.name}" for question in assignment.written}
    missing = sorted(wanted - ids)
    if missing:
        raise SourceError(f"{assignment.name}: the notebook has no cell {', '.join(missing)}")
