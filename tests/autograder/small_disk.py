"""A real file system of a few megabytes, in a mount namespace of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_HOLD = """
mount -t tmpfs -o size="$1" small "$2" && echo mounted || exit
while read -r size; do mount -o remount,size="$size" small "$2"; echo $?; done
"""


class NoSmallDiskError(Exception):
    """This machine lets nobody mount anything; the text says what was tried."""


class SmallDisk:
    """A tmpfs that only the programs started by `run` see; use it as a context manager.

    Parameters
    ----------
    place : Path
        The directory that it is mounted on.
    size : int
        In bytes.

    Raises
    ------
    NoSmallDiskError
        When entered, if nothing can be mounted.
    """

    def __init__(self, place: Path, size: int) -> None:
        self._place = place
        self._size = size
        self._user = () if os.geteuid() == 0 else ("--user", "--map-root-user")

    def __enter__(self) -> SmallDisk:
        command = ["unshare", *self._user, "--mount", "sh", "-c", _HOLD]
        self._holder = subprocess.Popen(
            [*command, "sh", str(self._size), str(self._place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if self._holder.stdout.readline() != "mounted\n":
            raise NoSmallDiskError(f"{' '.join(command[:-1])}: {self._holder.communicate()[1]}")
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.communicate()

    @property
    def inside(self) -> Path:
        """Where everybody else finds what is on the disk.

        sqlite cannot open a database by this path: it resolves links by itself.
        """
        return Path(f"/proc/{self._holder.pid}/root{self._place}")

    def grow(self, size: int) -> None:
        """Make the disk larger, without a loss."""
        self._holder.stdin.write(f"{size}\n")
        self._holder.stdin.flush()
        assert self._holder.stdout.readline() == "0\n"

    def run(self, command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program that sees the disk, as the user that we are."""
        ours: tuple[str, ...] = ()
        if self._user:
            ours = ("unshare", "--user", f"--map-user={os.getuid()}", f"--map-group={os.getgid()}")
        chdir = ("sh", "-c", 'cd "$0" && exec "$@"', str(cwd))
        user = ("--user", "--preserve-credentials") if self._user else ()
        enter = ["nsenter", f"--target={self._holder.pid}", "--mount", *user, *ours, *chdir]
        return subprocess.run(
            [*enter, *map(str, command)], capture_output=True, text=True, timeout=600
        )
