"""What lies beside a notebook is laid out in the scratch space of its room.

The grader has put it into a folder that a room can read and not write to. What is small is copied
from there, so that code can write to it as anywhere; what is large, and what is much, is linked.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter

# As many entries as this leave room for what the student's code makes; see the guard.
MOST_ENTRIES = 2048


def lay_out(beside: str, home: str, copied_bytes: int) -> None:
    """Show in `home` what is in `beside`.

    Parameters
    ----------
    beside : str
        A folder of plain files and folders, made by the grader.
    home : str
        An empty folder.
    copied_bytes : int
        How much may be copied; the smallest files come first.

    Raises
    ------
    OSError
        If there is no space for it.
    """
    files = _files(beside)
    whole = _linked_whole(files)
    for folder in whole:
        os.symlink(f"{beside}/{folder}", f"{home}/{folder}")
    for size, path in sorted((size, path) for path, size in files.items()):
        if path.partition("/")[0] in whole:
            continue
        os.makedirs(os.path.dirname(f"{home}/{path}"), exist_ok=True)
        if size <= copied_bytes:
            copied_bytes -= size
            shutil.copyfile(f"{beside}/{path}", f"{home}/{path}")
        else:
            os.symlink(f"{beside}/{path}", f"{home}/{path}")


def _files(folder: str) -> dict[str, int]:
    """Size of each file below a folder, by its relative path."""
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            path = f"{root}/{name}"
            found[os.path.relpath(path, folder)] = os.lstat(path).st_size
    return found


def _linked_whole(files: dict[str, int]) -> set[str]:
    """The folders with the most files, so many that what is left is few enough."""
    counts = Counter(path.partition("/")[0] for path in files if "/" in path)
    left = len(files)
    whole = set()
    for folder, count in counts.most_common():
        if left <= MOST_ENTRIES:
            break
        whole.add(folder)
        left -= count
    return whole
