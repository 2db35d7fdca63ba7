"""``autograder grade``, ``regrade`` and ``report``: a class, and what came out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from autograder.core.course import Course, find_course
from autograder.core.errors import CourseError, itemized
from autograder.core.outcome import Outcome
from autograder.core.walls import Sandbox
from autograder.doors import console as show
from autograder.doors.classrooms import find_classroom, find_classrooms
from autograder.doors.exits import ExitCode
from autograder.grading.class_report import refresh_pages, write_report
from autograder.grading.classroom import Classroom, Unfit
from autograder.judging.verdict import Verdict
from autograder.publishing.marks.entry import Marks
from autograder.publishing.result import Result, load_result
from autograder.publishing.tally import SubmissionRow

_LONGEST_NAME = 60


def grade(
    start: Path,
    name: str,
    students: Sequence[str] | None,
    *,
    workers: int | None,
    force: bool,
    sandbox: Sandbox | None,
    as_json: bool,
) -> None:
    """Grade the submissions of an assignment of the course that `start` lies in."""
    course = find_course(start)
    classroom = find_classroom(course, name, sandbox)
    for folder, why in classroom.left_out.items():
        shown = folder if len(folder) <= _LONGEST_NAME else f"{folder[:_LONGEST_NAME]}..."
        show.complaint(f"left out: {classroom.submitted}/{shown} ({why})")
    chosen = classroom.chosen(students)
    with show.progress(len(chosen), f"Grading {name}") as advancing:
        outcome = ClassOutcome.of(advancing(classroom.grade(chosen, workers=workers, force=force)))
    _conclude(classroom, outcome, as_json)


def regrade(start: Path, name: str, *, as_json: bool) -> None:
    """Judge the saved records of an assignment again."""
    classroom = find_classroom(find_course(start), name)
    with show.progress(len(classroom.students), f"Judging {name}") as advancing:
        outcome = ClassOutcome.of(advancing(classroom.regrade()))
    _conclude(classroom, outcome, as_json)


def report(start: Path, names: Sequence[str]) -> None:
    """Bring the pages of assignments up to date, and write the report over them."""
    course = find_course(start)
    classrooms = find_classrooms(course, names)
    marks = {each.assignment.name: each.marks() for each in classrooms}
    for each in classrooms:
        refresh_pages(each, marks[each.assignment.name])
    print(write_report(course, classrooms, known=marks))


@dataclass(frozen=True)
class ClassOutcome:
    """What came of a run: a row for each submission, and whatever could not be graded."""

    rows: tuple[SubmissionRow, ...]
    faults: tuple[Result, ...]
    unfit: tuple[Unfit, ...] = ()

    @staticmethod
    def of(results: Iterable[Result | Unfit]) -> ClassOutcome:
        """Take in the results of a run as they come."""
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


def _conclude(classroom: Classroom, outcome: ClassOutcome, as_json: bool) -> None:
    """Write the report, say what came out, and exit with the right code."""
    course, name = classroom.course, classroom.assignment.name
    marks = classroom.marks()
    unwritten = ""
    try:
        refresh_pages(classroom, marks)
        write_report(course, find_classrooms(course), outcome.faults, {name: marks})
    except CourseError:
        # Of a class of which nobody has a result.
        if not outcome.unfit:
            raise
    except OSError as error:
        unwritten = f"Report and pages could not be written: {error}. "
    if as_json:
        _print_json(course, name, outcome, marks)
    else:
        show.class_table(
            name, [replace(row, marks=marks.get(row.student, row.marks)) for row in outcome.rows]
        )
        show.places(classroom.places)
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
