"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED = ".part"


@dataclass(frozen=True)
class StagedFile:
    """A file that is written and on the disk, under a temporary name beside its place."""

    path: Path
    temporary: Path

    def publish(self) -> None:
        """Give the file its name, in place of what had it before."""
        os.replace(self.temporary, self.path)

    def discard(self) -> None:
        """Remove the file, if it has not been published."""
        self.temporary.unlink(missing_ok=True)


def stage(path: Path, content: str | bytes) -> StagedFile:
    """Write what `path` shall hold, and leave `path` itself as it is.

    Missing folders are made. What a killed run has staged is left for `remove_leftovers`.

    Raises
    ------
    OSError
        If it cannot be written. Nothing of it stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    descriptor, temporary = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED
    )
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
    except BaseException:
        os.unlink(temporary)
        raise
    return StagedFile(path, Path(temporary))


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` under a temporary name, then rename.

    After a crash or a kill the old file, or none, is there.

    Raises
    ------
    OSError
        If it cannot be written. The old file is still there.
    """
    staged = stage(path, content)
    try:
        staged.publish()
    except BaseException:
        staged.discard()
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove files in `folder` that a killed run had begun to write."""
    for path in folder.glob(f".*{_UNFINISHED}"):
        path.unlink(missing_ok=True)
