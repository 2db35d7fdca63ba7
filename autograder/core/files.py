"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import fcntl
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

_UNFINISHED = ".part"
_KEPT_OF_A_NAME = 50
"""A temporary name is longer than that of the file, which may be as long as a disk takes."""


@dataclass(frozen=True)
class StagedFile:
    """A file that is written and on the disk, under a temporary name beside its place.

    It stays open and locked until it is published or discarded, and so `remove_leftovers` knows
    what other programs are still going to publish from what a killed one has left behind.
    """

    path: Path
    temporary: Path
    _file: BinaryIO = field(repr=False, compare=False)

    def publish(self) -> None:
        """Give the file its name, in place of what had it before."""
        os.replace(self.temporary, self.path)
        self._file.close()

    def read(self) -> str:
        """What is written so far, which must be text."""
        # Not by another descriptor: closing that would take the lock away.
        self._file.seek(0)
        return self._file.read().decode()

    def rewrite(self, content: str | bytes) -> None:
        """Have it hold something else; it is on the disk after that.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        self._file.seek(0)
        self._file.truncate()
        self._file.write(content.encode() if isinstance(content, str) else content)
        self._file.flush()
        os.fsync(self._file.fileno())

    def discard(self) -> None:
        """Remove the file, if it has not been published."""
        self.temporary.unlink(missing_ok=True)
        self._file.close()


def stage(path: Path, content: str | bytes) -> StagedFile:
    """Write what `path` shall hold, and leave `path` itself as it is.

    Missing folders are made. What a killed run has staged is left for `remove_leftovers`.

    Raises
    ------
    OSError
        If it cannot be written. Nothing of it stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = _locked(path)
    try:
        staged.rewrite(content)
        os.chmod(staged.temporary, 0o644)
    except BaseException:
        staged.discard()
        raise
    return staged


def _locked(path: Path) -> StagedFile:
    """A new and empty file. One that was taken for a leftover before it was locked is given up."""
    while True:
        descriptor, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name[:_KEPT_OF_A_NAME]}.", suffix=_UNFINISHED
        )
        staged = StagedFile(path, Path(temporary), os.fdopen(descriptor, "w+b"))
        try:
            fcntl.lockf(staged._file, fcntl.LOCK_EX)
            if os.fstat(staged._file.fileno()).st_nlink:
                return staged
        except BaseException:
            staged.discard()
            raise
        staged.discard()


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
    """Remove files in `folder` that a killed run had begun to write, or this program has given up.

    What another program has staged and not published yet stays.
    """
    for path in folder.glob(f".*{_UNFINISHED}"):
        with (
            suppress(FileNotFoundError, BlockingIOError, PermissionError),
            open(path, "ab") as file,
        ):
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
