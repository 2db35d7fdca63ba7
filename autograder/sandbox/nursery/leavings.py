"""What a dead room leaves in its scratch space is kept, as far as it is harmless.

The guard reads it, through a descriptor of the folder that was opened before any student code
ran, when nothing of the room is alive any more. Whatever is there was made by an enemy: only plain
files are taken, through no link, of bounded size and number, under names that are text.
"""

from __future__ import annotations

import contextlib
import os
import stat

from autograder.sandbox.walls.namespaces import BESIDE

_CHUNK = 1 << 20
_DEEPEST = 16
_LONGEST_PATH = 1024
_MOST_TOLD = 20
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# Of Python and of Jupyter, not of the student.
_PASSED_OVER = ("__pycache__", ".ipynb_checkpoints")

FILES, TOLD = "files", "told"
"""Names in the folder that `keep` makes: what was kept, and a line on each file that was not."""


class _Keeper:
    """Copies one tree, within bounds."""

    def __init__(self, beside: str, to: str, most_bytes: int, most_files: int) -> None:
        self._beside = beside
        self._to = to
        self._bytes = most_bytes
        self._files = most_files
        self.told: list[str] = []

    def folder(self, descriptor: int, path: str, depth: int) -> None:
        """Keep what is in an open folder, whose path from the top is `path`."""
        with os.scandir(descriptor) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            inner = f"{path}/{name}" if path else name
            if name in _PASSED_OVER or (name.startswith(".") and not path):
                continue
            if not inner.isprintable() or len(os.fsencode(inner)) > _LONGEST_PATH:
                self._tell(inner, "its name")
            elif self._files <= 0:
                self._tell(inner, "there are too many")
                return
            else:
                self._files -= 1
                self._entry(descriptor, name, inner, depth)

    def _entry(self, folder: int, name: str, path: str, depth: int) -> None:
        kind = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if stat.S_ISLNK(kind):
            if not (self._beside and _leads_to(folder, name, self._beside)):
                self._tell(path, "it is a link")
        elif not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            self._tell(path, "it is no file")
        elif stat.S_ISDIR(kind) and depth >= _DEEPEST:
            self._tell(path, "it is too deep")
        else:
            self._open(folder, name, path, depth)

    def _open(self, folder: int, name: str, path: str, depth: int) -> None:
        descriptor = os.open(name, _OPEN, dir_fd=folder)
        try:
            status = os.fstat(descriptor)
            if stat.S_ISDIR(status.st_mode):
                self.folder(descriptor, path, depth + 1)
            elif stat.S_ISREG(status.st_mode) and not self._as_before(descriptor, path):
                self._copy(descriptor, path, status.st_size)
        finally:
            os.close(descriptor)

    def _as_before(self, descriptor: int, path: str) -> bool:
        """Whether a file is one that was laid out, unchanged."""
        if not self._beside:
            return False
        with contextlib.suppress(OSError), open(f"{self._beside}/{path}", "rb") as before:
            if os.fstat(before.fileno()).st_size != os.fstat(descriptor).st_size:
                return False
            with open(descriptor, "rb", closefd=False) as now:
                while block := now.read(_CHUNK):
                    if block != before.read(_CHUNK):
                        return False
            return True
        return False

    def _copy(self, descriptor: int, path: str, size: int) -> None:
        if size > self._bytes:
            self._tell(path, "it is too large")
            return
        self._bytes -= size
        target = f"{self._to}/{path}"
        os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
        os.lseek(descriptor, 0, os.SEEK_SET)
        with open(target, "xb") as file:
            while size > 0 and (block := os.read(descriptor, min(_CHUNK, size))):
                size -= len(block)
                file.write(block)

    def _tell(self, path: str, why: str) -> None:
        if len(self.told) < _MOST_TOLD:
            self.told.append(f"{ascii(path)[:80]}: {why}")


def _leads_to(folder: int, name: str, beside: str) -> bool:
    """Whether a link is one of those that were laid out."""
    with contextlib.suppress(OSError):
        return os.readlink(name, dir_fd=folder).startswith((f"{beside}/", f"{BESIDE}/"))
    return False


def keep(home: int, beside: str, to: str, *, most_bytes: int, most_files: int) -> None:
    """Copy what is new or changed in the home of a dead room.

    Parameters
    ----------
    home : int
        Descriptor of the folder.
    beside : str
        What was laid out there; "" if nothing was.
    to : str
        A folder that is made for it, with `FILES` and `TOLD` in it.
    """
    os.makedirs(f"{to}/{FILES}", mode=0o700)
    keeper = _Keeper(beside, f"{to}/{FILES}", most_bytes, most_files)
    try:
        keeper.folder(home, "", 0)
    except OSError as error:
        keeper.told.append(f"the rest: {error.strerror}")
    with open(f"{to}/{TOLD}", "w") as file:
        file.write("\n".join(keeper.told))
