"""From a submission to a clean notebook: the student's cells, spliced into the master."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.core.cells import ANSWERS, EXTRA, Marker, marker_of, named
from autograder.core.definitions import parsed
from autograder.core.errors import RefusedError
from autograder.core.notebooks import from_dict, new_code_cell, new_markdown_cell
from autograder.running.additions import added_code, added_text, names_in
from autograder.running.matching import Matching, is_theirs, same_text
from autograder.running.read import Submission, SubmittedCell
from autograder.running.repairs import mended
from autograder.running.stems import Releases, carried_over, stem_of

_ATTACHED = re.compile(r"\battachment:([^\s)\"'>]+)")


@dataclass(frozen=True)
class CleanNotebook:
    """A submission that was rebuilt on the master.

    Attributes
    ----------
    notebook : NotebookNode
        The master with the student's cells spliced in.
    untouched : tuple of str
        Ids of the student's cells that are still as they were released.
    repairs : tuple of str
        What had been changed that could have gained something, and was put right.
    remarks : tuple of str
        What else was put right, a line a kind.
    absent : tuple of str
        Ids of answer cells that the student has deleted. They stand in the notebook as they were
        released, and are not run: in the student's notebook nothing of them defines anything.
    """

    notebook: NotebookNode
    untouched: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def rebuild(releases: Releases, submission: Submission) -> CleanNotebook:
    """Splice the student's cells into the master, which is the newest release.

    Tests, figures, set-up, order, points and tags are the master's. The student's answers
    and the cells that students may change are theirs. Cells that the master does not have
    stay behind the cell that they stood behind, and so does what was added to a locked cell.

    Parameters
    ----------
    releases : Releases
        What the student changed is what differs from the release that the submission stems
        from. No line of an older release is taken over, but for what the student wrote into it.

    Raises
    ------
    RefusedError
        If the submission is plainly not one of this assignment.
    """
    master = releases.newest
    stem = stem_of(submission, releases)
    if not stem.matching.plain:
        raise RefusedError("none of its cells belongs to this assignment")
    matching = stem.matching
    if stem.cells is not master.cells:
        submission = carried_over(submission, stem, master)
        matching = Matching(master.cells, submission.cells)
    theirs = matching.theirs
    splicing = _Splicing(submission, matching)
    cells = list(splicing.cells(master))
    untouched = [
        cell.id
        for cell in master.cells
        if marker_of(cell).kind in (*ANSWERS, "playground")
        and ((mine := theirs[cell.id]) is None or same_text(cell, mine))
    ]
    cells, found = _prose_taken_in(cells, untouched)
    untouched = [id_ for id_ in untouched if id_ not in found]
    notebook = from_dict({**master, "cells": []})
    notebook.cells = cells
    remarks = [*submission.remarks, *mended(stem.cells, stem.matching)]
    if splicing.added:
        remarks.append(f"what was added to {named(splicing.added)} counts, too")
    if found:
        remarks.append(f"prose beside the prompt of {named(found)} was taken for the answer")
    return CleanNotebook(
        notebook,
        tuple(untouched),
        stem.repairs,
        tuple(remarks),
        tuple(
            cell.id
            for cell in master.cells
            if theirs[cell.id] is None and marker_of(cell).kind in ("solution", "value")
        ),
    )


class _Splicing:
    """Makes the cells of a clean notebook, in order."""

    def __init__(self, submission: Submission, matching: Matching) -> None:
        self._submitted = submission.cells
        self._matching = matching
        self._numbers = itertools.count(1)
        self.added: list[str] = []

    def cells(self, master: NotebookNode) -> Iterator[NotebookNode]:
        behind = self._matching.behind
        yield from map(self._extra, behind.get("", ()))
        for original in master.cells:
            theirs = self._matching.theirs[original.id]
            cell = _spliced(original, theirs)
            added = None if theirs is None else self._added(original, theirs)
            if added is not None and marker_of(original).kind != "setup":
                self.added.append(original.id)
            if added is not None and marker_of(original).kind == "test":
                yield from (self._extra(added), cell)
            elif added is not None:
                yield from (cell, self._extra(added))
            else:
                yield cell
            yield from map(self._extra, behind.get(original.id, ()))

    def _extra(self, cell: SubmittedCell) -> NotebookNode:
        make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        id_ = f"extra-{next(self._numbers)}"
        return make(_with_pictures(cell), id=id_, metadata=Marker(EXTRA).metadata)

    def _added(self, original: NotebookNode, theirs: SubmittedCell) -> SubmittedCell | None:
        """What a student wrote into a cell that is not theirs: lines that may matter elsewhere."""
        if is_theirs(original) or same_text(original, theirs):
            return None
        if theirs.cell_type != "code" or original.cell_type != "code":
            source = added_text(original.source, theirs.source)
            return SubmittedCell("markdown", source, pictures=theirs.pictures) if source else None
        if marker_of(original).kind == "setup":
            return theirs
        used = names_in(
            cell.source
            for cell in self._submitted
            if cell.cell_type == "code" and cell is not theirs
        )
        source = added_code(original.source, theirs.source, used)
        return SubmittedCell("code", source) if source else None


def _spliced(original: NotebookNode, theirs: SubmittedCell | None) -> NotebookNode:
    cell = from_dict(original)
    if theirs is not None and is_theirs(cell):
        cell.source = _with_pictures(theirs)
    return cell


def _with_pictures(cell: SubmittedCell) -> str:
    """The text of a cell, with the pictures that were pasted into it in their places."""
    if cell.cell_type == "code" or not cell.pictures:
        return cell.source
    return _ATTACHED.sub(lambda match: cell.pictures.get(match[1], match[0]), cell.source)


def _prose_taken_in(
    cells: list[NotebookNode], untouched: list[str]
) -> tuple[list[NotebookNode], list[str]]:
    """Prose that was typed beside a prompt which was left as it was is the answer to it.

    Returns
    -------
    cells : list of NotebookNode
        With the prose in the place of the prompts.
    found : list of str
        Ids of these prompts.
    """
    taken: set[str] = set()
    found = []
    for number, cell in enumerate(cells):
        if marker_of(cell).kind != "written" or cell.id not in untouched:
            continue
        above = list(_added_beside(cells[:number][::-1]))[::-1]
        around = [*above, *_added_beside(cells[number + 1 :])]
        if prose := [each for each in around if each.id not in taken and _is_prose(each)]:
            cell.source = "\n\n".join(each.source.strip() for each in prose)
            taken |= {each.id for each in prose}
            found.append(cell.id)
    return [each for each in cells if each.id not in taken or each.cell_type == "code"], found


def _added_beside(cells: list[NotebookNode]) -> Iterator[NotebookNode]:
    return itertools.takewhile(lambda cell: marker_of(cell).kind == EXTRA, cells)


def _is_prose(cell: NotebookNode) -> bool:
    """Whether somebody wrote sentences here, be it into a code cell."""
    if not cell.source.strip() or cell.cell_type != "code":
        return bool(cell.source.strip())
    tree = parsed(cell.source)
    if tree is not None:
        return not tree.body
    return not cell.source.lstrip().startswith(("%", "!")) and cell.source.count(" ") > 2
