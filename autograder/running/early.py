"""A zygote that loads its packages while the grader still loads its own."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from types import TracebackType

from autograder.core.errors import SandboxError
from autograder.sandbox.outside.zygote_process import Orders, UnbornZygote, conceive
from autograder.sandbox.walls.mechanisms import Walls
from autograder.settings import LockedRoom


class EarlyZygote:
    """A zygote that is coming up. Use it as a context manager, which ends it if nobody took it.

    Make it in a thread that lasts: what the operating system does to the children of a thread that
    is over, it does to this process, too.

    Parameters
    ----------
    room, hidden
        See `Zygotes`, which would start it with the same words.
    """

    def __init__(self, room: LockedRoom, hidden: Path) -> None:
        orders = Orders((os.path.realpath(hidden),), room.packages, room.loopback)
        self._lock = threading.Lock()
        self._unborn: UnbornZygote | None = None
        # Whoever needs a zygote is told why there can be none.
        with contextlib.suppress(SandboxError):
            wrap = Walls.named(room.walls).bubblewrap == "auto"
            self._unborn = conceive((), orders, wrap=wrap)

    def __enter__(self) -> EarlyZygote:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if (left := self.take()) is not None:
            left.end()

    def take(self) -> UnbornZygote | None:
        """The zygote, for who asks first; None for all others."""
        with self._lock:
            taken, self._unborn = self._unborn, None
        return taken
