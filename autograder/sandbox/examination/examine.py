"""Try every guarantee of a room for real, on this machine."""

from __future__ import annotations

import inspect
import json
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from autograder.core.errors import SandboxError
from autograder.core.outcome import Outcome
from autograder.sandbox.examination import probes
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Cell, CellResult, Limits
from autograder.sandbox.walls.mechanisms import GUARANTEES, Walls

_LIMITS = Limits(
    cell_seconds=10.0,
    submission_seconds=30.0,
    memory_bytes=256 << 20,
    file_bytes=8 << 20,
    processes=16,
)
_MOST_FORKS = 4 * _LIMITS.processes
_STOPPED = {Outcome.MEMORY, Outcome.OUTPUT, Outcome.TIMEOUT, Outcome.CRASH}


@dataclass(frozen=True)
class Guarantee:
    """What was found out about one guarantee.

    Attributes
    ----------
    name : str
        A key of `GUARANTEES`.
    held : bool
        Whether every attempt against it failed.
    mechanism : str
        What gives it.
    evidence : str
        What was tried, and what came of it.
    """

    name: str
    held: bool
    mechanism: str
    evidence: str


def examine(walls: Walls | str = "auto", *, launcher: Sequence[str] = ()) -> tuple[Guarantee, ...]:
    """Attack a room from inside, guarantee by guarantee.

    Parameters
    ----------
    walls : Walls or str
        Which mechanisms to use; see `Walls.named`.
    launcher : sequence of str
        See `Zygote`.

    Returns
    -------
    tuple of Guarantee
        One for each key of `GUARANTEES`. Where no room can be had, none is held, and the
        evidence says why. What no mechanism gives is not attacked: that would harm the machine.
    """
    wanted = Walls.named(walls) if isinstance(walls, str) else walls
    try:
        with Zygote(replace(wanted, required=False), launcher=launcher) as zygote:
            return examine_zygote(zygote)
    except SandboxError as error:
        return tuple(Guarantee(name, False, "none", str(error)) for name in GUARANTEES)


def examine_zygote(zygote: Zygote) -> tuple[Guarantee, ...]:
    """Attack rooms of a zygote that has been started; see `examine`."""
    with tempfile.TemporaryDirectory() as directory:
        examiner = Examiner(zygote, directory)
        return tuple(_try(name, examiner, zygote.guarantees[name]) for name in GUARANTEES)


_WHAT_IS_TRIED = {
    "reads": "to read and list files of the grader and of the system",
    "writes": "to write, cut, rename and change files outside, and to fill the scratch space",
    "network": "sockets of every family, listeners on TCP, UDP and unix sockets, name lookup",
    "processes": "to list, signal, trace and read the grader's processes, and shared channels",
    "bounds": "an endless loop, a huge allocation, a fork bomb, an endless output",
    "capabilities": "capget, setuid, unshare, mount, chroot, higher limits",
    "end": "a daemon in a session of its own",
}


def _try(name: str, examiner: Examiner, mechanism: str) -> Guarantee:
    if mechanism == "none":
        return Guarantee(name, False, mechanism, "nothing on this machine, or in use, gives it")
    breaches = examiner.attack(name)
    evidence = "; ".join(breaches) or f"tried: {_WHAT_IS_TRIED[name]}"
    return Guarantee(name, not breaches, mechanism, evidence)


class Examiner:
    """Attacks rooms of one zygote.

    Parameters
    ----------
    zygote : Zygote
        One that has been started.
    directory : str
        For files and sockets of the grader's, which no room may reach.
    """

    def __init__(self, zygote: Zygote, directory: str) -> None:
        self._zygote = zygote
        self._directory = directory

    def attack(self, guarantee: str) -> list[str]:
        """What got through, in words; empty if the guarantee held."""
        attacks: dict[str, Callable[[], list[str]]] = {
            "reads": self._reads,
            "writes": self._writes,
            "network": self._network,
            "processes": self._processes,
            "bounds": self._bounds,
            "capabilities": lambda: self._probe(probes.gain_rights),
            "end": self._end,
        }
        return attacks[guarantee]()

    def _probe(self, probe: Callable[..., list[str]], **arguments: Any) -> list[str]:
        """Run one probe in a room; a probe that a bound stopped got nothing."""
        helpers = (probes._create, probes._raise_limit)
        source = "\n".join(inspect.getsource(function) for function in (*helpers, probe))
        call = f"{probe.__name__}(**json.loads({json.dumps(arguments)!r}))"
        result = self._run(f"{source}\nimport json\nprint(json.dumps({call}))")
        if result.outcome in _STOPPED:
            return []
        printed = "".join(o["text"] for o in result.outputs if o.get("name") == "stdout")
        try:
            return list(map(str, json.loads(printed)))
        except ValueError:
            return [f"{probe.__name__} failed: {result.outputs!r:.300}"]

    def _run(self, source: str, limits: Limits = _LIMITS) -> CellResult:
        result = self._zygote.run([Cell("probe", source)], limits).results[0]
        assert isinstance(result, CellResult)
        return result

    def _open_directory(self) -> tuple[str, str]:
        """A directory, and a file in it, that every user of the machine may change."""
        directory = tempfile.mkdtemp(dir=self._directory)
        for path in (self._directory, directory):
            os.chmod(path, 0o777)
        file = f"{directory}/canary"
        with open(file, "w") as canary:
            canary.write(secrets.token_hex())
        os.chmod(file, 0o666)
        return directory, file

    def _reads(self) -> list[str]:
        directory, file = self._open_directory()
        private = [directory, file, os.path.abspath(__file__), os.path.dirname(probes.__file__)]
        return self._probe(probes.read_files, paths=private)

    def _writes(self) -> list[str]:
        directory, file = self._open_directory()
        got = self._probe(probes.write_files, directory=directory, file=file)
        return got + self._probe(probes.fill_scratch, most=_LIMITS.file_bytes)

    def _network(self) -> list[str]:
        with _listeners(self._directory) as addresses:
            loopback = self._zygote.mechanisms.loopback
            return self._probe(probes.reach_network, loopback=loopback, **addresses)

    def _processes(self) -> list[str]:
        got = self._probe(probes.touch_processes, pids=[os.getpid(), self._zygote.pid])
        return got + self._probe(probes.use_other_calls)

    def _bounds(self) -> list[str]:
        got = self._probe(probes.fork_until_stopped, most=_MOST_FORKS)
        got += self._probe(probes.allocate_until_stopped, most=2 * _LIMITS.memory_bytes)
        quick = replace(_LIMITS, cell_seconds=0.2)
        if self._run("while True: pass", quick).outcome is not Outcome.TIMEOUT:
            got.append("an endless loop was not stopped")
        flood = "for _ in range(100): print('x' * 10**5)"
        if self._run(flood).outcome is not Outcome.OUTPUT:
            got.append("an endless output was not cut")
        return got

    def _end(self) -> list[str]:
        name = secrets.token_hex(6)
        self._probe(probes.leave_a_daemon, name=name)
        time.sleep(0.1)
        return [f"process {pid} lives on" for pid in _named(name)]


def _named(name: str) -> Iterator[str]:
    """Ids of the processes on this machine that call themselves `name`."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm") as file:
                if file.read().strip() == name:
                    yield pid
        except OSError:
            continue


@contextmanager
def _listeners(directory: str) -> Iterator[dict[str, Any]]:
    """Listen in every way that a room must not reach."""
    path = f"{directory}/listener-{secrets.token_hex(4)}"
    abstract = f"probe-{secrets.token_hex(8)}"
    sockets = [
        socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    ]
    try:
        anywhere = ("127.0.0.1", 0)
        addresses: list[Any] = [anywhere, anywhere, path, "\0" + abstract]
        for listener, address in zip(sockets, addresses, strict=True):
            listener.bind(address)
            if listener.type == socket.SOCK_STREAM:
                listener.listen()
        os.chmod(directory, 0o777)
        os.chmod(path, 0o777)
        ports = [listener.getsockname()[1] for listener in sockets[:2]]
        yield {"tcp": ports[0], "udp": ports[1], "unix": path, "abstract": abstract}
    finally:
        for listener in sockets:
            listener.close()
