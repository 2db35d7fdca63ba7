"""What students must not get: taking it out of a notebook, and finding what is left of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.core.definitions import assigned_names

VALUE_STUB = "...  # YOUR ANSWER"
_REGION = re.compile(
    r"^(?P<indent>[ ]*)### BEGIN SOLUTION\n(?P<body>.*?)^[ ]*### END SOLUTION$",
    re.DOTALL | re.MULTILINE,
)


class ClearAnswers(ClearSolutions):
    """nbgrader's ClearSolutions, with a stub that fits a value.

    A function's body becomes a ``NotImplementedError``. A plain ``name = value`` keeps its
    name and loses its value, so that the notebook still runs from top to bottom.
    """

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if cell.cell_type == "code":
            cell.source, values = _REGION.subn(_without_values, cell.source)
            if values and "### BEGIN SOLUTION" not in cell.source:
                return True
        replaced: bool = super()._replace_solution_region(cell, language)
        return replaced


def _without_values(region: re.Match[str]) -> str:
    names = None if region["indent"] else assigned_names(region["body"])
    if names is None:
        return str(region[0])
    return "\n".join(f"{name} = {VALUE_STUB}" for name in names)


def find_leaks(
    source: NotebookNode, released: NotebookNode, beside: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Lines of a released notebook that stand in a solution, or speak of hidden tests.

    Lines of twelve characters or fewer are passed over: they say nothing.

    Parameters
    ----------
    source, released : NotebookNode
        The instructor's notebook, and what students would get.
    beside : mapping, optional
        Code that students get as well: what it is, and its text.
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
    for what, code in (beside or {}).items():
        for line in code.split("\n"):
            if line.strip() in secret:
                yield f"a line of a solution, in {what}: {line.strip()}"
