"""bubblewrap around a whole zygote: a second set of walls, built by a program of its own.

The zygote and all its rooms get a root directory with the interpreter and its packages in it,
read-only, and no network, no process and no shared memory of the machine. As root the zygote
keeps the capabilities that it needs to build rooms; a room holds none of them.

Only the system's own ``bwrap`` is used.

References
----------
.. [1] bubblewrap, https://github.com/containers/bubblewrap
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from autograder.sandbox.walls.exposure import Exposure

_FOLDERS = ("/usr/bin", "/bin", "/usr/local/bin")
_NEEDED_TO_BUILD = (
    "SYS_ADMIN",
    "SYS_PTRACE",
    "SYS_RESOURCE",
    "SETUID",
    "SETGID",
    "SETPCAP",
    "CHOWN",
    "FOWNER",
    "DAC_OVERRIDE",
    "KILL",
)
_NEEDED_FOR_LOOPBACK = ("NET_ADMIN",)


def find() -> str | None:
    """Path of the system's bwrap, if there is one."""
    return shutil.which("bwrap", path=os.pathsep.join(_FOLDERS))


def command(
    program: str,
    exposure: Exposure,
    *,
    readable: Sequence[str],
    writable: str,
    loopback: bool = False,
) -> list[str]:
    """What to put before the command line of a zygote.

    Parameters
    ----------
    program : str
        Path of bwrap.
    exposure : Exposure
        What the zygote may see, read-only.
    readable : sequence of str
        More directories to show, read-only; those that do not exist are passed over.
    writable : str
        The zygote's workshop.
    loopback : bool
        Whether its rooms are to have a network that leads to themselves.

    Returns
    -------
    list of str
        Arguments, with ``--`` at their end.
    """
    words = [program, "--die-with-parent", "--new-session", "--unshare-cgroup-try"]
    words += ["--hostname", "worker"]
    words += [f"--unshare-{name}" for name in ("pid", "net", "ipc", "uts")]
    # An ordinary user gets these within the user namespace that bwrap then makes.
    for name in (*_NEEDED_TO_BUILD, *(_NEEDED_FOR_LOOPBACK if loopback else ())):
        words += ["--cap-add", f"CAP_{name}"]
    words += ["--tmpfs", "/tmp", "--proc", "/proc", "--dev", "/dev"]
    for path in exposure.visible:
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        else:
            words += ["--ro-bind", path, path]
    for path in exposure.hidden:
        words += ["--tmpfs", path] if os.path.isdir(path) else ["--ro-bind", "/dev/null", path]
    for path in readable:
        words += ["--ro-bind-try", path, path]
    return [*words, "--bind", writable, writable, "--remount-ro", "/", "--"]
