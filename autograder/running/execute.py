"""From a submitted file to a record: read, rebuilt, run, and run again if it crashed."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from autograder.authoring.exercise import Assignment
from autograder.core.beside import digests, files_beside
from autograder.core.course import Course
from autograder.core.errors import CourseError, RefusedError, SandboxError
from autograder.core.notebooks import read_notebook
from autograder.records.record import VERSION, Record, save_record
from autograder.records.shelf import known_record
from autograder.running.crash import settled
from autograder.running.questions import cases_digest, plan
from autograder.running.read import parse_submission, read_submission
from autograder.running.rebuild import rebuild
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import CellResult, Limits, Packages, QuestionResult
from autograder.settings import LockedRoom


def record_key(
    submitted: bytes,
    released: Sequence[str | bytes],
    steps_digest: str,
    limits: Limits,
    versions: Mapping[str, str],
) -> str:
    """Digest of all that an execution depends on; `submitted` is the digest of the file."""
    settings = (steps_digest, json.dumps(asdict(limits)), json.dumps(versions))
    digest = hashlib.sha256()
    for each in (submitted, *released, *settings):
        part = each.encode() if isinstance(each, str) else each
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


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
    """

    def __init__(
        self,
        course: Course,
        assignment: Assignment,
        secret: bytes,
        zygote: Callable[[], Zygote],
        room: LockedRoom,
    ) -> None:
        self.course = course
        self.assignment = assignment
        self.secret = secret
        self.zygote = zygote
        patience = max(room.cell_seconds, assignment.cell_seconds or 0.0)
        self.limits = replace(room.limits, cell_seconds=patience)
        self.versions = versions(room.packages)
        self._sizes = room.sizes
        released = course.released(assignment.name)
        self._master_bytes = released.read_bytes()
        self._files = _released_files(released.parent, self.limits.data_bytes)
        self._digests = digests(self._files)
        self._master = read_notebook(self._master_bytes)

    def key(self, submitted: bytes) -> str:
        """The record key of a submission whose file has this digest."""
        steps = cases_digest(self.assignment, self.secret)
        master: list[str | bytes] = [self._master_bytes, *self._digests]
        return record_key(submitted, master, steps, self.limits, self.versions)

    def record(self, student: str, *, force: bool = False) -> Record:
        """The record of one student's submission: one that is still valid, or a new one, saved.

        Parameters
        ----------
        force : bool
            Make a new one anyway.

        Raises
        ------
        OSError
            If it cannot be saved.
        """
        name = self.assignment.name
        known = None if force else known_record(self.course, name, student)
        execute = functools.partial(self._execute, student)
        record = settled(execute, self.limits.submission_seconds, known)
        if record is not known:
            save_record(record, self.course.record(name, student))
        return record

    def _execute(self, student: str, known: Record | None, seconds: float) -> Record:
        """Run one student's submission once, for so many seconds at most.

        `known` is given back as it is if nothing that execution depends on has changed.
        Faults of the submission and of the machine end up in the record; nothing is raised
        for them.
        """
        name = self.assignment.name
        path = self.course.submission(name, student)
        blank = functools.partial(Record, name, student, timestamp=_timestamp(path))
        key = ""
        try:
            file = read_submission(path, self._sizes)
            key = self.key(file.digest)
            if known is not None and known.key == key and not known.infra:
                return known
            clean = rebuild(self._master, parse_submission(file, self._sizes))
        except RefusedError as refusal:
            return blank(key, refused=str(refusal))
        steps = plan(clean, self.assignment, self.secret)
        try:
            zygote = self.zygote()
            limits = replace(self.limits, submission_seconds=seconds)
            report = zygote.run(steps, limits, self._files)
        except SandboxError as fault:
            return blank(key, infra=str(fault))
        return blank(
            key,
            repairs=clean.repairs,
            remarks=clean.remarks,
            untouched=clean.untouched,
            notebook=dict(clean.notebook),
            cells=tuple(r for r in report.results if isinstance(r, CellResult)),
            questions=tuple(r for r in report.results if isinstance(r, QuestionResult)),
            guarantees=dict(report.guarantees),
            attacked=zygote.attacked,
            versions=self.versions,
            restarts=report.restarts,
            seconds=report.seconds,
            cpu_seconds=report.cpu_seconds,
            peak_bytes=report.peak_bytes,
        )


def _released_files(folder: Path, most_bytes: int) -> dict[str, Path]:
    """What students got beside the notebook."""
    try:
        return files_beside(folder, most_bytes)
    except RefusedError as error:
        raise CourseError(f"{folder}: {error}") from None


def _timestamp(path: Path) -> str:
    """When the submission was made: nbgrader's ``timestamp.txt``, else the file's own time."""
    stamp = path.parent / "timestamp.txt"
    try:
        if stamp.is_symlink() or not stamp.is_file():
            raise OSError
        with open(stamp, encoding="utf-8") as file:
            return file.read(100).strip()
    except (OSError, UnicodeDecodeError):
        pass
    try:
        modified = path.lstat().st_mtime
    except OSError:
        return ""
    return datetime.fromtimestamp(modified, UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
