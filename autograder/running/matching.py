"""Whose is this cell? A submitted cell is traced to the cell of the master that it stems from.

A cell is known by nbgrader's name for it, or else by Jupyter's. Editors and services lose both; a
cell is then known by its unchanged text, and an answer by what it defines where it stands.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from nbformat import NotebookNode

from autograder.core.cells import ANSWERS, Marker, marker_of
from autograder.core.definitions import bound_names, defined_names
from autograder.running.read import SubmittedCell

_PLAIN_SHARE = 4
"""One cell in so many has to be known for a notebook without names to be this assignment's."""


class Matching:
    """Which submitted cell stems from which cell of the master.

    Parameters
    ----------
    master : sequence of NotebookNode
        The released cells.
    submitted : sequence of SubmittedCell
        Untrusted.

    Attributes
    ----------
    owners : list of str
        For each submitted cell the id of its master, "" for a cell that the student has added.
    found : list of str
        Masters that had lost their names and were found again by text or place.
    rewritten : list of str
        Masters that were deleted, and whose answer stands in a cell that the student has added.
    """

    def __init__(self, master: Sequence[NotebookNode], submitted: Sequence[SubmittedCell]) -> None:
        self._submitted = submitted
        self._masters = {cell.id: cell for cell in master}
        self._numbers = {id_: number for number, id_ in enumerate(self._masters)}
        self._left = dict.fromkeys(self._masters)
        self.owners = [""] * len(submitted)
        self.found: list[str] = []
        self.rewritten: list[str] = []
        self._by_name()
        self._release_late_answers()
        if self._left and not all(self.owners):
            self._by_text()
            self._by_place()

    @functools.cached_property
    def theirs(self) -> Mapping[str, SubmittedCell | None]:
        """What stems from each cell of the master; None where it is missing."""
        by_owner = dict(zip(self.owners, self._submitted, strict=True))
        return {id_: by_owner.get(id_) for id_ in self._masters}

    @functools.cached_property
    def behind(self) -> Mapping[str, Sequence[SubmittedCell]]:
        """The added cells behind each cell that is known; those before all of them are under ""."""
        found: dict[str, list[SubmittedCell]] = {}
        anchor = ""
        for owner, cell in zip(self.owners, self._submitted, strict=True):
            if owner:
                anchor = owner
            else:
                found.setdefault(anchor, []).append(cell)
        return found

    @property
    def plain(self) -> bool:
        """Whether the submission is one of this assignment at all."""
        marked = [id_ for id_, cell in self._masters.items() if marker_of(cell).kind]
        named = set(self.owners) - set(self.found) - set(self.rewritten)
        if not named.isdisjoint(marked):
            return True
        return _PLAIN_SHARE * len(self.found) >= max(len(self._masters), 2 * _PLAIN_SHARE)

    def _give(self, number: int, id_: str) -> None:
        self.owners[number] = id_
        del self._left[id_]

    def _by_name(self) -> None:
        for number, cell in enumerate(self._submitted):
            if cell.grade_id in self._left:
                self._give(number, cell.grade_id)
        for number, cell in enumerate(self._submitted):
            unnamed = not self.owners[number] and cell.grade_id not in self._masters
            if unnamed and cell.id in self._left:
                self._give(number, cell.id)

    def _release_late_answers(self) -> None:
        """Leave an answer where it is that stands behind its test: at the test it meant nothing."""
        tests = {
            marker_of(cell).name: id_
            for id_, cell in self._masters.items()
            if marker_of(cell).kind == "test" and id_ in self.owners
        }
        for number, id_ in enumerate(self.owners):
            if not id_ or marker_of(self._masters[id_]).kind not in ("solution", "value"):
                continue
            names = _names(marker_of(self._masters[id_]), self._masters[id_])
            asked = [tests[name] for name in names if name in tests]
            if asked and number > min(map(self.owners.index, asked)):
                self.owners[number] = ""
                self._left[id_] = None

    def _by_text(self) -> None:
        waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id_ in self._left:
            waiting[appearance(self._masters[id_])].append(id_)
        for number, cell in enumerate(self._submitted):
            alike = waiting.get(appearance(cell))
            if alike and not self.owners[number]:
                self.found.append(alike[0])
                self._give(number, alike.pop(0))

    def _by_place(self) -> None:
        """Find answers that were typed anew, between the cells that they belong between."""
        for numbers, ids in self._gaps():
            for id_ in ids:
                marker = marker_of(self._masters[id_])
                if marker.kind not in ANSWERS:
                    continue
                names = _names(marker, self._masters[id_])
                answering = [
                    number
                    for number in numbers
                    if not self.owners[number] and _answers(self._submitted[number], marker, names)
                ]
                if answering:
                    self.rewritten.append(id_)
                    self._give(answering[0], id_)

    def _gaps(self) -> Iterator[tuple[list[int], list[str]]]:
        """Added cells that stand together, and the missing masters that could stand there."""
        run: list[int] = []
        before = -1
        for number, owner in enumerate([*self.owners, None]):
            if owner == "":
                run.append(number)
                continue
            after = len(self._masters) if owner is None else self._numbers[owner]
            if run:
                yield run, [id_ for id_ in self._left if before < self._numbers[id_] < after]
            run, before = [], after


def appearance(cell: NotebookNode | SubmittedCell) -> tuple[str, str]:
    """What a cell looks like, whatever an editor does to its white space."""
    lines = [line.rstrip() for line in cell.source.strip().splitlines()]
    return cell.cell_type, "\n".join(lines)


def is_theirs(cell: NotebookNode) -> bool:
    """Whether a cell of the master is the student's to change."""
    kind = marker_of(cell).kind
    return kind in ANSWERS or (kind in ("", "playground") and cell.cell_type == "code")


def same_text(cell: NotebookNode, theirs: SubmittedCell) -> bool:
    """Whether a cell still says what it said when it was released."""
    return appearance(cell)[1] == appearance(theirs)[1]


def _names(marker: Marker, cell: NotebookNode) -> frozenset[str]:
    """What an answer cell is there to define."""
    return frozenset({marker.name}) | defined_names(cell.source)


def _answers(cell: SubmittedCell, marker: Marker, names: frozenset[str]) -> bool:
    if marker.kind == "written":
        return cell.cell_type != "code"
    return cell.cell_type == "code" and not names.isdisjoint(bound_names(cell.source))
