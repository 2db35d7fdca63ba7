"""The graded notebook: what was run, with its outputs and the verdicts. Safe to open."""

from __future__ import annotations

import html
from typing import Any

import bleach
import nbformat
from nbformat.v4 import new_output

from autograder.core.cells import EXTRA, marker_of, test_id
from autograder.judging.verdict import ExerciseVerdict, Verdict
from autograder.records.record import Record

_MOST_HTML = 200
_LONGEST_HTML = 20_000
_SHOWN_TYPES = ("text/plain", "image/png", "image/jpeg")


def annotated_notebook(record: Record, verdict: Verdict) -> nbformat.NotebookNode:
    """The clean notebook with the outputs of its cells, and each verdict under its test cell.

    What came from the student's process is kept as text and pictures only: no HTML, script
    or widget reaches the browser of whoever grades.
    """
    notebook = nbformat.from_dict(record.notebook)
    results = {result.id: result for result in record.cells}
    verdicts = {test_id(v.exercise): v for v in verdict.exercises}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if marker_of(cell).kind in ("written", EXTRA):
                cell.source = safe_markdown(cell.source)
            continue
        cell.outputs, cell.execution_count = [], None
        if cell.id in results:
            cell.outputs = [nbformat.from_dict(o) for o in safe_outputs(results[cell.id].outputs)]
        if cell.id in verdicts:
            text = verdict_text(verdicts[cell.id])
            cell.outputs = [new_output("stream", name="stdout", text=text)]
    return notebook


def safe_markdown(source: str) -> str:
    """Markdown in which no HTML is left that could do harm.

    With more HTML than anybody writes by hand none is left: the time to clean it grows with the
    square of its length.

    Examples
    --------
    >>> safe_markdown("<b>so</b><script>x</script>")
    '<b>so</b>&lt;script&gt;x&lt;/script&gt;'
    """
    if len(source) > _LONGEST_HTML or source.count("<") + source.count("&") > _MOST_HTML:
        return html.escape(source, quote=False)
    return bleach.clean(source)


def safe_outputs(outputs: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Outputs with nothing in them but text and raster pictures."""
    safe = []
    for output in outputs:
        if "data" in output:
            kept = {mime: output["data"][mime] for mime in _SHOWN_TYPES if mime in output["data"]}
            if kept:
                safe.append({**output, "data": kept, "metadata": {}})
        else:
            safe.append(output)
    return safe


def verdict_text(verdict: ExerciseVerdict) -> str:
    """One exercise's verdict in plain text."""
    lines = [f"{verdict.exercise}: {verdict.earned:g} of {verdict.points:g} points"]
    if verdict.advice:
        lines.append(verdict.advice)
    for marked in verdict.lines:
        text = f"  {marked.earned:g}/{marked.line.points:g}  {marked.line.text}"
        lines.append(text + (f": {marked.message}" if marked.message else ""))
    return "\n".join(lines) + "\n"
