"""What the command line prints: tables for people, data for programs."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.course import Course
from autograder.outcome import Outcome
from autograder.sandbox import GUARANTEES, Guarantee
from autograder.verdict import Verdict

_STYLES = {
    Outcome.OK: "blue",
    Outcome.WRONG: "yellow",
    Outcome.UNDONE: "dim",
    Outcome.INFRA: "bold red",
    Outcome.REFUSED: "bold magenta",
}


@contextlib.contextmanager
def progress(total: int, title: str) -> Iterator[Callable[[Verdict], None]]:
    """A progress bar with the time left, on standard error; yields what advances it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total, last="")

        def advance(verdict: Verdict) -> None:
            bar.update(task, advance=1, last=f"{verdict.student} {verdict.outcome}")

        yield advance


def verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print the class table: student, score, outcome, remark."""
    table = Table(title=verdicts[0].assignment if verdicts else None, title_justify="left")
    table.add_column("Student", no_wrap=True)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Remark", overflow="fold")
    for verdict in verdicts:
        score = f"{verdict.earned:g} / {verdict.points:g}" if verdict.scored else "–"
        style = _STYLES.get(verdict.outcome, "red")
        table.add_row(
            Text(verdict.student),
            score,
            Text(str(verdict.outcome), style=style),
            Text(verdict.remark),
        )
    console = Console()
    console.print(table)


def guarantees(guarantees: Sequence[Guarantee]) -> None:
    """Print what `doctor` found."""
    table = Table()
    for column in ("Guarantee", "Held", "Mechanism", "What was tried"):
        table.add_column(column, overflow="fold")
    for guarantee in guarantees:
        held = Text("yes", style="blue") if guarantee.held else Text("NO", style="bold red")
        meaning = f"{guarantee.name}: {GUARANTEES[guarantee.name]}"
        table.add_row(meaning, held, guarantee.mechanism, guarantee.evidence)
    Console().print(table)


def places(course: Course) -> None:
    """Say where the results are."""
    console = Console()
    for label, place in (
        ("gradebook", course.root / "gradebook.db"),
        ("feedback", course.feedback),
        ("records", course.records),
        ("report", course.report),
    ):
        console.print(f"{label:>10}  {place}", soft_wrap=True, highlight=False)


def as_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, for ``--json``."""
    return {
        "student": verdict.student,
        "assignment": verdict.assignment,
        "outcome": str(verdict.outcome),
        "score": verdict.earned if verdict.scored else None,
        "points": verdict.points,
        "remarks": list(verdict.remarks),
        "exercises": [
            {
                "exercise": exercise.exercise,
                "outcome": str(exercise.outcome),
                "score": exercise.earned,
                "points": exercise.points,
                "misconception": exercise.misconception or None,
                "advice": exercise.advice or None,
                "lines": [
                    {
                        "group": marked.line.group,
                        "text": marked.line.text,
                        "score": marked.earned,
                        "points": marked.line.points,
                        "message": marked.message or None,
                    }
                    for marked in exercise.lines
                ],
            }
            for exercise in verdict.exercises
        ],
    }
