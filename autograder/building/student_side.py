"""The student's side of `check`: its file and the public examples, where notebooks find them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from autograder.authoring.exercise import Assignment
from autograder.authoring.public_examples import public_examples
from autograder.core import check
from autograder.core.beside import CHECK, EXAMPLES
from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.core.files import write_atomically


def write_examples(assignment: Assignment, folder: Path) -> None:
    """Write the public examples of an assignment into `folder`, if they have changed.

    All files of a folder are read together, so a name can stand in one of them only.

    Raises
    ------
    CourseError
        If another file of the folder has examples of an exercise of the same name.
    """
    path = folder / f"{assignment.name}{EXAMPLES}"
    mine = {exercise.name for exercise in assignment.exercises}
    for other in sorted(folder.glob(f"*{EXAMPLES}")):
        if other != path and (both := mine & _names_in(other)):
            raise CourseError(
                f"{assignment.name}: {', '.join(sorted(both))} has public examples in {other}, "
                "too. Give it another name; or build that notebook again, or delete the file, if "
                "it is an old one"
            )
    _write_if_changed(path, public_examples(assignment))


def library_folder(course: Course, folder: str) -> Path:
    """Where the course's own package has the public examples.

    Raises
    ------
    CourseError
        If there is no such folder.
    """
    place = course.root / folder
    if not place.is_dir():
        raise CourseError(f"c.PublicExamples.folder is {folder!r}, but there is no folder {place}")
    return place


def remove_old_examples(assignments: Sequence[Assignment], folder: Path) -> None:
    """Remove the examples of whatever is none of the course's assignments any more."""
    names = {f"{assignment.name}{EXAMPLES}" for assignment in assignments}
    for path in folder.glob(f"*{EXAMPLES}"):
        if path.name not in names:
            path.unlink()


def lay_beside(assignment: Assignment, folder: Path) -> None:
    """Lay the check file and the public examples of an assignment into its notebook's folder.

    Raises
    ------
    CourseError
        As `write_examples` does.
    """
    write_examples(assignment, folder)
    _write_if_changed(folder / CHECK, Path(check.__file__).read_bytes())


def _names_in(path: Path) -> set[str]:
    try:
        return set(json.loads(path.read_bytes())["exercises"])
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} holds no public examples: delete it ({error})") from None


def _write_if_changed(path: Path, content: bytes) -> None:
    if not path.is_file() or path.read_bytes() != content:
        write_atomically(path, content)
