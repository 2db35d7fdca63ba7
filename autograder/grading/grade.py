"""A whole class through all stages: in parallel, resumable, with a single writer."""

from __future__ import annotations

import contextlib
import functools
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.authoring.checks import require_sound
from autograder.authoring.exercise import Assignment
from autograder.core.course import Course, course_secret
from autograder.core.errors import CourseError, SandboxError
from autograder.core.files import remove_leftovers, write_atomically
from autograder.foreign.assignment import ForeignAssignment
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.publish import Finished, enter, finish, not_graded
from autograder.publishing.report import Tally, report_page
from autograder.publishing.result import Result, saved_results
from autograder.records.record import Record, RecordError, load_record, save_record
from autograder.running.crash import settled
from autograder.running.execute import Executor, watched
from autograder.running.workers import Zygotes, in_parallel, sole_run
from autograder.settings import LockedRoom

_LOG = logging.getLogger(__name__)


@dataclass
class _Worker(threading.local):
    """What each worker thread keeps for itself."""

    executor: Executor | None = field(default=None)


def grade_class(
    course: Course,
    assignment: Assignment,
    room: LockedRoom,
    students: Sequence[str],
    *,
    workers: int | None = None,
    force: bool = False,
) -> Iterator[Result]:
    """Grade the submissions of `students`; give each result once it is in the gradebook.

    Records, results, feedback and graded notebooks are written as they come, and the gradebook
    by this thread alone. A submission whose record is still valid is not run again, so a run
    that was killed can simply be started again. A submission that a fault of ours kept from
    being graded is tried once more at the end, and has the outcome INFRA after that.

    Parameters
    ----------
    workers : int, optional
        Submissions that run at the same time; the number of processors if not given.
    force : bool
        Run everything again, valid record or not.

    Yields
    ------
    Result
        In the order in which they are done.

    Raises
    ------
    CourseError
        If the assignment is not released, or another run works on this course.
    UnsoundError
        If the assignment has faults.
    """
    if not course.released(assignment.name).is_file():
        raise CourseError(
            f"{assignment.name} is not released; run: autograder build {assignment.name}"
        )
    require_sound(assignment, course_secret(course))
    with contextlib.ExitStack() as stack:
        stack.enter_context(sole_run(course))
        _tidy(course, assignment.name, students)
        stack.callback(_tidy, course, assignment.name, students)
        writer = stack.enter_context(GradebookWriter(course.gradebook_url, assignment.name))
        zygotes = stack.enter_context(Zygotes(room.walls, course.root, watched(assignment)))
        grader = _Grader(course, assignment, room, zygotes, force)
        entered = functools.partial(enter, course, writer)
        yield from in_parallel(grader.grade, students, workers, entered)


def _tidy(course: Course, assignment: str, students: Sequence[str]) -> None:
    """Remove what a killed run, or one that was broken off, has staged and not published."""
    remove_leftovers(course.records / assignment)
    remove_leftovers(course.results / assignment)
    for student in students:
        remove_leftovers(course.feedback / student / assignment)
        remove_leftovers(course.autograded / student / assignment)


class _Grader:
    """Grades one submission after the other, in whichever worker thread calls it."""

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        room: LockedRoom,
        zygotes: Zygotes,
        force: bool,
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._room = room
        self._zygotes = zygotes
        self._force = force
        self._secret = course_secret(course)
        self._own = _Worker()

    def grade(self, student: str) -> Finished:
        """Run and judge one submission; whatever goes wrong costs this one alone."""
        try:
            return self._run_and_judge(student)
        except (OSError, SandboxError) as error:
            _LOG.error("grading %s failed: %s", student, error)
            return not_graded(self._assignment.name, student, str(error))
        except Exception as error:
            _LOG.exception("grading %s failed", student)
            return not_graded(self._assignment.name, student, f"{type(error).__name__}: {error}")

    def _run_and_judge(self, student: str) -> Finished:
        name = self._assignment.name
        known = None if self._force else _known_record(self._course, self._assignment, student)
        record = settled(functools.partial(self._executor().execute, student), known)
        if record is not known:
            save_record(record, self._course.record(name, student))
        return finish(self._course, self._assignment, self._secret, record)

    def _executor(self) -> Executor:
        if self._own.executor is None:
            self._own.executor = Executor(
                self._course,
                self._assignment,
                self._secret,
                self._zygotes.new(),
                self._room.limits,
            )
        return self._own.executor


def rejudge_class(course: Course, assignment: Assignment) -> Iterator[Result]:
    """Judge all saved records again and enter the scores, without running anything.

    Yields
    ------
    Result
        In order of student.

    Raises
    ------
    CourseError
        If another run works on this course.
    UnsoundError
        If the assignment has faults.
    RecordError
        If a record is damaged.
    """
    secret = course_secret(course)
    require_sound(assignment, secret)
    with sole_run(course), GradebookWriter(course.gradebook_url, assignment.name) as writer:
        for record in saved_records(course, assignment):
            try:
                finished = finish(course, assignment, secret, record)
            except OSError as error:
                finished = not_graded(assignment.name, record.student, str(error))
            yield enter(course, writer, finished)


def saved_records(course: Course, assignment: Assignment) -> Iterator[Record]:
    """The records of an assignment, in order of student.

    Raises
    ------
    RecordError
        If one of them is damaged.
    """
    for path in sorted((course.records / assignment.name).glob("[!.]*.json")):
        yield load_record(path)


def write_report(
    course: Course,
    assignments: Sequence[Assignment | ForeignAssignment],
    faults: Sequence[Result] = (),
) -> Path:
    """Write the class report over all `assignments` that have results.

    Parameters
    ----------
    faults : sequence of Result
        What the run just done could not grade, in case that could not be saved either.

    Raises
    ------
    CourseError
        If there are no results.
    OSError
        If the report cannot be written.
    """
    tallies = []
    for assignment in assignments:
        students: Sequence[str]
        if isinstance(assignment, ForeignAssignment):
            tally, students = Tally(assignment), assignment.students
        else:
            tally, students = Tally(assignment), course.students(assignment.name)
        results = {r.verdict.student: r for r in faults if r.verdict.assignment == assignment.name}
        for result in saved_results(course, assignment.name):
            tally.add(results.pop(result.verdict.student, result))
        for result in results.values():
            tally.add(result)
        if tally.submissions:
            tally.expect(students)
            tallies.append(tally)
    if not tallies:
        raise CourseError("there is nothing to report: no submission has been graded yet")
    write_atomically(course.report, report_page(tallies))
    return course.report


def _known_record(course: Course, assignment: Assignment, student: str) -> Record | None:
    try:
        return load_record(course.record(assignment.name, student))
    except RecordError:
        return None
