"""What every run over a class shares: its workers, their zygotes, and the course's lock."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, TypeVar

from autograder.core.course import Course
from autograder.core.errors import CourseError, SandboxError
from autograder.core.outcome import Outcome
from autograder.publishing.result import Result
from autograder.sandbox.examination import boot_check
from autograder.sandbox.outside.zygote import Zygote

_Graded = TypeVar("_Graded")


def _as_it_is(result: Any) -> Result:
    assert isinstance(result, Result)
    return result


def in_parallel(
    grade: Callable[[str], _Graded],
    students: Sequence[str],
    workers: int | None = None,
    enter: Callable[[_Graded], Result] = _as_it_is,
) -> Iterator[Result]:
    """Grade submissions in worker threads; give each result once it has been entered.

    What has the outcome INFRA is tried once more at the end.

    Parameters
    ----------
    grade : callable
        Grades one student's submission, in whichever worker thread calls it.
    students : sequence of str
        Whose submissions.
    workers : int, optional
        Submissions that run at the same time; the number of processors if not given.
    enter : callable, optional
        Makes what `grade` gave a result, in the thread that takes the results.

    Yields
    ------
    Result
        In the order in which they are done.
    """
    workers = min(workers or len(os.sched_getaffinity(0)), max(len(students), 1))
    pool = ThreadPoolExecutor(workers)
    try:
        again = []
        for result in map(enter, _streamed(pool, grade, students, ahead=2 * workers)):
            if result.verdict.outcome is Outcome.INFRA:
                again.append(result.verdict.student)
            else:
                yield result
        yield from map(enter, _streamed(pool, grade, again, ahead=2 * workers))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _streamed(
    pool: ThreadPoolExecutor,
    function: Callable[[str], _Graded],
    students: Sequence[str],
    ahead: int,
) -> Iterator[_Graded]:
    """Results as they come, with at most `ahead` submissions under way."""
    waiting: set[Future[_Graded]] = set()
    queue = iter(students)
    while True:
        for student in itertools.islice(queue, ahead - len(waiting)):
            waiting.add(pool.submit(function, student))
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


class Zygotes(contextlib.ExitStack):
    """The zygotes of a run: made by worker threads, closed together.

    Parameters
    ----------
    walls : str
        Which walls to put around student code.
    hidden : Path
        The directory that no room may see.
    watched : sequence of tuple of str
        See `Zygote`.
    """

    def __init__(self, walls: str, hidden: Path, watched: Sequence[tuple[str, ...]] = ()) -> None:
        super().__init__()
        self._walls = walls
        self._hidden = hidden
        self._watched = watched
        self._lock = threading.Lock()
        self._breach: SandboxError | None = None

    def new(self) -> Zygote:
        """Start a zygote for the thread that asks.

        Raises
        ------
        SandboxError
            If this machine cannot give what the walls have to guarantee, or an attack on a room
            gets through.
        """
        if self._breach is not None:
            raise self._breach
        zygote = Zygote(self._walls, hidden=[str(self._hidden)], watched=self._watched)
        zygote.__enter__()
        with self._lock:
            self.push(zygote)
            zygote.attacked = self._require_that_it_holds(zygote)
        return zygote

    def _require_that_it_holds(self, zygote: Zygote) -> str:
        if self._breach is not None:
            raise self._breach
        try:
            return boot_check.require(zygote)
        except SandboxError as breach:
            self._breach = breach
            raise


@contextlib.contextmanager
def sole_run(course: Course) -> Iterator[None]:
    """Hold the course's lock, so that two runs do not write at once.

    Raises
    ------
    CourseError
        If another run holds it.
    """
    course.records.mkdir(parents=True, exist_ok=True)
    with open(course.records / ".lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                "another run is grading this course; wait for it, then start again"
            ) from None
        yield
