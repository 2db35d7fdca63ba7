"""Which cell of a submission is which cell of the release: copies, lost names, missing cells.

nbgrader knows a cell by its name alone. Editors lose names, and people copy and delete cells. So
it is settled here what has which name, before nbgrader's own preprocessors look at anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_raw_cell

from autograder.core.cells import KEY, listed
from autograder.core.notebooks import new_code_cell, new_markdown_cell
from autograder.foreign.released import ReleasedCell

_MAKE: dict[str, Callable[..., NotebookNode]] = {
    "code": new_code_cell,
    "markdown": new_markdown_cell,
    "raw": new_raw_cell,
}
_FLAGS = ("grade", "solution", "locked", "task")
_PUT_BACK = {"put_back": True}
_FIRST_WITH_CELL_IDS = (4, 5)


def settle(notebook: NotebookNode, released: Sequence[ReleasedCell]) -> tuple[str, ...]:
    """Give each cell of a release its one cell in a submission, in place.

    Parameters
    ----------
    notebook : NotebookNode
        As it was handed in, with nbgrader's metadata in their newest form.
    released : sequence of ReleasedCell
        In their order.

    Returns
    -------
    tuple of str
        What was done, one line a kind.
    """
    named = [cell for cell in released if cell.name]
    for cell in notebook.cells:
        cell.metadata.pop(KEY, None)
    strangers = _let_go_of_strangers(notebook.cells, {cell.name for cell in named})
    copied = _let_go_of_copies(notebook.cells, named)
    found = _find_lost(notebook.cells, released)
    put_back = _put_back(notebook, named)
    said = {
        "cells of unknown names: {}; they count as cells of the student's own": strangers,
        "cells that were copied: {}; one of each counts": copied,
        "cells whose metadata was lost: {}; put back": found,
        "cells that were missing: {}; put back as they were released": [
            cell.name for cell in put_back if not cell.is_answer
        ],
        "answers that are missing: {}; look for them in the rest of the notebook, or ask for a "
        "new hand-in": [cell.name for cell in _missing(notebook.cells, named, put_back)],
    }
    return tuple(line.format(listed(names)) for line, names in said.items() if names)


def was_put_back(cell: NotebookNode) -> bool:
    """Whether a cell of a submission was missing from it."""
    return bool(cell.metadata.get(KEY) == _PUT_BACK)


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _places(cells: Sequence[NotebookNode]) -> dict[str, int]:
    return {_name(cell): number for number, cell in enumerate(cells) if _name(cell)}


def _let_go_of_strangers(cells: Iterable[NotebookNode], known: set[str]) -> list[str]:
    """Drop what nbgrader says of cells that were not released; return their names."""
    gone = []
    for cell in cells:
        if "nbgrader" in cell.metadata and _name(cell) not in known:
            said = cell.metadata.pop("nbgrader")
            if any(said.get(flag) for flag in _FLAGS):
                gone.append(str(said.get("grade_id", "?")))
    return gone


def _let_go_of_copies(cells: Sequence[NotebookNode], named: Iterable[ReleasedCell]) -> list[str]:
    """Leave one cell to each name; return the names of which there were more.

    That is the first, and rather one behind the cells that were released before it; of answers,
    one that is not as it was released.
    """
    copied = []
    before = -1
    for released in named:
        there = [number for number, cell in enumerate(cells) if _name(cell) == released.name]
        if not there:
            continue
        behind = [number for number in there if number > before] or there
        if released.is_answer:
            written = [n for n in there if cells[n].source.strip() != released.text.strip()]
            behind = [n for n in behind if n in written] or written or behind
        before = behind[0]
        if len(there) > 1:
            copied.append(released.name)
        for number in there:
            if number != before:
                del cells[number].metadata["nbgrader"]
    return copied


def _find_lost(cells: Sequence[NotebookNode], released: Sequence[ReleasedCell]) -> list[str]:
    """Give cells back the names that they have lost; return these.

    Such a cell is known by its id, by its unchanged text, or by what stands around it.
    """
    found = []
    for search in (_by_id, _by_text, _by_neighbours):
        for cell, which in search(cells, released):
            cell.metadata["nbgrader"] = NotebookNode(which.metadata)
            found.append(which.name)
    return found


_Found = list[tuple[NotebookNode, ReleasedCell]]


def _lost(cells: Iterable[NotebookNode], released: Iterable[ReleasedCell]) -> list[ReleasedCell]:
    there = {_name(cell) for cell in cells}
    return [cell for cell in released if cell.name and cell.name not in there]


def _nameless(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    return [cell for cell in cells if not _name(cell)]


def _by_id(cells: Sequence[NotebookNode], released: Sequence[ReleasedCell]) -> _Found:
    wanted = {(cell.id, cell.kind): cell for cell in _lost(cells, released) if cell.id}
    found = []
    for cell in _nameless(cells):
        which = wanted.pop((cell.get("id", ""), cell.cell_type), None)
        if which is not None:
            found.append((cell, which))
    return found


def _by_text(cells: Sequence[NotebookNode], released: Sequence[ReleasedCell]) -> _Found:
    others = {cell.text.strip() for cell in released if not cell.name}
    free = _nameless(cells)
    found = []
    for which in _lost(cells, released):
        text = which.text.strip()
        same = [c for c in free if c.cell_type == which.kind and c.source.strip() == text]
        if text and text not in others and same:
            free = [cell for cell in free if cell is not same[0]]
            found.append((same[0], which))
    return found


def _by_neighbours(cells: Sequence[NotebookNode], released: Sequence[ReleasedCell]) -> _Found:
    """Answers, where as many cells of the student's stand between the same two cells."""
    named = [cell for cell in released if cell.name]
    others = {cell.text.strip() for cell in released if not cell.name}
    there = _places(cells)
    gaps: dict[tuple[int, int, str], list[ReleasedCell]] = {}
    for number, which in enumerate(named):
        if which.name not in there and which.is_answer:
            start = max((there.get(cell.name, -1) for cell in named[:number]), default=-1)
            ends = [there[cell.name] for cell in named[number:] if cell.name in there]
            end = min(ends, default=len(cells))
            gaps.setdefault((start, end, which.kind), []).append(which)
    found = []
    for (start, end, kind), wanted in gaps.items():
        free = [
            cell
            for cell in _nameless(cells[start + 1 : end])
            if cell.cell_type == kind and cell.source.strip() not in others | {""}
        ]
        if len(free) == len(wanted):
            found += list(zip(free, wanted, strict=True))
    return found


def _put_back(notebook: NotebookNode, named: Sequence[ReleasedCell]) -> list[ReleasedCell]:
    """Put in what is missing; return it.

    A test goes as far to the end as the order of the release allows, since it asks for what
    stands before it; everything else as far to the front. A code cell that students write into
    stays away: its stub would hide what they have written elsewhere.
    """
    done = []
    for number, which in enumerate(named):
        there = _places(notebook.cells)
        by_program = which.is_answer and not which.is_marked_by_hand
        if which.name in there or by_program or which.kind not in _MAKE:
            continue
        before = max((there.get(cell.name, -1) for cell in named[:number]), default=-1)
        after = [there[cell.name] for cell in named[number + 1 :] if cell.name in there]
        is_test = which.metadata["grade"] and not which.is_answer
        place = min(after, default=len(notebook.cells)) if is_test else before + 1
        metadata = {"nbgrader": dict(which.metadata), KEY: dict(_PUT_BACK)}
        cell = _MAKE[which.kind](which.source, metadata=metadata)
        if (notebook.nbformat, notebook.nbformat_minor) < _FIRST_WITH_CELL_IDS:
            del cell["id"]
        notebook.cells.insert(place, cell)
        done.append(which)
    return done


def _missing(
    cells: Iterable[NotebookNode],
    named: Iterable[ReleasedCell],
    put_back: Iterable[ReleasedCell],
) -> list[ReleasedCell]:
    """Answers that a submission does not have."""
    replaced = [cell for cell in put_back if cell.is_answer]
    return [cell for cell in _lost(cells, named) if cell.is_answer] + replaced
