"""What an enemy would try in a room. Each function is sent there as text, and tells what it got.

Each returns the list of its successes, so an empty list is good news. They stand alone: a room
cannot import this module.
"""

# ruff: noqa: SIM115

from __future__ import annotations

from collections.abc import Callable


def read_files(paths: list[str]) -> list[str]:
    """Read files that are none of a student's business."""
    import os

    got = []
    for path in [*paths, "/etc/shadow", "/etc/hostname", "/etc/machine-id", "/dev/kmsg"]:
        for attempt in (lambda p: open(p, "rb").read(1), os.listdir):
            try:
                attempt(path)
            except OSError:
                continue
            got.append(f"read {path}")
    return got


def write_files(directory: str, file: str) -> list[str]:
    """Write, cut and change files where everybody may."""
    import functools
    import os
    import sys

    places = [directory, "/", "/usr", "/etc", "/var/tmp", "/dev", os.path.dirname(os.__file__)]
    places += [sys.prefix, *(path for path in sys.path if path)]
    attempts: dict[str, Callable[[], object]] = {
        f"write to {place}": functools.partial(_create, f"{place}/probe") for place in places
    }
    attempts |= {
        "append": lambda: open(file, "a").close(),
        "truncate": lambda: os.truncate(file, 0),
        "open to truncate": lambda: os.close(os.open(file, os.O_RDONLY | os.O_TRUNC)),
        "chmod": lambda: os.chmod(file, 0o600),
        "utime": lambda: os.utime(file),
        "setxattr": lambda: os.setxattr(file, "user.probe", b"x"),
        "remove": lambda: os.remove(file),
        "rename": lambda: os.rename(file, file + ".moved"),
        "link": lambda: os.link(file, os.path.expanduser("~/linked")),
        "mkdir": lambda: os.mkdir(f"{directory}/made"),
        "mkfifo": lambda: os.mkfifo(f"{directory}/fifo"),
    }
    got = []
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError:
            continue
        got.append(name)
    return got


def _create(path: str) -> None:
    import os

    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.remove(path)


def reach_network(tcp: int, udp: int, unix: str, abstract: str, loopback: bool) -> list[str]:
    """Make a socket of any family, and talk to listeners on this machine.

    TCP sockets are no breach in a room that may talk to itself.
    """
    import socket

    got = []
    own = [(socket.AF_INET, socket.SOCK_STREAM), (socket.AF_INET6, socket.SOCK_STREAM)]
    for family in range(46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                made = socket.socket(family, kind)
            except OSError:
                continue
            made.close()
            if loopback and (family, kind) in own:
                continue
            got.append(f"socket of family {family}, type {kind}")
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", tcp)),
        (socket.AF_INET6, socket.SOCK_STREAM, ("::ffff:127.0.0.1", tcp)),
        (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", udp)),
        (socket.AF_UNIX, socket.SOCK_STREAM, unix),
        (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + abstract),
    ):
        try:
            with socket.socket(family, kind) as talker:
                talker.connect(address)
                talker.send(b"x")
        except OSError:
            continue
        got.append(f"talked to {address!r}")
    for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        try:
            for end in socket.socketpair(socket.AF_UNIX, kind):
                end.close()
        except OSError:
            continue
        got.append(f"socketpair of type {kind}")
    try:
        socket.getaddrinfo("name.example" if loopback else "localhost", 80)
    except OSError:
        pass
    else:
        got.append("looked up a name")
    return got


def touch_processes(pids: list[int]) -> list[str]:
    """See, signal, trace or change processes outside of the room."""
    import ctypes
    import os
    import resource
    import signal

    libc = ctypes.CDLL(None, use_errno=True)
    attach = 16

    def trace(pid: int) -> None:
        if libc.ptrace(attach, pid, 0, 0) < 0:
            raise OSError

    attempts: dict[str, Callable[[int], object]] = {
        "signalled": lambda pid: os.kill(pid, 0),
        "read environ of": lambda pid: open(f"/proc/{pid}/environ").read(),
        "read cmdline of": lambda pid: open(f"/proc/{pid}/cmdline").read(),
        "read stat of": lambda pid: open(f"/proc/{pid}/stat").read(),
        "read memory of": lambda pid: open(f"/proc/{pid}/mem", "rb").read(1),
        "listed descriptors of": lambda pid: os.listdir(f"/proc/{pid}/fd"),
        "traced": trace,
        "limited": lambda pid: resource.prlimit(pid, resource.RLIMIT_CORE),
        "signalled by descriptor": lambda pid: signal.pidfd_send_signal(
            os.pidfd_open(pid), signal.SIGURG
        ),
        "slowed down": lambda pid: os.setpriority(os.PRIO_PROCESS, pid, 19),
    }
    got = []
    for pid in pids:
        for name, attempt in attempts.items():
            try:
                attempt(pid)
            except OSError:
                continue
            got.append(f"{name} {pid}")
    try:
        strangers = [name for name in os.listdir("/proc") if name in map(str, pids)]
    except OSError:
        strangers = []
    return got + [f"saw {name}" for name in strangers]


def gain_rights() -> list[str]:
    """Hold or gain a capability, another user, or new namespaces."""
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    got = []
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc.capget(ctypes.byref(header), ctypes.byref(sets))
    if any(sets):
        got.append(f"capabilities {list(sets)}")
    if os.geteuid() == 0:
        got.append("is root")
    attempts: dict[str, Callable[[], object]] = {
        "became root": lambda: os.setuid(0),
        "left its user namespace": lambda: libc.unshare(0x10000000),
        "left its mount namespace": lambda: libc.unshare(0x00020000),
        "mounted": lambda: libc.mount(b"none", os.path.expanduser("~").encode(), b"tmpfs", 0, None),
        "changed its root": lambda: libc.chroot(b"/tmp"),
        "raised a limit": _raise_limit,
    }
    for name, attempt in attempts.items():
        try:
            if attempt() in (0, None):
                got.append(name)
        except (OSError, ValueError):
            continue
    return got


def _raise_limit() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    resource.setrlimit(resource.RLIMIT_NPROC, (hard + 1, hard + 1))


def use_other_calls() -> list[str]:
    """System calls that open ways around the other walls."""
    import ctypes
    import fcntl
    import os
    import platform

    libc = ctypes.CDLL(None, use_errno=True)
    numbers = {
        "io_uring": (425, 425),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "userfaultfd": (323, 282),
        "shmget": (29, 194),
        "msgget": (68, 186),
        "semget": (64, 190),
        "add_key": (248, 217),
        "keyctl": (250, 219),
        "memfd_create": (319, 279),
        "inotify_init1": (294, 26),
        "mincore": (27, 232),
        "cachestat": (451, 451),
        "posix_fadvise": (221, 223),
        "file readahead": (187, 213),
        "preadv2": (327, 286),
        "setns": (308, 268),
        "clone3": (435, 435),
        "unknown call": (999, 999),
    }
    column = 0 if platform.machine() == "x86_64" else 1
    got = [
        name
        for name, pair in numbers.items()
        if libc.syscall(pair[column], 0, 0, 0, 0, 0) >= 0 or ctypes.get_errno() not in (1, 38)
    ]
    with open(os.__file__) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pass
        else:
            got.append("locked a shared file")
    return got


def fork_until_stopped(most: int) -> list[str]:
    """Start more processes than allowed."""
    import os
    import time

    started = 0
    try:
        while started <= most:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            started += 1
    except OSError:
        return []
    return [f"started {started} processes"]


def allocate_until_stopped(most: int) -> list[str]:
    """Take more memory than allowed."""
    taken: list[bytearray] = []
    step = 16 << 20
    try:
        while len(taken) * step <= most:
            taken.append(bytearray(step))
    except MemoryError:
        size = len(taken) * step
        taken.clear()
        return [] if size <= most else [f"took {size} bytes"]
    return [f"took {len(taken) * step} bytes"]


def fill_scratch(most: int) -> list[str]:
    """Write more than allowed, in many files."""
    import os
    import tempfile
    import time

    written = 0
    block = b"x" * (1 << 20)
    places = [os.path.expanduser("~"), tempfile.gettempdir(), "/dev/shm"]
    for number in range(4 * most // len(block)):
        try:
            with open(f"{places[number % len(places)]}/{number}", "wb") as file:
                written += file.write(block)
        except OSError:
            continue
    if written <= most:
        return []
    time.sleep(1)
    return [f"wrote {written} bytes and lives"]


def leave_a_daemon(name: str) -> list[str]:
    """Start a process that leaves its parent, session and name behind."""
    import ctypes
    import os
    import time

    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            ctypes.CDLL(None).prctl(15, name.encode(), 0, 0, 0)
            time.sleep(600)
        os._exit(0)
    time.sleep(0.1)
    return []
