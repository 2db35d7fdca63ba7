"""What a run leaves behind in a course directory, made comparable."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

_OF_THE_RUN = ("seconds", "cpu_seconds", "peak_bytes", "restarts")
_OF_THE_DRAW = ("draw", "answers", "case", "message", "fact")
_ENTRIES = """
SELECT student_id, base_cell.name, {columns}
FROM {table} JOIN base_cell ON cell_id = base_cell.id
JOIN submitted_notebook ON {table}.notebook_id = submitted_notebook.id
JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
ORDER BY student_id, base_cell.name
"""
Entry = tuple[Any, ...]


def grades(gradebook: Path) -> list[Entry]:
    """Student, cell, automatic score, a person's score, and whether a person has to look."""
    return _entries(gradebook, "grade", "auto_score, manual_score, needs_manual_grade")


def comments(gradebook: Path) -> list[Entry]:
    """Student, cell, automatic comment, a person's comment."""
    return _entries(gradebook, "comment", "auto_comment, manual_comment")


def _entries(gradebook: Path, table: str, columns: str) -> list[Entry]:
    with closing(sqlite3.connect(gradebook)) as database:
        return database.execute(_ENTRIES.format(table=table, columns=columns)).fetchall()


def state(
    root: Path, gradebook: Path | None = None
) -> tuple[dict[str, Any], list[Entry], list[Entry]]:
    """Files, grades and comments, without what differs from run to run and from draw to draw.

    What a run notes of the whole course, to tell it again, holds times and numbers of files.

    Of a page that is whether there is one, of a notebook what its cells are: outputs and pages show
    numbers of their run.
    """
    gradebook = gradebook or root / "gradebook.db"
    files: dict[str, Any] = {}
    for folder in ("records", "results", "feedback", "autograded"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.name != ".lock" and path.parent.name != ".standing":
                content: Any = path.read_bytes()
                if path.suffix == ".json":
                    content = comparable(json.loads(content))
                elif path.suffix == ".html":
                    content = bool(content)
                elif path.suffix == ".ipynb":
                    cells = json.loads(content)["cells"]
                    content = [(cell["source"], cell["metadata"]) for cell in cells]
                files[str(path.relative_to(root))] = content
    return files, grades(gradebook), comments(gradebook)


def comparable(data: Any) -> Any:
    """The same without what differs from run to run and from draw to draw."""
    if isinstance(data, dict):
        left_out = (*_OF_THE_RUN, *_OF_THE_DRAW)
        return {key: comparable(value) for key, value in data.items() if key not in left_out}
    return [comparable(item) for item in data] if isinstance(data, list) else data


def shown_but_not_entered(root: Path, gradebook: Path | None = None) -> list[Entry]:
    """What a report would show of a submission, where the gradebook holds something else."""
    entered = {entry[:2]: entry[2] for entry in grades(gradebook or root / "gradebook.db")}
    wrong = []
    for path in sorted((root / "results").rglob("[!.]*.json")):
        for exercise in json.loads(path.read_text())["verdict"]["exercises"]:
            earned = sum(line["earned"] for line in exercise["lines"])
            name = exercise["exercise"]
            there = entered.get((path.stem, f"test-{name}"))
            if there != earned:
                wrong.append((path.stem, name, earned, there))
    return wrong
