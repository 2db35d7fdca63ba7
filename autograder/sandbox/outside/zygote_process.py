"""The process of a zygote: what it is started with, until when it lives, what it says at its birth.

Its program is `nursery.zygote_program`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import os
import signal
import site
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from autograder.core.errors import SandboxError
from autograder.sandbox.outside import workshop
from autograder.sandbox.outside.workshop import Workshop
from autograder.sandbox.protocol.plan import Packages
from autograder.sandbox.protocol.wire import Channel, Message, WireError, pair
from autograder.sandbox.walls import bubblewrap
from autograder.sandbox.walls.exposure import survey

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 2
_BIRTH_SECONDS = 120.0
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


class BirthError(SandboxError):
    """The process of a zygote did not come up."""


@dataclass(frozen=True)
class Orders:
    """What a zygote is told at its birth; see `outside.zygote.Zygote`."""

    hidden: tuple[str, ...]
    packages: Packages
    loopback: bool = False


@dataclass(frozen=True)
class ZygoteProcess:
    """A zygote that lives until it is ended.

    Attributes
    ----------
    channel : Channel
        Takes orders for rooms.
    born : dict
        What the zygote found out about the machine.
    wrapped : bool
        Whether there is a bubblewrap around it.
    """

    popen: subprocess.Popen[bytes]
    channel: Channel
    workshop: Workshop
    born: Message
    wrapped: bool

    @property
    def pid(self) -> int:
        """Process id of the zygote, or of its launcher."""
        return self.popen.pid

    def end(self) -> None:
        """End the zygote and its room, if there is one."""
        _end(self.popen, self.channel, self.workshop)


@dataclass(frozen=True)
class UnbornZygote:
    """A zygote that is loading its packages. It is waited for, or ended.

    Attributes
    ----------
    orders : Orders
        What it was started with.
    wrapped : bool
        Whether there is a bubblewrap around it.
    """

    orders: Orders
    wrapped: bool
    popen: subprocess.Popen[bytes]
    channel: Channel
    workshop: Workshop
    errors: BinaryIO

    def born(self) -> ZygoteProcess:
        """The zygote, once it has come up.

        Raises
        ------
        BirthError
            If it does not.
        """
        with self.errors:
            try:
                born = self.channel.receive(limit=_SMALL, seconds=_BIRTH_SECONDS)
            except (OSError, WireError) as error:
                _end(self.popen, self.channel, self.workshop)
                raise _stillborn(error, self.errors) from None
        return ZygoteProcess(self.popen, self.channel, self.workshop, born, wrapped=self.wrapped)

    def end(self) -> None:
        """End it, whatever it is doing."""
        self.errors.close()
        # What bubblewrap has started dies with it, but not from the first moment on.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.popen.pid, signal.SIGKILL)
        _end(self.popen, self.channel, self.workshop)


def conceive(launcher: Sequence[str], orders: Orders, *, wrap: bool) -> UnbornZygote:
    """Begin to start a zygote, and wait for nothing; see `start`.

    Raises
    ------
    BirthError
        If there can be no such process.
    """
    return _conceive(bubblewrap.find() if wrap else None, launcher, orders)


def start(
    launcher: Sequence[str],
    orders: Orders,
    *,
    wrap: bool,
    unborn: UnbornZygote | None = None,
) -> ZygoteProcess:
    """Start a zygote; see `outside.zygote.Zygote` for the launcher.

    Parameters
    ----------
    wrap : bool
        Whether to start it within bubblewrap, where that is there and works.
    unborn : UnbornZygote, optional
        One that was conceived with the same words. It is waited for first.

    Raises
    ------
    BirthError
        If it does not come up.
    """
    if unborn is not None:
        # If it fails, that is found out once more.
        with contextlib.suppress(BirthError):
            return unborn.born()
    program = bubblewrap.find() if wrap else None
    if program is not None:
        # A busy machine may lack something for a moment.
        for _ in range(_ATTEMPTS):
            try:
                return _give_birth(program, launcher, orders)
            except BirthError as error:
                why = error
        _LOG.warning("bubblewrap is there but does not work: %s", why)
    return _give_birth(None, launcher, orders)


def interpreter() -> str:
    """This interpreter, by a path that is the same wherever a program stands.

    Whoever calls it by a relative path has one with ``..`` in it, and within bubblewrap there is no
    way back from the directory that the caller stood in.
    """
    folder, name = os.path.split(sys.executable)
    return os.path.join(os.path.realpath(folder), name)


def _give_birth(wrapper: str | None, launcher: Sequence[str], orders: Orders) -> ZygoteProcess:
    return _conceive(wrapper, launcher, orders).born()


def _conceive(wrapper: str | None, launcher: Sequence[str], orders: Orders) -> UnbornZygote:
    workshop.sweep()
    place = workshop.open_new()
    channel, theirs = pair()
    project = str(Path(__file__).resolve().parents[3])
    command = [*launcher, *_wrapping(wrapper, orders, place.path)]
    command += [interpreter(), "-P", "-c", _PROGRAM, str(theirs.fileno()), project]
    grader = os.pidfd_open(os.getpid())
    errors = tempfile.TemporaryFile()  # noqa: SIM115 (`UnbornZygote` closes it)
    with theirs:
        try:
            popen = subprocess.Popen(
                [*command, str(grader), json.dumps(asdict(orders))],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=place.path,
                env=_environment(place.path),
                pass_fds=[theirs.fileno(), grader],
                start_new_session=True,
            )
        except OSError as error:
            with errors:
                _end(None, channel, place)
                raise _stillborn(error, errors) from None
        finally:
            os.close(grader)
    return UnbornZygote(orders, wrapper is not None, popen, channel, place, errors)


def _stillborn(error: Exception, errors: BinaryIO) -> BirthError:
    errors.seek(0)
    said = errors.read()[-_STDERR_SHOWN:].decode("utf-8", "replace")
    return BirthError(f"the zygote did not start ({error})\n{said}")


def _end(popen: subprocess.Popen[bytes] | None, channel: Channel, place: Workshop) -> None:
    channel.close()
    if popen is not None:
        try:
            popen.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait()
    place.remove()


def _wrapping(wrapper: str | None, orders: Orders, writable: str) -> list[str]:
    if wrapper is None:
        return []
    names = ("autograder", "numpy", *orders.packages.own)
    found = [importlib.util.find_spec(name) for name in names]
    packages = [os.path.dirname(spec.origin) for spec in found if spec and spec.origin]
    exposure = survey(packages, orders.hidden)
    return bubblewrap.command(
        wrapper, exposure, readable=[_cache()], writable=writable, loopback=orders.loopback
    )


def _cache() -> str:
    return os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")


def _environment(workshop: str) -> dict[str, str]:
    """Environment of the zygote, and so of every room: nothing of ours is in it."""
    threads = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB", "BLIS")
    environment = {
        "PATH": os.pathsep.join([os.path.dirname(interpreter()), "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "SHELL": "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh",
        "HOME": workshop,
        "TMPDIR": workshop,
        "IPYTHONDIR": workshop,
        # The list of fonts is read from the cache, and never written by a room.
        "XDG_CACHE_HOME": _cache(),
        "XDG_CONFIG_HOME": workshop,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        # There is no network to install from, and nobody who steps through a program.
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONBREAKPOINT": "0",
        # Python's own allocator scatters its memory, and then no huge pages can be made of it.
        "PYTHONMALLOC": "malloc",
    }
    if site.ENABLE_USER_SITE and site.USER_BASE:
        environment["PYTHONUSERBASE"] = site.USER_BASE
    return environment | {f"{name}_NUM_THREADS": "1" for name in threads}
