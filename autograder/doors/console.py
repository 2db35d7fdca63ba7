"""What the command line prints: tables for people, data for programs."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.core.names import printable
from autograder.core.outcome import Outcome
from autograder.doors.bar import bar
from autograder.publishing.marks.entry import Marks
from autograder.publishing.rows import SubmissionRow, more_than_tests, waiting

if TYPE_CHECKING:
    from autograder.grading.classroom import Unfit
    from autograder.judging.verdict import Verdict
    from autograder.publishing.result import Result

_Done = TypeVar("_Done", bound="Result | Unfit")
_LONGEST_TABLE = 100
_ORDINARY = (Outcome.OK, Outcome.WRONG, Outcome.UNDONE)
_STYLES = {
    Outcome.OK: "blue",
    Outcome.WRONG: "yellow",
    Outcome.UNDONE: "dim",
    Outcome.INFRA: "bold red",
    Outcome.REFUSED: "bold magenta",
}


class Advancing(Protocol):
    """Gives results on as they come, and moves a progress bar."""

    def __call__(self, results: Iterable[_Done]) -> Iterator[_Done]: ...


@contextlib.contextmanager
def progress(total: int, title: str) -> Iterator[Advancing]:
    """A progress bar for submissions; what advances it takes results and gives them on."""
    with bar(total, title) as step:

        def advancing(results: Iterable[_Done]) -> Iterator[_Done]:
            for result in results:
                step(printable(_in_short(result)))
                yield result

        yield advancing


def _in_short(result: Result | Unfit) -> str:
    from autograder.publishing.result import Result

    if isinstance(result, Result):
        return f"{result.verdict.student} {result.verdict.outcome}"
    return f"{result.student} not judged again"


def class_table(assignment: str, rows: Sequence[SubmissionRow]) -> None:
    """Print the class table: student, score, outcome, remark.

    Of a class that fills more than a few screens only those are listed whom somebody has to look
    at; the report has them all.
    """
    everyone = sorted(rows, key=lambda row: row.student)
    shown = everyone
    if len(everyone) > _LONGEST_TABLE:
        shown = [row for row in everyone if row.outcome not in _ORDINARY]
    console = Console()
    if shown:
        console.print(_class_table(assignment, shown))
    if to_mark := waiting(everyone):
        console.print(f"Not marked yet: {to_mark} (in formgrader, under Manual Grading)")
    if len(shown) < len(everyone):
        counts = Counter(str(row.outcome) for row in everyone)
        words = ", ".join(f"{counts[str(o)]} {o}" for o in Outcome if counts[str(o)])
        console.print(f"{assignment}: {len(everyone)} submissions: {words}", highlight=False)


def _class_table(assignment: str, rows: Sequence[SubmissionRow]) -> Table:
    table = Table(title=assignment, title_justify="left")
    table.add_column("Student", no_wrap=True)
    more = more_than_tests(rows)
    for column in ("Tests", "By hand", "Penalty", "Total") if more else ("Score",):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Remark", overflow="fold")
    for row in rows:
        style = _STYLES.get(row.outcome, "red")
        outcome = Text(str(row.outcome), style=style)
        beside = (row.by_hand, row.penalty, row.total) if more else ()
        student, remark = Text(printable(row.student)), Text(printable(row.remark))
        table.add_row(student, row.score, *beside, outcome, remark)
    return table


def complaint(text: str) -> None:
    """Say on standard error what went wrong."""
    console = Console(stderr=True)
    console.print(printable(text), style="bold", markup=False, highlight=False, soft_wrap=True)


def places(found: Mapping[str, str]) -> None:
    """Say where the results are: what, and its path."""
    console = Console()
    for label, place in found.items():
        console.print(f"{label:>10}  {place}", soft_wrap=True, highlight=False)


def as_data(verdict: Verdict, marks: Marks | None = None) -> dict[str, Any]:
    """A verdict as plain data, for ``--json``.

    Parameters
    ----------
    marks : Marks, optional
        What the gradebook holds of the submission; ``gradebook`` is null without any score.
    """
    held = None
    if marks is not None and marks.scored:
        held = {
            "automatic": marks.automatic,
            "by_hand": marks.by_hand if marks.marked_by_hand else None,
            "penalty": marks.penalty,
            "total": marks.total,
            "points": marks.points,
            "not_marked_yet": marks.waiting,
        }
    return {
        "student": verdict.student,
        "assignment": verdict.assignment,
        "outcome": str(verdict.outcome),
        "score": verdict.earned if verdict.scored else None,
        "points": verdict.points,
        "gradebook": held,
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


def unfit_as_data(assignment: str, student: str, why: str) -> dict[str, Any]:
    """A submission that was not judged again as plain data: it has no outcome."""
    return {
        "student": student,
        "assignment": assignment,
        "outcome": None,
        "score": None,
        "points": None,
        "remarks": [why],
        "exercises": [],
    }
