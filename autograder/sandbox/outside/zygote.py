"""The grader's handle on a zygote: start it, have submissions run, start it again if it dies."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType

from autograder.core.errors import SandboxError
from autograder.sandbox.outside import zygote_process
from autograder.sandbox.outside.endings import ZygoteDied
from autograder.sandbox.outside.provisions import Content, Provisions, laid_out
from autograder.sandbox.outside.session import Session
from autograder.sandbox.outside.submission_run import SubmissionRun
from autograder.sandbox.outside.zygote_process import Orders, UnbornZygote, ZygoteProcess
from autograder.sandbox.protocol.plan import Cell, Limits, Packages, Question, RoomReport, Step
from autograder.sandbox.protocol.wire import WireError, pair
from autograder.sandbox.walls import mechanisms
from autograder.sandbox.walls.mechanisms import Mechanisms, Walls
from autograder.sandbox.walls.users import own_user

_ROOM_SECONDS = 30.0
_SMALL = 1 << 16


class Zygote:
    """A process that has loaded the packages, and forks a locked room for each submission.

    Each worker thread needs a zygote of its own.

    Parameters
    ----------
    walls : Walls or str
        Which mechanisms to use; see `Walls.named` for the words.
    launcher : sequence of str
        Command to put before the interpreter's, such as a tool that builds more walls around
        the zygote. It must keep the open descriptors.
    hidden : sequence of str
        Directories and files that no room may see, even where they are below a directory of
        the interpreter.
    watched : sequence of tuple of str
        Lists of library callables that questions will watch, to be looked up once and not in every
        room; see `Question`.
    packages : Packages, optional
        What is loaded before rooms are forked.
    loopback : bool
        Whether each room may talk to itself over TCP.
    unborn : UnbornZygote, optional
        A process that was conceived with the same words. It is ended with the zygote.

    Attributes
    ----------
    guarantees : dict
        What its rooms hold, and by which mechanism.
    attacked : str
        When rooms like its own were last attacked, all in vain; see `examination.boot_check`.

    Raises
    ------
    SandboxError
        When entered, if this machine cannot give a guarantee that `walls` require.

    Examples
    --------
    >>> from autograder.sandbox.protocol.plan import Call, Cell, Limits, Question
    >>> steps = [
    ...     Cell("c1", "def double(x): return 2 * x"),
    ...     Question("q1", "double", (Call("one", (21,)),)),
    ... ]
    >>> with Zygote() as zygote:  # doctest: +SKIP
    ...     report = zygote.run(steps, Limits())
    >>> report.results[1].answers[0].value  # doctest: +SKIP
    {'kind': 'int', 'value': '42'}
    """

    def __init__(
        self,
        walls: Walls | str = "auto",
        *,
        launcher: Sequence[str] = (),
        hidden: Sequence[str] = (),
        watched: Sequence[tuple[str, ...]] = (),
        packages: Packages | None = None,
        loopback: bool = False,
        unborn: UnbornZygote | None = None,
    ) -> None:
        self._walls = Walls.named(walls) if isinstance(walls, str) else walls
        self._launcher = tuple(launcher)
        self._orders = Orders(
            tuple(os.path.realpath(path) for path in hidden),
            packages or Packages(),
            loopback,
        )
        self._watched = tuple(watched)
        self._unborn = unborn
        self._process: ZygoteProcess | None = None
        self._mechanisms: Mechanisms | None = None
        self._abandoned = False
        self.guarantees: Mapping[str, str] = {}
        self.attacked = ""
        if unborn is not None and unborn.orders != self._orders:
            self.close()

    def __enter__(self) -> Zygote:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def mechanisms(self) -> Mechanisms:
        """What the rooms of this zygote are made of."""
        if self._mechanisms is None:
            raise SandboxError("the zygote has not been started")
        return self._mechanisms

    @property
    def pid(self) -> int:
        """Process id of the zygote, or of its launcher."""
        if self._process is None:
            raise SandboxError("the zygote has not been started")
        return self._process.pid

    def close(self) -> None:
        """End the zygote and its room, if there is one."""
        unborn, self._unborn = self._unborn, None
        if unborn is not None:
            unborn.end()
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def abandon(self) -> None:
        """End the zygote from another thread; what runs in its room raises SandboxError."""
        self._abandoned = True
        self.close()

    def run(
        self,
        steps: Sequence[Step],
        limits: Limits | None = None,
        files: Mapping[str, Content] | None = None,
        keep: Path | None = None,
    ) -> RoomReport:
        """Run the steps of one submission in rooms of their own.

        Parameters
        ----------
        steps : sequence of Cell and Question
            In the order of the notebook.
        limits : Limits, optional
            What the submission may use.
        files : mapping, optional
            What lies beside the notebook: relative path -> content, or a path to it. Code can
            write to what is small, and to new files.
        keep : Path, optional
            A folder that takes what the notebook has written beside itself, new or changed.

        Returns
        -------
        RoomReport
            One result a step, in the same order.

        Raises
        ------
        SandboxError
            If a room cannot be had. That says nothing about the submission.
        ValueError
            If two cells or two questions have the same id, an input of a call cannot be sent, a
            limit is not positive, or a file's path leads out of the notebook's directory.
        """
        limits, files = limits or Limits(), files or {}
        _require_playable(steps, limits, files)
        for attempt in (1, 2):
            try:
                process = self._process or self._start()
                with self._laid_out(process, files, keep is not None) as provisions:
                    open_room = functools.partial(self._open_room, process, provisions)
                    run = SubmissionRun(tuple(steps), limits, open_room)
                    report = run.play(self.guarantees)
                    lost = provisions.take(keep) if keep is not None else ()
                return replace(report, lost=lost)
            except ZygoteDied as error:
                self.close()
                if attempt == 2:
                    raise SandboxError(str(error)) from None
        raise AssertionError("unreachable")

    def _laid_out(
        self, process: ZygoteProcess, files: Mapping[str, Content], keep: bool
    ) -> AbstractContextManager[Provisions]:
        walled = self.mechanisms.namespaces or self.mechanisms.landlock > 0
        return laid_out(process.workshop.path, files, keep=keep, shared=walled)

    def _open_room(
        self,
        process: ZygoteProcess,
        provisions: Provisions,
        limits: Limits,
        questions: int,
        deadline: float,
    ) -> Session:
        """Have a room made.

        Raises
        ------
        ZygoteDied
            If the zygote does not do it, or says why it cannot: a new one may find that it can.
        """
        provisions.clear()
        student, student_end = pair()
        guard, guard_end = pair()
        order = {
            "op": "room",
            "limits": asdict(limits),
            "mechanisms": asdict(self.mechanisms),
            "questions": questions,
            "user": own_user(process.pid),
            **asdict(provisions),
        }
        try:
            with student_end, guard_end:
                ends = [student_end.fileno(), guard_end.fileno()]
                process.channel.send(order, seconds=_ROOM_SECONDS, descriptors=ends)
            reply = guard.receive(limit=_SMALL, seconds=_ROOM_SECONDS)
        except WireError as error:
            student.close()
            guard.close()
            raise ZygoteDied(f"no room was made: {error}") from None
        if reply["op"] != "ready":
            student.close()
            guard.close()
            raise ZygoteDied(f"no room could be made: {reply.get('why')}")
        return Session(student, guard, limits, deadline)

    def _start(self) -> ZygoteProcess:
        if self._abandoned:
            raise SandboxError("the run was ended")
        wrap = self._walls.bubblewrap == "auto"
        unborn, self._unborn = self._unborn, None
        process = zygote_process.start(self._launcher, self._orders, wrap=wrap, unborn=unborn)
        self._process = process
        self._mechanisms = mechanisms.choose(
            self._walls,
            namespaces_work=process.born["namespaces"],
            root=process.born["root"],
            own_user=process.born["own_user"],
            reachable=process.born["reachable"],
            bubblewrap=process.wrapped,
            loopback=self._orders.loopback,
        )
        try:
            self.guarantees = mechanisms.check(
                self._walls,
                self._mechanisms,
                process.born["why"],
                reachable=process.born["reachable"],
            )
        except SandboxError:
            self.close()
            raise
        # Whether it has died meanwhile shows when a room is made.
        with contextlib.suppress(WireError):
            process.channel.send({"op": "watch", "watched": self._watched}, seconds=_ROOM_SECONDS)
        return process


def _require_playable(steps: Sequence[Step], limits: Limits, files: Iterable[str]) -> None:
    """Raise ValueError for what no room can do; see `Zygote.run`."""
    for name, value in asdict(limits).items():
        if not value > 0:
            raise ValueError(f"the limit {name} must be positive, not {value}")
    for kind in (Cell, Question):
        ids = [step.id for step in steps if isinstance(step, kind)]
        if len(set(ids)) != len(ids):
            raise ValueError(f"two {kind.__name__.lower()}s have the same id")
    for path in files:
        if os.path.isabs(path) or ".." in path.split("/"):
            raise ValueError(f"{path!r} does not lie beside the notebook")
