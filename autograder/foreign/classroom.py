"""Assignments of other courses: nbgrader's converter marks them, one hand on the gradebook."""

from __future__ import annotations

import contextlib
import functools
import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Lock

from jupyter_client.kernelspec import NoSuchKernel
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import OperationalError, SAWarning

from autograder.core.errors import CourseError, GraderError, RefusedError, in_one_line
from autograder.foreign.assignment import ForeignAssignment, GradebookEntry, read_entry
from autograder.foreign.converter import Converter
from autograder.foreign.course import ForeignCourse
from autograder.foreign.submission import readable_notebooks
from autograder.foreign.verdict import verdict_of, with_penalty
from autograder.grading.classroom import Classroom, Crew, Grade
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.penalty import LatePenalty
from autograder.publishing.marks.reading import read_marks
from autograder.publishing.publish import GradedSubmission
from autograder.publishing.result import Result, load_result, stage_result
from autograder.running.zygotes import Zygotes
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import LockedRoom

_ENVIRONMENT = "NBGRADER_EXECUTION"
_OF_THE_MACHINE = (GraderError, OperationalError, OSError, MemoryError)


class ForeignClassroom(Classroom):
    """A class that has handed in an assignment whose notebooks carry their own tests.

    Scores, graded notebooks and files are those that ``nbgrader autograde`` makes with our
    preprocessors. What is graded and not newer is left alone.

    Parameters
    ----------
    room : LockedRoom
        What a submission may use, and what keeps it in.
    """

    assignment: ForeignAssignment

    def __init__(
        self, foreign: ForeignCourse, assignment: ForeignAssignment, room: LockedRoom
    ) -> None:
        super().__init__(foreign.course, assignment)
        self._foreign = foreign
        self._room = room

    @property
    def students(self) -> Sequence[str]:
        return self.assignment.students

    @property
    def left_out(self) -> Mapping[str, str]:
        return self._foreign.left_out(self.assignment.name)

    @property
    def submitted(self) -> str:
        return self._foreign.submitted

    @property
    def places(self) -> Mapping[str, str]:
        return self._foreign.places()

    def marks(self) -> Mapping[str, Marks]:
        with self._foreign.gradebook() as gradebook:
            return read_marks(gradebook.db, self.assignment.name)

    def regrade(self) -> Iterator[Result]:
        name = self.assignment.name
        raise CourseError(
            f"{name} is judged by its own tests while it runs, so there are no records of it to "
            f"judge again; run: autograder grade {name} --force"
        )

    def _crew(self, run: ExitStack, force: bool) -> Crew:
        run.enter_context(contextlib.chdir(self._foreign.coursedir().root))
        run.enter_context(_environment(_ENVIRONMENT, "autograde"))
        run.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", SAWarning)
        zygotes = run.enter_context(Zygotes(self._room, self.course.root))
        turn = Lock()

        def new_grader() -> Grade:
            zygote = functools.cache(zygotes.new)
            return _ForeignGrader(self._foreign, self.assignment, zygote, turn, force).grade

        return Crew(new_grader, _is_written)


def _is_written(*_: object, **__: object) -> None:
    """Nothing is left to write: nbgrader's preprocessors have done it."""


@contextlib.contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """Have a variable in the environment, for all threads."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before


class _ForeignGrader:
    """Grades one submission after the other, in one thread."""

    def __init__(
        self,
        foreign: ForeignCourse,
        assignment: ForeignAssignment,
        zygote: Callable[[], Zygote],
        turn: Lock,
        force: bool,
    ) -> None:
        self._foreign = foreign
        self._assignment = assignment
        self._turn = turn
        self._converter = foreign.converter(zygote, turn, force=force)

    def grade(self, student: str) -> GradedSubmission:
        """Grade one submission, if that is wanted, and read what the gradebook then holds.

        Raises
        ------
        RefusedError
            If nbgrader cannot read it, or it cannot be run here.
        """
        assignment, converter = self._assignment, self._converter
        place = self._foreign.course.result(assignment.name, student)
        known = load_result(place)
        try:
            notebooks = readable_notebooks(self._foreign, assignment, student)
            with _told_by_nbgrader(converter):
                if wanted := converter.wants(assignment.name, student, notebooks):
                    # No report is to show a score that the gradebook does not hold.
                    place.unlink(missing_ok=True)
                    known = None
                    converter.convert(assignment.name, student)
        except RefusedError:
            self._entry(student, follow=True)
            raise
        entry = self._entry(student, follow=not wanted)
        handed_in = {Path(path).stem for path in notebooks}
        missing = [name for name in assignment.notebooks if name not in handed_in]
        result = _result(assignment, student, entry, converter, missing)
        if known is not None and _same_scores(known, result):
            result = replace(known, verdict=with_penalty(known.verdict, entry.penalty))
        return GradedSubmission(result, (stage_result(result, place),))

    def _entry(self, student: str, *, follow: bool) -> GradebookEntry:
        """What the gradebook holds.

        Parameters
        ----------
        follow : bool
            Enter anew what it loses by being late: no stage of nbgrader's has done it now, and
            the time due may have moved.
        """
        name = self._assignment.name
        with self._turn, self._foreign.gradebook() as gradebook:
            entry = read_entry(gradebook, name, student)
        if not (follow and self._foreign.charges and (entry.late or entry.penalty)):
            return entry
        url, penalty = self._foreign.coursedir().db_url, LatePenalty(self._foreign.config)
        with self._turn, GradebookWriter(url, name, penalty) as writer:
            writer.follow(student)
        return self._entry(student, follow=False)


@contextlib.contextmanager
def _told_by_nbgrader(converter: Converter) -> Iterator[None]:
    """Have what nbgrader finds wrong with a submission refuse it."""
    try:
        yield
    except _OF_THE_MACHINE:
        raise
    except NbGraderException as error:
        raise RefusedError(str(error)) from error
    except NoSuchKernel as error:
        raise RefusedError(f"{error}; the locked room runs notebooks in Python") from error
    except Exception as error:
        if not converter.reading:
            raise
        why = f"{type(error).__name__}: {in_one_line(error)}"
        raise RefusedError(f"nbgrader cannot read it: {why}") from error


def _same_scores(one: Result, other: Result) -> bool:
    marks = [
        {exercise.exercise: exercise.earned for exercise in result.verdict.exercises}
        for result in (one, other)
    ]
    return one.verdict.scored and marks[0] == marks[1]


def _result(
    assignment: ForeignAssignment,
    student: str,
    entry: GradebookEntry,
    converter: Converter,
    missing: Sequence[str],
) -> Result:
    runs = converter.runs
    verdict = verdict_of(
        assignment,
        student,
        entry,
        stopped={
            (notebook, cell): outcome
            for notebook, run in runs.items()
            for cell, outcome in run.stopped.items()
        },
        remarks=converter.remarks,
        repairs=converter.repairs,
        missing=missing,
    )
    return Result(
        verdict,
        entry.timestamp,
        guarantees={name: how for run in runs.values() for name, how in run.guarantees.items()},
        restarts=sum(run.restarts for run in runs.values()),
        cpu_seconds=sum(run.cpu_seconds for run in runs.values()),
        peak_bytes=max((run.peak_bytes for run in runs.values()), default=0),
        attacked=max((run.attacked for run in runs.values()), default=""),
    )
