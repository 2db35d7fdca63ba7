"""A course that is graded while it is handed in."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event

from autograder.core.course import Course
from autograder.core.errors import RefusedError
from autograder.core.lock import sole_run
from autograder.core.outcome import Outcome
from autograder.core.sizes import Sizes
from autograder.grading.classroom import Classroom, Desk
from autograder.publishing.publish import GradedSubmission
from autograder.publishing.result import Result
from autograder.running.read import parse_submission, read_submission
from autograder.running.workers import Workers
from autograder.settings import Watch
from autograder.watching.arrivals import Arrivals, Seen, look, newest
from autograder.watching.line import NOT_URGENT, HandIn, Line

_REST_AFTER_LOOK = 10
"""Looking takes at most the tenth part of a processor, however many students there are."""

_OLDEST_REPORT = 10
"""A report is never older than so many times `report_seconds`."""

_MOST_DOUBLINGS = 5


@dataclass(frozen=True)
class Served:
    """A hand-in that is graded and entered.

    Attributes
    ----------
    waited : float
        Seconds from when it was seen until it was taken.
    took : float
        Seconds from then until its page was there.
    """

    result: Result
    waited: float
    took: float


@dataclass(frozen=True)
class _Job:
    hand_in: HandIn
    since: float
    begun: float


class Watcher:
    """Grades what arrives in a course, one watcher a course.

    Nothing is kept but what `grade` keeps, too. Whatever is not done when it stops, or is killed,
    is found again by the next.

    Parameters
    ----------
    classrooms : sequence of Classroom
        Of this course.
    settings : Watch
        How to wait, and for what.
    sizes : Sizes
        How large a notebook may be.
    workers : int, optional
        Submissions that run at the same time; the number of processors if not given.
    report : callable
        Brings class report and pages up to date. It is called now and then.
    collect : callable
        Brings hand-ins from elsewhere; called again and again.
    ready : callable
        Called once, when the rooms are warm.
    """

    def __init__(
        self,
        course: Course,
        classrooms: Sequence[Classroom],
        settings: Watch,
        sizes: Sizes,
        *,
        workers: int | None = None,
        report: Callable[[], None] = lambda: None,
        collect: Callable[[], None] = lambda: None,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        self._course = course
        self._classrooms = {each.assignment.name: each for each in classrooms}
        self._settings = settings
        self._sizes = sizes
        self._most = workers
        self._report = report
        self._reported = time.monotonic()
        self._changed = False
        self._ready = ready
        self._collect = collect
        self._collected = -math.inf
        self._arrivals = Arrivals()
        self._torn: dict[HandIn, Seen] = {}
        self._failures: dict[HandIn, int] = {}
        self._line = Line(settings.between_seconds)
        self._desks: dict[str, Desk] = {}
        self._jobs: dict[Future[GradedSubmission], _Job] = {}
        self._first_look = math.inf

    @property
    def left(self) -> int:
        """How many hand-ins wait, or are being graded."""
        return len(self._line.waiting) + len(self._jobs)

    def run(self, stop: Event) -> Iterator[Served]:
        """Grade what is there and what arrives, until `stop` is set.

        Yields
        ------
        Served
            Each hand-in, once its page is there.

        Raises
        ------
        CourseError
            If an assignment cannot be graded, or another run works on this course.
        NoRoomsError
            If this machine cannot lock student code up.
        """
        for classroom in self._classrooms.values():
            classroom.require_ready()
        with ExitStack() as run:
            run.enter_context(sole_run(self._course, _says()))
            for name, classroom in self._classrooms.items():
                self._desks[name] = run.enter_context(classroom.opened(classroom.students))
            pool = run.enter_context(Workers(self._most, sys.maxsize))
            for desk in self._desks.values():
                pool.each(desk.warm)
            self._ready()
            yield from self._serve(pool, stop)
            yield from self._finish()

    def _serve(self, pool: Workers, stop: Event) -> Iterator[Served]:
        next_look = -math.inf
        while not stop.is_set():
            begun = time.monotonic()
            if begun >= next_look:
                used = time.thread_time()
                self._look(begun)
                used = time.thread_time() - used
                next_look = begun + max(self._settings.poll_seconds, _REST_AFTER_LOOK * used)
            self._take(pool)
            left = max(0.0, next_look - time.monotonic())
            self._report_if_due()
            if self._jobs:
                yield from self._entered(left)
            else:
                stop.wait(left)

    def _finish(self) -> Iterator[Served]:
        """Wait for what runs, but not too long, and leave the rest for the next watcher."""
        deadline = time.monotonic() + self._settings.stop_seconds
        while self._jobs and (left := deadline - time.monotonic()) > 0:
            yield from self._entered(left)
        if self._jobs:
            for desk in self._desks.values():
                desk.abandon()
        if self._changed:
            self._report()

    def _look(self, now: float) -> None:
        """See what has arrived, and put in line what is complete."""
        settings = self._settings
        self._first_look = min(now, self._first_look)
        if now - self._collected >= settings.collect_seconds:
            self._collect()
            self._collected = now
        self._arrivals = self._arrivals.looked(look(self._course, self._desks), now)
        for hand_in in self._line.waiting.keys() - self._arrivals.seen.keys():
            self._line = self._line.gone(hand_in)
        news = self._arrivals.news(now - settings.settle_seconds)
        # What is graded already comes last, when all else is known.
        for since, hand_in, seen in sorted((self._since(*each), *each) for each in news):
            if since < NOT_URGENT and seen.since > now - settings.patience_seconds:
                if time.monotonic() - now > settings.poll_seconds:
                    # Reading takes time; what is known by now should not wait for it.
                    return
                if not self._is_whole(hand_in, seen):
                    continue
            self._arrivals = self._arrivals.tell(hand_in)
            self._line = self._line.arrived(hand_in, since)

    def _since(self, hand_in: HandIn, seen: Seen) -> float:
        """From when on a hand-in waits. What was there before us is as old as its files."""
        if seen.since > self._first_look or hand_in in self._arrivals.told:
            return seen.since
        written = newest(seen.signature)
        result = self._course.result(hand_in.assignment, hand_in.student)
        try:
            graded = result.stat().st_mtime
        except OSError:
            graded = -math.inf
        if graded > -math.inf:
            self._line = self._line.noted(hand_in, self._first_look - (time.time() - graded))
        return NOT_URGENT if graded > written else self._first_look - (time.time() - written)

    def _is_whole(self, hand_in: HandIn, seen: Seen) -> bool:
        """Whether a notebook can be read; one that is still being written cannot."""
        if self._torn.get(hand_in) == seen:
            return False
        place = self._course.submission(hand_in.assignment, hand_in.student)
        try:
            parse_submission(read_submission(place, self._sizes), self._sizes)
        except RefusedError:
            self._torn[hand_in] = seen
            return False
        self._torn.pop(hand_in, None)
        return True

    def _take(self, pool: Workers) -> None:
        """Begin with whoever is next, as long as there are hands."""
        # One more than there are hands: it is begun while another is entered.
        while len(self._jobs) <= pool.count:
            now = time.monotonic()
            hand_in = self._line.next(now, self._arrivals.is_as_told)
            if hand_in is None:
                return
            job = _Job(hand_in, self._line.waiting[hand_in], now)
            self._line = self._line.take(hand_in, now)
            grade = self._desks[hand_in.assignment].grade
            self._jobs[pool.submit(grade, hand_in.student)] = job

    def _entered(self, seconds: float) -> Iterator[Served]:
        """Wait for something to be graded, and enter it."""
        done, _ = wait(self._jobs, seconds, FIRST_COMPLETED)
        for future in done:
            job = self._jobs.pop(future)
            served = self._enter(job, future.result())
            if served is not None:
                yield served

    def _enter(self, job: _Job, graded: GradedSubmission) -> Served | None:
        hand_in, settings = job.hand_in, self._settings
        if graded.result.verdict.outcome is Outcome.REFUSED and self._has_changed(hand_in):
            # It was read while somebody wrote it.
            graded.discard()
            self._line = self._line.back(hand_in, job.since, job.begun)
            return None
        result = self._desks[hand_in.assignment].enter(graded)
        now = time.monotonic()
        self._changed = True
        if result.verdict.outcome is Outcome.INFRA:
            failures = self._failures[hand_in] = self._failures.get(hand_in, -1) + 1
            pause = settings.again_seconds * 2 ** min(failures, _MOST_DOUBLINGS)
            self._line = self._line.back(hand_in, job.since, now + pause)
        else:
            self._failures.pop(hand_in, None)
            self._line = self._line.done(hand_in)
        waited = 0.0 if job.since == NOT_URGENT else job.begun - job.since
        return Served(result, waited, now - job.begun)

    def _has_changed(self, hand_in: HandIn) -> bool:
        found = look(self._course, [hand_in.assignment])
        return found.get(hand_in) != self._arrivals.told.get(hand_in)

    def _report_if_due(self) -> None:
        """Have the report written when there is nothing else to do, or after a long time.

        After that time it is written though nothing has arrived: people mark by hand, and what a
        page may show depends on the time.
        """
        ago = time.monotonic() - self._reported
        idle = not self._jobs and not self._arrivals.news(math.inf)
        due = self._changed and idle and ago >= self._settings.report_seconds
        if due or ago >= _OLDEST_REPORT * self._settings.report_seconds:
            self._changed = False
            self._report()
            self._reported = time.monotonic()


def _says() -> str:
    """What other runs of this course are told."""
    return (
        f"a watcher is running in this course (process {os.getpid()}) and grades what arrives; "
        "stop it, give the command again, and start it again"
    )
