"""What a submission to a foreign assignment must be before nbgrader gets to see it."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.core.errors import RefusedError
from autograder.foreign.assignment import ForeignAssignment
from autograder.foreign.course import ForeignCourse
from autograder.foreign.files import refuse_links, specials_in
from autograder.running.read import read_submission, require_few_parts

_LONGEST_STAMP = 1000


def readable_notebooks(
    course: ForeignCourse, assignment: ForeignAssignment, student: str
) -> list[str]:
    """The notebooks of a submission, all of which nbgrader can open without harm.

    Raises
    ------
    RefusedError
        If there are none, or if nbgrader would wait for ever, follow a link or run out of
        memory over what is there.
    """
    coursedir = course.coursedir()
    folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment.name))
    if not os.path.lexists(folder) and "\\x" in student:
        raise RefusedError(f"the name of the folder {student} is not UTF-8 text; rename it")
    refuse_links(course.config, assignment.name, student)
    if not folder.is_dir():
        raise RefusedError(f"{folder.name} is not a folder")
    if found := specials_in(folder):
        raise RefusedError(f"pipes or devices in place of files: {', '.join(found)}")
    _require_timestamp(folder)
    notebooks = sorted(glob.glob(os.path.join(glob.escape(str(folder)), "*.ipynb")))
    known = [path for path in notebooks if Path(path).stem in assignment.notebooks]
    if not known:
        wanted = ", ".join(f"{name}.ipynb" for name in assignment.notebooks)
        there = ", ".join(ascii(Path(path).name) for path in notebooks[:3])
        raise RefusedError(f"{wanted} is missing" + (f"; there is {there}" if there else ""))
    for path in known:
        require_few_parts(read_submission(Path(path), course.room.sizes).parts)
    return notebooks


def _require_timestamp(folder: Path) -> None:
    """nbgrader ends the run over a time stamp that it cannot read."""
    stamp = folder / "timestamp.txt"
    if not stamp.exists():
        return
    try:
        with open(stamp, encoding="utf-8") as file:
            text = file.read(_LONGEST_STAMP).strip()
        if text:
            parse_utc(text)
    except (ValueError, OverflowError):
        raise RefusedError("timestamp.txt holds no time; correct it or remove it") from None
