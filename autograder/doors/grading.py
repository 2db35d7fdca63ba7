"""``autograder grade``, ``regrade`` and ``report``: a class, and what came out of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.core.course import find_course
from autograder.core.errors import CourseError
from autograder.core.lock import require_no_watcher
from autograder.core.walls import Sandbox
from autograder.doors import console as show
from autograder.doors.class_outcome import ClassOutcome, tell, tell_left_out
from autograder.doors.classrooms import find_classroom, find_classrooms
from autograder.doors.unchanged import Beginning
from autograder.grading.class_report import refresh_pages, write_report
from autograder.grading.classroom import Classroom
from autograder.grading.own import OwnClassroom
from autograder.grading.standing import gradebook_state, keep_standing
from autograder.publishing.marks.entry import Marks
from autograder.running.early import EarlyZygote


def grade(
    beginning: Beginning,
    students: Sequence[str] | None,
    *,
    workers: int | None,
    force: bool,
    sandbox: Sandbox | None,
    early: EarlyZygote | None,
    as_json: bool,
) -> None:
    """Grade the submissions of an assignment."""
    name = beginning.assignment
    classroom = find_classroom(beginning.course, name, sandbox, early)
    tell_left_out(classroom.submitted, classroom.left_out)
    chosen = classroom.chosen(students)
    with show.progress(len(chosen), f"Grading {name}") as advancing:
        outcome = ClassOutcome.of(advancing(classroom.grade(chosen, workers=workers, force=force)))
    concluded = _conclude(classroom, outcome)
    if concluded.settled and not outcome.faults and set(chosen) >= set(classroom.students):
        _keep(beginning, classroom, outcome, concluded)
    concluded.tell(classroom, outcome, as_json=as_json)


def regrade(start: Path, name: str, *, as_json: bool) -> None:
    """Judge the saved records of an assignment again."""
    classroom = find_classroom(find_course(start), name)
    with show.progress(len(classroom.students), f"Judging {name}") as advancing:
        outcome = ClassOutcome.of(advancing(classroom.regrade()))
    _conclude(classroom, outcome).tell(classroom, outcome, as_json=as_json)


def report(start: Path, names: Sequence[str]) -> None:
    """Bring the pages of assignments up to date, and write the report over them."""
    course = find_course(start)
    require_no_watcher(course)
    classrooms = find_classrooms(course, names)
    marks = {each.assignment.name: each.marks() for each in classrooms}
    for each in classrooms:
        refresh_pages(each, marks[each.assignment.name])
    print(write_report(course, classrooms, known=marks))


@dataclass(frozen=True)
class _Concluded:
    """Pages and report of a run, written.

    Attributes
    ----------
    marks : dict
        What the gradebook holds of each student.
    gradebook : tuple of str
        Its path, and its state from before that was read.
    unwritten : str
        Why something could not be written, if so.
    settled : bool
        Whether all that the report is about is known to `standing`.
    """

    marks: Mapping[str, Marks]
    gradebook: tuple[str, str]
    unwritten: str
    settled: bool

    def tell(self, classroom: Classroom, outcome: ClassOutcome, *, as_json: bool) -> None:
        tell(
            classroom.course,
            classroom.assignment.name,
            outcome,
            self.marks,
            classroom.places,
            as_json=as_json,
            unwritten=self.unwritten,
        )


def _conclude(classroom: Classroom, outcome: ClassOutcome) -> _Concluded:
    """Bring the pages of a class up to date, and write the report."""
    course, name = classroom.course, classroom.assignment.name
    place = classroom.places.get("gradebook", "")
    gradebook = place, gradebook_state(place)
    marks = classroom.marks()
    unwritten, classrooms = "", []
    try:
        refresh_pages(classroom, marks)
        classrooms = find_classrooms(course)
        write_report(course, classrooms, outcome.faults, {name: marks})
    except CourseError:
        # Of a class of which nobody has a result.
        if not outcome.unfit:
            raise
    except OSError as error:
        unwritten = f"Report and pages could not be written: {error}. "
    own = all(isinstance(each, OwnClassroom) for each in (classroom, *classrooms))
    return _Concluded(marks, gradebook, unwritten, settled=own and not unwritten)


def _keep(
    beginning: Beginning, classroom: Classroom, outcome: ClassOutcome, concluded: _Concluded
) -> None:
    marks = concluded.marks
    # Where there is no space for it, the next run does all again.
    with contextlib.suppress(OSError):
        keep_standing(
            beginning.course,
            beginning.assignment,
            given=beginning.given,
            gradebook=concluded.gradebook,
            begun=beginning.at,
            places=classroom.places,
            rows=[replace(r, marks=marks.get(r.student, r.marks)) for r in outcome.rows],
        )
