"""What a submission had changed of the master: in one line a kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from nbformat import NotebookNode

from autograder.core.cells import ANSWERS, marker_of, named
from autograder.running.matching import Matching, same_text
from autograder.running.read import SubmittedCell

_Theirs = Mapping[str, SubmittedCell | None]
_FLAGS = ("grade", "solution", "locked", "points")
_HARMFUL_TAGS = {"skip-execution", "raises-exception"}


def tampered(
    master: Sequence[NotebookNode], theirs: _Theirs, submitted: Sequence[SubmittedCell]
) -> Iterator[str]:
    """Changes of what students must leave alone, and could have gained something by."""
    known = [cell for cell in master if marker_of(cell).kind not in ("", "playground")]
    tests = [cell for cell in known if marker_of(cell).kind == "test"]
    yield from _told(_deleted(tests, theirs, submitted), "missing")
    graded = [cell for cell in known if marker_of(cell).kind in ("test", "solution", "value")]
    yield from _told(_turned(graded, theirs), "turned into text")
    yield from _told(_rewritten(tests, theirs), "changed")
    yield from _told(_duplicated(tests, theirs, submitted), "duplicated")
    for flag in _FLAGS:
        changed = [cell.id for cell in known if _flag_changed(cell, theirs[cell.id], flag)]
        if changed:
            yield f"{flag} of {named(changed)} was changed"
    tagged = [cell.id for cell in known if _tagged(cell, theirs[cell.id])]
    if tagged:
        yield f"{named(tagged)} had tags added"
    if _reordered(tests, theirs, submitted):
        yield "cells were reordered"


def _deleted(
    tests: Iterable[NotebookNode], theirs: _Theirs, submitted: Sequence[SubmittedCell]
) -> Iterator[str]:
    """Tests whose text is nowhere; one that was merged with its neighbour is not deleted."""
    for cell in tests:
        text = cell.source.strip()
        if theirs[cell.id] is None and not any(text in other.source for other in submitted):
            yield cell.id


def _turned(known: Iterable[NotebookNode], theirs: _Theirs) -> Iterator[str]:
    for cell in known:
        mine = theirs[cell.id]
        if mine is not None and mine.cell_type != cell.cell_type:
            yield cell.id


def _rewritten(tests: Iterable[NotebookNode], theirs: _Theirs) -> Iterator[str]:
    for cell in tests:
        mine = theirs[cell.id]
        if mine is not None and mine.cell_type == "code" and cell.source.strip() not in mine.source:
            yield cell.id


def _duplicated(
    tests: Iterable[NotebookNode], theirs: _Theirs, submitted: Sequence[SubmittedCell]
) -> Iterator[str]:
    """Tests whose name another cell bears, with another text."""
    for cell in tests:
        others = [other for other in submitted if other.grade_id == cell.id]
        others = [other for other in others if other is not theirs[cell.id]]
        if any(cell.source.strip() not in other.source for other in others):
            yield cell.id


def flags_changed(cell: NotebookNode, mine: SubmittedCell | None) -> bool:
    """Whether nbgrader's flags of a cell, or its points, are others than when it was released."""
    return any(_flag_changed(cell, mine, flag) for flag in _FLAGS)


def _flag_changed(cell: NotebookNode, mine: SubmittedCell | None, flag: str) -> bool:
    # What bears another name, such as the half of a cell that was split, has its metadata.
    if mine is None or not mine.flags or mine.grade_id not in ("", cell.id):
        return False
    original = cell.metadata.get("nbgrader", {})
    return bool(mine.flags.get(flag) != original.get(flag))


def _tagged(cell: NotebookNode, mine: SubmittedCell | None) -> bool:
    unknown = set(mine.tags if mine else ()) - set(cell.metadata.get("tags", ()))
    return not unknown.isdisjoint(_HARMFUL_TAGS)


def _reordered(
    tests: Iterable[NotebookNode], theirs: _Theirs, submitted: Sequence[SubmittedCell]
) -> bool:
    """Whether tests stand in another order, each where its text first stands."""
    places = [_place(cell, theirs[cell.id], submitted) for cell in tests]
    found = [place for place in places if place is not None]
    return found != sorted(found)


def _place(
    test: NotebookNode, mine: SubmittedCell | None, submitted: Sequence[SubmittedCell]
) -> int | None:
    text = test.source.strip()
    for number, cell in enumerate(submitted):
        if text in cell.source:
            return number
    return submitted.index(mine) if mine is not None else None


def mended(master: Sequence[NotebookNode], matching: Matching) -> Iterator[str]:
    """What else was put right."""
    theirs = matching.theirs
    stripped = [
        cell.id
        for cell in master
        if (mine := theirs[cell.id]) is not None
        and cell.metadata.get("nbgrader")
        and not mine.flags
        and cell.id not in (*matching.found, *matching.rewritten)
    ]
    if stripped:
        yield f"metadata of {_cells(stripped)} was stripped by an editor; put back"
    if matching.found:
        yield f"{_cells(matching.found)} had lost the name; known by the text and put back"
    if matching.rewritten:
        yield f"what counts for {named(matching.rewritten)} was typed into a cell of its own"
    kinds = {cell.id: marker_of(cell).kind for cell in master}
    yield from _told(
        (id_ for id_, kind in kinds.items() if kind in ANSWERS and theirs[id_] is None), "missing"
    )
    setups = [cell for cell in master if kinds[cell.id] == "setup" and _differs(cell, theirs)]
    yield from _told((cell.id for cell in setups), "changed; the lines of the course ran first")


def _differs(cell: NotebookNode, theirs: _Theirs) -> bool:
    mine = theirs[cell.id]
    return mine is not None and not same_text(cell, mine)


def _cells(ids: Sequence[str]) -> str:
    return f"cell {ids[0]}" if len(ids) == 1 else f"{len(ids)} cells"


def _told(ids: Iterable[str], what: str) -> Iterator[str]:
    if found := list(ids):
        yield f"{named(found)} {'was' if len(found) == 1 else 'were'} {what}"
