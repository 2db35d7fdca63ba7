"""A class of submissions to a foreign assignment: in parallel, with one hand on the gradebook."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from jupyter_client.kernelspec import NoSuchKernel
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import OperationalError, SAWarning

from autograder.core.errors import CourseError, RefusedError, SandboxError
from autograder.core.outcome import Outcome
from autograder.foreign.assignment import Entered, ForeignAssignment, read_entered
from autograder.foreign.converter import Converter
from autograder.foreign.course import ForeignCourse
from autograder.foreign.submission import readable_notebooks
from autograder.foreign.verdict import verdict_of
from autograder.judging.verdict import Verdict
from autograder.publishing.result import Result, load_result, save_result
from autograder.running.workers import Zygotes, in_parallel, sole_run

_LOG = logging.getLogger(__name__)
_ENVIRONMENT = "NBGRADER_EXECUTION"
_OF_THE_MACHINE = (CourseError, SandboxError, OperationalError, OSError, MemoryError)


def grade_foreign_class(
    course: ForeignCourse,
    assignment: ForeignAssignment,
    walls: str,
    students: Sequence[str],
    *,
    workers: int | None = None,
    force: bool = False,
) -> Iterator[Result]:
    """Grade the submissions of `students`; give each result once it is in the gradebook.

    Scores, graded notebooks and files are those that ``nbgrader autograde`` makes with our
    preprocessors. What is graded and not newer is left alone. A submission that cannot be
    graded costs the others nothing.

    Parameters
    ----------
    walls : str
        Which walls to put around student code.
    workers : int, optional
        Submissions that run at the same time; the number of processors if not given.
    force : bool
        Grade again what is graded.

    Yields
    ------
    Result
        In the order in which they are done.

    Raises
    ------
    CourseError
        If another run works on this course.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(sole_run(course.course))
        stack.enter_context(contextlib.chdir(course.coursedir().root))
        stack.enter_context(_environment(_ENVIRONMENT, "autograde"))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", SAWarning)
        zygotes = stack.enter_context(Zygotes(walls, course.course.root))
        grader = _Grader(course, assignment, zygotes, force)
        yield from in_parallel(grader.grade, students, workers)


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


@dataclass
class _Worker(threading.local):
    """What each worker thread keeps for itself."""

    converter: Converter | None = field(default=None)


class _Grader:
    """Grades one submission after the other, in whichever worker thread calls it."""

    def __init__(
        self, course: ForeignCourse, assignment: ForeignAssignment, zygotes: Zygotes, force: bool
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._zygotes = zygotes
        self._force = force
        self._turn = Lock()
        self._own = _Worker()

    def grade(self, student: str) -> Result:
        """Grade one submission; whatever goes wrong costs this one alone."""
        try:
            result = self._grade(student)
            save_result(result, self._place(student))
            return result
        except (RefusedError, NbGraderException) as error:
            result = self._not_graded(student, Outcome.REFUSED, str(error))
        except NoSuchKernel as error:
            why = f"{error}; the locked room runs notebooks in Python"
            result = self._not_graded(student, Outcome.REFUSED, why)
        except _OF_THE_MACHINE as error:
            result = self._not_graded(student, Outcome.INFRA, _in_one_line(error))
        except Exception as error:
            result = self._unforeseen(student, error)
        # A full disk may not take even this; the report then says "not graded yet".
        with contextlib.suppress(OSError):
            save_result(result, self._place(student))
        return result

    def _grade(self, student: str) -> Result:
        converter = self._converter()
        notebooks = readable_notebooks(self._course, self._assignment, student)
        known = load_result(self._place(student))
        if converter.wants(self._assignment.name, student, notebooks):
            # No report is to show a score that the gradebook does not hold.
            self._place(student).unlink(missing_ok=True)
            known = None
            converter.convert(self._assignment.name, student)
        with self._turn, self._course.gradebook() as gradebook:
            entered = read_entered(gradebook, self._assignment.name, student)
        handed_in = {Path(path).stem for path in notebooks}
        missing = [name for name in self._assignment.notebooks if name not in handed_in]
        result = _result(self._assignment, student, entered, converter, missing)
        return known if known is not None and _same_scores(known, result) else result

    def _converter(self) -> Converter:
        if self._own.converter is None:
            # Made when it is needed: where all is graded already, none is.
            zygote = functools.cache(self._zygotes.new)
            self._own.converter = self._course.converter(zygote, self._turn, force=self._force)
        return self._own.converter

    def _place(self, student: str) -> Path:
        return self._course.course.result(self._assignment.name, student)

    def _not_graded(self, student: str, outcome: Outcome, why: str) -> Result:
        return Result(Verdict(self._assignment.name, student, outcome, (), (why,)))

    def _unforeseen(self, student: str, error: Exception) -> Result:
        why = f"{type(error).__name__}: {_in_one_line(error)}"
        if self._own.converter is not None and self._own.converter.reading:
            return self._not_graded(student, Outcome.REFUSED, f"nbgrader cannot read it: {why}")
        _LOG.error("grading %s failed", student, exc_info=error)
        return self._not_graded(student, Outcome.INFRA, why)


def _in_one_line(error: Exception) -> str:
    text = str(getattr(error, "orig", error)).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _same_scores(one: Result, other: Result) -> bool:
    marks = [
        {exercise.exercise: exercise.earned for exercise in result.verdict.exercises}
        for result in (one, other)
    ]
    return one.verdict.scored and marks[0] == marks[1]


def _result(
    assignment: ForeignAssignment,
    student: str,
    entered: Entered,
    converter: Converter,
    missing: Sequence[str],
) -> Result:
    runs = converter.runs
    verdict = verdict_of(
        assignment,
        student,
        entered,
        stopped={
            (notebook, cell): outcome
            for notebook, run in runs.items()
            for cell, outcome in run.stopped.items()
        },
        repairs=converter.repairs,
        missing=missing,
    )
    return Result(
        verdict,
        entered.timestamp,
        guarantees={name: how for run in runs.values() for name, how in run.guarantees.items()},
        restarts=sum(run.restarts for run in runs.values()),
        cpu_seconds=sum(run.cpu_seconds for run in runs.values()),
        peak_bytes=max((run.peak_bytes for run in runs.values()), default=0),
        attacked=max((run.attacked for run in runs.values()), default=""),
    )
