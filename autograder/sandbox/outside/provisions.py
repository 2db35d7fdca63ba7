"""What a submission's rooms find beside the notebook, and what they leave: folders in the workshop.

Bubblewrap hides everything else of the machine from a zygote, so files are copied into its
workshop, but a large file only once: the data of a course lies beside every submission to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import SandboxError
from autograder.sandbox.walls.removal import remove_tree

Content = bytes | Path
"""Of a file: what is in it, or where it lies."""

_LARGE = 1 << 20
_CHUNK = 1 << 20
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_SHELF = "shelf"
# As `nursery.leavings` has it: the two sides know each other's folders, not each other.
_FILES, _TOLD = "files", "told"


@dataclass(frozen=True)
class Provisions:
    """The folders of one run.

    Attributes
    ----------
    beside : str
        What lies beside the notebook, for rooms to see; "" for nothing.
    leavings : str
        Where rooms leave what they have written; "" if that is not wanted.
    """

    beside: str = ""
    leavings: str = ""

    def take(self, to: Path) -> tuple[str, ...]:
        """Move what the last room has left into a folder.

        Returns
        -------
        tuple of str
            A line on each file that was not kept.
        """
        left = Path(self.leavings)
        if not (left / _TOLD).exists():
            return ("nothing of what was written could be kept",)
        shutil.copytree(left / _FILES, to, dirs_exist_ok=True)
        return tuple((left / _TOLD).read_text().splitlines())

    def clear(self) -> None:
        """Make room for what the next room leaves."""
        if self.leavings:
            remove_tree(self.leavings)


@contextlib.contextmanager
def laid_out(
    workshop: str, files: Mapping[str, Content], *, keep: bool, shared: bool
) -> Iterator[Provisions]:
    """Lay out files for the rooms of one run.

    Parameters
    ----------
    workshop : str
        Of the zygote.
    files : mapping
        Relative path -> content.
    keep : bool
        Whether to keep what the rooms leave.
    shared : bool
        Whether no room can write to what lies there, so that a large file may serve many runs.

    Raises
    ------
    SandboxError
        If that cannot be done.
    """
    if not files and not keep:
        yield Provisions()
        return
    place = tempfile.mkdtemp(prefix="provisions-", dir=workshop)
    os.chmod(place, 0o711)
    # The guard makes it.
    leavings = f"{place}-leavings"
    shelf = _Shelf(Path(workshop, _SHELF))
    try:
        beside = os.path.join(place, "beside") if files else ""
        try:
            for path, content in files.items():
                _lay(os.path.join(beside, path), content, shelf if shared else None)
            if files:
                _open_folders(beside)
        except OSError as error:
            raise SandboxError(f"files cannot be laid beside the notebook: {error}") from None
        yield Provisions(beside, leavings if keep else "")
    finally:
        remove_tree(place)
        remove_tree(leavings)
        shelf.tidy()


def _open_folders(top: str) -> None:
    """Let everybody look into the folders, whatever the umask is."""
    for root, _, _ in os.walk(top):
        os.chmod(root, 0o755)


def _lay(target: str, content: Content, shelf: _Shelf | None) -> None:
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if isinstance(content, bytes):
        _write(target, content)
        return
    source = os.open(content, _OPEN)
    with open(source, "rb") as file:
        status = os.fstat(source)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{content} is no file")
        if shelf is not None and status.st_size >= _LARGE:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            os.link(shelf.place(digest) or shelf.add(digest, source), target)
        else:
            _copy(source, target)


def _write(target: str, content: bytes) -> None:
    with open(target, "xb") as file:
        file.write(content)
    os.chmod(target, 0o444)


def _copy(source: int, target: str) -> None:
    with open(source, "rb", closefd=False) as one, open(target, "xb") as other:
        shutil.copyfileobj(one, other, _CHUNK)
    os.chmod(target, 0o444)


class _Shelf:
    """Large files, each once; only those that lie beside the notebook at hand stay."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def place(self, digest: str) -> str | None:
        """Where a file lies, if it is there."""
        path = self._folder / digest
        self._used.add(digest)
        return str(path) if path.exists() else None

    def add(self, digest: str, source: int) -> str:
        """Put a file there; return where."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        _copy(source, str(self._folder / f".{digest}"))
        path = self._folder / digest
        os.rename(self._folder / f".{digest}", path)
        return str(path)

    def tidy(self) -> None:
        """Remove what was not used."""
        with contextlib.suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                if path.name not in self._used:
                    path.unlink()
