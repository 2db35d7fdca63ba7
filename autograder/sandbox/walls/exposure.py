"""Which files of the machine a room may read: the interpreter, its packages, the course's own."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass

_PARTS_OF_A_PREFIX = (
    "bin",
    "sbin",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "libexec",
    "share",
    "pyvenv.cfg",
)
_TOP = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_FROM_ETC = (
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/fonts",
    "/etc/alternatives",
    "/etc/mime.types",
)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")


@dataclass(frozen=True)
class Exposure:
    """Paths for a room to see.

    Attributes
    ----------
    visible : tuple of str
        Files and directories, with all that is below them. None is below another.
    hidden : tuple of str
        Directories and files below a visible one that are kept out all the same.
    packages : tuple of str
        Directories that the student's process must be able to read.
    """

    visible: tuple[str, ...]
    hidden: tuple[str, ...]
    packages: tuple[str, ...] = ()


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths that exist, without those below another one."""
    kept: list[str] = []
    for path in sorted({os.path.abspath(path) for path in paths if path}):
        inside = any(path == other or path.startswith(other + os.sep) for other in kept)
        if not inside and os.path.lexists(path):
            kept.append(path)
    return tuple(kept)


def survey(packages: Iterable[str], secrets: Iterable[str]) -> Exposure:
    """Find what a room needs to see for this interpreter.

    Parameters
    ----------
    packages : iterable of str
        Directories of packages that may live outside of the interpreter's own directories.
    secrets : iterable of str
        Directories and files that a room must not see, wherever they are.

    Returns
    -------
    Exposure
    """
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    packages = tuple(packages)
    candidates = [
        os.path.join(prefix, part)
        for prefix in prefixes | {"/usr", "/usr/local"}
        for part in _PARTS_OF_A_PREFIX
    ]
    schemes = sysconfig.get_paths()
    candidates += [schemes[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    candidates += [*site.getsitepackages(), *_TOP, *_FROM_ETC, *packages]
    if site.ENABLE_USER_SITE:
        candidates.append(site.getusersitepackages())
    secrets = [os.path.abspath(path) for path in secrets]
    visible = _outermost(target for path in candidates for target in (path, os.path.realpath(path)))
    hidden = [
        path
        for path in secrets
        if any(path == root or path.startswith(root + os.sep) for root in visible)
    ]
    return Exposure(visible, tuple(hidden), (schemes["stdlib"], *packages))


def readable_by_all(path: str) -> bool:
    """Whether every user of the machine can reach and list the directory `path`.

    Examples
    --------
    >>> readable_by_all("/"), readable_by_all("/nowhere")
    (True, False)
    """
    while True:
        try:
            mode = os.stat(path).st_mode
        except OSError:
            return False
        if not mode & 0o001:
            return False
        if path == os.path.dirname(path):
            return True
        path = os.path.dirname(path)


def carve(exposure: Exposure) -> tuple[list[str], list[str]]:
    """Split the visible paths so that nothing hidden is below any of them.

    Returns
    -------
    whole : list of str
        Paths that are visible with all below.
    listed : list of str
        Directories of which only the names of the entries are visible.
    """
    whole: list[str] = []
    listed: list[str] = []
    waiting = list(exposure.visible)
    while waiting:
        path = waiting.pop()
        if path in exposure.hidden:
            continue
        if any(secret.startswith(path + os.sep) for secret in exposure.hidden):
            listed.append(path)
            waiting += [entry.path for entry in os.scandir(path)]
        else:
            whole.append(path)
    return whole, listed
