"""The commands for whoever grades a class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.core.walls import Sandbox
from autograder.doors.commands.options import CourseOption, JsonOption, NameArgument


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
    from autograder.doors.unchanged import Beginning, told_again

    beginning = Beginning.of(course_directory, name)
    if not force and told_again(beginning, students, as_json=as_json):
        return
    from autograder.doors.early import early_zygote

    with early_zygote(beginning, students, sandbox, force=force) as early:
        from autograder.doors import grading

        grading.grade(
            beginning,
            students,
            workers=workers,
            force=force,
            sandbox=sandbox,
            early=early,
            as_json=as_json,
        )


def regrade(
    name: NameArgument, as_json: JsonOption = False, course_directory: CourseOption = Path()
) -> None:
    """Judge the saved records again, after a change of rubric or oracle; runs no student code.

    Points and their maxima follow, and so do texts. A record does not fit any more where the
    submission, the code of the notebook, the files beside it or the questions have changed. Such
    records are listed, and their scores and pages stay as they are, until `autograder grade NAME`
    runs just those.
    """
    from autograder.doors import grading

    grading.regrade(course_directory, name, as_json=as_json)


def report(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    course_directory: CourseOption = Path(),
) -> None:
    """Write `report.html` over all graded assignments, or over those named.

    What the gradebook holds now, such as marks by hand and a due date that has moved, is written
    into the feedback pages, too.
    """
    from autograder.doors import grading

    grading.report(course_directory, names or ())


def doctor(
    sandbox: Annotated[Sandbox, typer.Option(help="Which walls to try.")] = Sandbox.AUTO,
    as_json: JsonOption = False,
) -> None:
    """Try each guarantee of the locked room for real on this machine, and say what held."""
    from autograder.doors.doctor import try_guarantees

    try_guarantees(sandbox, as_json=as_json)
