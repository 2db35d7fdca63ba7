"""The student's process: runs cells, and forks a snapshot of itself at every question.

Whatever this module does can be undone by the student's code, which lives in the same process.
It is written for honest code; against the other kind there are the walls, the guard, and the
grader's deadlines.
"""

from __future__ import annotations

import contextlib
import functools
import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping

import numpy as np

from autograder.sandbox.inside import absent, libraries, pools
from autograder.sandbox.inside.binding import Binding
from autograder.sandbox.inside.loop import CellLoop
from autograder.sandbox.inside.low_output import LowOutput
from autograder.sandbox.inside.shell import RoomShell
from autograder.sandbox.inside.slots import KeptSlots
from autograder.sandbox.inside.snapshot import BoundQuestion, serve
from autograder.sandbox.inside.watch import Watch
from autograder.sandbox.protocol.values import TooLarge, encode
from autograder.sandbox.protocol.wire import Channel, Message, WireClosed

_LIMIT_OF_ORDERS = 64 << 20
_SEED = 0
_SECONDS_FOR_POOLS = 0.5


class Runner:
    """Follows the grader's orders, one after the other."""

    def __init__(
        self, shell: RoomShell, channel: Channel, watches: Mapping[tuple[str, ...], Watch]
    ) -> None:
        self._shell = shell
        self._channel = channel
        self._watches = dict(watches)
        self._questions: dict[str, BoundQuestion] = {}
        self._snapshots: dict[str, int] = {}
        self._pid = os.getpid()
        self._loop = CellLoop()
        self._low = LowOutput()
        self._slots = KeptSlots()

    def run(self) -> None:
        """Follow orders until there are no more."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # As in a kernel, what lies beside the notebook can be imported.
        sys.path.insert(0, "")
        libraries.student_code_can_write_to(os.getcwd(), tempfile.gettempdir())
        random.seed(_SEED)
        np.random.seed(_SEED)  # noqa: NPY002
        orders: dict[str, Callable[..., Message]] = {
            "watch": self._watch,
            "cell": self._cell,
            "read": self._read,
            "ask": self._ask,
            "fork": self._fork,
            "drop": self._drop,
        }
        while True:
            try:
                order, descriptors = self._channel.receive_with_descriptors(limit=_LIMIT_OF_ORDERS)
            except WireClosed:
                return
            self._channel.send(orders[order["op"]](order, *descriptors))

    def _watch(self, order: Message) -> Message:
        """Look the watched callables up before student code can rename them."""
        for names in map(tuple, order["names"]):
            self._watches[names] = self._watches.get(names) or Watch(names)
        return {"op": "watching"}

    def _cell(self, order: Message) -> Message:
        recorder = self._shell.recorder
        recorder.begin(order["budget"])
        _forget_listings()
        error = ""
        try:
            signal.signal(signal.SIGINT, self._loop.interrupt)
            error = self._shell.run(order["source"], self._loop)
            self._flush()
        except KeyboardInterrupt:
            error = "KeyboardInterrupt"
            recorder.write("stderr", "[interrupted]\n")
        finally:
            _ignore_interrupts()
        if os.getpid() != self._pid:
            # The student's code forked, and this is the other process.
            os._exit(0)
        for stream, text in self._low.take(max(0, order["budget"]) + 1).items():
            recorder.write(stream, text)
        return {
            "op": "cell",
            "id": order["id"],
            "outputs": recorder.finish(),
            "overflow": recorder.overflow,
            "error": error,
        }

    def _flush(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()

    def _read(self, order: Message) -> Message:
        """Write down the value that a name has now."""
        namespace = self._shell.user_ns
        reply: Message = {"op": "value", "id": order["id"], "bound": order["target"] in namespace}
        if reply["bound"]:
            try:
                reply["value"] = encode(namespace[order["target"]], max_bytes=order["bytes"])
            except TooLarge:
                reply["outcome"] = "OUTPUT"
            except MemoryError:
                reply["outcome"] = "MEMORY"
            except BaseException:
                reply["outcome"] = "CRASH"
        return reply

    def _ask(self, order: Message) -> Message:
        """Note a question, and say whether a snapshot has to be made for it here and now."""
        namespace, target = self._shell.user_ns, order["target"]
        if target not in namespace:
            return {"op": "asked", "id": order["id"], "bound": False}
        binding = Binding.of(namespace, target)
        find = functools.partial(namespace.get, target) if binding is None else binding.lay_out
        watch = self._watches.get(tuple(order["watch"])) or Watch(order["watch"])
        self._questions[order["id"]] = BoundQuestion(find, watch)
        return {"op": "asked", "id": order["id"], "bound": True, "can_wait": binding is not None}

    def _fork(self, order: Message, descriptor: int) -> Message:
        """Make a snapshot."""
        threads = pools.threads_are_alive()
        if threads:
            pools.wait_for_work(_SECONDS_FOR_POOLS)
        with self._slots.one_more(alive=len(self._snapshots) + 1):
            pid = os.fork()
        if pid == 0:
            self._channel.close()
            self._be_snapshot(descriptor, threads_were_alive=threads)
        os.close(descriptor)
        self._snapshots[order["id"]] = pid
        return {"op": "forked", "id": order["id"]}

    def _be_snapshot(self, descriptor: int, *, threads_were_alive: bool) -> None:
        try:
            os.setpgid(0, 0)
            self._low.silence()
            self._loop.leave_to_the_parent()
            absent.ask_an_empty_file()
            prepare = pools.revive if threads_were_alive else None
            serve(self._questions, Channel(socket.socket(fileno=descriptor)), prepare)
        finally:
            os._exit(0)

    def _drop(self, order: Message) -> Message:
        """End a snapshot, if it has not ended by itself."""
        pid = self._snapshots.pop(order["id"], None)
        if pid is not None:
            for kill in (os.killpg, os.kill):
                try:
                    kill(pid, signal.SIGKILL)
                except OSError:
                    continue
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        return {"op": "dropped", "id": order["id"]}


def _forget_listings() -> None:
    """Have what lies beside the notebook looked up anew, were it written a moment ago.

    Python goes by the time of the folder, which tells some milliseconds apart at best.
    """
    finder = sys.path_importer_cache.get(os.getcwd())
    if finder is not None and hasattr(finder, "invalidate_caches"):
        finder.invalidate_caches()


def _ignore_interrupts() -> None:
    """Ignore interrupts; one may still arrive while that is being set."""
    while True:
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return
        except KeyboardInterrupt:
            continue


def student(
    shell: RoomShell, watches: Mapping[tuple[str, ...], Watch]
) -> Callable[[Channel], None]:
    """The body of a student's process, for a shell and watches that the zygote has prepared."""

    def body(channel: Channel) -> None:
        Runner(shell, channel, watches).run()

    return body
