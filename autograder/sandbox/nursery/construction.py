"""A room is made: from a fork of the zygote to a process that holds nothing but the student's work.

Three processes belong to a room. The *guard* stays outside and is trusted. The *first* process
is, where there is a pid namespace, its number 1: it waits until the student's process ends, and
the kernel then kills all that is left in the namespace. The *student's* process gives up its
rights and runs cells. Without a pid namespace the first process is the student's.
"""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
from collections.abc import Callable

from autograder.sandbox.nursery.laying_out import lay_out
from autograder.sandbox.nursery.room import Blueprint
from autograder.sandbox.protocol.wire import Channel
from autograder.sandbox.walls import landlock, libc, mechanisms, namespaces, rlimits, seccomp
from autograder.sandbox.walls.descriptors import keep_only
from autograder.sandbox.walls.exposure import DEVICES, carve

Student = Callable[[Channel], None]
"""Body of the student's process, which is given its channel to the grader."""


class RoomBuilder:
    """Builds one room, in the guard's process and in those that are forked from it.

    Parameters
    ----------
    blueprint : Blueprint
        What to build.
    student : callable
        Body of the student's process, called when the walls are up.
    to_student : int
        Descriptor of the socket on which the grader talks to the student's process.
    reporter : socket.socket
        Takes word that the walls are up, or why they are not.

    Attributes
    ----------
    scratch : str or None
        Scratch directory on the machine's own file system, if the room has such a one.
    """

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
            base_tasks = rlimits.tasks_of(self._uid)
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
            namespaces.enter_inner(loopback=self._mechanisms.loopback)
            namespaces.build_root(
                self._blueprint.workshop,
                self._blueprint.exposure,
                uid=self._uid,
                gid=self._gid,
                scratch_bytes=self._blueprint.limits.file_bytes,
                beside=self._blueprint.beside,
                hosts=self._mechanisms.loopback,
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
        os.environ.update(HOME=home, TMPDIR=temporary)
        # Not beside the notebook, where it would look like the student's.
        own = ("IPYTHONDIR", "MPLCONFIGDIR", "XDG_CACHE_HOME")
        os.environ.update(dict.fromkeys(own, temporary))
        tempfile.tempdir = None
        os.umask(0o077)
        if blueprint.beside:
            lay_out(self._beside(), home, blueprint.limits.file_bytes // 2)
        rlimits.apply(
            rlimits.for_process(
                blueprint.limits,
                base_memory=rlimits.address_space(),
                base_tasks=base_tasks,
                questions=blueprint.questions,
            )
        )
        libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
        left = [os.open(home, os.O_RDONLY | os.O_DIRECTORY)] if blueprint.leavings else []
        if self._mechanisms.landlock:
            rules = self._landlock_rules(home, temporary)
            landlock.restrict(rules, tcp=self._mechanisms.loopback)
        libc.drop_capabilities()
        if self._mechanisms.seccomp:
            seccomp.apply(mechanisms.strictness(self._mechanisms))
        socket.send_fds(self._reporter, [b"up"], left)
        self._reporter.close()
        for descriptor in left:
            os.close(descriptor)
        self._student(Channel(socket.socket(fileno=self._to_student)))
        os._exit(0)

    def _directories(self) -> tuple[str, str]:
        if self._mechanisms.namespaces:
            return "/home/student", "/tmp"
        assert self.scratch is not None
        return f"{self.scratch}/home", f"{self.scratch}/tmp"

    def _beside(self) -> str:
        """Where the room sees what lies beside its notebook."""
        return namespaces.BESIDE if self._mechanisms.namespaces else self._blueprint.beside

    def _landlock_rules(self, *writable: str) -> list[tuple[str, int]]:
        rules = [(path, landlock.WRITE) for path in writable]
        rules += [(device, landlock.DEVICE) for device in DEVICES]
        if self._mechanisms.namespaces:
            return [*rules, ("/", landlock.READ), ("/dev/shm", landlock.WRITE)]
        if self._blueprint.beside:
            rules.append((self._blueprint.beside, landlock.READ))
        whole, listed = carve(self._blueprint.exposure)
        rules += [(path, landlock.READ) for path in whole]
        return rules + [(path, landlock.READ_DIR) for path in listed]
