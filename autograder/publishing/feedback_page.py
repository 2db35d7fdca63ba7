"""What a student sees after grading: one HTML page, without hidden inputs or right answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from autograder.authoring.exercise import Assignment
from autograder.core.cells import EXTRA, marker_of
from autograder.judging.verdict import Verdict
from autograder.publishing.displayed import safe_outputs
from autograder.publishing.harmless_html import picture
from autograder.publishing.pages import render
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import CellResult

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class Shown:
    """One output as the page shows it: text, or `Markup` that has been made harmless."""

    text: str = ""
    html: str = ""


@dataclass(frozen=True)
class ShownCell:
    """A cell of the student's with what it gave, ready for the page."""

    number: int
    source: str
    outcome: str
    outputs: tuple[Shown, ...]


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
    outputs = safe_outputs(result.outputs) if result else ()
    outcome = str(result.outcome) if result else "not run"
    return ShownCell(number, cell["source"], outcome, tuple(map(_output, outputs)))


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
