"""The grader's handle on a zygote: start it, have submissions run, start it again if it dies."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import site
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from autograder.core.errors import SandboxError
from autograder.sandbox.outside import workshop
from autograder.sandbox.outside.endings import ZygoteDied
from autograder.sandbox.outside.session import Session
from autograder.sandbox.outside.submission_run import SubmissionRun
from autograder.sandbox.outside.workshop import Workshop
from autograder.sandbox.protocol.plan import Cell, Limits, Question, RoomReport, Step
from autograder.sandbox.protocol.wire import Channel, WireError, pair
from autograder.sandbox.walls import bubblewrap, mechanisms
from autograder.sandbox.walls.exposure import survey
from autograder.sandbox.walls.mechanisms import Mechanisms, Walls
from autograder.sandbox.walls.users import own_user

_LOG = logging.getLogger(__name__)
_BIRTH_SECONDS = 120.0
_ROOM_SECONDS = 30.0
_SMALL = 1 << 16
_STDERR_SHOWN = 2000
_PROGRAM = """\
import sys
try:
    import autograder
except ImportError:
    sys.path.append(sys.argv[2])
from autograder.sandbox.nursery.zygote_program import main
main(int(sys.argv[1]), int(sys.argv[3]), sys.argv[4])
"""


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
    ) -> None:
        self._walls = Walls.named(walls) if isinstance(walls, str) else walls
        self._launcher = tuple(launcher)
        self._hidden = [os.path.realpath(path) for path in hidden]
        self._watched = tuple(watched)
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._workshop: Workshop | None = None
        self._mechanisms: Mechanisms | None = None
        self.guarantees: Mapping[str, str] = {}
        self.attacked = ""

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
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            try:
                self._process.wait(timeout=1.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._workshop is not None:
            self._workshop.remove()
            self._workshop = None

    def run(
        self,
        steps: Sequence[Step],
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> RoomReport:
        """Run the steps of one submission in rooms of their own.

        Parameters
        ----------
        steps : sequence of Cell and Question
            In the order of the notebook.
        limits : Limits, optional
            What the submission may use.
        files : mapping, optional
            What lies beside the notebook: relative path -> content.

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
        limits = limits or Limits()
        for name, value in asdict(limits).items():
            if not value > 0:
                raise ValueError(f"the limit {name} must be positive, not {value}")
        for kind in (Cell, Question):
            ids = [step.id for step in steps if isinstance(step, kind)]
            if len(set(ids)) != len(ids):
                raise ValueError(f"two {kind.__name__.lower()}s have the same id")
        for path in files or {}:
            if os.path.isabs(path) or ".." in path.split("/"):
                raise ValueError(f"{path!r} does not lie beside the notebook")
        for attempt in (1, 2):
            try:
                if self._channel is None:
                    self._start()
                run = SubmissionRun(tuple(steps), limits, self.open_room, files or {})
                return run.play(self.guarantees)
            except ZygoteDied as error:
                self.close()
                if attempt == 2:
                    raise SandboxError(str(error)) from None
        raise AssertionError("unreachable")

    def open_room(self, limits: Limits, questions: int, deadline: float) -> Session:
        """Have a room made.

        Raises
        ------
        ZygoteDied
            If the zygote does not do it.
        SandboxError
            If it says why it cannot.
        """
        assert self._channel is not None
        student, student_end = pair()
        guard, guard_end = pair()
        order = {
            "op": "room",
            "limits": asdict(limits),
            "mechanisms": asdict(self.mechanisms),
            "questions": questions,
            "user": own_user(self.pid),
        }
        try:
            with student_end, guard_end:
                ends = [student_end.fileno(), guard_end.fileno()]
                self._channel.send(order, seconds=_ROOM_SECONDS, descriptors=ends)
            reply = guard.receive(limit=_SMALL, seconds=_ROOM_SECONDS)
        except WireError as error:
            student.close()
            guard.close()
            raise ZygoteDied(f"no room was made: {error}") from None
        if reply["op"] != "ready":
            student.close()
            guard.close()
            raise SandboxError(f"no room could be made: {reply.get('why')}")
        return Session(student, guard, limits, deadline)

    def _start(self) -> None:
        """Start within bubblewrap where that is wanted and works, else without."""
        program = bubblewrap.find() if self._walls.bubblewrap == "auto" else None
        if program is not None:
            try:
                self._give_birth(program)
                return
            except _BirthError as error:
                _LOG.warning("bubblewrap is there but does not work: %s", error)
        self._give_birth(None)

    def _give_birth(self, wrapper: str | None) -> None:
        workshop.sweep()
        self._workshop = workshop.open_new()
        channel, theirs = pair()
        project = str(Path(__file__).resolve().parents[3])
        command = [*self._launcher, *self._wrapping(wrapper, self._workshop.path)]
        orders = json.dumps({"hidden": self._hidden, "watched": self._watched})
        command += [sys.executable, "-P", "-c", _PROGRAM, str(theirs.fileno()), project]
        grader = os.pidfd_open(os.getpid())
        with theirs, tempfile.TemporaryFile() as errors:
            try:
                self._process = subprocess.Popen(
                    [*command, str(grader), orders],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    cwd=self._workshop.path,
                    env=_environment(self._workshop.path),
                    pass_fds=[theirs.fileno(), grader],
                    start_new_session=True,
                )
                theirs.close()
                self._channel = channel
                born = channel.receive(limit=_SMALL, seconds=_BIRTH_SECONDS)
            except (OSError, WireError) as error:
                self.close()
                errors.seek(0)
                said = errors.read()[-_STDERR_SHOWN:].decode("utf-8", "replace")
                raise _BirthError(f"the zygote did not start ({error})\n{said}") from None
            finally:
                os.close(grader)
        self._mechanisms = mechanisms.choose(
            self._walls,
            namespaces_work=born["namespaces"],
            root=born["root"],
            own_user=born["own_user"],
            reachable=born["reachable"],
            bubblewrap=wrapper is not None,
        )
        try:
            self.guarantees = mechanisms.check(self._walls, self._mechanisms, born["why"])
        except SandboxError:
            self.close()
            raise

    def _wrapping(self, wrapper: str | None, writable: str) -> list[str]:
        if wrapper is None:
            return []
        found = [importlib.util.find_spec(name) for name in ("autograder", "convkit", "numpy")]
        packages = [os.path.dirname(spec.origin) for spec in found if spec and spec.origin]
        return bubblewrap.command(
            wrapper,
            survey(packages, self._hidden),
            readable=[_cache()],
            writable=writable,
        )


class _BirthError(SandboxError):
    """The zygote's process did not come up."""


def _cache() -> str:
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


def _environment(workshop: str) -> dict[str, str]:
    """Environment of the zygote, and so of every room: nothing of ours is in it."""
    threads = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB", "BLIS")
    environment = {
        "PATH": os.pathsep.join([os.path.dirname(sys.executable), "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "HOME": workshop,
        "TMPDIR": workshop,
        "IPYTHONDIR": workshop,
        # The list of fonts is read from the cache, and never written by a room.
        "XDG_CACHE_HOME": _cache(),
        "XDG_CONFIG_HOME": workshop,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        # Python's own allocator scatters its memory, and then no huge pages can be made of it.
        "PYTHONMALLOC": "malloc",
    }
    if site.ENABLE_USER_SITE and site.USER_BASE:
        environment["PYTHONUSERBASE"] = site.USER_BASE
    return environment | {f"{name}_NUM_THREADS": "1" for name in threads}
