"""Who is in the sample class, and what each of them deserves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell

from autograder.exercise import Assignment, source_as
from autograder.outcome import Outcome
from autograder.sample.answers import Implementations, fill_in, wheats, with_code
from autograder.sample.forgeries import FORGERIES

Maker = Callable[[nbformat.NotebookNode], bytes]


@dataclass(frozen=True)
class Member:
    """One submission of the sample class.

    Attributes
    ----------
    make : callable
        Takes the released notebook and gives the bytes of the submission.
    outcome : Outcome
        What the submission as a whole deserves.
    lost : frozenset of str
        Exercises that must have no points.
    full : bool
        Whether every exercise that is not in `lost` must have all its points.
    misconception : str
        The known mistake that must be named, or "".
    """

    student: str
    make: Maker
    outcome: Outcome
    lost: frozenset[str] = frozenset()
    full: bool = True
    misconception: str = ""


def sample_class(assignment: Assignment) -> tuple[Member, ...]:
    """The members of the sample class for one assignment."""
    functions = [exercise for exercise in assignment.exercises if exercise.kind == "function"]
    everything = frozenset(exercise.name for exercise in assignment.exercises)
    half = everything - {exercise.name for exercise in functions[: len(functions) // 2]}
    last = functions[-1].name
    solved = wheats(assignment)

    def right(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        return fill_in(notebook, solved)

    def coded(source: str) -> Maker:
        return lambda notebook: as_bytes(with_code(right(notebook), last, source))

    working = source_as(solved[last], last)
    return (
        *_wheat_students(assignment),
        *_chaff_students(assignment),
        Member("unfinished-empty", as_bytes, Outcome.UNDONE, everything),
        Member(
            "unfinished-half",
            _answering({name: wheat for name, wheat in solved.items() if name not in half}),
            Outcome.UNDONE,
            half,
        ),
        Member("warns-on-stderr", coded(_WARNS + working), Outcome.OK),
        Member("endless-loop", coded(_endless(last)), Outcome.TIMEOUT, frozenset({last})),
        Member("endless-cell", _with_endless_cell(right), Outcome.TIMEOUT),
        Member("exits", coded(_exits(last)), Outcome.CRASH, frozenset({last})),
        Member("broken-json", lambda notebook: as_bytes(right(notebook))[:-200], Outcome.REFUSED),
        Member("tests-deleted", _without_tests(right), Outcome.TAMPERED),
        Member("tests-reordered", _reordered(right), Outcome.TAMPERED),
        *(
            Member(
                f"forger-{name}",
                coded(source),
                Outcome.CRASH if name == "forged-reply" else Outcome.WRONG,
                frozenset({last}),
            )
            for name, source in FORGERIES.items()
            if last == "conv2d"
        ),
    )


def as_bytes(notebook: nbformat.NotebookNode) -> bytes:
    """The notebook as it lies on disk."""
    return (nbformat.writes(notebook) + "\n").encode()


def _answering(implementations: Implementations) -> Maker:
    return lambda notebook: as_bytes(fill_in(notebook, implementations))


def _wheat_students(assignment: Assignment) -> Iterator[Member]:
    for style in range(3):
        chosen = wheats(assignment, style)
        yield Member(f"wheat-{style + 1}", _answering(chosen), Outcome.OK)


def _chaff_students(assignment: Assignment) -> Iterator[Member]:
    """One student for the first known mistake of each function."""
    solved = wheats(assignment)
    for exercise in assignment.exercises:
        if exercise.kind != "function":
            continue
        mistake = exercise.misconceptions[0]
        chosen = {**solved, exercise.name: mistake.implementation}
        yield Member(
            f"chaff-{exercise.name}",
            _answering(chosen),
            Outcome.WRONG,
            full=False,
            misconception=mistake.name,
        )


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
    def make(notebook: nbformat.NotebookNode) -> bytes:
        changed = right(notebook)
        changed.cells.insert(len(changed.cells) // 2, new_code_cell("while True:\n    pass"))
        return as_bytes(changed)

    return make


def _without_tests(right: Callable[[nbformat.NotebookNode], nbformat.NotebookNode]) -> Maker:
    def make(notebook: nbformat.NotebookNode) -> bytes:
        changed = right(notebook)
        changed.cells = [cell for cell in changed.cells if not cell.id.startswith("test-")]
        return as_bytes(changed)

    return make


def _reordered(right: Callable[[nbformat.NotebookNode], nbformat.NotebookNode]) -> Maker:
    def make(notebook: nbformat.NotebookNode) -> bytes:
        changed = right(notebook)
        tests = [cell for cell in changed.cells if cell.id.startswith("test-")]
        others = [cell for cell in changed.cells if not cell.id.startswith("test-")]
        changed.cells = list(reversed(tests)) + others
        return as_bytes(changed)

    return make
