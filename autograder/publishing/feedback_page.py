"""What a student sees after grading: one HTML page, without hidden inputs or right answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from autograder.authoring.exercise import Assignment
from autograder.core.cells import EXTRA, marker_of
from autograder.judging.verdict import Verdict
from autograder.publishing.harmless import safe_outputs
from autograder.publishing.pages import render
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import CellResult

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class ShownCell:
    """A cell of the student's with what it gave, ready for the page."""

    number: int
    source: str
    outcome: str
    texts: tuple[str, ...]
    pictures: tuple[str, ...]


def feedback_page(record: Record, verdict: Verdict, assignment: Assignment) -> str:
    """The feedback page of one submission, as HTML."""
    results = {result.id: result for result in record.cells}
    cells = record.notebook["cells"] if record.notebook else []
    shown = [
        _shown(number, cell, results.get(cell["id"]))
        for number, cell in enumerate(cells, 1)
        if cell["cell_type"] == "code" and marker_of(cell).kind in ("solution", "value", EXTRA, "")
    ]
    answers = {
        marker_of(cell).name: cell["source"] for cell in cells if marker_of(cell).kind == "written"
    }
    return render(
        "feedback.html.j2",
        verdict=verdict,
        written=assignment.written,
        answers=answers,
        cells=shown,
    )


def _shown(number: int, cell: dict[str, Any], result: CellResult | None) -> ShownCell:
    texts, pictures = [], []
    for output in safe_outputs(result.outputs) if result else ():
        if output["output_type"] == "error":
            texts.append(_ANSI.sub("", "\n".join(output["traceback"])))
        elif output["output_type"] == "stream":
            texts.append(_ANSI.sub("", output["text"]))
        else:
            data = output["data"]
            picture = next((mime for mime in ("image/png", "image/jpeg") if mime in data), None)
            if picture:
                pictures.append(f"data:{picture};base64,{data[picture]}")
            else:
                texts.append(_ANSI.sub("", data["text/plain"]))
    outcome = str(result.outcome) if result else "not run"
    return ShownCell(number, cell["source"], outcome, tuple(texts), tuple(pictures))
