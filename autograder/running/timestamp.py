"""When a submission was made."""

from __future__ import annotations

from pathlib import Path


def timestamp(path: Path) -> str:
    """When the submission was made, by nbgrader's ``timestamp.txt``; "" where there is none.

    A file's own time says when it was copied. nbgrader would hold it against its missing stamp, and
    call what is graded out of date.
    """
    stamp = path.parent / "timestamp.txt"
    try:
        if stamp.is_symlink() or not stamp.is_file():
            return ""
        with open(stamp, encoding="utf-8") as file:
            return file.read(100).strip()
    except (OSError, UnicodeDecodeError):
        return ""
