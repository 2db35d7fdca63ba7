"""What lies beside a notebook, for the room in which it runs."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from autograder.core.errors import RefusedError

MOST_FILES = 50_000

CHECK = "check.py"
EXAMPLES = ".examples.json"
"""What a build lays beside the notebooks of a course without a package of its own: the student's
check, and, after the name of an assignment, what it tries answers on."""


def files_beside(folder: Path, most_bytes: int) -> dict[str, Path]:
    """Plain files in the folder of a notebook, for the room: relative path -> path.

    Notebooks, links, pipes and devices are passed over, and so is what lies behind a linked
    folder.

    Raises
    ------
    RefusedError
        If they are too large together, or too many.
    """
    found: dict[str, Path] = {}
    total = 0
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(root, name)
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or path.suffix.lower() == ".ipynb":
                continue
            total += status.st_size
            found[str(path.relative_to(folder))] = path
    require_few_bytes(total, most_bytes)
    if len(found) > MOST_FILES:
        raise RefusedError(f"there are {len(found)} files beside the notebook; pack them into one")
    return found


def require_few_bytes(total: int, most_bytes: int) -> None:
    """Refuse more bytes beside a notebook than a course has asked for.

    Raises
    ------
    RefusedError
        If there are more.

    Examples
    --------
    >>> require_few_bytes(3 << 20, 2 << 20)
    Traceback (most recent call last):
    ...
    autograder.core.errors.RefusedError: the files beside the notebook take 3.0 MB together, ...
    """
    if total > most_bytes:
        raise RefusedError(
            f"the files beside the notebook take {total / (1 << 20):.1f} MB together, and "
            f"{most_bytes / (1 << 20):.1f} MB are taken; set c.LockedRoom.data_bytes in "
            "nbgrader_config.py to more, or take out what the notebook does not need"
        )


def digests(files: Mapping[str, Path]) -> list[str]:
    """Path and SHA-256 of each file, in order of path.

    Raises
    ------
    OSError
        If one cannot be read.
    """
    parts = []
    for name in sorted(files):
        with open(files[name], "rb") as file:
            parts += [name, hashlib.file_digest(file, "sha256").hexdigest()]
    return parts
