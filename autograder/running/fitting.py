"""What is to be run of a submission, and whether a record still says what would come of it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from autograder.authoring.answer_key import REFERENCE_DRAW
from autograder.authoring.exercise import Assignment
from autograder.core.beside import CHECK, EXAMPLES, digests, files_beside
from autograder.core.course import Course
from autograder.core.errors import CourseError, GraderError, RefusedError
from autograder.core.notebooks import read_notebook
from autograder.core.outcome import Outcome
from autograder.records.record import (
    VERSION,
    Basis,
    OtherVersionError,
    Record,
    RecordError,
    load_record,
    save_record,
)
from autograder.records.releases import keep_release, older_releases
from autograder.running.questions import cases_digest, plan
from autograder.running.read import SubmittedFile, parse_submission, read_submission
from autograder.running.rebuild import CleanNotebook, rebuild
from autograder.running.stems import Releases
from autograder.running.timestamp import timestamp
from autograder.sandbox.protocol.plan import Cell, Step
from autograder.settings import LockedRoom, PublicExamples

_CHANGED = {
    "submission": "the submission has changed",
    "cells": "the code that is run has changed",
    "files": "the files beside the notebook have changed",
    "questions": "the questions have changed",
}
_BY_A_LIMIT = (Outcome.TIMEOUT, Outcome.MEMORY, Outcome.OUTPUT)


class NoRecordFitsError(GraderError):
    """What is known of a submission is not what would come of it now: it has to be run.

    Attributes
    ----------
    known : Record or None
        What is known.
    """

    known: Record | None = None


@dataclass(frozen=True)
class Prepared:
    """A submission, ready to be run.

    Attributes
    ----------
    key, basis
        See `Record`.
    """

    key: str
    basis: Basis
    clean: CleanNotebook
    steps: tuple[Step, ...]


class Fitting:
    """What the submissions of one assignment are rebuilt on and asked, as it is now.

    The release in place is kept from here on.

    Parameters
    ----------
    course, assignment, secret
        What to run on.
    room : LockedRoom
        What a submission may use.

    Raises
    ------
    CourseError
        If the files beside the release are too large.
    OSError
        If the release cannot be read or kept.
    """

    def __init__(
        self, course: Course, assignment: Assignment, secret: bytes, room: LockedRoom
    ) -> None:
        self._course = course
        self._assignment = assignment
        self._secret = secret
        self._room = room
        self.sizes = room.sizes
        patience = max(room.cell_seconds, assignment.cell_seconds or 0.0)
        self.limits = replace(room.limits, cell_seconds=patience)
        keep_release(course, assignment.name)
        released = course.released(assignment.name)
        content = released.read_bytes()
        older = older_releases(course, assignment.name)
        self._releases = Releases(read_notebook(content), [read_notebook(each) for each in older])
        try:
            self.files = files_beside(released.parent, self.limits.data_bytes)
        except RefusedError as error:
            raise CourseError(f"{released.parent}: {error}") from None
        self._files = _digest(digests(self._answering()))
        self._questions = cases_digest(assignment, secret)
        limits = json.dumps(asdict(self.limits))
        self._all: list[str | bytes]
        self._all = [str(VERSION), content, *older, self._files, self._questions, limits]

    def _answering(self) -> dict[str, Path]:
        """The files that an answer may depend on: not the student's check, which only speaks."""
        if PublicExamples(config=self._room.config).folder:
            return self.files
        check = {CHECK, f"{self._assignment.name}{EXAMPLES}"}
        return {name: path for name, path in self.files.items() if name not in check}

    def key(self, submitted: bytes) -> str:
        """The record key of a submission whose file has this digest."""
        return _digest([submitted, *self._all])

    def prepared(self, file: SubmittedFile, draw: str = REFERENCE_DRAW) -> Prepared:
        """Rebuild a submission on the newest release, and say what is to be run of it.

        Parameters
        ----------
        draw : str
            Which numbers it is asked.

        Raises
        ------
        RefusedError
            If it cannot be read.
        """
        clean = rebuild(self._releases, parse_submission(file, self.sizes))
        steps = plan(clean, self._assignment, self._secret, draw)
        basis = Basis(file.digest.hex(), _as_run(steps), self._files, self._questions)
        return Prepared(self.key(file.digest), basis, clean, steps)

    def record(self, student: str) -> Record:
        """The saved record of a submission, brought up to date and saved; nothing is run.

        Texts, points and remarks are the newest release's.

        Raises
        ------
        NoRecordFitsError
            If there is none, or if something else might come out now. The text says why.
        OSError
            If it cannot be saved.
        """
        path = self._course.record(self._assignment.name, student)
        if not path.exists():
            raise NoRecordFitsError("it has not been run yet")
        try:
            known = load_record(path)
        except OtherVersionError as error:
            raise NoRecordFitsError("another version of the grader made its record") from error
        except RecordError as error:
            raise NoRecordFitsError("its record is damaged") from error
        try:
            current = self._current(student, known)
        except NoRecordFitsError as error:
            error.known = known
            raise
        if current is not known:
            save_record(current, path)
        return current

    def _current(self, student: str, known: Record) -> Record:
        """`known` itself, if nothing at all has changed."""
        if known.infra:
            raise NoRecordFitsError("a fault of the machine kept it from being run")
        place = self._course.submission(self._assignment.name, student)
        if not self._course.has_handed_in(self._assignment.name, student):
            if known.key != self.key(bytes.fromhex(known.basis.submission)):
                raise NoRecordFitsError("its submission is not there any more")
            return known
        stamped = functools.partial(replace, known, timestamp=timestamp(place))
        key = ""
        try:
            file = read_submission(place, self.sizes)
            key = self.key(file.digest)
            if key == known.key:
                return known if stamped() == known else stamped()
            prepared = self.prepared(file)
        except RefusedError as refusal:
            if not known.refused:
                raise NoRecordFitsError(_CHANGED["submission"]) from refusal
            current = stamped(key=key, refused=str(refusal))
            return known if current == known else current
        _require_the_same(known, prepared)
        if known.limits != self.limits and _was_stopped(known):
            raise NoRecordFitsError("it was stopped by a limit, and limits have changed")
        clean = prepared.clean
        return stamped(
            key=key,
            repairs=clean.repairs,
            remarks=clean.remarks,
            untouched=clean.untouched,
            notebook=dict(clean.notebook),
        )


def _require_the_same(known: Record, prepared: Prepared) -> None:
    if known.refused:
        raise NoRecordFitsError("it can be read now")
    for each in fields(Basis):
        if getattr(known.basis, each.name) != getattr(prepared.basis, each.name):
            raise NoRecordFitsError(_CHANGED[each.name])


def _was_stopped(record: Record) -> bool:
    outcomes = {cell.outcome for cell in record.cells}
    outcomes |= {question.outcome for question in record.questions}
    return not outcomes.isdisjoint(_BY_A_LIMIT)


def _as_run(steps: Iterable[Step]) -> str:
    """Digest of the code, and of the places of the questions."""
    parts: list[str] = []
    for step in steps:
        parts += ["cell", step.id, step.source] if isinstance(step, Cell) else ["asked", step.id]
    return _digest(parts)


def _digest(parts: Iterable[str | bytes]) -> str:
    digest = hashlib.sha256()
    for each in parts:
        part = each.encode() if isinstance(each, str) else each
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
