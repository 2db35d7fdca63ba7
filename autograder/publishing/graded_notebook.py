"""The graded notebook: what was run, with its outputs and the verdicts. Safe to open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nbformat

from autograder.core.cells import EXTRA, marker_of, test_id
from autograder.judging.verdict import ExerciseVerdict, Verdict
from autograder.publishing.harmless import safe_markdown, safe_outputs
from autograder.records.record import Record

# nbformat says nothing of the types of its functions.
_node: Callable[[dict[str, Any] | None], nbformat.NotebookNode] = nbformat.from_dict
_text: Callable[[nbformat.NotebookNode], str] = nbformat.writes


def annotated_notebook(record: Record, verdict: Verdict) -> nbformat.NotebookNode:
    """The clean notebook with the outputs of its cells, and each verdict under its test cell.

    What came from the student's process is kept as text and pictures only: no HTML, script
    or widget reaches the browser of whoever grades.
    """
    notebook = _node(record.notebook)
    results = {result.id: result for result in record.cells}
    verdicts = {test_id(v.exercise): v for v in verdict.exercises}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if marker_of(cell).kind in ("written", EXTRA):
                cell.source = safe_markdown(cell.source)
            continue
        cell.outputs, cell.execution_count = [], None
        if cell.id in results:
            cell.outputs = [_node(output) for output in safe_outputs(results[cell.id].outputs)]
        if cell.id in verdicts:
            text = verdict_text(verdicts[cell.id])
            cell.outputs = [_node({"output_type": "stream", "name": "stdout", "text": text})]
    return notebook


def notebook_file(notebook: nbformat.NotebookNode) -> str:
    """A notebook as the text of its file."""
    return _text(notebook) + "\n"


def verdict_text(verdict: ExerciseVerdict) -> str:
    """One exercise's verdict in plain text."""
    lines = [f"{verdict.exercise}: {verdict.earned:g} of {verdict.points:g} points"]
    if verdict.advice:
        lines.append(verdict.advice)
    for marked in verdict.lines:
        text = f"  {marked.earned:g}/{marked.line.points:g}  {marked.line.text}"
        lines.append(text + (f": {marked.message}" if marked.message else ""))
    return "\n".join(lines) + "\n"
