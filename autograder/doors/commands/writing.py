"""The commands for whoever writes a course."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from autograder.doors.commands.options import CourseOption, JsonOption, WriteOption


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
) -> None:
    """Write a small course that works at once, to be changed into yours.

    It has one notebook, with a number, a function, a class and a question in prose. Its README
    says what each file is for.
    """
    from autograder.building.new_course import write_course

    course = write_course(directory)
    shown = shlex.quote(str(directory))
    print(f"{course.root} is a course now. Go on with:\n")
    print(f"  cd {shown}\n  autograder build\n  autograder demo\n")
    print("Then read its README.md.")


def check(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="All assignments, if none is named.")
    ] = "",
    exercise: Annotated[
        str, typer.Argument(metavar="EXERCISE", help="Only this exercise: takes seconds.")
    ] = "",
    draws: Annotated[
        int,
        typer.Option(min=0, metavar="N", help="Try everything on N new draws of the hidden cases."),
    ] = 0,
    seed: Annotated[
        str, typer.Option(metavar="TEXT", help="Of the draws of an earlier check, to repeat it.")
    ] = "",
    as_json: JsonOption = False,
    course_directory: CourseOption = Path(),
) -> None:
    """Say what is wrong with the exercises of the course, one line for each fault.

    For an author at work: change an exercise, then `autograder check NAME EXERCISE`. It looks at

    - the **form**: names, points, a rubric line without cases, cases without a line, a chaff that
      breaks a line that is not there, a wheat that does not stand alone;
    - the **code** that you wrote: cases, oracle, checker (`accepts`) and the probe of a rule about
      loops are run. What raises is told with file and line;
    - the **trials**: every wheat must earn everything, every chaff must lose exactly the lines
      that it breaks and be called by its name, every rule breaker must be found. Each is marked
      as if a student had handed it in, on three draws of the hidden cases: what holds by chance
      in one of them fails in another. `--draws 500` takes 500 new ones instead;
    - the **text notebook**, unless one exercise is named, and the **syllabus**: rows that are not
      there, and, in a check of all, rows that nothing covers.

    Exit codes: 0 nothing is wrong; 1 something is.
    """
    from autograder.doors.check import check_course

    check_course(course_directory, name, exercise, draws=draws, seed=seed, as_json=as_json)


def build(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="All of them if none is named.")
    ] = None,
    course_directory: CourseOption = Path(),
) -> None:
    """Build notebooks from `solutions/NAME.py`: the nbgrader source and the student release.

    The assignment is entered in the gradebook. A release that would hold a line of a
    solution, or a trace of the hidden tests, is refused. The public examples are written where the
    student's `check` finds them.
    """
    from autograder.doors.build import build_course

    build_course(course_directory, names)


def table(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    write: WriteOption = None,
    course_directory: CourseOption = Path(),
) -> None:
    """Print the table of wheats and chaffs: what the hidden cases tell apart.

    Where a row is not as it should be, standard error has a line for it, and the exit code is 1.
    """
    from autograder.doors import pages

    pages.table(course_directory, names, write)


def syllabus(write: WriteOption = None, course_directory: CourseOption = Path()) -> None:
    """Print the syllabus: `exercises/syllabus.md`, with the exercises that cover each row."""
    from autograder.doors import pages

    pages.syllabus(course_directory, write)


def demo(
    into: Annotated[Path, typer.Option(help="The folder of the sample course.")] = Path("demo"),
    course_directory: CourseOption = Path(),
) -> None:
    """Copy the course, have a sample class hand in there, and grade it.

    The class holds right and wrong submissions, unfinished and broken ones, endless loops,
    and submissions that try to forge their grade.
    """
    from autograder.doors.demo import grade_sample

    grade_sample(course_directory, into)
