"""What came of a run over a class, in a table or as JSON, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import typer

from autograder.core.course import Course
from autograder.core.errors import itemized
from autograder.core.outcome import Outcome
from autograder.doors import console as show
from autograder.doors.exits import ExitCode
from autograder.publishing.marks.entry import Marks
from autograder.publishing.rows import SubmissionRow

if TYPE_CHECKING:
    from autograder.grading.classroom import Unfit
    from autograder.publishing.result import Result

_LONGEST_NAME = 60


@dataclass(frozen=True)
class ClassOutcome:
    """What came of a run: a row for each submission, and whatever could not be graded."""

    rows: tuple[SubmissionRow, ...]
    faults: tuple[Result, ...]
    unfit: tuple[Unfit, ...] = ()

    @staticmethod
    def of(results: Iterable[Result | Unfit]) -> ClassOutcome:
        """Take in the results of a run as they come."""
        from autograder.publishing.result import Result

        rows, faults, unfit = [], [], []
        for result in results:
            if not isinstance(result, Result):
                unfit.append(result)
                continue
            rows.append(SubmissionRow.of(result.verdict))
            if result.verdict.outcome is Outcome.INFRA:
                faults.append(result)
        rows.sort(key=lambda row: row.student)
        return ClassOutcome(tuple(rows), tuple(faults), tuple(unfit))


def tell(
    course: Course,
    name: str,
    outcome: ClassOutcome,
    marks: Mapping[str, Marks],
    places: Mapping[str, str],
    *,
    as_json: bool,
    unwritten: str = "",
) -> None:
    """Say what came out, and exit with the right code.

    Parameters
    ----------
    marks : dict
        What the gradebook holds, by student.
    places : dict
        Where things are.
    unwritten : str
        Why report and pages could not be written, if so.
    """
    if as_json:
        _print_json(course, name, outcome, marks)
    else:
        show.class_table(
            name, [replace(row, marks=marks.get(row.student, row.marks)) for row in outcome.rows]
        )
        show.places(places)
    if outcome.faults or unwritten:
        count = len(outcome.faults)
        left = f"{count} could not be graded by a fault of this machine. " if count else ""
        show.complaint(
            f"{left}{unwritten}Nothing is lost. Mend what the remarks say, such as a full disk, "
            "and run the same command again."
        )
        raise typer.Exit(ExitCode.INFRA)
    if outcome.unfit:
        show.complaint(_about_the_unfit(name, outcome.unfit))
        raise typer.Exit(ExitCode.UNFIT)
    if any(row.outcome is Outcome.REFUSED for row in outcome.rows):
        raise typer.Exit(ExitCode.REFUSED)


def tell_left_out(submitted: str, left_out: Mapping[str, str]) -> None:
    """Name the folders among the submissions that are no student's."""
    for folder, why in left_out.items():
        shown = folder if len(folder) <= _LONGEST_NAME else f"{folder[:_LONGEST_NAME]}..."
        show.complaint(f"left out: {submitted}/{shown} ({why})")


def _about_the_unfit(name: str, unfit: Sequence[Unfit]) -> str:
    """Who was not judged again, by reason, and what to do."""
    whose: dict[str, list[str]] = {}
    for each in unfit:
        whose.setdefault(each.why, []).append(each.student)
    lines = (f"{why}: {', '.join(students)}" for why, students in whose.items())
    head = f"Not judged again, with scores and pages as before ({len(unfit)})"
    return f"{itemized(head, lines)}\nTo run just those: autograder grade {name}"


def _print_json(
    course: Course, name: str, outcome: ClassOutcome, marks: Mapping[str, Marks]
) -> None:
    """Print the results as a list, one at a time: a large class need not fit into memory."""
    from autograder.judging.verdict import Verdict
    from autograder.publishing.result import load_result

    faults = {result.verdict.student: result for result in outcome.faults}
    print("[", end="")
    for number, row in enumerate(outcome.rows):
        result = faults.get(row.student) or load_result(course.result(name, row.student))
        known = Verdict(name, row.student, row.outcome, (), (row.remark,))
        print("," * bool(number))
        data = show.as_data(result.verdict if result else known, marks.get(row.student))
        print(json.dumps(data, indent=2), end="")
    for number, unfit in enumerate(outcome.unfit, len(outcome.rows)):
        print("," * bool(number))
        print(json.dumps(show.unfit_as_data(name, unfit.student, unfit.why), indent=2), end="")
    print("\n]")
