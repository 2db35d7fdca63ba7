"""Landlock: the kernel's own way for a process to give up access to files.

References
----------
.. [1] Linux kernel documentation, "Landlock: unprivileged access control".
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

from autograder.sandbox.walls import libc

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1

EXECUTE = 1 << 0
WRITE_FILE = 1 << 1
READ_FILE = 1 << 2
READ_DIR = 1 << 3
REMOVE_DIR = 1 << 4
REMOVE_FILE = 1 << 5
MAKE_CHAR = 1 << 6
MAKE_DIR = 1 << 7
MAKE_REG = 1 << 8
MAKE_SOCK = 1 << 9
MAKE_FIFO = 1 << 10
MAKE_BLOCK = 1 << 11
MAKE_SYM = 1 << 12
REFER = 1 << 13
TRUNCATE = 1 << 14
IOCTL_DEV = 1 << 15

READ = EXECUTE | READ_FILE | READ_DIR
WRITE = (
    READ
    | WRITE_FILE
    | REMOVE_DIR
    | REMOVE_FILE
    | MAKE_DIR
    | MAKE_REG
    | MAKE_FIFO
    | MAKE_SYM
    | REFER
    | TRUNCATE
)
DEVICE = READ_FILE | WRITE_FILE

_FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
# How many of the rights above each version of the interface knows.
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_RIGHTS = 16
_TCP_SINCE, SCOPES_SINCE = 4, 6
_BIND_TCP, _CONNECT_TCP = 1, 2
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2


def version() -> int:
    """Version of the interface that this kernel offers, 0 if none."""
    try:
        return libc.syscall(
            "landlock_create_ruleset",
            _CREATE,
            ctypes.c_void_p(None),
            ctypes.c_size_t(0),
            ctypes.c_uint32(_VERSION),
        )
    except OSError:
        return 0


def _handled(interface: int) -> tuple[int, int, int]:
    files = (1 << _RIGHTS_BY_VERSION.get(interface, _ALL_RIGHTS)) - 1
    network = _BIND_TCP | _CONNECT_TCP if interface >= _TCP_SINCE else 0
    scopes = _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS if interface >= SCOPES_SINCE else 0
    return files, network, scopes


def restrict(rules: Iterable[tuple[str, int]], *, tcp: bool = False) -> None:
    """Give up every access to files but the listed ones, TCP, and signals to outsiders.

    Parameters
    ----------
    rules : iterable of (str, int)
        Path and rights. Paths that do not exist are passed over.
    tcp : bool
        Keep TCP all the same.

    Raises
    ------
    OSError
        If the kernel refuses. ``no_new_privs`` must have been set before.
    """
    interface = version()
    files, network, scopes = _handled(interface)
    handled = (files, 0 if tcp else network, scopes)
    words = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2}.get(interface, 3)
    attributes = (ctypes.c_uint64 * 3)(*handled)
    ruleset = libc.syscall(
        "landlock_create_ruleset",
        _CREATE,
        ctypes.byref(attributes),
        ctypes.c_size_t(8 * words),
        ctypes.c_uint32(0),
    )
    try:
        for path, rights in rules:
            _allow(ruleset, path, rights & handled[0])
        libc.syscall("landlock_restrict_self", _RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    class PathBeneath(ctypes.Structure):
        _pack_ = 1
        _fields_ = [("rights", ctypes.c_uint64), ("parent", ctypes.c_int32)]

    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= _FOR_FILES
        rule = PathBeneath(rights, parent)
        libc.syscall(
            "landlock_add_rule",
            _ADD,
            ctypes.c_int(ruleset),
            ctypes.c_int(_PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint32(0),
        )
    finally:
        os.close(parent)
