"""A class that has handed in, and the one way that its submissions take to the gradebook."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.exercise import MarkedAssignment
from autograder.core.course import Course
from autograder.core.errors import CourseError, NoRoomsError
from autograder.core.files import remove_leftovers
from autograder.core.lock import sole_run
from autograder.core.outcome import Outcome
from autograder.grading.faults import meaning
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.page import with_marks
from autograder.publishing.publish import GradedSubmission, Write, enter, not_graded
from autograder.publishing.result import Result
from autograder.running.workers import Workers, in_each_thread

Grade = Callable[[str], GradedSubmission]
"""Grades the submission of one student."""


@dataclass(frozen=True)
class Crew:
    """Who does the work of a run.

    Attributes
    ----------
    new_grader : callable
        Gives what grades submissions in one thread, one after the other.
    write : callable
        Writes a verdict into the gradebook; only the thread that takes the results calls it.
    warm : callable
        Has ready what the thread that calls it needs for its first submission.
    abandon : callable
        Ends whatever runs; each such submission is left with a fault.
    """

    new_grader: Callable[[], Grade]
    write: Write
    warm: Callable[[], object] = lambda: None
    abandon: Callable[[], object] = lambda: None


class Desk:
    """A classroom that is open: submissions are graded and entered as they come.

    Parameters
    ----------
    crew : Crew
        Who does the work.
    """

    def __init__(self, course: Course, assignment: str, crew: Crew) -> None:
        self._course = course
        self._assignment = assignment
        self._crew = crew
        self._grader = in_each_thread(crew.new_grader)

    def warm(self) -> None:
        """Have ready what the thread that calls it needs for its first submission.

        Raises
        ------
        NoRoomsError
            If this machine cannot lock student code up.
        """
        self._crew.warm()
        self._grader()

    def grade(self, student: str) -> GradedSubmission:
        """Grade in the thread that calls it; whatever goes wrong costs this submission alone.

        Raises
        ------
        NoRoomsError
            If this machine cannot lock student code up.
        """
        try:
            return self._grader()(student)
        except NoRoomsError:
            raise
        except Exception as error:
            return not_graded(self._assignment, student, *meaning(error))

    def abandon(self) -> None:
        """End whatever runs. What comes of it is a fault, and must not be entered."""
        self._crew.abandon()

    def enter(self, graded: GradedSubmission) -> Result:
        """Enter a submission into the gradebook and show its files; for one thread alone."""
        return enter(self._course, graded, self._crew.write)


@dataclass(frozen=True)
class Unfit:
    """A submission that was not judged again: nothing that is known of it fits any more."""

    student: str
    why: str


class Classroom(ABC):
    """An assignment, and who has handed it in.

    Whatever course the assignment belongs to, its submissions go the same way: many are graded at
    a time, each is entered into the gradebook by itself, and a fault costs one submission alone.

    Attributes
    ----------
    course : Course
        Where the files of the course are.
    assignment : MarkedAssignment
        What was handed in.
    """

    def __init__(self, course: Course, assignment: MarkedAssignment) -> None:
        self.course = course
        self.assignment = assignment

    @property
    @abstractmethod
    def students(self) -> Sequence[str]:
        """Whose submissions there are, in order of name."""

    @property
    def left_out(self) -> Mapping[str, str]:
        """Folders among the submissions that are no student's, and why."""
        return self.course.left_out(self.assignment.name)

    @property
    @abstractmethod
    def submitted(self) -> str:
        """The folder that submissions are looked for in."""

    @property
    @abstractmethod
    def places(self) -> Mapping[str, str]:
        """What comes out of a run, and its path."""

    @abstractmethod
    def marks(self) -> Mapping[str, Marks]:
        """What the gradebook holds of each student's submission.

        Raises
        ------
        CourseError
            If it cannot be read.
        """

    def pages(self) -> Iterator[tuple[str, Path]]:
        """The feedback pages that show marks: student, and file."""
        return iter(())

    def refreshed(self, student: str, marks: Marks, page: str) -> str:
        """The page of a student as it should be now, with what the gradebook holds."""
        return with_marks(page, marks)

    @abstractmethod
    def regrade(self) -> Iterator[Result | Unfit]:
        """Judge all records that still fit again and enter the scores, without running anything.

        Yields
        ------
        Result or Unfit
            In order of student. Of what is unfit, entry, page and result stay as they are.

        Raises
        ------
        CourseError
            If there are no records that could be judged, or another run works on this course.
        """

    def require_ready(self) -> None:
        """Raise what keeps the whole class from being graded, before anything is written."""
        return

    @abstractmethod
    def _crew(self, run: ExitStack, force: bool) -> Crew:
        """Who grades; what has to be closed after the run is put on the stack."""

    def chosen(self, students: Sequence[str] | None) -> Sequence[str]:
        """Those named, or everyone.

        Raises
        ------
        CourseError
            If there is no submission of one of them, or none at all.
        """
        name, everyone = self.assignment.name, self.students
        if not everyone:
            raise CourseError(f"there is no submission of {name} in {self.submitted}")
        unknown = sorted(set(students or ()) - set(everyone))
        if unknown:
            raise CourseError(f"no submission of {name} from {', '.join(unknown)}")
        return students or everyone

    def grade(
        self, students: Sequence[str], *, workers: int | None = None, force: bool = False
    ) -> Iterator[Result]:
        """Grade the submissions of `students`; give each result once it is in the gradebook.

        What is graded already is not run again, so a run that was killed can simply be started
        again. A submission that a fault of ours kept from being graded is tried once more at the
        end, and has the outcome INFRA after that.

        Parameters
        ----------
        workers : int, optional
            Submissions that run at the same time; the number of processors if not given.
        force : bool
            Run everything again.

        Yields
        ------
        Result
            In the order in which they are done.

        Raises
        ------
        CourseError
            If the assignment cannot be graded, or another run works on this course.
        NoRoomsError
            If this machine cannot lock student code up.
        """
        self.require_ready()
        with sole_run(self.course), self.opened(students, force=force) as desk:
            again = []
            with Workers(workers, len(students)) as pool:
                for graded in pool.map(desk.grade, students):
                    result = desk.enter(graded)
                    if result.verdict.outcome is Outcome.INFRA:
                        again.append(result.verdict.student)
                    else:
                        yield result
                for graded in pool.map(desk.grade, again):
                    yield desk.enter(graded)

    @contextlib.contextmanager
    def opened(self, students: Sequence[str], *, force: bool = False) -> Iterator[Desk]:
        """Have a crew ready for submissions; whoever calls this holds the lock of the course.

        Parameters
        ----------
        students : sequence of str
            Whose folders are tidied before and after.
        force : bool
            Run everything again.
        """
        with ExitStack() as run:
            self._tidy(students)
            run.callback(self._tidy, students)
            yield Desk(self.course, self.assignment.name, self._crew(run, force))

    def _tidy(self, students: Sequence[str]) -> None:
        """Remove what a killed run, or one that was broken off, has staged and not published."""
        course, name = self.course, self.assignment.name
        for folder in (course.records / name, course.results / name):
            remove_leftovers(folder)
        for student in students:
            remove_leftovers(course.feedback / student / name)
            remove_leftovers(course.autograded / student / name)
