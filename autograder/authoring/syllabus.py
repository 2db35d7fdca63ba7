"""The syllabus of a course: a table of what it covers, and which exercises cover each row.

The table is written by hand. An exercise names the rows that it covers, so what grades a row is
written down in the exercise and nowhere else.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.authoring.exercise import Assignment, Exercise, Written
from autograder.authoring.loading import graded_order
from autograder.core.course import Course
from autograder.core.errors import CourseError

_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_DASHES = re.compile(r":?-+:?")


@dataclass(frozen=True)
class Syllabus:
    """A page with one table of two columns: the name of a row, and what it is.

    Attributes
    ----------
    head, tail : str
        What stands above the table and below it.
    table : tuple of pairs of str
        The cells of its lines: the heading, the dashes, and the rows.
    """

    head: str
    table: tuple[tuple[str, str], ...]
    tail: str

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of the rows."""
        return tuple(name for name, _ in self.table[2:])


def read_syllabus(course: Course) -> Syllabus | None:
    """The syllabus of a course, ``exercises/syllabus.md``; None if it has no such file.

    Raises
    ------
    CourseError
        If the file does not hold exactly one table, of two columns.
    """
    if not course.syllabus.is_file():
        return None
    lines = course.syllabus.read_text(encoding="utf-8").splitlines(keepends=True)
    numbers = [number for number, line in enumerate(lines) if line.lstrip().startswith("|")]
    if not numbers:
        raise CourseError(f"{_place(course)} has no table")
    first, last = numbers[0], numbers[-1]
    if last - first >= len(numbers):
        raise CourseError(f"{_place(course)} has more than one table")
    table = []
    for number in numbers:
        cells = _cells(lines[number])
        if len(cells) != 2:
            raise CourseError(
                f"{_place(course)}, line {number + 1}: a row has two cells, not {len(cells)}"
            )
        table.append((cells[0], cells[1]))
    if len(table) < 2 or not all(map(_DASHES.fullmatch, table[1])):
        raise CourseError(
            f"{_place(course)}, line {first + 1}: under the heading of a table there must be a "
            "line of dashes"
        )
    return Syllabus("".join(lines[:first]), tuple(table), "".join(lines[last + 1 :]))


def syllabus_page(course: Course, assignments: Sequence[Assignment]) -> str:
    """The page of the syllabus, with a third column that says what grades each row.

    Parameters
    ----------
    assignments : sequence of Assignment
        All of the course.

    Returns
    -------
    str
        Markdown. In a row the assignments stand in their order, and what covers it in the order of
        the notebook.

    Raises
    ------
    CourseError
        If the course has no syllabus, or one that cannot be read.
    """
    syllabus = read_syllabus(course)
    if syllabus is None:
        raise CourseError(f"the course {course.root} has no syllabus: {_place(course)} is missing")
    graded = [(each.name, _as_in_the_notebook(course, each)) for each in assignments]
    third = ["Graded by", "---", *(_graded_by(row, graded) for row in syllabus.rows)]
    lines = [
        f"| {' | '.join((*cells, last))} |\n"
        for cells, last in zip(syllabus.table, third, strict=True)
    ]
    return syllabus.head + "".join(lines) + syllabus.tail


def syllabus_faults(course: Course, assignments: Sequence[Assignment]) -> Iterator[str]:
    """Where the syllabus of a course and its exercises do not fit, a line for each fault.

    A course without a syllabus has none, unless an exercise covers something.

    Parameters
    ----------
    assignments : sequence of Assignment
        All of the course: a row that only a missing one covers would count as not covered.
    """
    try:
        syllabus = read_syllabus(course)
    except CourseError as error:
        yield str(error)
        return
    if syllabus is not None:
        yield from _row_faults(syllabus, assignments, _place(course))
    for assignment in assignments:
        for fault in _cover_faults(syllabus, assignment, _place(course)):
            yield f"{assignment.name}: {fault}"


def cover_faults(course: Course, assignment: Assignment) -> Iterator[str]:
    """What of `syllabus_faults` concerns one assignment, whatever others the course has.

    Nothing, where the syllabus cannot be read: that is a fault of the course.
    """
    with contextlib.suppress(CourseError):
        yield from _cover_faults(read_syllabus(course), assignment, _place(course))


def _place(course: Course) -> str:
    return str(course.syllabus.relative_to(course.root))


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|")
    cells = [cell.strip() for cell in _BETWEEN_CELLS.split(inside)]
    return cells if cells[-1] else cells[:-1]


def _graded(assignment: Assignment) -> tuple[Exercise | Written, ...]:
    return (*assignment.exercises, *assignment.written)


def _covered(each: Exercise | Written) -> tuple[str, ...]:
    return (each.covers,) if isinstance(each.covers, str) else each.covers


def _as_in_the_notebook(course: Course, assignment: Assignment) -> list[Exercise | Written]:
    order = graded_order(course, assignment.name)
    places = {name: place for place, name in enumerate(order)}
    return sorted(_graded(assignment), key=lambda each: places.get(each.name, len(order)))


def _graded_by(row: str, graded: Iterable[tuple[str, Iterable[Exercise | Written]]]) -> str:
    found = {
        assignment: ", ".join(f"`{each.name}`" for each in all_of_it if row in each.covers)
        for assignment, all_of_it in graded
    }
    return "; ".join(f"{assignment}: {names}" for assignment, names in found.items() if names)


def _row_faults(syllabus: Syllabus, assignments: Iterable[Assignment], place: str) -> Iterator[str]:
    covered = {
        row for assignment in assignments for each in _graded(assignment) for row in _covered(each)
    }
    for row, times in Counter(syllabus.rows).items():
        if times > 1:
            yield f"{place}: {times} rows are called {row!r}"
        if row not in covered:
            yield f"{place}: nothing covers the row {row!r}"


def _cover_faults(syllabus: Syllabus | None, assignment: Assignment, place: str) -> Iterator[str]:
    for each in _graded(assignment):
        for fault in _faults(each, syllabus, place):
            yield f"{each.name} {fault}"


def _faults(each: Exercise | Written, syllabus: Syllabus | None, place: str) -> Iterator[str]:
    if isinstance(each.covers, str):
        yield f"needs a comma in its covers: ({each.covers!r},)"
    elif syllabus is None:
        if each.covers:
            yield f"covers {each.covers[0]!r}, but the course has no {place}"
    elif not each.covers:
        yield "covers no row of the syllabus"
    else:
        for row in each.covers:
            if row not in syllabus.rows:
                yield f"covers {row!r}, which the syllabus lacks{_offered(row, syllabus.rows)}"


def _offered(name: str, rows: Sequence[str]) -> str:
    """A row that may be meant: one that holds all words of the name, or one that looks like it."""
    holding = [row for row in rows if set(name.split()) <= set(row.split())]
    close = holding or difflib.get_close_matches(name, rows, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
