"""A student's cells on their page, with what they gave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from autograder.core.cells import EXTRA, marker_of
from autograder.publishing.displayed import safe_outputs, without_numbers
from autograder.publishing.harmless_html import picture
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


def shown_cells(record: Record) -> Iterator[ShownCell]:
    """What students filled in or added, as it ran."""
    results = {result.id: result for result in record.cells}
    for cell in record.notebook["cells"] if record.notebook else ():
        if cell["cell_type"] == "code" and marker_of(cell).kind in ("solution", "value", EXTRA, ""):
            yield _shown(cell, results.get(cell["id"]))


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
        return Shown(_ANSI.sub("", "\n".join(without_numbers(output["traceback"]))))
    if output["output_type"] == "stream":
        return Shown(_ANSI.sub("", output["text"]))
    data, sizes = output["data"], output["metadata"]
    if "text/html" in data:
        return Shown(html=Markup(data["text/html"]))
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return Shown(html=Markup(picture(kind, data[kind], sizes.get(kind))))
    return Shown(_ANSI.sub("", data.get("text/latex") or data["text/plain"]))
