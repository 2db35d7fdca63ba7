"""Which line of a student's code raised an exception, where that is certain."""

from __future__ import annotations

import ast
import re

from autograder.core.cells import test_id
from autograder.core.definitions import bound_names, parsed
from autograder.records.record import RanCell, Record

_WORD = re.compile(r"\w+")
_LONGEST = 200


def raising_line(record: Record, name: str, line: int | None) -> str:
    """The line that raised, as it stands in the cell of an answer.

    The room says the number of a line in some cell: that of the answer, or another one whose
    functions the answer calls. Where more than one of these has such a line in a definition, nobody
    knows which it was.

    Parameters
    ----------
    name : str
        What the exercise asks for.

    Returns
    -------
    str
        "" where it is not certain, or blank.
    """
    if line is None:
        return ""
    ran = record.ran_before(test_id(name))
    if not any(name in bound_names(cell.source) for cell in ran):
        ran = record.ran_before("")
    found = [cell for cell in _reached(ran, name) if _has_in_definition(cell.source, line)]
    if len(found) != 1:
        return ""
    return found[0].source.splitlines()[line - 1].rstrip()[:_LONGEST]


def _reached(ran: tuple[RanCell, ...], name: str) -> list[RanCell]:
    """The cells whose definitions may run when a name is called."""
    binding = [(cell, bound_names(cell.source)) for cell in ran]
    last = {bound: cell for cell, names in binding for bound in names}
    found: dict[str, RanCell] = {}
    waiting = [name]
    while waiting:
        cell = last.get(waiting.pop())
        if cell is not None and cell.id not in found:
            found[cell.id] = cell
            waiting += set(_WORD.findall(cell.source)) & last.keys()
    return list(found.values())


def _has_in_definition(source: str, line: int) -> bool:
    tree = parsed(source)
    if tree is None or line > len(source.splitlines()):
        return False
    return any(
        node.lineno <= line <= (node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    )
