"""Members of the sample class whose submissions a grader must survive."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import nbformat

from autograder.authoring.exercise import Assignment, source_as
from autograder.core.cells import marker_of
from autograder.core.notebooks import as_bytes, new_code_cell
from autograder.core.outcome import Outcome
from autograder.sample.answers import fill_in, wheats, with_code
from autograder.sample.forgeries import forgeries
from autograder.sample.members import Maker, Member


def troubled(assignment: Assignment, target: str) -> Iterator[Member]:
    """Submissions that hang, exit, are broken or tampered with, or try to forge their grade.

    Parameters
    ----------
    assignment : Assignment
        One that asks for the function `target`.
    target : str
        What is endless, exits or is forged; all the rest of these submissions is right.
    """
    solved = wheats(assignment)
    lost = frozenset({target})

    def right(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        return fill_in(notebook, solved)

    def coded(source: str) -> Maker:
        return lambda released, _: as_bytes(with_code(right(released), target, source))

    wheat = solved[target]
    assert wheat is not None
    working = source_as(wheat, target)
    yield Member(
        "unfinished-empty",
        lambda released, _: as_bytes(released),
        Outcome.UNDONE,
        frozenset(solved),
    )
    yield Member("warns-on-stderr", coded(_WARNS + working), Outcome.OK)
    yield Member("endless-loop", coded(_endless(target)), Outcome.TIMEOUT, lost)
    yield Member("endless-cell", _with_endless_cell(right), Outcome.TIMEOUT)
    yield Member("exits", coded(_exits(target)), Outcome.CRASH, lost)
    yield Member(
        "broken-json", lambda released, _: as_bytes(right(released))[:-200], Outcome.REFUSED
    )
    yield Member("tests-deleted", _without_tests(right), Outcome.TAMPERED)
    yield Member("tests-reordered", _reordered(right), Outcome.TAMPERED)
    names = list(solved)
    for name, source in forgeries(target).items():
        outcome = Outcome.CRASH if name == "forged-reply" else Outcome.WRONG
        # Whoever replaces what runs cells has no later cell run.
        gone = names[names.index(target) :] if name == "replaced-run-cell" else [target]
        yield Member(f"forger-{name}", coded(source), outcome, frozenset(gone))


_WARNS = """\
import sys
import warnings

warnings.warn("this is only a warning")
print("and this goes to stderr", file=sys.stderr)


"""


def _endless(name: str) -> str:
    return f"def {name}(*args, **kwargs):\n    while True:\n        pass\n"


def _exits(name: str) -> str:
    return f"import os\n\n\ndef {name}(*args, **kwargs):\n    os._exit(0)\n"


def _with_endless_cell(right: Callable[[nbformat.NotebookNode], nbformat.NotebookNode]) -> Maker:
    def make(released: nbformat.NotebookNode, _: nbformat.NotebookNode) -> bytes:
        changed = right(released)
        changed.cells.insert(len(changed.cells) // 2, new_code_cell("while True:\n    pass"))
        return as_bytes(changed)

    return make


def _without_tests(right: Callable[[nbformat.NotebookNode], nbformat.NotebookNode]) -> Maker:
    def make(released: nbformat.NotebookNode, _: nbformat.NotebookNode) -> bytes:
        changed = right(released)
        changed.cells = [cell for cell in changed.cells if marker_of(cell).kind != "test"]
        return as_bytes(changed)

    return make


def _reordered(right: Callable[[nbformat.NotebookNode], nbformat.NotebookNode]) -> Maker:
    def make(released: nbformat.NotebookNode, _: nbformat.NotebookNode) -> bytes:
        changed = right(released)
        tests = [cell for cell in changed.cells if marker_of(cell).kind == "test"]
        others = [cell for cell in changed.cells if marker_of(cell).kind != "test"]
        changed.cells = list(reversed(tests)) + others
        return as_bytes(changed)

    return make
