"""The mistakes that people have named, beside the course: answers as data, and a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from autograder.core.course import Course
from autograder.core.errors import CourseError, in_one_line
from autograder.core.files import write_atomically
from autograder.sandbox.protocol.plan import Answer


@dataclass(frozen=True)
class KnownFamily:
    """Submissions with the same mistake, which a person has named.

    Attributes
    ----------
    id, exercise : str
        What the family and its exercise are called.
    says : str
        The sentence that tells its members what is wrong.
    lines : tuple of str
        Rubric groups that they lose.
    answers : tuple of Answer
        What they answer to the common cases. No student's code and no name is kept.
    """

    id: str
    exercise: str
    says: str
    lines: tuple[str, ...]
    answers: tuple[Answer, ...]


_FAMILIES = TypeAdapter(tuple[KnownFamily, ...])


def known_families(course: Course, assignment: str) -> tuple[KnownFamily, ...]:
    """The named families of an assignment.

    Raises
    ------
    CourseError
        If their file cannot be read.
    """
    path = course.families(assignment)
    try:
        return _FAMILIES.validate_json(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError) as error:
        raise CourseError(f"{path} cannot be read: {in_one_line(error)}") from error


def name_family(course: Course, assignment: str, family: KnownFamily) -> None:
    """Keep a family with its sentence, in place of one that has the same id.

    Raises
    ------
    CourseError
        If the file of the others cannot be read.
    OSError
        If it cannot be written.
    """
    others = [each for each in known_families(course, assignment) if each.id != family.id]
    _save(course, assignment, [*others, family])


def forget_family(course: Course, assignment: str, id_: str) -> None:
    """Forget a family's name.

    Raises
    ------
    CourseError
        If there is no such family, or the file cannot be read.
    OSError
        If it cannot be written.
    """
    known = known_families(course, assignment)
    kept = [each for each in known if each.id != id_]
    if len(kept) == len(known):
        names = ", ".join(each.id for each in known) or "none"
        raise CourseError(f"no family {id_!r} of {assignment} has a name; there are: {names}")
    _save(course, assignment, kept)


def _save(course: Course, assignment: str, families: Iterable[KnownFamily]) -> None:
    path = course.families(assignment)
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, _FAMILIES.dump_json(tuple(families), indent=1))
