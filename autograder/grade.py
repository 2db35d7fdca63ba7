"""A whole class through all stages: in parallel, resumable, with a single writer."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from autograder.annotate import annotated_notebook
from autograder.course import Course, CourseError, course_secret
from autograder.execute import Executor
from autograder.exercise import Assignment
from autograder.feedback import feedback_page
from autograder.files import write_atomically
from autograder.gradebook import GradebookBusyError, GradebookWriter
from autograder.judge import judge
from autograder.outcome import Outcome
from autograder.record import Record, RecordError, load_record, save_record
from autograder.report import class_statistics, report_page
from autograder.sandbox import Zygote
from autograder.settings import LockedRoom
from autograder.verdict import Verdict

_LOG = logging.getLogger(__name__)

OnVerdict = Callable[[Verdict], None]


@dataclass(frozen=True)
class Graded:
    """One submission after all stages but the gradebook."""

    record: Record
    verdict: Verdict


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
    on_verdict: OnVerdict = lambda verdict: None,
) -> list[Verdict]:
    """Grade the submissions of `students`.

    Records, feedback and graded notebooks are written as they come, and the gradebook by
    this thread alone. A submission whose record is still valid is not run again, so a run
    that was killed can simply be started again. A submission that a fault of ours kept from
    being graded is tried once more at the end, and has the outcome INFRA after that.

    Parameters
    ----------
    workers : int, optional
        Submissions that run at the same time; the number of processors if not given.
    force : bool
        Run everything again, valid record or not.
    on_verdict : callable
        Called with each verdict once it is in the gradebook.

    Raises
    ------
    CourseError
        If the assignment is not released, or another run works on this course.
    """
    if not course.released(assignment.name).is_file():
        raise CourseError(
            f"{assignment.name} is not released; run: autograder build {assignment.name}"
        )
    secret = course_secret(course)
    workers = min(workers or len(os.sched_getaffinity(0)), max(len(students), 1))
    own = _Worker()

    with contextlib.ExitStack() as stack:
        stack.enter_context(_sole_run(course))
        writer = stack.enter_context(GradebookWriter(course.gradebook_url, assignment.name))
        zygotes = stack.enter_context(_Zygotes(room.walls, course.root))

        def grade_one(student: str) -> Graded:
            try:
                return run_and_judge(student)
            except Exception as error:
                _LOG.exception("grading %s failed", student)
                return not_graded(student, f"{type(error).__name__}: {error}")

        def not_graded(student: str, fault: str) -> Graded:
            record = Record(assignment.name, student, "", infra=fault)
            return Graded(record, judge(record, assignment, secret))

        def enter(graded: Graded) -> Graded:
            try:
                writer.write(graded.verdict, graded.record.timestamp)
            except GradebookBusyError as error:
                return not_graded(graded.record.student, f"the gradebook: {error}")
            return graded

        def run_and_judge(student: str) -> Graded:
            if own.executor is None:
                own.executor = Executor(course, assignment, secret, zygotes.new(), room.limits)
            known = None if force else _known_record(course, assignment, student)
            record = own.executor.execute(student, known)
            if record is not known:
                save_record(record, course.record(assignment.name, student))
            return finish(course, assignment, secret, record)

        pool = stack.enter_context(ThreadPoolExecutor(workers))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        verdicts = []
        again = []
        for graded in map(enter, _streamed(pool, grade_one, students, ahead=2 * workers)):
            if graded.verdict.outcome is Outcome.INFRA:
                again.append(graded.verdict.student)
                continue
            verdicts.append(graded.verdict)
            on_verdict(graded.verdict)
        for graded in map(enter, _streamed(pool, grade_one, again, ahead=2 * workers)):
            verdicts.append(graded.verdict)
            on_verdict(graded.verdict)
    return sorted(verdicts, key=lambda verdict: verdict.student)


def rejudge_class(
    course: Course,
    assignment: Assignment,
    *,
    on_verdict: OnVerdict = lambda verdict: None,
) -> list[Verdict]:
    """Judge all saved records again and enter the scores, without running anything."""
    secret = course_secret(course)
    verdicts = []
    with _sole_run(course), GradebookWriter(course.gradebook_url, assignment.name) as writer:
        for record in saved_records(course, assignment):
            graded = finish(course, assignment, secret, record)
            writer.write(graded.verdict, record.timestamp)
            verdicts.append(graded.verdict)
            on_verdict(graded.verdict)
    return verdicts


def finish(course: Course, assignment: Assignment, secret: bytes, record: Record) -> Graded:
    """Judge a record, and write its feedback page and its graded notebook."""
    verdict = judge(record, assignment, secret)
    name = f"{assignment.name}.ipynb"
    page = course.feedback / record.student / assignment.name / f"{assignment.name}.html"
    write_atomically(page, feedback_page(record, verdict, assignment))
    graded_notebook = course.autograded / record.student / assignment.name / name
    if verdict.scored:
        notebook = annotated_notebook(record, verdict)
        write_atomically(graded_notebook, nbformat.writes(notebook) + "\n")
    return Graded(record, verdict)


def saved_records(course: Course, assignment: Assignment) -> Iterator[Record]:
    """The records of an assignment, in order of student.

    Raises
    ------
    RecordError
        If one of them is damaged.
    """
    for path in sorted((course.records / assignment.name).glob("[!.]*.json")):
        yield load_record(path)


def write_report(course: Course, assignments: Sequence[Assignment]) -> Path:
    """Write the class report over all `assignments` that have records."""
    secret = course_secret(course)
    classes, all_records = [], []
    for assignment in assignments:
        records = list(saved_records(course, assignment))
        if records:
            verdicts = [judge(record, assignment, secret) for record in records]
            classes.append((class_statistics(verdicts, assignment), verdicts))
            all_records += records
    if not classes:
        raise CourseError("there is nothing to report: no submission has been graded yet")
    write_atomically(course.report, report_page(classes, all_records))
    return course.report


def _known_record(course: Course, assignment: Assignment, student: str) -> Record | None:
    try:
        return load_record(course.record(assignment.name, student))
    except RecordError:
        return None


def _streamed(
    pool: ThreadPoolExecutor,
    function: Callable[[str], Graded],
    students: Sequence[str],
    ahead: int,
) -> Iterator[Graded]:
    """Results as they come, with at most `ahead` submissions under way."""
    waiting: set[Future[Graded]] = set()
    queue = iter(students)
    while True:
        for student in itertools.islice(queue, ahead - len(waiting)):
            waiting.add(pool.submit(function, student))
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


class _Zygotes(contextlib.ExitStack):
    """The zygotes of a run: made by worker threads, closed together."""

    def __init__(self, walls: str, hidden: Path) -> None:
        super().__init__()
        self._walls = walls
        self._hidden = hidden
        self._lock = threading.Lock()

    def new(self) -> Zygote:
        with self._lock:
            return self.enter_context(Zygote(self._walls, hidden=[str(self._hidden)]))


@contextlib.contextmanager
def _sole_run(course: Course) -> Iterator[None]:
    """Hold the course's lock, so that two runs do not write at once."""
    course.records.mkdir(parents=True, exist_ok=True)
    with open(course.records / ".lock", "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                "another run is grading this course; wait for it, then start again"
            ) from None
        yield
