"""What an attack is: a submission, what it deserves, and what else must hold."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from attacks.bait import Bait
from autograder.core.outcome import Outcome
from autograder.sample.answers import with_code
from autograder.sample.forgeries import wrong

ASSIGNMENT = "02_convolution"
TARGET = "conv2d"
"""The function that attacks replace; all the rest of their submission is right."""

HandIn = Callable[[Path, nbformat.NotebookNode, Bait], None]


@dataclass(frozen=True)
class Attack:
    """One submission that a grader must survive.

    Attributes
    ----------
    rows : tuple of int
        The attacks of the list that it stands for.
    name : str
        What it is called, and the name of the student who hands it in unless there is a `called`.
    what : str
        What it does, for the published table.
    hand_in : callable
        Lays it into the student's folder, given the notebook with everything right in it.
    outcome : Outcome
        What the submission as a whole must end with, behind namespaces.
    without_namespaces : tuple of Outcome
        The same where there are none, if it differs; several where the watcher and the clock race.
    lost : collection of str or None
        Exercises that must earn nothing; all others must earn everything. None where the attack
        may harm any part of its own submission.
    says : str
        Part of what the class table must say about it.
    finds_nothing : bool
        Whether its cells look for something. They print what they got, and must get nothing.
    for_root : bool
        Whether only root can hand it in.
    called : str
        Name of the student, where it is part of the attack.
    """

    rows: tuple[int, ...]
    name: str
    what: str
    hand_in: HandIn
    outcome: Outcome
    lost: Collection[str] | None = (TARGET,)
    says: str = ""
    without_namespaces: tuple[Outcome, ...] = ()
    finds_nothing: bool = False
    for_root: bool = False
    called: str = ""

    @property
    def student(self) -> str:
        """Who hands it in."""
        return self.called or self.name

    def outcomes(self, *, namespaces: bool) -> tuple[Outcome, ...]:
        """What the submission as a whole may end with."""
        if namespaces or not self.without_namespaces:
            return (self.outcome,)
        return self.without_namespaces


def written(folder: Path, notebook: nbformat.NotebookNode | str | bytes) -> None:
    """Hand in a notebook, or whatever is called one."""
    if isinstance(notebook, nbformat.NotebookNode):
        notebook = nbformat.writes(notebook)
    content = notebook.encode() if isinstance(notebook, str) else notebook
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(content)


def code(source: str) -> HandIn:
    """Put `source` where conv2d belongs; names such as ``$root`` in it stand for the bait."""

    def hand_in(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
        written(folder, with_code(right, TARGET, bait.fill_in(source)))

    return hand_in


def instead(body: str) -> HandIn:
    """Have conv2d run `body`."""
    return code(f"def {TARGET}(x, w, b, stride=1, padding=0):\n{indented(body)}\n")


def indented(body: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in body.strip("\n").split("\n"))


def cell(source: str) -> HandIn:
    """Put a cell of one's own before conv2d's; everything is right."""

    def hand_in(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
        position = next(n for n, cell in enumerate(right.cells) if cell.id == TARGET)
        right.cells.insert(position, new_code_cell(bait.fill_in(source)))
        written(folder, right)

    return hand_in


def looking(search: str) -> HandIn:
    """Look for something, print what was got, and answer wrong.

    `search` calls ``attempt(name, function)``, which notes the name if the function gives
    something true.
    """
    return code(wrong("conv2d") + _ATTEMPT + search + "\nprint('got:', got)\n")


_ATTEMPT = """
import ctypes, fcntl, gc, glob, os, signal, socket, sys, tempfile, time

libc = ctypes.CDLL(None, use_errno=True)
got = []


def attempt(name, function):
    try:
        if function():
            got.append(name)
    except (OSError, ImportError, ValueError, AttributeError):
        pass


"""


def changed(change: Callable[[nbformat.NotebookNode], object], *, right: bool = False) -> HandIn:
    """Change the notebook with conv2d wrong, or `right`; `change` may give another one."""

    def hand_in(folder: Path, notebook: nbformat.NotebookNode, bait: Bait) -> None:
        if not right:
            notebook = with_code(notebook, TARGET, wrong("conv2d"))
        other = change(notebook)
        written(folder, notebook if other is None else other)

    return hand_in
