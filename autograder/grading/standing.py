"""What a run leaves of a class that is graded whole, so that the next can see that nothing changed.

A run depends on what was handed in, on the course's files and settings, on the gradebook, and on
all code that it loads. It leaves records, results, pages, graded notebooks and the report. If each
of these files is the one that it was, the run would end where it began: it would only take its
time. A file is the one that it was if size, times, inode and device are. No program can set the
time of the last change of an inode (``ctime``), so whatever is written, copied or moved to a place
shows, and nothing has to be read. What was changed just before a run began could be changed once
more within the same tick of the clock; such a run leaves nothing to rely on.
"""

from __future__ import annotations

import fnmatch
import glob
import hashlib
import itertools
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.core.course import Course
from autograder.core.files import write_atomically
from autograder.core.outcome import Outcome
from autograder.publishing.marks.entry import CellMark, Marks
from autograder.publishing.rows import SubmissionRow

_TICK = 0.05
"""Seconds within which two changes of a file may bear the same time."""

_MOST_FILES = 1000
"""Of one student. Who hands in more makes every run a whole one."""

_MOST_OF_COURSE = 20_000
"""Files in a course's directory, besides those of students."""

_HEADER_BYTES = 100
"""Of a SQLite file, with the number of its changes."""


@dataclass(frozen=True)
class Standing:
    """A class as a run has left it.

    Attributes
    ----------
    given : str
        Digest of what was there before the run; see `given`.
    left : str
        Digest of what it has left; see `left`.
    gradebook, gradebook_file : str
        Digest and path of the gradebook, as it was when its marks were last read.
    modules, loaded : tuple of str, and str
        The files of all code that was loaded, and their digest.
    until : str
        When the next submission is due: a page may have to show more from then on.
    places : dict
        What a run says of where things are.
    rows : tuple of SubmissionRow
        The table of the class, with the marks of the gradebook.
    """

    given: str
    left: str
    gradebook: str
    gradebook_file: str
    modules: tuple[str, ...]
    loaded: str
    until: str
    places: Mapping[str, str]
    rows: tuple[SubmissionRow, ...]

    def holds(self, course: Course, assignment: str, given: str) -> bool:
        """Whether everything is as it was.

        Parameters
        ----------
        given : str
            What is there now.
        """
        return (
            bool(given)
            and given == self.given
            and not (self.until and self.until <= _now())
            and self.gradebook == gradebook_state(self.gradebook_file)
            and self.left == left(course, assignment)
            and self.loaded == _digest(self.modules)
        )


def given(
    course: Course,
    assignment: str,
    config: str,
    packages: Iterable[str],
    before: float | None = None,
) -> str:
    """Digest of what a run is given: submissions, the course and its settings, this package.

    Parameters
    ----------
    config : str
        The course's settings, as text.
    packages : iterable of str
        Folders of the course's own packages.
    before : float, optional
        When the run has begun. What is not older than that is not relied on.

    Returns
    -------
    str
        "" if it cannot be relied on.
    """
    engine = str(Path(__file__).parents[1])
    try:
        handed_in = list(_handed_in(course, assignment))
        of_course = list(itertools.islice(_of_course(course), _MOST_OF_COURSE + 1))
    except _TooMuchError:
        return ""
    if len(of_course) > _MOST_OF_COURSE:
        return ""
    code = itertools.chain.from_iterable(map(_below, (engine, *packages)))
    files = itertools.chain(of_course, code, handed_in)
    names = [sys.version, sys.executable, str(course.root), config]
    return _digest(files, names, before)


def left(course: Course, assignment: str) -> str:
    """Digest of what a run leaves, and of the results of other assignments in its report."""
    name = glob.escape(assignment)
    folders = [
        course.results,
        course.records / assignment,
        course.releases / assignment,
        *sorted(course.feedback.glob(f"*/{name}")),
        *sorted(course.autograded.glob(f"*/{name}")),
    ]
    files = itertools.chain.from_iterable(_below(str(folder)) for folder in folders)
    return _digest([*files, str(course.report), str(course.root / ".course-secret")])


def gradebook_state(file: str) -> str:
    """Digest that changes whenever something is written into a gradebook; "" if there is none."""
    try:
        with open(file, "rb") as opened:
            header = opened.read(_HEADER_BYTES).hex()
    except OSError:
        return ""
    return _digest([file, f"{file}-wal", f"{file}-journal"], [header])


def loaded_files() -> tuple[str, ...]:
    """The files of all modules that are loaded."""
    spaces = [getattr(module, "__dict__", {}) for module in list(sys.modules.values())]
    files = {space.get("__file__") for space in spaces}
    return tuple(sorted(file for file in files if isinstance(file, str)))


def keep_standing(
    course: Course,
    assignment: str,
    *,
    given: str,
    gradebook: tuple[str, str],
    begun: float,
    places: Mapping[str, str],
    rows: Iterable[SubmissionRow],
) -> None:
    """Write down how a whole run has left a class, if that can be relied on.

    Parameters
    ----------
    given : str
        What the run was given, from before it began.
    gradebook : tuple of str
        Path and state of the gradebook, from before its marks were read for `rows`.
    begun : float
        When the run has begun.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    modules = loaded_files()
    loaded = _digest(modules, before=begun)
    file, state = gradebook
    if not (given and loaded and state):
        return
    rows = tuple(replace(row, marks=replace(row.marks, comments={})) for row in rows)
    now = _now()
    dues = [row.marks.due.isoformat() for row in rows if row.marks.due is not None]
    standing = Standing(
        given=given,
        left=left(course, assignment),
        gradebook=state,
        gradebook_file=file,
        modules=modules,
        loaded=loaded,
        until=min((due for due in dues if due > now), default=""),
        places=dict(places),
        rows=rows,
    )
    data = {**vars(standing), "rows": [_as_data(row) for row in rows]}
    write_atomically(_place(course, assignment), json.dumps(data))


def kept_standing(course: Course, assignment: str) -> Standing | None:
    """What the last whole run has left; None if that is not known."""
    try:
        data = json.loads(_place(course, assignment).read_bytes())
        rows = tuple(map(_as_row, data.pop("rows")))
        return Standing(**{**data, "modules": tuple(data["modules"]), "rows": rows})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _place(course: Course, assignment: str) -> Path:
    return course.records / ".standing" / f"{assignment}.json"


def _as_data(row: SubmissionRow) -> dict[str, object]:
    cells = [[*place, asdict(mark)] for place, mark in row.marks.cells.items()]
    marks = {"cells": cells, "penalty": row.marks.penalty}
    return {**vars(row), "outcome": str(row.outcome), "marks": marks}


def _as_row(data: dict[str, object]) -> SubmissionRow:
    marks = data["marks"]
    assert isinstance(marks, dict)
    cells = {(notebook, cell): CellMark(**mark) for notebook, cell, mark in marks["cells"]}
    return SubmissionRow(
        student=str(data["student"]),
        score=str(data["score"]),
        outcome=Outcome(str(data["outcome"])),
        remark=str(data["remark"]),
        marks=Marks(cells=cells, penalty=marks["penalty"]),
    )


def _now() -> str:
    """In UTC, without a time zone, as nbgrader has it."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat()


class _TooMuchError(Exception):
    """A student has handed in more files than are looked at."""


def _of_course(course: Course) -> Iterator[str]:
    """All that a course consists of: its directory, but for what is handed in and what is made.

    An oracle may read any file there. Hidden ones, such as an environment, are passed over.
    """
    made = (course.submitted, course.autograded, course.feedback, course.records, course.results)
    others = {*made, course.releases, course.source.parent, course.report}
    apart = {path.name for path in others}
    for name in sorted(os.listdir(course.root)):
        path = os.path.join(course.root, name)
        if name in apart or name.startswith(".") or fnmatch.fnmatch(name, "*.db*"):
            continue
        if os.path.isdir(path):
            yield from _below(path)
        else:
            yield path


def _handed_in(course: Course, assignment: str) -> Iterator[str]:
    """Who has a folder of what, and all files of the assignment at hand."""
    if not course.submitted.is_dir():
        return
    for student in sorted(os.listdir(course.submitted)):
        folder = os.path.join(course.submitted, student)
        yield folder
        if not os.path.isdir(folder):
            continue
        yield from (os.path.join(folder, name) for name in sorted(os.listdir(folder)))
        below = _below(os.path.join(folder, assignment))
        yield from itertools.islice(below, _MOST_FILES)
        if next(below, None) is not None:
            raise _TooMuchError


def _below(folder: str) -> Iterator[str]:
    """All files and folders below a folder, in order, but for compiled code."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield root
        yield from (os.path.join(root, name) for name in (*folders, *sorted(files)))


def _digest(paths: Iterable[str], beside: Iterable[str] = (), before: float | None = None) -> str:
    """Of what the files at some paths are; "" if one is not older than `before`."""
    digest = hashlib.sha256("\0".join(beside).encode("utf-8", "surrogatepass"))
    latest = None if before is None else int(1e9 * (before - _TICK))
    for path in paths:
        try:
            state = os.lstat(path)
            if stat.S_ISLNK(state.st_mode):
                digest.update(repr(_identity(state)).encode())
                state = os.stat(path)
        except OSError:
            found: tuple[int, ...] = ()
        else:
            found = _identity(state)
            folder = stat.S_ISDIR(state.st_mode)
            if latest is not None and state.st_ctime_ns >= latest and not folder:
                return ""
        digest.update(f"{path!r}{found}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _identity(state: os.stat_result) -> tuple[int, ...]:
    where = (state.st_mode, state.st_dev, state.st_ino)
    if stat.S_ISDIR(state.st_mode):
        # What is in it is looked at by itself.
        return where
    return (*where, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
