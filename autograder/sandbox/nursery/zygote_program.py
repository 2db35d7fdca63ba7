"""The zygote's own program: load the packages once, then fork a room for every order.

Nothing secret may ever be in this process: every room starts as a copy of it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence

import autograder
from autograder.sandbox.inside.watch import Watch
from autograder.sandbox.nursery import huge_pages
from autograder.sandbox.nursery.construction import Student
from autograder.sandbox.nursery.guard import build_and_guard
from autograder.sandbox.nursery.room import Blueprint
from autograder.sandbox.protocol.plan import Limits, Packages
from autograder.sandbox.protocol.wire import Channel, Message, WireClosed, WireTimeout
from autograder.sandbox.walls import exposure, libc, namespaces, users
from autograder.sandbox.walls.mechanisms import Mechanisms
from autograder.sandbox.walls.removal import remove_tree

_LIMIT_OF_ORDERS = 1 << 16
_PERIOD = 1.0
_LARGEST_PID = 1 << 22
_WORKS = "works"
_PAUSES = (0.05, 0.2, 0.5)


def main(descriptor: int, grader: int, orders: str) -> None:
    """Serve the grader on a socket until it closes.

    Parameters
    ----------
    descriptor : int
        Of the socket.
    grader : int
        Descriptor that stands for the grader's process: this one may be in another pid namespace.
    orders : str
        JSON: ``hidden``, paths that no room may see; ``packages``, what to load.
    """
    # Nothing that is loaded goes away again, so there is no use in looking for what could.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    channel = Channel(socket.socket(fileno=descriptor))
    wanted = json.loads(orders)
    packages = Packages(**{name: tuple(names) for name, names in wanted["packages"].items()})
    _load(packages)
    from autograder.sandbox.inside import runner, shell

    sys.argv = [""]
    watches: dict[tuple[str, ...], Watch] = {}
    student = runner.student(shell.make_shell(), watches)
    shown = _exposure(packages.own, wanted["hidden"])
    findings = _findings(shown)
    # Reaps the guards of finished rooms.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    gc.enable()
    channel.send({"op": "born", **findings})
    _serve(channel, grader, shown, student, watches)
    remove_tree(os.environ["HOME"])


def _serve(
    channel: Channel,
    grader: int,
    shown: exposure.Exposure,
    student: Student,
    watches: dict[tuple[str, ...], Watch],
) -> None:
    """Fork a guard, and it a room, for every order, as long as the grader lives.

    An order may also be to look up lists of library callables that rooms will watch.
    """
    zygote = os.getpid()
    gathered = False
    while True:
        try:
            order, descriptors = channel.receive_with_descriptors(
                limit=_LIMIT_OF_ORDERS, seconds=_PERIOD
            )
        except WireTimeout:
            # A fork of the grader may hold the socket open after the grader's death.
            if select.select([grader], [], [], 0)[0]:
                return
            continue
        except WireClosed:
            return
        if order["op"] == "watch":
            watches.update((names, Watch(names)) for names in map(tuple, order["watched"]))
            # Looking callables up loads modules, which are as lasting as those before.
            gc.freeze()
            continue
        if os.fork() == 0:
            try:
                build_and_guard(_blueprint(order, shown), student, zygote, *descriptors)
            finally:
                os._exit(0)
        for received in descriptors:
            os.close(received)
        if not gathered:
            # The first room should not wait for it; the next comes when this one is done.
            huge_pages.gather()
            gathered = True


def _load(packages: Packages) -> None:
    for name in packages.common:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    for name in packages.library:
        importlib.import_module(name)
    if "matplotlib" in sys.modules:
        _draw_once()


def _draw_once() -> None:
    """Fill the caches of matplotlib, so that no room has to."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.set_title("$x^2$")
    figure.savefig(io.BytesIO(), format="png")
    plt.close("all")


def _exposure(own: Sequence[str], hidden: Sequence[str]) -> exposure.Exposure:
    packages = [
        os.path.dirname(module.__file__)
        for name in ("numpy", *own)
        if (module := sys.modules.get(name)) is not None and module.__file__ is not None
    ]
    assert autograder.__file__ is not None
    return exposure.survey(packages, [os.path.dirname(autograder.__file__), *hidden])


def _blueprint(order: Message, shown: exposure.Exposure) -> Blueprint:
    return Blueprint(
        mechanisms=Mechanisms(**order["mechanisms"]),
        exposure=shown,
        limits=Limits(**order["limits"]),
        questions=order["questions"],
        workshop=os.environ["HOME"],
        user=order["user"],
        beside=order["beside"],
        leavings=order["leavings"],
    )


def _findings(shown: exposure.Exposure) -> Message:
    """What this machine offers for rooms; see `mechanisms.choose`."""
    works, why = tried_again(lambda: _try_namespaces(shown))
    root = os.geteuid() == 0
    return {
        "namespaces": works,
        "why": why,
        "root": root,
        "reachable": all(map(exposure.readable_by_all, shown.packages)),
        "own_user": root and users.may_become(users.own_user(_LARGEST_PID)),
    }


def tried_again(attempt: Callable[[], tuple[bool, str]]) -> tuple[bool, str]:
    """Believe in a failure when it has come back: a busy machine may lack something for a moment.

    Examples
    --------
    >>> attempts = iter([(False, "unshare: No space left on device"), (True, "works")])
    >>> tried_again(lambda: next(attempts))
    (True, 'works')
    """
    works, why = attempt()
    for pause in _PAUSES:
        if works:
            break
        time.sleep(pause)
        works, why = attempt()
    return works, why


def _try_namespaces(shown: exposure.Exposure) -> tuple[bool, str]:
    """Build a root in namespaces of its own, in a process that is thrown away."""
    reader, writer = os.pipe()
    if (pid := os.fork()) == 0:
        os.close(reader)
        try:
            namespaces.enter_outer(root=os.geteuid() == 0)
            if (inner := os.fork()) == 0:
                _build_in_pid_namespace(shown, writer)
            os.waitpid(inner, 0)
        except BaseException as error:
            os.write(writer, _what_failed(error))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read().decode("utf-8", "replace")
    os.waitpid(pid, 0)
    return said == _WORKS, said or "the process that tried them was killed"


def _what_failed(error: BaseException) -> bytes:
    """The error, and the line of ours that met it: not every error names a call or a file."""
    trace = traceback.extract_tb(error.__traceback__)
    return f"{error} (in {trace[-1].name}, line {trace[-1].lineno})".encode()[:1000]


def _build_in_pid_namespace(shown: exposure.Exposure, writer: int) -> None:
    try:
        namespaces.enter_inner()
        namespaces.build_root(
            os.environ["HOME"],
            shown,
            uid=namespaces.NOBODY,
            gid=namespaces.NOBODY,
            scratch_bytes=1 << 20,
        )
        libc.drop_capabilities()
        os.write(writer, _WORKS.encode())
    except BaseException as error:
        os.write(writer, _what_failed(error))
    finally:
        os._exit(0)
