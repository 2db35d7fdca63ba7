"""Assignments with exercises: their submissions leave records, and the judge marks those."""

from __future__ import annotations

import functools
import glob
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from traitlets import TraitError
from traitlets.config import Config

from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import load_assignments
from autograder.core.course import CONFIG_FILE, Course, course_secret
from autograder.core.errors import CourseError
from autograder.core.lock import sole_run
from autograder.grading.classroom import Classroom, Crew, Grade, Unfit
from autograder.grading.faults import meaning
from autograder.publishing.gradebook import GradebookWriter, maxima
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.penalty import LatePenalty
from autograder.publishing.marks.place import gradebook_place, gradebook_url
from autograder.publishing.marks.reading import saved_marks
from autograder.publishing.page.stored import brought_up_to_date
from autograder.publishing.publish import enter, finish, not_graded
from autograder.publishing.result import Result
from autograder.records.families import known_families
from autograder.records.shelf import recorded
from autograder.running.early import EarlyZygote
from autograder.running.execute import Executor
from autograder.running.fitting import Fitting, NoRecordFitsError
from autograder.running.questions import watched
from autograder.running.workers import in_each_thread
from autograder.running.zygotes import Zygotes
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import FeedbackPage, LockedRoom
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

    Raises
    ------
    CourseError
        If the course's configuration, or the mistakes that people have named, cannot be read.
    """
    secret = course_secret(course)
    known = known_families(course, assignment.name)
    page = page_settings(course, assignment, room.config)
    executor = Executor(course, assignment, secret, zygote, room)
    return lambda student: finish(
        course,
        assignment,
        secret,
        executor.record(student, force=force),
        known=known,
        shows=page.of(assignment.name),
        most=page.hand_ins,
        notebook=notebook,
    )


def page_settings(course: Course, assignment: Assignment, config: Config) -> FeedbackPage:
    """What a course's configuration says that pages show.

    Raises
    ------
    CourseError
        If it is wrong, or speaks of an assignment that the course does not have.
    """
    place = course.root / CONFIG_FILE
    try:
        settings = FeedbackPage(config=config)
    except TraitError as error:
        raise CourseError(f"{place}: {error}") from error
    if settings.assignments:
        known = {assignment.name, *(each.name for each in load_assignments(course))}
        for name in settings.assignments:
            if name not in known:
                raise CourseError(
                    f"{place}: c.FeedbackPage.assignments names {name}, "
                    "which is no assignment with exercises"
                )
    return settings


class OwnClassroom(Classroom):
    """A class that has handed in an assignment with exercises.

    Parameters
    ----------
    room : LockedRoom
        What a submission may use, and what keeps it in.
    early : EarlyZygote, optional
        A zygote for such a room that is coming up already.
    """

    assignment: Assignment

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        room: LockedRoom,
        early: EarlyZygote | None = None,
    ) -> None:
        super().__init__(course, assignment)
        self.room = room
        self._early = early

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

    def refreshed(self, student: str, marks: Marks, page: str) -> str:
        shows, most = self._page.of(self.assignment.name), self._page.hand_ins
        return brought_up_to_date(page, self.course, self.assignment, student, marks, shows, most)

    @functools.cached_property
    def _page(self) -> FeedbackPage:
        return page_settings(self.course, self.assignment, self.room.config)

    def require_ready(self) -> None:
        course, assignment = self.course, self.assignment
        require_sound(assignment, course_secret(course))
        known_families(course, assignment.name)
        _ = self._page
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
        if self._early is not None:
            zygotes.adopt(self._early)

        zygote = in_each_thread(zygotes.new)

        def new_grader() -> Grade:
            return own_grader(course, assignment, self.room, zygote, force=force)

        return Crew(new_grader, writer.write, zygote, lambda: zygotes.abandon())

    def regrade(self) -> Iterator[Result | Unfit]:
        course, assignment = self.course, self.assignment
        secret = course_secret(course)
        self.require_ready()
        with sole_run(course), self._writer() as writer:
            known = known_families(course, assignment.name)
            fitting = Fitting(course, assignment, secret, self.room)
            for student in sorted({*self.students, *recorded(course, assignment.name)}):
                try:
                    record = fitting.record(student)
                    shows, most = self._page.of(assignment.name), self._page.hand_ins
                    graded = finish(
                        course, assignment, secret, record, known=known, shows=shows, most=most
                    )
                except NoRecordFitsError as error:
                    yield Unfit(student, str(error))
                    continue
                except OSError as error:
                    graded = not_graded(assignment.name, student, *meaning(error))
                yield enter(course, graded, writer.write)
