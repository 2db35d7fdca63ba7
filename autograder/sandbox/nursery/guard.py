"""The guard of a room: a trusted process outside of it that watches, interrupts and ends it."""

from __future__ import annotations

import contextlib
import os
import resource
import select
import signal
import socket
import struct
import time

from autograder.sandbox.nursery import leavings
from autograder.sandbox.nursery.construction import RoomBuilder, Student
from autograder.sandbox.nursery.room import Blueprint, Room
from autograder.sandbox.protocol.wire import Channel, WireClosed, WireError
from autograder.sandbox.walls import accounting, libc
from autograder.sandbox.walls.descriptors import keep_only
from autograder.sandbox.walls.removal import remove_tree

_PERIOD = 0.02
# At most one part in so many of the guard's time goes into looking.
_SHARE_OF_TIME = 4
_MOST_FILES = 4096
_LIMIT_OF_ORDERS = 1 << 12
_GIVE_UP = 5.0
_CREDENTIALS = struct.Struct("3i")
_DESCRIPTOR = struct.Struct("i")
_LIMIT_OF_REPORTS = 1 << 16
_PATIENCE = 20.0


class Guard:
    """Watches one room until its channel closes, the room ends or a bound is broken."""

    def __init__(self, room: Room, channel: Channel) -> None:
        self._room = room
        self._channel = channel
        self._peak = 0
        self._reason: str | None = None

    def watch(self) -> None:
        """Watch, and send a last message about the end of the room."""
        first = os.pidfd_open(self._room.first)
        poll = select.poll()
        poll.register(first, select.POLLIN)
        poll.register(self._channel, select.POLLIN)
        next_sample = time.monotonic() + _PERIOD
        listening = True
        while listening and self._reason is None:
            wait = max(0.0, next_sample - time.monotonic())
            ready = {descriptor for descriptor, _ in poll.poll(wait * 1000)}
            if self._channel.fileno() in ready:
                listening = self._obey()
            elif first in ready:
                self._reason = "ended"
            elif os.getppid() != self._room.zygote:
                self._reason = "orphaned"
            elif time.monotonic() >= next_sample:
                next_sample = self._sample()
        self._end()

    def _obey(self) -> bool:
        """Follow one order; False when there will be no more."""
        try:
            order = self._channel.receive(limit=_LIMIT_OF_ORDERS, seconds=_GIVE_UP)
            if order["op"] != "interrupt":
                return False
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._room.student, signal.SIGINT)
            self._channel.send({"op": "interrupted"}, seconds=_GIVE_UP)
        except WireError:
            return False
        return True

    def _sample(self) -> float:
        """Compare use with the bounds; return when to do so again."""
        start = time.monotonic()
        limits = self._room.limits
        pids = accounting.descendants(self._around())
        used = accounting.memory(pids, limits.memory_bytes)
        if used > limits.memory_bytes:
            self._reason = "memory"
        if self._room.scratch is not None:
            size, count = accounting.files(self._room.scratch, pids, _MOST_FILES)
            if size > limits.file_bytes or count > _MOST_FILES:
                self._reason = "files"
        self._peak = max(self._peak, used)
        now = time.monotonic()
        return now + max(_PERIOD, _SHARE_OF_TIME * (now - start))

    def _around(self) -> int:
        """The process whose descendants are the room."""
        return self._room.first if self._room.pid_namespace else os.getpid()

    def _end(self) -> None:
        # The kernel forgets the times of those who die with their pid namespace.
        spent = accounting.processor_seconds(accounting.descendants(os.getpid()))
        if self._room.pid_namespace:
            os.kill(self._room.first, signal.SIGKILL)
            os.waitpid(self._room.first, 0)
        else:
            self._kill_all()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = max(spent, used.ru_utime + used.ru_stime)
        self._keep_leavings()
        if self._room.scratch is not None:
            remove_tree(self._room.scratch)
        report = {
            "op": "end",
            "reason": self._reason or "closed",
            "cpu_seconds": spent,
            "peak_bytes": max(self._peak, used.ru_maxrss * 1024),
        }
        with contextlib.suppress(WireClosed):
            self._channel.send(report, seconds=_GIVE_UP)

    def _keep_leavings(self) -> None:
        room = self._room
        if room.home is None:
            return
        with contextlib.suppress(OSError):
            leavings.keep(
                room.home,
                room.beside,
                room.leavings,
                most_bytes=room.limits.file_bytes,
                most_files=_MOST_FILES,
            )

    def _kill_all(self) -> None:
        """Kill every descendant. Orphans come to this process, their subreaper, so none is lost."""
        while True:
            for pid in accounting.descendants(os.getpid()):
                self._kill(pid)
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                return
            time.sleep(0.001)

    @staticmethod
    def _kill(pid: int) -> None:
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_NPROC, (0, 0))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def build_and_guard(
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
        builder = RoomBuilder(blueprint, student, to_student, reporter)
        first = builder.start()
        reporter.close()
        os.close(to_student)
        pid, home = _await_walls(reports)
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
        home=home,
        beside=blueprint.beside,
        leavings=blueprint.leavings,
    )
    Guard(room, channel).watch()


def _be_first_to_go() -> None:
    """If the machine runs out of memory, the kernel shall take a room and not the grader."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
    except OSError:
        pass


def _await_walls(reports: socket.socket) -> tuple[int, int | None]:
    """Wait until the student's process says that its walls are up.

    Returns
    -------
    pid : int
        Its process id. The kernel attaches it, translated from the room's pid namespace to ours.
    home : int or None
        Descriptor of the folder that it runs in, if it was to send one.
    """
    reports.settimeout(_PATIENCE)
    space = socket.CMSG_SPACE(_CREDENTIALS.size) + socket.CMSG_SPACE(_DESCRIPTOR.size)
    try:
        data, ancillary, _, _ = reports.recvmsg(_LIMIT_OF_REPORTS, space)
    except TimeoutError:
        raise OSError(f"its walls were not up within {_PATIENCE:g} seconds") from None
    if data != b"up":
        raise OSError(data.decode("utf-8", "replace") or "it died while its walls were built")
    attached = {kind: value for _, kind, value in ancillary}
    if socket.SCM_CREDENTIALS in attached:
        pid, _, _ = _CREDENTIALS.unpack(attached[socket.SCM_CREDENTIALS])
        sent = attached.get(socket.SCM_RIGHTS)
        return pid, _DESCRIPTOR.unpack(sent)[0] if sent else None
    raise OSError("the kernel did not tell the id of the room's process")
