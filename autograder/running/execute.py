"""From a submitted file to a record: read, rebuilt, run, and run again if it crashed."""

from __future__ import annotations

import contextlib
import functools
import logging
import platform
from collections.abc import Callable
from dataclasses import replace
from importlib import metadata

from autograder.authoring.answer_key import new_draw
from autograder.authoring.exercise import Assignment
from autograder.core.course import Course
from autograder.core.errors import NoRoomsError, RefusedError, SandboxError
from autograder.records.record import VERSION, Record, RecordError, save_record
from autograder.running.crash import settled
from autograder.running.fitting import Fitting, NoRecordFitsError
from autograder.running.read import read_submission
from autograder.running.timestamp import timestamp
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import CellResult, Packages, QuestionResult
from autograder.settings import LockedRoom

_LOG = logging.getLogger(__name__)
_DIGITS = 16


@functools.cache
def versions(packages: Packages) -> dict[str, str]:
    """The versions that an answer may depend on: of what rooms have loaded."""
    names = {"IPython"} | {name.partition(".")[0] for name in (*packages.own, *packages.common)}
    found = {name: _version(name) for name in sorted(names)}
    return {
        "record": str(VERSION),
        "python": platform.python_version(),
        **{name: version for name, version in found.items() if version},
    }


def _version(package: str) -> str:
    """The version of the distribution that a package comes from, or ""."""
    with contextlib.suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    distributions = metadata.packages_distributions().get(package, ())
    return metadata.version(distributions[0]) if distributions else ""


class Executor:
    """Makes the records of one assignment, with a zygote of its own.

    Parameters
    ----------
    course, assignment, secret
        What to run on.
    zygote : callable
        Gives the locked room's parent, which is not shared between threads. It is asked when a
        submission has to be run.
    room : LockedRoom
        What a submission may use, and what it finds loaded.
    draws : callable
        Gives a draw for each run.
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        secret: bytes,
        zygote: Callable[[], Zygote],
        room: LockedRoom,
        draws: Callable[[], str] = new_draw,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.zygote = zygote
        self.versions = versions(room.packages)
        self._draws = draws
        self._fitting = Fitting(course, assignment, secret, room)

    def record(self, student: str, *, force: bool = False) -> Record:
        """The record of one student's submission: one that still fits, or a new one, saved.

        Parameters
        ----------
        force : bool
            Make a new one anyway.

        Raises
        ------
        OSError
            If it cannot be saved.
        """
        known: Record | None
        try:
            known = self._fitting.record(student)
            if not force:
                return known
        except NoRecordFitsError as error:
            known = error.known
            if isinstance(error.__cause__, RecordError):
                _LOG.warning("%s; it is made again", error.__cause__)
        execute = functools.partial(self._execute, student)
        record = settled(execute, self._fitting.limits.submission_seconds)
        record = replace(record, handed_in=_handed_in(known, record))
        save_record(record, self.course.record(self.assignment.name, student))
        return record

    def _execute(self, student: str, seconds: float) -> Record:
        """Run one student's submission once, on a draw of its own, for so many seconds at most.

        Faults of the submission and of the machine end up in the record; nothing is raised
        for them.
        """
        name, fitting = self.assignment.name, self._fitting
        path = self.course.submission(name, student)
        blank = functools.partial(Record, name, student, timestamp=timestamp(path))
        key = ""
        try:
            file = read_submission(path, fitting.sizes)
            key = fitting.key(file.digest)
            draw = self._draws()
            prepared = fitting.prepared(file, draw)
        except RefusedError as refusal:
            return blank(key, refused=str(refusal))
        try:
            zygote = self.zygote()
            limits = replace(fitting.limits, submission_seconds=seconds)
            report = zygote.run(prepared.steps, limits, fitting.files)
        except NoRoomsError:
            raise
        except SandboxError as fault:
            return blank(key, infra=str(fault))
        clean = prepared.clean
        return blank(
            key,
            draw=draw,
            basis=prepared.basis,
            repairs=clean.repairs,
            remarks=clean.remarks,
            untouched=clean.untouched,
            notebook=dict(clean.notebook),
            cells=tuple(r for r in report.results if isinstance(r, CellResult)),
            questions=tuple(r for r in report.results if isinstance(r, QuestionResult)),
            guarantees=dict(report.guarantees),
            attacked=zygote.attacked,
            limits=fitting.limits,
            versions=self.versions,
            restarts=report.restarts,
            seconds=report.seconds,
            cpu_seconds=report.cpu_seconds,
            peak_bytes=report.peak_bytes,
        )


def _handed_in(known: Record | None, record: Record) -> tuple[str, ...]:
    """Digests of what a student has handed in so far, without what could not be read or run."""
    before = known.handed_in if known is not None else ()
    digest = record.basis.submission[:_DIGITS]
    return before if not digest or digest in before else (*before, digest)
