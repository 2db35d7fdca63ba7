"""Namespaces: a view of the machine in which nothing but the room exists."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.sandbox.walls import libc
from autograder.sandbox.walls.exposure import DEVICES, Exposure

NOBODY = 65534
SCRATCH = "/scratch"
BESIDE = "/beside"
"""Where a room sees what lies beside its notebook."""
_TEMPORARY = "/tmp"
_INODES = 4096
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1

_PASSWD = "student:x:{uid}:{gid}:student:{home}:/bin/sh\n"
_GROUP = "student:x:{gid}:\n"
_HOSTS = "127.0.0.1 localhost\n::1 localhost\n"


def enter_outer(*, root: bool) -> None:
    """Make the namespaces that the next child will be born into.

    Parameters
    ----------
    root : bool
        Whether this process is root; otherwise a user namespace gives it the right to the rest.
    """
    if root:
        libc.unshare(libc.CLONE_NEWPID)
        return
    user, group = os.geteuid(), os.getegid()
    libc.unshare(libc.CLONE_NEWUSER | libc.CLONE_NEWPID)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {user} 1"),
        ("gid_map", f"{NOBODY} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def enter_inner(*, loopback: bool = False) -> None:
    """Leave the remaining namespaces of the machine: mounts, network, IPC, host name.

    Parameters
    ----------
    loopback : bool
        Whether the new network is to lead from this machine to itself. Otherwise it leads nowhere.
    """
    libc.unshare(libc.CLONE_NEWNS | libc.CLONE_NEWNET | libc.CLONE_NEWIPC | libc.CLONE_NEWUTS)
    socket.sethostname("room")
    libc.mount("none", "/", flags=libc.MS_REC | libc.MS_PRIVATE)
    if loopback:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh", b"lo", _IFF_UP))


def build_root(
    at: str,
    exposure: Exposure,
    *,
    uid: int,
    gid: int,
    scratch_bytes: int,
    beside: str = "",
    hosts: bool = False,
) -> None:
    """Mount a root directory that holds only what is exposed, and move into it.

    Parameters
    ----------
    at : str
        An existing directory to mount the new root on.
    exposure : Exposure
        What to show, read-only.
    uid, gid : int
        Owner of the scratch space, in the terms of the current user namespace.
    scratch_bytes : int
        Size of the scratch space.
    beside : str
        A directory to show as `BESIDE`, read-only; or "".
    hosts : bool
        Whether "localhost" is to have an address.
    """
    if beside:
        # The new root is mounted above it, and then no path leads there.
        os.chdir(beside)
    libc.mount("room", at, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "size=4m,mode=755")
    # First, because an interpreter may live below /tmp.
    _make_scratch(at, uid, gid, scratch_bytes)
    if beside:
        _show_here(at + BESIDE)
    stages = _stage_below_scratch(at, exposure.visible)
    for path in exposure.visible:
        _show(at, path)
    for stage in stages:
        _make_read_only(stage)
    for path in exposure.hidden:
        _hide(at + path)
    os.makedirs(at + "/dev", exist_ok=True)
    for device in DEVICES:
        _bind_file(device, at + device)
    _write_etc(at, uid, gid)
    if hosts:
        Path(at, "etc/hosts").write_text(_HOSTS)
    _mount_proc(at)
    os.chdir(at)
    libc.pivot_root_here()
    _make_read_only("/")


def _make_read_only(mounted: str) -> None:
    flags = libc.MS_REMOUNT | libc.MS_BIND | libc.MS_RDONLY | libc.MS_NOSUID | libc.MS_NODEV
    libc.mount("none", mounted, flags=flags)


def _stage_below_scratch(at: str, visible: Iterable[str]) -> list[str]:
    """Mount a small file system wherever something is shown below the scratch space.

    The directories on the way to it would otherwise be part of the scratch space, and writable.
    """
    below = [path.split(os.sep) for path in visible if path.startswith(_TEMPORARY + os.sep)]
    stages = sorted({at + os.sep.join(parts[:3]) for parts in below if len(parts) > 3})
    for stage in stages:
        os.mkdir(stage)
        libc.mount("stage", stage, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, "size=1m,mode=755")
    return stages


def _parents(path: str) -> Iterator[str]:
    parts = path.strip(os.sep).split(os.sep)
    for count in range(1, len(parts)):
        yield os.sep + os.sep.join(parts[:count])


def _show(at: str, path: str) -> None:
    """Make `path` visible below the new root, read-only, under its own name."""
    target = at + path
    for parent in _parents(path):
        os.makedirs(at + parent, mode=0o755, exist_ok=True)
    if os.path.islink(path):
        if not os.path.lexists(target):
            os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        open(target, "w").close()
    libc.mount(path, target, flags=libc.MS_BIND | libc.MS_REC)
    libc.read_only_recursively(target)


def _show_here(target: str) -> None:
    """Show the current directory as `target`, read-only."""
    os.mkdir(target)
    libc.mount(".", target, flags=libc.MS_BIND | libc.MS_REC)
    libc.read_only_recursively(target)


def _hide(target: str) -> None:
    if os.path.isdir(target):
        libc.mount("hidden", target, "tmpfs", libc.MS_RDONLY, "size=4k,mode=755")
    elif os.path.exists(target):
        libc.mount("/dev/null", target, flags=libc.MS_BIND)


def _bind_file(source: str, target: str) -> None:
    if os.path.exists(source):
        open(target, "w").close()
        libc.mount(source, target, flags=libc.MS_BIND)


def _make_scratch(at: str, uid: int, gid: int, size: int) -> None:
    """One sized file system serves as home, as /tmp and as /dev/shm."""
    scratch = at + SCRATCH
    os.mkdir(scratch)
    options = f"size={size},nr_inodes={_INODES},mode=755,uid={uid},gid={gid}"
    libc.mount("scratch", scratch, "tmpfs", libc.MS_NOSUID | libc.MS_NODEV, options)
    for name, shown in (("home", "/home/student"), ("tmp", _TEMPORARY), ("shm", "/dev/shm")):
        os.mkdir(f"{scratch}/{name}", mode=0o700)
        os.chown(f"{scratch}/{name}", uid, gid)
        os.makedirs(at + shown, exist_ok=True)
        libc.mount(f"{scratch}/{name}", at + shown, flags=libc.MS_BIND)


def _write_etc(at: str, uid: int, gid: int) -> None:
    os.makedirs(at + "/etc", exist_ok=True)
    values = {"uid": uid, "gid": gid, "home": "/home/student"}
    for name, text in (("passwd", _PASSWD), ("group", _GROUP)):
        with open(f"{at}/etc/{name}", "w") as file:
            file.write(text.format(**values))


def _mount_proc(at: str) -> None:
    """Show the room's own processes, where the machine lets us; otherwise none at all."""
    target = at + "/proc"
    os.mkdir(target)
    flags = libc.MS_NOSUID | libc.MS_NODEV | libc.MS_NOEXEC
    for options in ("subset=pid", ""):
        try:
            libc.mount("proc", target, "proc", flags, options)
            return
        except OSError:
            continue
