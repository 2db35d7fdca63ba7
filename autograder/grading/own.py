"""Assignments with exercises: their submissions leave records, and the judge marks those."""

from __future__ import annotations

import functools
import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course, course_secret
from autograder.core.errors import CourseError
from autograder.core.lock import sole_run
from autograder.grading.classroom import Classroom, Crew, Grade, Unfit
from autograder.grading.faults import meaning
from autograder.publishing.gradebook import GradebookWriter, maxima
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.penalty import LatePenalty
from autograder.publishing.marks.place import gradebook_place, gradebook_url
from autograder.publishing.marks.reading import saved_marks
from autograder.publishing.publish import enter, finish, not_graded
from autograder.publishing.result import Result
from autograder.records.families import known_families
from autograder.records.shelf import recorded
from autograder.running.execute import Executor
from autograder.running.fitting import Fitting, NoRecordFitsError
from autograder.running.questions import watched
from autograder.running.zygotes import Zygotes
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import LockedRoom
from autograder.soundness.checks import require_sound


def own_grader(
    course: Course,
    assignment: Assignment,
    room: LockedRoom,
    zygote: Callable[[], Zygote],
    *,
    force: bool = False,
    notebook: bool = True,
) -> Grade:
    """Give what takes a submission from its file to a judged result: run, settle, record, judge.

    Parameters
    ----------
    zygote : callable
        Gives the locked room's parent, which is not shared with other threads. It is asked when a
        submission has to be run.
    force : bool
        Run submissions again whose record is still valid.
    notebook : bool
        See `finish`.
    """
    secret = course_secret(course)
    executor = Executor(course, assignment, secret, zygote, room)
    return lambda student: finish(
        course, assignment, secret, executor.record(student, force=force), notebook=notebook
    )


class OwnClassroom(Classroom):
    """A class that has handed in an assignment with exercises.

    Parameters
    ----------
    room : LockedRoom
        What a submission may use, and what keeps it in.
    """

    assignment: Assignment

    def __init__(self, course: Course, assignment: Assignment, room: LockedRoom) -> None:
        super().__init__(course, assignment)
        self.room = room

    @property
    def students(self) -> Sequence[str]:
        return self.course.students(self.assignment.name)

    @property
    def submitted(self) -> str:
        return str(self.course.submitted)

    @property
    def places(self) -> Mapping[str, str]:
        course = self.course
        return {
            "gradebook": gradebook_place(self._gradebook),
            "feedback": str(course.feedback),
            "records": str(course.records),
            "report": str(course.report),
        }

    @property
    def _gradebook(self) -> str:
        return gradebook_url(self.room.config, self.course.root)

    def marks(self) -> Mapping[str, Marks]:
        return saved_marks(self._gradebook, self.assignment.name)

    def pages(self) -> Iterator[tuple[str, Path]]:
        name = self.assignment.name
        for place in self.course.feedback.glob(f"*/{glob.escape(name)}/{glob.escape(name)}.html"):
            yield place.parents[1].name, place

    def _require_ready(self) -> None:
        course, assignment = self.course, self.assignment
        require_sound(assignment, course_secret(course))
        known_families(course, assignment.name)
        if not course.released(assignment.name).is_file():
            raise CourseError(
                f"{assignment.name} is not released; run: autograder build {assignment.name}"
            )

    def _writer(self) -> GradebookWriter:
        assignment, penalty = self.assignment, LatePenalty(self.room.config)
        points = maxima(assignment)
        return GradebookWriter(self._gradebook, assignment.name, penalty, points)

    def _crew(self, run: ExitStack, force: bool) -> Crew:
        course, assignment = self.course, self.assignment
        writer = run.enter_context(self._writer())
        zygotes = run.enter_context(Zygotes(self.room, course.root, watched(assignment)))

        def new_grader() -> Grade:
            zygote = functools.cache(zygotes.new)
            return own_grader(course, assignment, self.room, zygote, force=force)

        return Crew(new_grader, writer.write)

    def regrade(self) -> Iterator[Result | Unfit]:
        course, assignment = self.course, self.assignment
        secret = course_secret(course)
        self._require_ready()
        with sole_run(course), self._writer() as writer:
            fitting = Fitting(course, assignment, secret, self.room)
            for student in sorted({*self.students, *recorded(course, assignment.name)}):
                try:
                    graded = finish(course, assignment, secret, fitting.record(student))
                except NoRecordFitsError as error:
                    yield Unfit(student, str(error))
                    continue
                except OSError as error:
                    graded = not_graded(assignment.name, student, *meaning(error))
                yield enter(course, graded, writer.write)
