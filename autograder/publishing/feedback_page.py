"""What a student sees after grading: one HTML page, without hidden inputs or right answers.

What the record says is written here; what the gradebook says goes into its slots afterwards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from autograder.authoring.exercise import Assignment
from autograder.core.cells import EXTRA, marker_of, test_id, written_id
from autograder.core.outcome import Outcome
from autograder.judging.verdict import NOT_DONE, ExerciseVerdict, Verdict
from autograder.publishing.displayed import safe_outputs
from autograder.publishing.harmless_html import picture
from autograder.publishing.marks.page import slot
from autograder.publishing.pages import render
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import CellResult

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Shown:
    """One output as the page shows it: text, or `Markup` that has been made harmless."""

    text: str = ""
    html: str = ""


@dataclass(frozen=True)
class ShownCell:
    """A cell of the student's with what it gave, ready for the page."""

    title: str
    source: str
    outcome: str
    outputs: tuple[Shown, ...]


@dataclass(frozen=True)
class ShownLine:
    """A rubric line; `message` is "" where the page says it elsewhere."""

    text: str
    earned: float
    points: float
    message: str


@dataclass(frozen=True)
class ShownExercise:
    """An exercise, with everything said once.

    Attributes
    ----------
    test, answers : str, tuple of str
        Ids of its cells, for their marks and comments.
    said : tuple of str
        What holds for the whole exercise, or for several of its lines.
    """

    name: str
    test: str
    answers: tuple[str, ...]
    said: tuple[str, ...]
    quoted: str
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True)
class ShownQuestion:
    """A written question; `answer` is "" where there is none."""

    name: str
    cell: str
    points: float
    answer: str


def feedback_page(record: Record, verdict: Verdict, assignment: Assignment) -> str:
    """The feedback page of one submission, as HTML, with empty slots for its marks."""
    results = {result.id: result for result in record.cells}
    cells = record.notebook["cells"] if record.notebook else []
    shown = [
        _shown(cell, results.get(cell["id"]))
        for cell in cells
        if cell["cell_type"] == "code" and marker_of(cell).kind in ("solution", "value", EXTRA, "")
    ]
    answers = written_answers(record)
    answers = {id_: text for id_, text in answers.items() if id_ not in verdict.unanswered}
    written = [
        ShownQuestion(
            each.name, written_id(each.name), each.points, answers.get(written_id(each.name), "")
        )
        for each in assignment.written
    ]
    return render(
        "feedback.html.j2",
        slot=slot,
        verdict=verdict,
        exercises=[_exercise(each, cells) for each in verdict.exercises if not _undone(each)],
        undone=[_exercise(each, cells) for each in verdict.exercises if _undone(each)],
        written=written if cells else (),
        cells=shown,
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


def _undone(marked: ExerciseVerdict) -> bool:
    """Whether there is nothing to say of an exercise but that it is not done."""
    return marked.outcome is Outcome.UNDONE and marked.advice == NOT_DONE


def _answers_of(name: str, cells: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Ids of the answers between an exercise's test and the test before."""
    answers: list[str] = []
    for cell in cells:
        marker = marker_of(cell)
        if marker.id == test_id(name):
            break
        if marker.kind == "test":
            answers = []
        elif marker.kind in ("solution", "value"):
            answers.append(marker.id)
    return tuple(answers)


def _exercise(marked: ExerciseVerdict, cells: Sequence[Mapping[str, Any]]) -> ShownExercise:
    name = marked.exercise
    advice, _, quoted = marked.advice.partition("\n")
    messages = Counter(line.message for line in marked.lines if line.message)
    repeated = [message for message, count in messages.items() if count > 1]
    said = tuple(dict.fromkeys(text for text in (advice, *repeated) if text))
    lines = tuple(
        ShownLine(
            line.line.text,
            line.earned,
            line.line.points,
            "" if line.message in said else line.message,
        )
        for line in marked.lines
    )
    return ShownExercise(name, test_id(name), _answers_of(name, cells), said, quoted, lines)


def _shown(cell: Mapping[str, Any], result: CellResult | None) -> ShownCell:
    outputs = safe_outputs(result.outputs) if result else ()
    outcome = str(result.outcome) if result else "not run"
    return ShownCell(_title(cell), cell["source"], outcome, tuple(map(_output, outputs)))


def _title(cell: Mapping[str, Any]) -> str:
    """What the cell answers, or the first line of its code."""
    marker = marker_of(cell)
    if marker.kind in ("solution", "value"):
        return marker.name
    source: str = cell["source"]
    first = next((line.strip() for line in source.splitlines() if line.strip()), "empty")
    return first if len(first) <= _LONGEST_TITLE else f"{first[:_LONGEST_TITLE]}…"


def _output(output: dict[str, Any]) -> Shown:
    """The richest representation that a page without scripts can show."""
    if output["output_type"] == "error":
        return Shown(_ANSI.sub("", "\n".join(output["traceback"])))
    if output["output_type"] == "stream":
        return Shown(_ANSI.sub("", output["text"]))
    data, sizes = output["data"], output["metadata"]
    if "text/html" in data:
        return Shown(html=Markup(data["text/html"]))
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return Shown(html=Markup(picture(kind, data[kind], sizes.get(kind))))
    return Shown(_ANSI.sub("", data.get("text/latex") or data["text/plain"]))
