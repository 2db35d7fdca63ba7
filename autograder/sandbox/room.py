"""A room is made: from a fork of the zygote to a process that holds nothing but the student's work.

Three processes belong to a room. The *guard* stays outside and is trusted. The *first* process
is, where there is a pid namespace, its number 1: it waits until the student's process ends, and
the kernel then kills all that is left in the namespace. The *student's* process gives up its
rights and runs cells. Without a pid namespace the first process is the student's.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from autograder.sandbox import landlock, libc, limits, namespaces, seccomp, walls
from autograder.sandbox.exposure import DEVICES, Exposure, carve
from autograder.sandbox.guard import Guard, Room
from autograder.sandbox.plan import Limits
from autograder.sandbox.wire import Channel, WireError

_UID_BASE = 1_000_000_000
_CREDENTIALS = struct.Struct("3i")
_LIMIT_OF_REPORTS = 1 << 16
_PATIENCE = 20.0

Student = Callable[[Channel], None]


@dataclass(frozen=True)
class Blueprint:
    """All that is needed to build a room.

    Attributes
    ----------
    questions : int
        How many snapshots may wait in the room.
    workshop : str
        A directory of this zygote's own: the new root is mounted on it, or the scratch space
        is made in it.
    user : int
        A user id that no other room of this machine has, for mechanisms with `own_user`.
    """

    mechanisms: walls.Mechanisms
    exposure: Exposure
    limits: Limits
    questions: int
    workshop: str
    user: int


def keep_only(descriptors: set[int]) -> None:
    """Close everything but the standard streams and `descriptors`."""
    low = 3
    for descriptor in sorted(descriptors):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))


def guard(
    blueprint: Blueprint, student: Student, zygote: int, to_student: int, to_guard: int
) -> None:
    """Build a room and watch it; the body of the guard's process.

    Parameters
    ----------
    blueprint : Blueprint
        What to build.
    student : callable
        Body of the student's process, called when the walls are up.
    zygote : int
        Process id of the zygote, without which the room shall not live on.
    to_student, to_guard : int
        Descriptors of the sockets on which the grader talks to each of them.
    """
    keep_only({to_student, to_guard})
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    libc.prctl(libc.PR_SET_CHILD_SUBREAPER, 1)
    _be_first_to_go()
    channel = Channel(socket.socket(fileno=to_guard))
    reports, reporter = socket.socketpair()
    reports.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    try:
        builder = _Builder(blueprint, student, to_student, reporter)
        first = builder.start()
        reporter.close()
        os.close(to_student)
        pid = _await_walls(reports)
    except (OSError, WireError) as error:
        channel.send({"op": "refused", "why": str(error)}, seconds=_PATIENCE)
        return
    channel.send({"op": "ready"}, seconds=_PATIENCE)
    room = Room(
        zygote=zygote,
        first=first,
        student=os.pidfd_open(pid),
        pid_namespace=blueprint.mechanisms.namespaces,
        scratch=builder.scratch,
        limits=blueprint.limits,
    )
    Guard(room, channel).watch()


def _be_first_to_go() -> None:
    """If the machine runs out of memory, the kernel shall take a room and not the grader."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


def _await_walls(reports: socket.socket) -> int:
    """Wait until the student's process says that its walls are up; return its process id.

    The kernel attaches the id, translated from the room's pid namespace to ours.
    """
    reports.settimeout(_PATIENCE)
    data, ancillary, _, _ = reports.recvmsg(_LIMIT_OF_REPORTS, socket.CMSG_SPACE(12))
    if data != b"up":
        raise OSError(data.decode("utf-8", "replace") or "it died while its walls were built")
    for _, kind, value in ancillary:
        if kind == socket.SCM_CREDENTIALS:
            return int(_CREDENTIALS.unpack(value)[0])
    raise OSError("the kernel did not tell the id of the room's process")


class _Builder:
    def __init__(
        self, blueprint: Blueprint, student: Student, to_student: int, reporter: socket.socket
    ) -> None:
        self._blueprint = blueprint
        self._mechanisms = blueprint.mechanisms
        self._student = student
        self._to_student = to_student
        self._reporter = reporter
        self._uid, self._gid = os.geteuid(), os.getegid()
        if self._mechanisms.root or self._mechanisms.namespaces:
            self._uid = self._gid = namespaces.NOBODY
        if self._mechanisms.own_user:
            self._uid = self._gid = blueprint.user
        self.scratch: str | None = None

    def start(self) -> int:
        """Fork the first process of the room; return its id."""
        base_tasks = 0
        in_user_namespace = self._mechanisms.namespaces and not self._mechanisms.root
        if not self._mechanisms.own_user and not in_user_namespace:
            base_tasks = limits.tasks_of(self._uid)
        if self._mechanisms.namespaces:
            namespaces.enter_outer(root=self._mechanisms.root)
        else:
            self.scratch = self._make_scratch()
        pid = os.fork()
        if pid == 0:
            keep_only({self._to_student, self._reporter.fileno()})
            self._report_failure(lambda: self._first(base_tasks))
        return pid

    def _report_failure(self, body: Callable[[], None]) -> None:
        """Run the body of a process, and end it."""
        try:
            body()
        except BaseException as error:
            with contextlib.suppress(OSError):
                self._reporter.send(f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(1)

    def _make_scratch(self) -> str:
        scratch = tempfile.mkdtemp(dir=self._blueprint.workshop)
        for path in (scratch, f"{scratch}/home", f"{scratch}/tmp"):
            os.makedirs(path, mode=0o700, exist_ok=True)
            if self._mechanisms.root:
                os.chown(path, self._uid, self._gid)
        return scratch

    def _first(self, base_tasks: int) -> None:
        if self._mechanisms.namespaces:
            namespaces.enter_inner()
            namespaces.build_root(
                self._blueprint.workshop,
                self._blueprint.exposure,
                uid=self._uid,
                gid=self._gid,
                scratch_bytes=self._blueprint.limits.file_bytes,
            )
        if self._mechanisms.root:
            os.setgroups([])
            os.setresgid(self._gid, self._gid, self._gid)
            os.setresuid(self._uid, self._uid, self._uid)
        self._check_interpreter()
        # A change of user clears this, so it comes late; the report tells whether it came too late.
        libc.die_with_parent()
        if self._mechanisms.namespaces:
            pid = os.fork()
            if pid:
                self._wait_for(pid)
        self._become_student(base_tasks)

    def _wait_for(self, student: int) -> None:
        """Body of number 1: take in orphans until the student's process ends."""
        libc.prctl(libc.PR_SET_DUMPABLE, 0)
        libc.drop_capabilities()
        keep_only(set())
        while os.wait()[0] != student:
            pass
        os._exit(0)

    def _check_interpreter(self) -> None:
        """Fail early where the unprivileged user cannot reach the interpreter."""
        for path in self._blueprint.exposure.packages:
            if not os.access(path, os.R_OK | os.X_OK):
                raise PermissionError(
                    f"{path} cannot be read by an unprivileged user. Allow namespaces, or install"
                    " Python where every user can read it, or start the grader as such a user"
                )

    def _become_student(self, base_tasks: int) -> None:
        blueprint = self._blueprint
        home, temporary = self._directories()
        os.setsid()
        if self._mechanisms.namespaces:
            libc.die_with_parent()
        os.chdir(home)
        os.environ.update(HOME=home, TMPDIR=temporary, IPYTHONDIR=home)
        os.environ.update(dict.fromkeys(("MPLCONFIGDIR", "XDG_CACHE_HOME"), home))
        tempfile.tempdir = None
        os.umask(0o077)
        limits.apply(
            limits.rlimits(
                blueprint.limits,
                base_memory=limits.address_space(),
                base_tasks=base_tasks,
                questions=blueprint.questions,
            )
        )
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        if self._mechanisms.landlock:
            landlock.restrict(self._landlock_rules(home, temporary))
        libc.drop_capabilities()
        if self._mechanisms.seccomp:
            seccomp.apply(walls.strictness(self._mechanisms))
        self._reporter.send(b"up")
        self._reporter.close()
        self._student(Channel(socket.socket(fileno=self._to_student)))
        os._exit(0)

    def _directories(self) -> tuple[str, str]:
        if self._mechanisms.namespaces:
            return "/home/student", "/tmp"
        assert self.scratch is not None
        return f"{self.scratch}/home", f"{self.scratch}/tmp"

    def _landlock_rules(self, *writable: str) -> list[tuple[str, int]]:
        rules = [(path, landlock.WRITE) for path in writable]
        rules += [(device, landlock.DEVICE) for device in DEVICES]
        if self._mechanisms.namespaces:
            return [*rules, ("/", landlock.READ), ("/dev/shm", landlock.WRITE)]
        whole, listed = carve(self._blueprint.exposure)
        rules += [(path, landlock.READ) for path in whole]
        return rules + [(path, landlock.READ_DIR) for path in listed]


def own_user(of: int) -> int:
    """A user id that no other room has now, made of the id of its zygote's process."""
    return _UID_BASE + of


def may_become(user: int) -> bool:
    """Whether root can take this user id; a container may know few of them."""
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/self/{name}") as file:
            ranges = [tuple(map(int, line.split())) for line in file]
        if not any(first <= user < first + count for first, _, count in ranges):
            return False
    return True
