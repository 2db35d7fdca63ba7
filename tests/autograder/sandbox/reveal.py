"""Run a command where every user can reach this interpreter, if wanted as an ordinary user.

    python reveal.py [--user UID] COMMAND...

For root only. In a mount namespace of its own, a directory that hides the interpreter from
ordinary users is replaced by one that shows the interpreter, this project and nothing else.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from autograder.sandbox.walls import libc


def hidden_by(path: str) -> str | None:
    """The outermost directory on the way to `path` that not everybody may enter."""
    parts = path.strip("/").split("/")
    for count in range(1, len(parts) + 1):
        directory = "/" + "/".join(parts[:count])
        if not os.stat(directory).st_mode & 0o001:
            return directory
    return None


def reveal(paths: Iterable[str]) -> None:
    """Make `paths` reachable for every user."""
    below: dict[str, list[str]] = {}
    for path in sorted({os.path.realpath(path) for path in paths}):
        if (cover := hidden_by(path)) is not None:
            inside = below.setdefault(cover, [])
            if not any(path.startswith(other + os.sep) for other in inside):
                inside.append(path)
    for cover, inside in below.items():
        asides = [_bound_aside(path) for path in inside]
        libc.mount("cover", cover, "tmpfs", options="mode=755")
        for path, aside in zip(inside, asides, strict=True):
            os.makedirs(path, mode=0o755, exist_ok=True)
            libc.mount(aside, path, flags=libc.MS_MOVE)
            os.rmdir(aside)


def _bound_aside(path: str) -> str:
    """A new directory that shows `path`, read-only."""
    aside = tempfile.mkdtemp(dir="/tmp")
    libc.mount(path, aside, flags=libc.MS_BIND)
    libc.read_only_recursively(aside)
    return aside


def main(arguments: list[str]) -> None:
    """Reveal, become the user, and execute the command."""
    user = None
    if arguments[0] == "--user":
        user, arguments = int(arguments[1]), arguments[2:]
    libc.unshare(libc.CLONE_NEWNS)
    libc.mount("none", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
    os.umask(0o022)
    project = Path(libc.__file__).parents[3]
    reveal([sys.base_prefix, sys.prefix, str(project)])
    if user is not None:
        os.chown(os.environ["HOME"], user, user)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    os.execv(arguments[0], arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
