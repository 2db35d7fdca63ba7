"""System calls that Python does not offer, through ctypes."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
from typing import NoReturn

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.mount.argtypes = (
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_ulong,
    ctypes.c_char_p,
)

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_NOATIME = 1024
MS_NODIRATIME = 2048
MS_BIND = 4096
MS_MOVE = 8192
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_CAPSET = {"x86_64": 126, "aarch64": 91}
_MOUNT_SETATTR = 442
_AT_RECURSIVE = 0x8000
_AT_FDCWD = -100
_KEPT_FLAGS = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NODIRATIME
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63
_MADV_COLLAPSE = 25


def _fail(what: str) -> NoReturn:
    number = ctypes.get_errno()
    raise OSError(number, f"{what}: {os.strerror(number)}")


def syscall(what: str, number: int, *arguments: object) -> int:
    """Make the system call `number`; `what` names it in the error.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    result = _libc.syscall(ctypes.c_long(number), *arguments)
    if result < 0:
        _fail(what)
    return int(result)


def machine() -> str:
    """Name of the processor architecture, as the tables of system calls use it."""
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags` for new ones."""
    if _libc.unshare(ctypes.c_int(flags)) != 0:
        _fail("unshare")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount `source` on `target`; see mount(2)."""
    if _libc.mount(source.encode(), os.fsencode(target), kind.encode(), flags, options.encode()):
        _fail(f"mount {target}")


def read_only_recursively(target: str) -> None:
    """Make a mount read-only, from Linux 5.12 on with all mounts below it."""

    class MountAttributes(ctypes.Structure):
        _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user")]

    wanted = MountAttributes(set=MS_RDONLY | MS_NOSUID)
    try:
        syscall(
            f"mount_setattr {target}",
            _MOUNT_SETATTR,
            ctypes.c_int(_AT_FDCWD),
            ctypes.c_char_p(os.fsencode(target)),
            ctypes.c_uint(_AT_RECURSIVE),
            ctypes.byref(wanted),
            ctypes.c_size_t(ctypes.sizeof(wanted)),
        )
    except OSError as error:
        if error.errno != errno.ENOSYS:
            raise
        # A user namespace may not take away flags that the original mount has.
        flags = os.statvfs(target).f_flag & _KEPT_FLAGS
        mount("none", target, flags=flags | MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID)


def pivot_root_here() -> None:
    """Make the working directory the root, and let go of the old root."""
    number = _PIVOT_ROOT[machine()]
    syscall("pivot_root", number, ctypes.c_char_p(b"."), ctypes.c_char_p(b"."))
    if _libc.umount2(b".", MNT_DETACH) != 0:
        _fail("umount2")
    os.chdir("/")


def prctl(option: int, *arguments: int) -> None:
    """Change an attribute of this process; see prctl(2)."""
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc.prctl(ctypes.c_int(option), *padded) < 0:
        _fail(f"prctl {option}")


def collapse(address: int, size: int) -> bool:
    """Move memory of this process into a huge page; False if the kernel does not."""
    where, length = ctypes.c_void_p(address), ctypes.c_size_t(size)
    return bool(_libc.madvise(where, length, ctypes.c_int(_MADV_COLLAPSE)) == 0)


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that forked it ends."""
    prctl(PR_SET_PDEATHSIG, 9)


def drop_capabilities() -> None:
    """Give up every capability, for this process and for whatever it executes."""
    for capability in range(_LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break
    try:
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    except OSError as error:
        if error.errno != 22:
            raise
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    empty = (ctypes.c_uint32 * 6)()
    syscall("capset", _CAPSET[machine()], ctypes.byref(header), ctypes.byref(empty))
