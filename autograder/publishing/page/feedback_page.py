"""What a student sees after grading: one HTML page.

Of what was asked it shows the cases that went wrong, which no other run has. What the record says
is written here; what the gradebook says goes into its slots afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.authoring.answer_key import answer_keys
from autograder.authoring.exercise import Assignment
from autograder.core.cells import EXTRA, marker_of, written_id
from autograder.core.outcome import Outcome
from autograder.judging.judge import judged_question
from autograder.judging.verdict import Verdict
from autograder.publishing.marks.page import slot
from autograder.publishing.page import showing
from autograder.publishing.page.cases import CasesOfRecord
from autograder.publishing.page.cells import shown_cells
from autograder.publishing.page.exercises import CaseOf, shown_exercises, without_messages
from autograder.publishing.page.sections import sections
from autograder.publishing.pages import render
from autograder.records.record import Record
from autograder.settings import Shows


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


def feedback_page(
    record: Record,
    verdict: Verdict,
    assignment: Assignment,
    secret: bytes,
    shows: Shows = Shows.CASE,
    most: int = 0,
) -> str:
    """The feedback page of one submission, as HTML, with empty slots for its marks.

    Parameters
    ----------
    secret : bytes
        The course secret. With the record's draw it says what was asked; neither is on the page.
    shows : Shows
        What this hand-in may show. A page of `CASE_AFTER_DUE` has to be settled, see `showing`.
    most : int
        How many hand-ins get more than points; 0 for all. The page of a later one says so.
    """
    cells = record.notebook["cells"] if record.notebook else []
    beyond = most if 0 < most < len(record.handed_in) else 0
    marked = verdict.exercises
    if shows is Shows.NOTHING:
        marked = tuple(map(without_messages, marked))
    cases = _cases(record, verdict, assignment, secret, shows)
    exercises, of_many = shown_exercises(marked, cells, cases)
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
        shows=shows,
        showing=showing,
        beyond=beyond,
        verdict=verdict,
        exercises=exercises,
        of_many=of_many,
        questions=questions,
        to_read=_to_read(missed, cells),
        again=verdict.outcome is Outcome.REFUSED or (verdict.scored and bool(missed)),
        cells=list(shown_cells(record)),
    )


def _cases(
    record: Record, verdict: Verdict, assignment: Assignment, secret: bytes, shows: Shows
) -> CaseOf:
    """What shows the cases of a submission; they are not even looked at where none is shown."""
    wrong = any(line.case is not None for each in verdict.exercises for line in each.lines)
    if not wrong or shows not in (Shows.CASE, Shows.CASE_AFTER_DUE):
        return lambda name, index: None
    questions = {question.id: question for question in record.questions}
    keys = {
        exercise.name: (exercise, key)
        for exercise, key in answer_keys(assignment, secret, record.draw)
    }
    judged = {name: questions.get(judged_question(name, questions)) for name in keys}
    found = {name: question for name, question in judged.items() if question is not None}
    return CasesOfRecord(record, keys, found).case


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
