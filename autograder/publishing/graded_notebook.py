"""The graded notebook: what was run, with its outputs and the verdicts. Safe to open."""

from __future__ import annotations

import nbformat

from autograder.core.cells import EXTRA, marker_of, test_id
from autograder.core.notebooks import from_dict
from autograder.judging.verdict import ExerciseVerdict, Verdict
from autograder.publishing.displayed import Output, safe_outputs, without_numbers
from autograder.publishing.harmless import safe_markdown
from autograder.records.record import Record


def annotated_notebook(record: Record, verdict: Verdict) -> nbformat.NotebookNode:
    """The clean notebook with the outputs of its cells, and each verdict under its test cell.

    Of what came from the student's process no script and no widget reaches the browser of whoever
    grades, and nothing that it would load from elsewhere.
    """
    notebook = from_dict(record.notebook or {})
    results = {result.id: result for result in record.cells}
    verdicts = {test_id(v.exercise): v for v in verdict.exercises}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if marker_of(cell).kind in ("written", EXTRA):
                cell.source = safe_markdown(cell.source)
            continue
        cell.outputs, cell.execution_count = [], None
        if cell.id in results:
            cell.outputs = list(map(_output, safe_outputs(results[cell.id].outputs)))
        if cell.id in verdicts:
            text = verdict_text(verdicts[cell.id])
            cell.outputs = [from_dict({"output_type": "stream", "name": "stdout", "text": text})]
    return notebook


def _output(output: Output) -> nbformat.NotebookNode:
    if output["output_type"] == "error":
        output = {**output, "traceback": without_numbers(output["traceback"])}
    return from_dict(output)


def verdict_text(verdict: ExerciseVerdict) -> str:
    """One exercise's verdict in plain text."""
    lines = [f"{verdict.exercise}: {verdict.earned:g} of {verdict.points:g} points"]
    if verdict.advice:
        lines.append(verdict.advice)
    for marked in verdict.lines:
        text = f"  {marked.earned:g}/{marked.line.points:g}  {marked.line.text}"
        lines.append(text + (f": {marked.message}" if marked.message else ""))
    return "\n".join(lines) + "\n"
