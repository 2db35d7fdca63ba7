"""The directory of a zygote: rooms are built in it. Those of dead graders are swept away."""

from __future__ import annotations

import contextlib
import fcntl
import glob
import os
import tempfile
import time
from dataclasses import dataclass

from autograder.sandbox.walls.removal import remove_tree

_PREFIX = "room-"
# A directory that is younger may not have been locked yet.
_LEAST_AGE = 60.0


@dataclass(frozen=True)
class Workshop:
    """A directory that is locked for as long as its grader lives.

    Attributes
    ----------
    lock : int
        Descriptor of the directory, which holds the lock.
    """

    path: str
    lock: int

    def remove(self) -> None:
        """Remove the directory, and let go of the lock."""
        remove_tree(self.path)
        os.close(self.lock)


def open_new() -> Workshop:
    """Make a workshop that other users can pass through but not list."""
    path = tempfile.mkdtemp(prefix=_PREFIX)
    os.chmod(path, 0o711)
    lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return Workshop(path, lock)


def sweep() -> None:
    """Remove the workshops of graders that were killed: nobody holds their locks."""
    for path in glob.glob(os.path.join(tempfile.gettempdir(), f"{_PREFIX}*")):
        with contextlib.suppress(OSError):
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                _sweep(path, lock)
            finally:
                os.close(lock)


def _sweep(path: str, lock: int) -> None:
    status = os.fstat(lock)
    if status.st_uid == os.geteuid() and time.time() - status.st_mtime > _LEAST_AGE:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        remove_tree(path)
