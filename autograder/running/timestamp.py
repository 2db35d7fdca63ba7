"""When a submission was made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


def timestamp(path: Path) -> str:
    """When the submission was made: nbgrader's ``timestamp.txt``, else the file's own time."""
    stamp = path.parent / "timestamp.txt"
    try:
        if stamp.is_symlink() or not stamp.is_file():
            raise OSError
        with open(stamp, encoding="utf-8") as file:
            return file.read(100).strip()
    except (OSError, UnicodeDecodeError):
        pass
    try:
        modified = path.lstat().st_mtime
    except OSError:
        return ""
    return datetime.fromtimestamp(modified, UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
