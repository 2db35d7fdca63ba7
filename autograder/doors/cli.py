"""The command line: ``autograder new | check | build | grade | report | doctor | table | demo``.

nbgrader and nbformat take three seconds to import. So a command imports what needs them when it
runs, and ``autograder check`` and ``--help`` are there at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder import __version__
from autograder.core.course import Course, find_course
from autograder.core.errors import CourseError, itemized
from autograder.core.outcome import Outcome
from autograder.doors import console as show
from autograder.doors import families, writing
from autograder.doors.exits import ExitCode
from autograder.doors.options import CourseOption, JsonOption, NameArgument
from autograder.doors.writing import own_assignments
from autograder.judging.verdict import Verdict
from autograder.publishing.marks.entry import Marks
from autograder.publishing.result import Result, load_result
from autograder.publishing.tally import SubmissionRow
from autograder.sandbox.examination.examine import examine
from autograder.sandbox.protocol.plan import Packages
from autograder.settings import Sandbox, load_settings

if TYPE_CHECKING:
    from autograder.grading.classroom import Classroom, Unfit

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown")

_WRITING = "Write a course"
_LONGEST_NAME = 60
for command in (writing.new, writing.check, writing.build, writing.table, writing.syllabus):
    app.command(rich_help_panel=_WRITING)(command)


def _show_versions(wanted: bool) -> None:
    if wanted:
        from autograder.running.execute import versions

        print(f"autograder {__version__}")
        for name, version in versions(Packages()).items():
            print(f"{name} {version}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_versions, is_eager=True, help="Print versions and stop."
        ),
    ] = False,
) -> None:
    """Build the notebooks of the course, and grade what students hand in.

    Run it in the course directory, the one with `nbgrader_config.py`. Submissions are expected as
    `submitted/STUDENT/NAME/NAME.ipynb`, where nbgrader puts them.

    Exit codes: 0 all well; 1 something is wrong with the course or the machine; 2 wrong use;
    3 some submissions could not be read; 4 some could not be run by a fault of the grader: run the
    command again; 5 the records of some do not fit any more: `autograder grade NAME` runs just
    those.
    """


@app.command(rich_help_panel="Grade a class")
def grade(
    name: NameArgument,
    students: Annotated[
        list[str] | None, typer.Option("--student", help="Only this student; may be repeated.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Submissions at the same time.", show_default="cores")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run submissions again that are graded already.")
    ] = False,
    sandbox: Annotated[
        Sandbox | None,
        typer.Option(
            help="Overrides `nbgrader_config.py`. `auto`: all that this machine offers. "
            "With `none` student code runs as you, with all that you may do.",
            show_default="from the configuration",
        ),
    ] = None,
    as_json: JsonOption = False,
    course_directory: CourseOption = Path(),
) -> None:
    """Grade all submissions of an assignment, on all cores.

    Submissions that are graded already are run again only if they, the code of the notebook, the
    files beside it or the questions have changed, so a run that was stopped can simply be started
    again. What a limit has stopped is run again when a limit has changed; with another version of
    a package, say `--force`. Scores go to nbgrader's gradebook, pages to `feedback/`, and a class
    report to `report.html`.

    An assignment of another nbgrader course is run in the same room and judged by its own
    tests, in the student's process. As with `nbgrader autograde`, what is graded is left
    alone unless its `timestamp.txt` is newer.
    """
    from autograder.doors.classrooms import find_classroom

    course = find_course(course_directory)
    classroom = find_classroom(course, name, sandbox)
    for folder, why in classroom.left_out.items():
        shown = folder if len(folder) <= _LONGEST_NAME else f"{folder[:_LONGEST_NAME]}..."
        show.complaint(f"left out: {classroom.submitted}/{shown} ({why})")
    chosen = classroom.chosen(students)
    with show.progress(len(chosen), f"Grading {name}") as advancing:
        outcome = ClassOutcome.of(advancing(classroom.grade(chosen, workers=workers, force=force)))
    _conclude(classroom, outcome, as_json)


@app.command(rich_help_panel="Grade a class")
def regrade(
    name: NameArgument, as_json: JsonOption = False, course_directory: CourseOption = Path()
) -> None:
    """Judge the saved records again, after a change of rubric or oracle; runs no student code.

    Points and their maxima follow, and so do texts. A record does not fit any more where the
    submission, the code of the notebook, the files beside it or the questions have changed. Such
    records are listed, and their scores and pages stay as they are, until `autograder grade NAME`
    runs just those.
    """
    from autograder.doors.classrooms import find_classroom

    classroom = find_classroom(find_course(course_directory), name)
    with show.progress(len(classroom.students), f"Judging {name}") as advancing:
        outcome = ClassOutcome.of(advancing(classroom.regrade()))
    _conclude(classroom, outcome, as_json)


@app.command(rich_help_panel="Grade a class")
def report(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    course_directory: CourseOption = Path(),
) -> None:
    """Write `report.html` over all graded assignments, or over those named.

    What the gradebook holds now, such as marks by hand and a due date that has moved, is written
    into the feedback pages, too.
    """
    from autograder.doors.classrooms import find_classrooms
    from autograder.grading.class_report import refresh_pages, write_report

    course = find_course(course_directory)
    classrooms = find_classrooms(course, names or ())
    marks = {each.assignment.name: each.marks() for each in classrooms}
    for each in classrooms:
        refresh_pages(each, marks[each.assignment.name])
    print(write_report(course, classrooms, known=marks))


app.command(rich_help_panel="Grade a class")(families.families)
app.command(rich_help_panel="Grade a class")(families.name)


@app.command(rich_help_panel="Grade a class")
def doctor(
    sandbox: Annotated[Sandbox, typer.Option(help="Which walls to try.")] = Sandbox.AUTO,
    as_json: JsonOption = False,
) -> None:
    """Try each guarantee of the locked room for real on this machine, and say what held."""
    guarantees = examine(str(sandbox))
    if as_json:
        print(json.dumps([asdict(guarantee) for guarantee in guarantees], indent=2))
    else:
        show.guarantees(guarantees)
    if not all(guarantee.held for guarantee in guarantees):
        raise typer.Exit(ExitCode.FAULT)


@app.command(rich_help_panel=_WRITING)
def demo(
    into: Annotated[Path, typer.Option(help="The folder of the sample course.")] = Path("demo"),
    course_directory: CourseOption = Path(),
) -> None:
    """Copy the course, have a sample class hand in there, and grade it.

    The class holds right and wrong submissions, unfinished and broken ones, endless loops,
    and submissions that try to forge their grade.
    """
    from autograder.building.release import release
    from autograder.doors.classrooms import find_classrooms
    from autograder.grading.class_report import write_report
    from autograder.grading.own import OwnClassroom
    from autograder.sample import make_course, submit_class, surprises

    course = make_course(find_course(course_directory), into)
    config, room = load_settings(course)
    unexpected: list[str] = []
    submissions = 0
    for assignment in own_assignments(course):
        release(course, assignment, config)
        members = submit_class(course, assignment)
        students = sorted(member.student for member in members)
        classroom = OwnClassroom(course, assignment, room)
        with show.progress(len(students), f"Grading {assignment.name}") as advancing:
            verdicts = [result.verdict for result in advancing(classroom.grade(students))]
        marks = classroom.marks()
        show.class_table(
            assignment.name, [SubmissionRow.of(each, marks.get(each.student)) for each in verdicts]
        )
        unexpected += surprises(verdicts, members)
        submissions += len(members)
    write_report(course, find_classrooms(course))
    show.places(classroom.places)
    if unexpected:
        raise CourseError("not every submission got what it deserves:\n" + "\n".join(unexpected))
    print(f"All {submissions} submissions got the outcome, and the points, that they deserve.")


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
    from autograder.doors.classrooms import find_classrooms
    from autograder.grading.class_report import refresh_pages, write_report

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


def main() -> None:
    """Run the command line; faults that a user can mend are told in one line."""
    try:
        app()
    except Exception as error:
        from autograder.doors.telling import told

        found = told(error)
        if found is None:
            raise
        text, code = found
        show.complaint(f"autograder: {text}")
        raise SystemExit(code) from None
