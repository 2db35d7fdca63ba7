"""The one scratch space of an assignment: the folder in which nbgrader makes the graded notebooks.

As with nbgrader itself, what one notebook writes there the next one finds, and a person can look
at it. But the student's code never sees that folder: files are carried to its room, and back.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory

from autograder.core.beside import files_beside

_OF_NBGRADER = "timestamp.txt"
_NOTEBOOK = ".ipynb"


def files_for(folder: Path, submitted: Path | None, most_bytes: int) -> dict[str, Path]:
    """What a notebook finds beside itself: the files in its folder, and the notebooks.

    Parameters
    ----------
    folder : Path
        Where nbgrader makes the graded notebooks.
    submitted : Path or None
        What was handed in. The notebooks come from there, since those in `folder` hold hidden
        tests; those that do not fit are left out.

    Raises
    ------
    RefusedError
        If the files are too large.
    """
    files = files_beside(folder, most_bytes)
    left = most_bytes - sum(path.stat().st_size for path in files.values())
    for path in sorted(submitted.iterdir()) if submitted and submitted.is_dir() else ():
        status = path.lstat()
        if path.suffix == _NOTEBOOK and stat.S_ISREG(status.st_mode) and status.st_size <= left:
            left -= status.st_size
            files[path.name] = path
    return files


def released_files(config: Any, assignment: str) -> set[str]:
    """Relative paths of what an instructor lays beside the notebooks of an assignment."""
    course = CourseDirectory(config=config)
    found = set()
    for step in (course.source_directory, course.release_directory):
        top = course.format_path(step, ".", assignment)
        for root, _, names in os.walk(top):
            found |= {os.path.relpath(os.path.join(root, name), top) for name in names}
    return found


def show(written: Path, folder: Path, *, released: Collection[str], most_bytes: int) -> list[str]:
    """Put what a notebook has written into the folder of the graded ones.

    Neither a notebook nor a released file is overwritten, nor what nbgrader itself needs.

    Parameters
    ----------
    written : Path
        A folder of plain files.
    released : collection of str
        Relative paths of released files.

    Returns
    -------
    list of str
        A line on each file that was left out.
    """
    told = []
    paths = [path for path in sorted(written.rglob("*")) if path.is_file()]
    for path in sorted(paths, key=lambda path: path.stat().st_size):
        name = str(path.relative_to(written))
        target = folder / name
        size = path.stat().st_size
        if name == _OF_NBGRADER or any(
            part.lower().endswith(_NOTEBOOK) for part in Path(name).parts
        ):
            told.append(f"{name!a}: it would pass for one of nbgrader's own")
        elif name in released:
            told.append(f"{name!a}: it was released")
        elif size > most_bytes:
            told.append(f"{name!a}: it is too large; see c.LockedRoom.kept_bytes")
        elif not _leads_into(folder, target):
            told.append(f"{name!a}: something else is there")
        else:
            most_bytes -= size
            _put(path, target)
    return told


def _leads_into(folder: Path, target: Path) -> bool:
    """Whether nothing on the way to a file leads elsewhere or stands in the way."""
    place = target.parent
    while place != folder:
        if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            return False
        place = place.parent
    return not os.path.lexists(target) or (target.is_file() and not target.is_symlink())


def _put(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        open(path, "rb") as file,
        tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as new,
    ):
        shutil.copyfileobj(file, new)
    os.chmod(new.name, 0o644)
    os.replace(new.name, target)
