"""From which release does a submission stem? What it changed is what it changed of that one."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbformat import NotebookNode

from autograder.core.cells import marker_of
from autograder.running.additions import added_code, added_text, names_in
from autograder.running.matching import Matching, appearance, is_theirs, same_text
from autograder.running.read import Submission, SubmittedCell
from autograder.running.repairs import flags_changed, tampered


@dataclass(frozen=True)
class Releases:
    """All releases that there were of an assignment.

    Attributes
    ----------
    older : sequence of NotebookNode
        From the newest to the oldest, without `newest`.
    """

    newest: NotebookNode
    older: Sequence[NotebookNode] = ()

    @functools.cached_property
    def gone(self) -> frozenset[tuple[str, str]]:
        """What cells of older releases look like that the newest lacks."""
        then = {appearance(cell) for release in self.older for cell in release.cells}
        return frozenset(then - {appearance(cell) for cell in self.newest.cells})


@dataclass(frozen=True)
class Stem:
    """A release that a submission may have been made from.

    Attributes
    ----------
    cells : sequence of NotebookNode
        Those of the release.
    matching : Matching
        Which submitted cell stems from which of them.
    repairs : tuple of str
        What the submission had changed that students must not change.
    """

    cells: Sequence[NotebookNode]
    matching: Matching
    repairs: tuple[str, ...]

    @staticmethod
    def of(release: NotebookNode, submission: Submission) -> Stem:
        """Compare a submission with a release."""
        matching = Matching(release.cells, submission.cells)
        repairs = tampered(release.cells, matching.theirs, submission.cells)
        return Stem(release.cells, matching, tuple(repairs))

    @property
    def distance(self) -> tuple[bool, int, int]:
        """How far the submission is from it: plainly another, what was tampered with, cells."""
        theirs = self.matching.theirs
        differing = sum(_differs(cell, theirs[cell.id]) for cell in self.cells)
        flagged = sum(flags_changed(cell, theirs[cell.id]) for cell in self.cells)
        added = self.matching.owners.count("")
        return not self.matching.plain, len(self.repairs), differing + flagged + added

    @property
    def is_clean(self) -> bool:
        """Whether all that students leave alone is as it was released."""
        theirs = self.matching.theirs
        return not self.repairs and not any(
            _differs(cell, theirs[cell.id]) for cell in self.cells if not is_theirs(cell)
        )


def stem_of(submission: Submission, releases: Releases) -> Stem:
    """The release that has least to be said against it; of equals the newest."""
    stem = Stem.of(releases.newest, submission)
    if not releases.older or (stem.is_clean and not _says_what_is_gone(submission, releases)):
        return stem
    others = (Stem.of(each, submission) for each in releases.older)
    return min([stem, *others], key=lambda s: s.distance)


def _says_what_is_gone(submission: Submission, releases: Releases) -> bool:
    """Whether a cell is as it was in an older release, and not as any in the newest."""
    return any(appearance(cell) in releases.gone for cell in submission.cells)


def _differs(cell: NotebookNode, theirs: SubmittedCell | None) -> bool:
    return theirs is None or not same_text(cell, theirs)


def carried_over(submission: Submission, stem: Stem, newest: NotebookNode) -> Submission:
    """A submission as if it had been made from the newest release.

    What the student left as it was is as it is now, so no line of an older release is run. What
    the student wrote or added stays.
    """
    now = _successors(stem.cells, newest.cells)
    then = {cell.id: cell for cell in stem.cells}
    taken = {cell.id for cell in newest.cells}
    cells = []
    for owner, cell in zip(stem.matching.owners, submission.cells, strict=True):
        if not owner:
            cells.append(_nobodys(cell, taken))
        elif (successor := now.get(owner)) is not None:
            cells.append(_moved(cell, then[owner], successor))
        elif (left := _left_over(cell, then[owner])) is not None:
            cells.append(left)
    return replace(submission, cells=tuple(cells))


def _nobodys(cell: SubmittedCell, taken: set[str]) -> SubmittedCell:
    """A cell that the student has added, under no name that is another's."""
    grade_id = "" if cell.grade_id in taken else cell.grade_id
    return replace(cell, grade_id=grade_id, id="" if cell.id in taken else cell.id)


def _moved(cell: SubmittedCell, then: NotebookNode, now: NotebookNode) -> SubmittedCell:
    flags = now.metadata.get("nbgrader", {}) if cell.flags else {}
    named = replace(cell, grade_id=flags.get("grade_id", ""), id=now.id, flags=flags)
    if same_text(then, cell):
        return replace(named, cell_type=now.cell_type, source=now.source)
    if is_theirs(now):
        return named
    added = _added(then, cell)
    return replace(named, cell_type=now.cell_type, source=f"{now.source}\n{added}".rstrip("\n"))


def _left_over(cell: SubmittedCell, then: NotebookNode) -> SubmittedCell | None:
    """What stays of a cell that the newest release lacks: what the student wrote into it."""
    if same_text(then, cell):
        return None
    source = cell.source if is_theirs(then) else _added(then, cell)
    return SubmittedCell(cell.cell_type, source, pictures=cell.pictures) if source else None


def _added(then: NotebookNode, cell: SubmittedCell) -> str:
    if then.cell_type == cell.cell_type == "code":
        return added_code(then.source, cell.source, names_in([cell.source]))
    return added_text(then.source, cell.source)


def _successors(
    then: Sequence[NotebookNode], now: Sequence[NotebookNode]
) -> Mapping[str, NotebookNode]:
    """What became of each cell of an older release: a cell of the newest, if any.

    It has the same name, or stands between the same two: prose for prose, code for code.
    """
    named = {cell.id: cell for cell in now}
    found = {cell.id: named[cell.id] for cell in then if cell.id in named}
    ids = [cell.id for cell in then], [cell.id for cell in now]
    same = difflib.SequenceMatcher(None, *ids, autojunk=False)
    for what, i, j, k, m in same.get_opcodes():
        if what == "replace":
            gone = [cell for cell in then[i:j] if cell.id not in found]
            new = [cell for cell in now[k:m] if cell.id not in found]
            for cell_type in ("code", "markdown", "raw"):
                pairs = zip(_unnamed(gone, cell_type), _unnamed(new, cell_type), strict=False)
                found |= {old.id: successor for old, successor in pairs}
    return found


def _unnamed(cells: Sequence[NotebookNode], cell_type: str) -> Iterator[NotebookNode]:
    return (cell for cell in cells if cell.cell_type == cell_type and not marker_of(cell).kind)
