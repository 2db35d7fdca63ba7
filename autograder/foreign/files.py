"""What lies beside a submitted notebook: files for the room, and links, which are refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory

from autograder.core.errors import RefusedError


def refuse_links(config: Any, assignment: str, student: str) -> None:
    """Refuse a submission with links in it.

    nbgrader copies what they point to into the folder of the graded notebook, and from there
    into the feedback. It removes the copies of a submission that is refused.

    Raises
    ------
    RefusedError
        If there are any.
    """
    course = CourseDirectory(config=config)
    folder = course.format_path(course.submitted_directory, student, assignment)
    if found := links_in(Path(folder)):
        raise RefusedError(f"links in place of files: {', '.join(found)}")


def links_in(folder: Path) -> list[str]:
    """What is a link in a folder; the folder itself and the one above it count too."""
    found = [place.name for place in (folder.parent, folder) if place.is_symlink()]
    for root, folders, names in os.walk(folder):
        paths = [Path(root, name) for name in folders + names]
        found += [str(path.relative_to(folder)) for path in paths if path.is_symlink()]
    return sorted(found)


def specials_in(folder: Path) -> list[str]:
    """What is no file, folder or link in a folder: pipes, sockets and devices."""
    found = []
    for root, _, names in os.walk(folder):
        for path in (Path(root, name) for name in names):
            mode = path.lstat().st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
                found.append(str(path.relative_to(folder)))
    return sorted(found)
