"""Where the files of a course are, and the course secret."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.core.errors import CourseError
from autograder.core.names import why_no_student

if TYPE_CHECKING:
    import numpy as np

CONFIG_FILE = "nbgrader_config.py"
_OF_STUDENTS = {"submitted", "autograded", "feedback", "downloaded"}
_DIRECTORY_SETTING = re.compile(
    r"\b(?:submitted|autograded|feedback)_directory\s*=\s*[\"']([^\"']+)[\"']"
)


@dataclass(frozen=True)
class Course:
    """A course directory, in nbgrader's layout.

    Attributes
    ----------
    root : Path
        The directory that holds ``nbgrader_config.py``.
    """

    root: Path

    def text(self, assignment: str) -> Path:
        """The text notebook of an assignment, in py:percent form."""
        return self.root / "solutions" / f"{assignment}.py"

    @property
    def exercises(self) -> Path:
        """The folder of the exercises, a module or a package for each notebook."""
        return self.root / "exercises"

    @property
    def syllabus(self) -> Path:
        """The page of what the course covers, where it has one."""
        return self.exercises / "syllabus.md"

    @property
    def source(self) -> Path:
        return self.root / "build" / "source"

    @property
    def release(self) -> Path:
        return self.root / "notebooks"

    @property
    def submitted(self) -> Path:
        return self.root / "submitted"

    @property
    def autograded(self) -> Path:
        return self.root / "autograded"

    @property
    def feedback(self) -> Path:
        return self.root / "feedback"

    @property
    def records(self) -> Path:
        return self.root / "records"

    @property
    def results(self) -> Path:
        return self.root / "results"

    @property
    def releases(self) -> Path:
        """What students were ever given, a folder for each assignment."""
        return self.root / "releases"

    def families(self, assignment: str) -> Path:
        """Mistakes of an assignment that people have named."""
        return self.root / "families" / f"{assignment}.json"

    @property
    def report(self) -> Path:
        return self.root / "report.html"

    @property
    def gradebook_url(self) -> str:
        return f"sqlite:///{self.root / 'gradebook.db'}"

    def master(self, assignment: str) -> Path:
        """The instructor's notebook of an assignment, with its solutions."""
        return self.source / assignment / f"{assignment}.ipynb"

    def released(self, assignment: str) -> Path:
        """The notebook that students got; submissions are rebuilt on it."""
        return self.release / assignment / f"{assignment}.ipynb"

    def submission(self, assignment: str, student: str) -> Path:
        """The notebook that a student has handed in."""
        return self.submitted / student / assignment / f"{assignment}.ipynb"

    def record(self, assignment: str, student: str) -> Path:
        return self.records / assignment / f"{student}.json"

    def result(self, assignment: str, student: str) -> Path:
        return self.results / assignment / f"{student}.json"

    def has_handed_in(self, assignment: str, student: str) -> bool:
        """Whether there is a folder or a notebook of `assignment` below the student's folder."""
        folder = self.submitted / student
        return os.path.lexists(folder / assignment) or (folder / f"{assignment}.ipynb").is_file()

    def students(self, assignment: str) -> list[str]:
        """Who has a folder or a notebook of `assignment` below ``submitted``, in order of name.

        What is no UTF-8 in a name is written with backslashes, since no gradebook could hold it.
        """
        return [name for name in self._folders(assignment) if not why_no_student(name)]

    def left_out(self, assignment: str) -> dict[str, str]:
        """Folders that hold `assignment` and are no student's, and why, in order of name."""
        whys = {name: why_no_student(name) for name in self._folders(assignment)}
        return {name: why for name, why in whys.items() if why}

    def _folders(self, assignment: str) -> list[str]:
        if not self.submitted.is_dir():
            return []
        return sorted(
            os.fsencode(entry.name).decode("utf-8", "backslashreplace")
            for entry in os.scandir(self.submitted)
            if os.path.lexists(Path(entry.path) / assignment)
            or (Path(entry.path) / f"{assignment}.ipynb").is_file()
        )


def find_course(start: Path) -> Course:
    """The course that `start` lies in: the nearest directory with an ``nbgrader_config.py``.

    What students handed in is passed over: a configuration is a program, and theirs is never run.

    Raises
    ------
    CourseError
        If no directory from `start` upwards has one.
    """
    start = start.resolve()
    found = [
        directory for directory in (start, *start.parents) if (directory / CONFIG_FILE).is_file()
    ]
    for number, directory in enumerate(found):
        if not any(_handed_in(directory, outer) for outer in found[number + 1 :]):
            return Course(directory)
    raise CourseError(
        f"{start} is not in a course: no directory from there upwards has an nbgrader_config.py. "
        "Go to the course's directory, or name it with --course."
    )


def _handed_in(directory: Path, outer: Path) -> bool:
    """Whether a directory holds what students of the course `outer` handed in, or a copy of it."""
    config = (outer / CONFIG_FILE).read_text(encoding="utf-8", errors="replace")
    named = {Path(name).name for name in _DIRECTORY_SETTING.findall(config)}
    return not (_OF_STUDENTS | named).isdisjoint(directory.relative_to(outer).parts)


def course_secret(course: Course) -> bytes:
    """The secret that the hidden inputs are derived from; made at first use.

    Raises
    ------
    CourseError
        If the file is there but holds no secret, or cannot be made.
    """
    path = course.root / ".course-secret"
    try:
        if not path.exists():
            _make_secret(path)
    except OSError as error:
        raise CourseError(f"the secret of the course cannot be written: {error}") from None
    try:
        secret = bytes.fromhex(path.read_text().strip())
    except ValueError:
        secret = b""
    if len(secret) < 16:
        raise CourseError(
            f"{path} holds no secret (64 hexadecimal digits). Restore it from a backup. "
            "Deleting it makes a new one, and new hidden inputs for everyone."
        )
    return secret


def _make_secret(path: Path) -> None:
    """Make the file whole or not at all. If another program is faster, its secret counts."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)


def case_generator(secret: bytes, assignment: str, exercise: str, draw: str) -> np.random.Generator:
    """The random generator that draws the hidden cases of one exercise, for one run."""
    import numpy as np

    seed = hmac.new(secret, f"{assignment}/{exercise}/{draw}".encode(), hashlib.sha256).digest()
    return np.random.default_rng(int.from_bytes(seed, "big"))
