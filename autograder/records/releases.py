"""The releases of a course that students were ever given: what a submission may stem from."""

from __future__ import annotations

import gzip
import hashlib
import logging
import zlib
from pathlib import Path

from autograder.core.course import Course
from autograder.core.files import write_atomically

_LOG = logging.getLogger(__name__)
_KEPT = ".ipynb.gz"
_DIGITS = 16


def keep_release(course: Course, assignment: str) -> None:
    """Keep the release that is in place, if it is not kept yet.

    It is compressed, and called by a running number and its digest.

    Raises
    ------
    OSError
        If it cannot be read or written.
    """
    try:
        content = course.released(assignment).read_bytes()
    except FileNotFoundError:
        return
    kept = _kept(course, assignment)
    digest = _digest(content)
    if all(known != digest for _, known, _ in kept):
        number = max((number for number, _, _ in kept), default=0) + 1
        path = course.releases / assignment / f"{number:03}-{digest}{_KEPT}"
        write_atomically(path, gzip.compress(content, mtime=0))


def older_releases(course: Course, assignment: str) -> tuple[bytes, ...]:
    """The kept releases but the one that is in place, the newest first.

    One that is damaged is passed over, with a word in the log.
    """
    newest = _digest(course.released(assignment).read_bytes())
    older = []
    for _, digest, path in sorted(_kept(course, assignment), reverse=True):
        if digest == newest:
            continue
        try:
            older.append(gzip.decompress(path.read_bytes()))
        except (OSError, EOFError, zlib.error) as error:
            _LOG.warning("%s is damaged (%s), and no submission is compared with it", path, error)
    return tuple(older)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


def _kept(course: Course, assignment: str) -> list[tuple[int, str, Path]]:
    """Number, digest and file of each kept release."""
    found = []
    for path in (course.releases / assignment).glob(f"[0-9]*-*{_KEPT}"):
        number, _, digest = path.name.removesuffix(_KEPT).partition("-")
        if number.isdecimal():
            found.append((int(number), digest, path))
    return found
