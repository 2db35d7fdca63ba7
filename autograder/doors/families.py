"""``autograder families`` and ``autograder name``: mistakes that many make and no chaff has."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.core.errors import CourseError
from autograder.core.names import printable
from autograder.doors.commands.options import CourseOption, JsonOption, NameArgument

if TYPE_CHECKING:
    from autograder.judging.families import Family
    from autograder.sandbox.protocol.plan import Answer

_NAMES_SHOWN = 5
_LINES_SHOWN = 40
_LONGEST_ANSWER = 300


def families(
    name: NameArgument,
    at_least: Annotated[
        int, typer.Option("--at-least", min=1, metavar="N", help="Only those with N students.")
    ] = 2,
    as_json: JsonOption = False,
    course_directory: CourseOption = Path(),
) -> None:
    """List the mistakes of a class that have no name yet: who makes the same one, and how.

    Two students are in one family if they lose the same lines of an exercise and answer a few
    common cases alike, which are the same in every run and earn nothing. Read the example, say in
    one sentence what is wrong, and give it to `autograder name`.

    What has been graded is read; nothing is run.
    """
    from autograder.authoring.loading import find_assignment
    from autograder.core.course import find_course
    from autograder.grading.unnamed import unnamed_families
    from autograder.records.families import known_families

    course = find_course(course_directory)
    assignment = find_assignment(course, name)
    known = {family.id for family in known_families(course, name)}
    found = [
        family
        for family in unnamed_families(course, assignment)
        if len(family.members) >= at_least and family.id not in known
    ]
    if as_json:
        print(json.dumps([_as_data(family) for family in found], indent=2))
        return
    for family in found:
        _show(family)
    if found:
        print(f'Name one of them: autograder name {name} {found[0].id} "What is wrong, in a line."')
    else:
        fewest = "" if at_least == 1 else f" of {at_least} students or more"
        print(f"There is no family{fewest} without a name.")


def name(
    name: NameArgument,
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="As `families` calls it.")] = "",
    sentence: Annotated[
        str, typer.Argument(metavar="SENTENCE", help="What to tell its students; quote it.")
    ] = "",
    forget: Annotated[bool, typer.Option("--forget", help="Take a name away again.")] = False,
    course_directory: CourseOption = Path(),
) -> None:
    """Name the mistake of a family: the next `regrade` tells the sentence to all its students.

    And so does every later run, in this course and in any to which `families/NAME.json` is copied.
    That file holds the sentence, the lines and the family's answers to the common cases. Without
    FAMILY, the names are listed that there are.
    """
    from autograder.authoring.loading import find_assignment
    from autograder.core.course import find_course
    from autograder.grading.unnamed import unnamed_families
    from autograder.records.families import forget_family, known_families, name_family

    course = find_course(course_directory)
    assignment = find_assignment(course, name)
    if not family:
        for known in known_families(course, name):
            print(f"{known.id}  {known.says}")
        return
    if forget:
        forget_family(course, name, family)
        print(f"{family} has no name any more. Go on with: autograder regrade {name}")
        return
    if not sentence.strip():
        raise typer.BadParameter("a sentence is wanted: what is wrong, in the student's words")
    found = {each.id: each for each in unnamed_families(course, assignment)}
    if family not in found:
        listed = ", ".join(found) or "none"
        raise CourseError(f"{assignment.name} has no family {family!r} now; there are: {listed}")
    named = found[family]
    name_family(course, name, named.named(" ".join(sentence.split())))
    print(f"{_count(named)} will read it after: autograder regrade {name}")


def _count(family: Family) -> str:
    number = len(family.members)
    return f"{number} student{'' if number == 1 else 's'}"


def _show(family: Family) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.syntax import Syntax
    from rich.text import Text

    console = Console()
    students = [printable(member.student) for member in family.members]
    more = len(students) - _NAMES_SHOWN
    listed = ", ".join(students[:_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    console.print(Text(f"{family.id}  {_count(family)}", style="bold"))
    console.print(Text(f"  {listed}; they lose: {', '.join(family.lines)}"))
    lines = printable(family.members[0].source).splitlines()
    shown = lines[:_LINES_SHOWN] + ["..."] * (len(lines) > _LINES_SHOWN)
    console.print(Padding(Syntax("\n".join(shown), "python", background_color="default"), (0, 4)))
    for number, answer in enumerate(family.answers, 1):
        console.print(Text(f"  common case {number}: {_in_words(answer)}"))
    console.print()


def _in_words(answer: Answer) -> str:
    from autograder.judging.attempt import Given

    if answer.value is None:
        return f"raises {answer.raised}"
    text = " ".join(repr(Given.of(answer).value).split())
    return printable(text if len(text) <= _LONGEST_ANSWER else f"{text[:_LONGEST_ANSWER]}...")


def _as_data(family: Family) -> dict[str, Any]:
    return {
        "id": family.id,
        "exercise": family.exercise,
        "lines": list(family.lines),
        "students": [member.student for member in family.members],
        "example": family.members[0].source,
        "answers": [_plain(answer) for answer in family.answers],
    }


def _plain(answer: Answer) -> dict[str, Any]:
    return {key: value for key, value in asdict(answer).items() if key in ("value", "raised")}
