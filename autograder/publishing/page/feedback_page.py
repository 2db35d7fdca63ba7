"""What a student sees after grading: one HTML page, without hidden inputs or right answers.

What the record says is written here; what the gradebook says goes into its slots afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.authoring.exercise import Assignment
from autograder.core.cells import EXTRA, marker_of, written_id
from autograder.core.outcome import Outcome
from autograder.judging.verdict import Verdict
from autograder.publishing.marks.page import slot
from autograder.publishing.page.cells import shown_cells
from autograder.publishing.page.exercises import shown_exercises
from autograder.publishing.page.sections import sections
from autograder.publishing.pages import render
from autograder.records.record import Record


@dataclass(frozen=True)
class ShownQuestion:
    """A written question; `answer` is "" where there is none."""

    name: str
    cell: str
    points: float
    answer: str


@dataclass(frozen=True)
class ToRead:
    """A section of the notebook, and what of it is not right yet: (name, place on the page)."""

    section: str
    missed: tuple[tuple[str, str], ...]


def feedback_page(record: Record, verdict: Verdict, assignment: Assignment) -> str:
    """The feedback page of one submission, as HTML, with empty slots for its marks."""
    cells = record.notebook["cells"] if record.notebook else []
    exercises, of_many = shown_exercises(verdict.exercises, cells)
    answers = written_answers(record) if cells else {}
    answers = {id_: text for id_, text in answers.items() if id_ not in verdict.unanswered}
    questions = [
        ShownQuestion(
            each.name, written_id(each.name), each.points, answers.get(written_id(each.name), "")
        )
        for each in (assignment.written if cells else ())
    ]
    missed = [(e.test, e.name, e.name) for e in exercises if not e.right]
    missed += [(q.cell, q.name, q.cell) for q in questions if not q.answer]
    return render(
        "feedback.html.j2",
        slot=slot,
        verdict=verdict,
        exercises=exercises,
        of_many=of_many,
        questions=questions,
        to_read=_to_read(missed, cells),
        again=verdict.outcome is Outcome.REFUSED or (verdict.scored and bool(missed)),
        cells=list(shown_cells(record)),
    )


def written_answers(record: Record) -> dict[str, str]:
    """The text of each written answer, by the id of its cell.

    Prose in cells that the student has put beside it belongs to it.
    """
    answers: dict[str, str] = {}
    before: list[str] = []
    at = ""
    for cell in record.notebook["cells"] if record.notebook else ():
        marker = marker_of(cell)
        if marker.kind == "written":
            at = marker.id
            answers[at] = "\n\n".join([*before, cell["source"]])
            before = []
        elif marker.kind != EXTRA:
            at, before = "", []
        elif cell["cell_type"] == "markdown":
            if at:
                answers[at] += f"\n\n{cell['source']}"
            else:
                before.append(cell["source"])
    return answers


def _to_read(
    missed: Iterable[tuple[str, str, str]], cells: Sequence[Mapping[str, Any]]
) -> list[ToRead]:
    """The sections of the cells that are missed, in the order of the notebook."""
    titles = sections(cells)
    found: dict[str, list[tuple[str, str]]] = {}
    for title in titles.values():
        found.setdefault(title, [])
    for cell, name, place in missed:
        if cell in titles:
            found[titles[cell]].append((name, place))
    return [ToRead(title, tuple(names)) for title, names in found.items() if names]
