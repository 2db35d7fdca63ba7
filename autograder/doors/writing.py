"""The commands for whoever writes a course."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import find_assignment, load_assignments
from autograder.authoring.syllabus import syllabus_faults, syllabus_page
from autograder.building.new_course import write_course
from autograder.core.course import Course, find_course
from autograder.core.errors import CourseError, itemized
from autograder.doors import check as checking
from autograder.doors import console as show
from autograder.doors.exits import ExitCode
from autograder.doors.options import CourseOption, JsonOption, WriteOption
from autograder.settings import PublicExamples, load_settings
from autograder.soundness.checks import require_sound
from autograder.soundness.course_checks import course_faults
from autograder.trials.table import markdown_table
from autograder.trials.wheat_chaff import PUBLISHED_SECRET, try_out


def new(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty directory.")],
) -> None:
    """Write a small course that works at once, to be changed into yours.

    It has one notebook, with a number, a function, a class and a question in prose. Its README
    says what each file is for.
    """
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
    course = find_course(course_directory)
    of_course: list[str] = []
    drawn = checking.draws(draws, seed)
    if exercise:
        found = [checking.check_one(course, find_assignment(course, name), exercise, drawn)]
    elif name:
        assignment = find_assignment(course, name)
        found = checking.check_assignments(course, [assignment], drawn, covers=True)
    else:
        assignments = own_assignments(course)
        found = checking.check_assignments(course, assignments, drawn)
        of_course = list(course_faults(course, assignments))
    if as_json:
        print(checking.as_json(found, of_course))
    else:
        for line in (*of_course, *(line for each in found for line in checking.as_lines(each))):
            print(line)
    if of_course or any(each.faults for each in found):
        raise typer.Exit(ExitCode.FAULT)


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
    from autograder.building.release import release, require_texts
    from autograder.building.student_side import (
        library_folder,
        remove_old_examples,
        write_examples,
    )

    course = find_course(course_directory)
    config, _ = load_settings(course)
    require_texts(course)
    assignments = own_assignments(course, names)
    if not names and (found := tuple(course_faults(course, assignments))):
        raise CourseError(itemized(f"the course {course.root} cannot be built", found))
    require_texts(course, assignments)
    named = PublicExamples(config=config).folder
    library = library_folder(course, named) if named else None
    if library and not names:
        remove_old_examples(assignments, library)
    for assignment in assignments:
        print(release(course, assignment, config))
        if library:
            write_examples(assignment, library)


def table(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...")] = None,
    write: WriteOption = None,
    course_directory: CourseOption = Path(),
) -> None:
    """Print the table of wheats and chaffs: what the hidden cases tell apart.

    Where a row is not as it should be, standard error has a line for it, and the exit code is 1.
    """
    assignments = own_assignments(find_course(course_directory), names)
    for assignment in assignments:
        require_sound(assignment, PUBLISHED_SECRET)
    tried = [(assignment, try_out(assignment)) for assignment in assignments]
    _put(markdown_table(tried), write)
    complaints = [
        f"{assignment.name}: {trial.exercise}: {trial.complaint}"
        for assignment, trials in tried
        for trial in trials
        if not trial.as_expected
    ]
    for complaint in complaints:
        show.complaint(complaint)
    if complaints:
        raise typer.Exit(ExitCode.FAULT)


def syllabus(write: WriteOption = None, course_directory: CourseOption = Path()) -> None:
    """Print the syllabus: `exercises/syllabus.md`, with the exercises that cover each row."""
    course = find_course(course_directory)
    assignments = own_assignments(course)
    if found := tuple(syllabus_faults(course, assignments)):
        raise CourseError(itemized("the exercises do not fit the syllabus", found))
    _put(syllabus_page(course, assignments), write)


def _put(text: str, file: Path | None) -> None:
    """Write a page to a file, or print it."""
    if file is None:
        print(text, end="", flush=True)
    else:
        file.write_text(text, encoding="utf-8")


def own_assignments(course: Course, names: Sequence[str] | None = None) -> Sequence[Assignment]:
    """Those called `names`, or all of them, if there are any."""
    if names:
        return [find_assignment(course, name) for name in names]
    if found := load_assignments(course):
        return found
    raise CourseError(
        f"the course {course.root} has no exercises: no module in {course.exercises} binds "
        "ASSIGNMENT. `autograder new` writes a course that has some"
    )
