"""Removing a directory tree that mounts may hang in, without ever reaching through a mount.

A bind mount below a workshop shows the machine's own files. Whoever removes the workshop while
such a mount is still there removes those files, so the list of mounts is asked first.
"""

from __future__ import annotations

import os
import shutil

_MOUNT_POINT = 4  # column of /proc/self/mountinfo, see proc_pid_mountinfo(5)


def remove_tree(path: str) -> bool:
    """Remove `path` and all below it, unless something is mounted there.

    Returns
    -------
    bool
        Whether it was removed. A tree with a mount in it is left alone.
    """
    path = os.path.realpath(path)
    if any(point == path or point.startswith(path + os.sep) for point in _mount_points()):
        return False
    shutil.rmtree(path, ignore_errors=True)
    return True


def _mount_points() -> list[str]:
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
        return [_unescaped(line.split()[_MOUNT_POINT]) for line in file]


def _unescaped(point: str) -> str:
    """The kernel writes blanks, tabs, newlines and backslashes as octal numbers."""
    for octal, character in (("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")):
        point = point.replace(f"\\{octal}", character)
    return point
