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

The titles become nbgrader's metadata, and cell ids come from the names. Prompts say what they are
worth. A notebook that imports `check` gets one cell more, which says how far each exercise is.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import jupytext
import nbformat
from nbformat import NotebookNode

from autograder.authoring.exercise import Assignment
from autograder.building.prompts import show_points
from autograder.core.cells import (
    CLOSING,
    KEY,
    KINDS,
    Marker,
    nbgrader_metadata,
    test_id,
    written_id,
)
from autograder.core.definitions import assigned_names, parsed
from autograder.core.errors import GraderError, itemized
from autograder.core.notebooks import from_dict, new_code_cell, new_notebook

_NAME = re.compile(r"[A-Za-z0-9_]+(-[A-Za-z0-9_]+)*\Z")
_CHECKED = re.compile(r"(?<![.\w])check\(\s*[\"'](\w+)[\"']")
_BEGIN, _END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


class SourceError(GraderError):
    """A text notebook breaks the rules; the message says which cell and how."""


def build_source(text: str, assignment: Assignment) -> NotebookNode:
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
        and of `assignment` differ. The text has a line for each fault.
    """
    cells, faults = _read(text, assignment)
    if faults:
        raise SourceError(itemized(f"the text notebook of {assignment.name}", faults))
    show_points(cells, assignment)
    if module := _module_of_check(cells):
        cells.append(_closing_cell(assignment, module))
    _make_unique(cells)
    notebook = new_notebook(cells=cells)
    notebook.nbformat_minor = 5
    notebook.metadata = from_dict(
        {
            KEY: {"assignment": assignment.name},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    nbformat.validate(notebook)
    return notebook


def text_faults(text: str, assignment: Assignment) -> list[str]:
    """Where a text notebook breaks the rules, or does not fit its assignment, a line for each."""
    return _read(text, assignment)[1]


def _read(text: str, assignment: Assignment) -> tuple[list[NotebookNode], list[str]]:
    """The cells of a notebook, and what is wrong with them."""
    cells: list[NotebookNode] = []
    faults: list[str] = []
    found = _Found()
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        try:
            marker = parse_marker(cell.metadata.get("title", ""))
            found.add(marker, cell.source)
            cells.append(_build_cell(cell, marker, assignment))
        except SourceError as fault:
            faults.append(str(fault))
    return cells, faults + list(found.faults(assignment))


@dataclass
class _Found:
    """What the cells of a text notebook are, to be held against an assignment."""

    ids: set[str] = field(default_factory=set)
    solutions: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)
    checked: dict[str, list[str]] = field(default_factory=dict)

    def add(self, marker: Marker, source: str) -> None:
        """Take a cell in.

        Raises
        ------
        SourceError
            If another cell has its name, or it is a value and holds more than that.
        """
        if not marker.kind:
            return
        again = marker.id in self.ids
        self.ids.add(marker.id)
        if marker.kind == "solution":
            self.solutions.add(marker.name)
        elif marker.kind == "test":
            self.checked[marker.name] = _CHECKED.findall(source)
        elif marker.kind == "value":
            names = assigned_names(source)
            self.values[marker.name] = names or []
            if names is None:
                raise SourceError(f"cell value {marker.name!r} holds more than plain assignments")
        if again:
            raise SourceError(f"two cells are called {marker.id!r}")

    def faults(self, assignment: Assignment) -> Iterator[str]:
        """Where the cells and the exercises do not fit."""
        exercises = {exercise.name for exercise in assignment.exercises}
        wanted = {test_id(name) for name in exercises}
        wanted |= {written_id(question.name) for question in assignment.written}
        for id_ in sorted(wanted - self.ids):
            yield f"there is no cell {id_}"
        assigned = {name for names in self.values.values() for name in names}
        for name in sorted(exercises - self.solutions - assigned):
            yield f"no solution or value cell gives {name}"
        for name in sorted(self.solutions - exercises - set(assignment.unmarked)):
            yield f"cell solution {name!r} belongs to no exercise, and is not listed as unmarked"
        for cell, names in sorted(self.checked.items()):
            for name in sorted(set(names) - exercises):
                yield f"cell test {cell!r} checks {name!r}, which is no exercise"
        for name, names in sorted(self.values.items()):
            if names and exercises.isdisjoint(names):
                yield f"cell value {name!r} belongs to no exercise: it gives {', '.join(names)}"


def _module_of_check(cells: Sequence[NotebookNode]) -> str:
    """Where a notebook has its `check` from; "" if it imports none."""
    for cell in cells:
        tree = parsed(cell.source) if cell.cell_type == "code" else None
        for node in ast.walk(tree) if tree else ():
            match node:
                case ast.ImportFrom(module=str(module), level=0, names=names):
                    if any((each.asname or each.name) == "check" for each in names):
                        return module
    return ""


def _closing_cell(assignment: Assignment, module: str) -> NotebookNode:
    """The last cell: locked, not graded, and not in the gradebook.

    nbgrader enters whatever has its metadata, and takes no new cells once there are submissions.
    """
    marker = Marker(CLOSING, assignment.name)
    package = module.split(".")[0]
    newer = f"the package {package}" if "." in module else f"the file {package}.py"
    source = (
        "# How far each exercise is, what it is worth, and how to hand in.\n"
        "try:\n"
        f"    from {module} import progress\n"
        "except ImportError:\n"
        f'    print("This list needs a newer version of {newer}. All else works without it.")\n'
        "else:\n"
        f'    progress("{assignment.name}")'
    )
    metadata = {**marker.metadata, "deletable": False, "editable": False}
    cell = new_code_cell(source, metadata=metadata)
    cell.id = re.sub(r"[^A-Za-z0-9_-]", "-", marker.id)[:64]
    return cell


def _make_unique(cells: Sequence[NotebookNode]) -> None:
    """Lengthen the ids of cells that have the same text."""
    ids: set[str] = set()
    for cell in cells:
        while cell.id in ids:
            cell.id += "x"
        ids.add(cell.id)


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
        return Marker()
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


def solved_notebook(source: NotebookNode) -> NotebookNode:
    """The notebook of a student who has solved everything: no markers, no hidden tests."""
    solved = from_dict(source)
    for cell in solved.cells:
        kept = [
            line
            for line in visible(cell.source).split("\n")
            if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION")
        ]
        cell.source = "\n".join(kept)
    return solved


def _build_cell(cell: NotebookNode, marker: Marker, assignment: Assignment) -> NotebookNode:
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
    built = from_dict({"cell_type": cell.cell_type, "metadata": {}, "source": source})
    if cell.cell_type == "code":
        built.execution_count, built.outputs = None, []
    built.id = _cell_id(marker, cell)
    if kind:
        built.metadata.update(marker.metadata)
    if kind and kind != "playground":
        built.metadata.nbgrader = nbgrader_metadata(marker, cell.cell_type, points)
    return built


def _points(assignment: Assignment, name: str) -> float:
    try:
        return assignment.exercise(name).points
    except KeyError as error:
        raise SourceError(error.args[0]) from None


def _cell_id(marker: Marker, cell: NotebookNode) -> str:
    if marker.kind:
        return marker.id
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
    return f"text-{digest[:8]}"
