"""nbgrader's exchange: what students submit there is collected, and feedback is released there."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from autograder.core.course import Course
from autograder.core.files import write_atomically
from autograder.publishing.result import Result
from autograder.running.timestamp import timestamp

_LOG = logging.getLogger(__name__)
_QUIET_SECONDS = 0.3
_STAMP, _SECRET = "timestamp.txt", "submission_secret.txt"
_LONGEST_SECRET = 1000


class Exchange:
    """The exchange of a course, whichever its configuration names.

    Parameters
    ----------
    config : Config
        nbgrader's, of the course.
    names : sequence of str
        The assignments that are collected.
    """

    def __init__(self, course: Course, config: Config, names: Sequence[str]) -> None:
        self._course = course
        self._names = names
        self._api = NbGraderAPI(config=config)
        self._seen: frozenset[str] = frozenset()
        self._since = 0.0
        self._collected: frozenset[str] | None = None
        self._complained = ""

    def collect(self) -> None:
        """Bring what is new, the newest of each student, as ``nbgrader collect --update`` does.

        Where the exchange is a folder, nothing is done as long as nothing is new in it, nor until
        what is new has had time to become whole: a submission is copied there file by file.
        """
        inbound = self._inbound()
        now = time.monotonic()
        if inbound is not None:
            there = frozenset(_names_in(inbound))
            if there != self._seen:
                self._seen, self._since = there, now
            if there == self._collected or now - self._since < _QUIET_SECONDS:
                return
            self._collected = there
        for name in self._names:
            self._say_failure(self._api.collect(name, update=True))

    def release(self, result: Result) -> str:
        """Release the page of a hand-in to its student.

        Returns
        -------
        str
            Why it was not released, or "".
        """
        verdict = result.verdict
        name, student = verdict.assignment, verdict.student
        place = self._course.submission(name, student)
        page = self._course.feedback / student / name
        stamp, secret = timestamp(place), _secret(place)
        if not stamp or not secret:
            return "it did not come through the exchange"
        if stamp != result.timestamp:
            return "it has been handed in again"
        if not (page / f"{name}.html").is_file():
            return "it has no page"
        # nbgrader finds here whose page this is, and which hand-in's.
        write_atomically(page / _STAMP, stamp)
        write_atomically(page / _SECRET, secret)
        return _failure(self._api.release_feedback(name, student))

    def _inbound(self) -> Path | None:
        """Where hand-ins lie, if the exchange is a folder."""
        collector = self._api.exchange.Collect(coursedir=self._api.coursedir, parent=self._api)
        root = getattr(collector, "root", "")
        course = self._api.coursedir.course_id
        folder = Path(root) / course / "inbound"
        return folder if root and course and folder.is_dir() else None

    def _say_failure(self, done: dict[str, Any]) -> None:
        """Log what went wrong, but not the same again and again."""
        why = _failure(done)
        if why and why != self._complained:
            _LOG.error("nothing could be collected: %s", why)
        self._complained = why


def _failure(done: dict[str, Any]) -> str:
    """What nbgrader says went wrong, in a line, or ""."""
    if done["success"]:
        return ""
    lines = f"{done.get('error', '')}".strip().splitlines()
    return lines[-1] if lines else "nbgrader does not say why"


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _secret(place: Path) -> str:
    """What nbgrader calls the feedback of this hand-in by, or ""."""
    path = place.with_name(_SECRET)
    try:
        if path.is_symlink() or not path.is_file():
            return ""
        with open(path, encoding="utf-8") as file:
            return file.read(_LONGEST_SECRET)
    except (OSError, UnicodeDecodeError):
        return ""
