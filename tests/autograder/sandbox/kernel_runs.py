"""Run the rows in a real ipykernel and in a real room, and write both down in one form."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import nbformat
from nbclient import NotebookClient

from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, CellResult, Limits
from tests.autograder.sandbox.kernel_rows import Row

LIMITS = Limits(submission_seconds=100.0, output_bytes=8 << 20)
_COMPARED = ("image/png", "image/svg+xml", "text/html", "text/latex", "text/markdown")
# What differs from run to run, and what each calls the file of a cell.
_VARIES = {
    r"\r\n": "\n",
    r"0x[0-9a-f]{6,}": "0x",
    r"/tmp/ipykernel_\d+/\d+\.py|<ipython-input-[\w-]+>|(?<=\()\d+\.py": "CELL",
    r"\d[\d.e+]* ?([nuµμm]s|s)\b": "TIME",
    r"\d+(\.\d+)?it/s|\?it/s": "SPEED",
    r"Thread-\d+": "Thread",
}

Seen = dict[str, Any]


def in_a_kernel(rows: Sequence[Row]) -> list[list[Seen]]:
    """What each cell of each row shows in a kernel, as nbclient runs it."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(cell) for row in rows for cell in row.cells]
    # Under pytest a kernel does not look at what programs write.
    environment = {n: value for n, value in os.environ.items() if n != "PYTEST_CURRENT_TEST"}
    with tempfile.TemporaryDirectory() as folder:
        where = {"metadata": {"path": folder}}
        client = NotebookClient(
            notebook, timeout=60, allow_errors=True, kernel_name="python3", resources=where
        )
        client.execute(env=environment)
    return _by_row(rows, [cell.outputs for cell in notebook.cells])


def in_a_room(rows: Sequence[Row], zygote: Zygote) -> list[list[Seen]]:
    """What each cell of each row shows in a room.

    Raises
    ------
    AssertionError
        If a cell was stopped, or ended the room.
    """
    cells = [cell for row in rows for cell in row.cells]
    steps = [Cell(str(number), cell) for number, cell in enumerate(cells)]
    report = zygote.run(steps, LIMITS)
    stopped = {
        cell: str(result.outcome)
        for cell, result in zip(cells, report.results, strict=True)
        if result.outcome != "OK"
    }
    assert stopped == {}
    assert report.restarts == 0
    return _by_row(rows, [r.outputs for r in report.results if isinstance(r, CellResult)])


def _by_row(
    rows: Sequence[Row], outputs: Iterable[Sequence[Mapping[str, Any]]]
) -> list[list[Seen]]:
    of_cells = iter(outputs)
    return [[_seen(next(of_cells)) for _ in row.cells] for row in rows]


def _seen(outputs: Sequence[Mapping[str, Any]]) -> Seen:
    """What a cell shows, without what differs from run to run."""
    seen: Seen = {}
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            # A kernel that fails tells its own log.
            if not output["text"].startswith("[IPKernelApp]"):
                seen[output["name"]] = seen.get(output["name"], "") + output["text"]
        elif kind == "error":
            seen["error"] = [output["ename"], _plain(output["evalue"])]
        else:
            data = output["data"]
            shown = [_plain(data.get("text/plain", "")), *_kinds(data)]
            seen.setdefault(kind, []).append(shown)
    return {name: _plain(part) if isinstance(part, str) else part for name, part in seen.items()}


def _kinds(data: Mapping[str, Any]) -> list[str]:
    return [kind for kind in _COMPARED if kind in data]


def _plain(text: str) -> str:
    for pattern, word in _VARIES.items():
        text = re.sub(pattern, word, text)
    return re.sub(r"\x1b\[[\d;]*m", "", text)
