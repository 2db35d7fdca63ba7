"""The zygotes of a run: made by worker threads when they need one, closed together."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from pathlib import Path

from autograder.core.errors import NoRoomsError
from autograder.running.early import EarlyZygote
from autograder.sandbox.examination import boot_check
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import LockedRoom


class Zygotes(contextlib.ExitStack):
    """Makes zygotes whose rooms have been attacked in vain. Closing it closes them all.

    Parameters
    ----------
    room : LockedRoom
        Which walls to put around student code, and what it finds loaded.
    hidden : Path
        The directory that no room may see.
    watched : sequence of tuple of str
        See `Zygote`.
    """

    def __init__(
        self, room: LockedRoom, hidden: Path, watched: Sequence[tuple[str, ...]] = ()
    ) -> None:
        super().__init__()
        self._room = room
        self._hidden = hidden
        self._watched = watched
        self._early: EarlyZygote | None = None
        self._lock = threading.Lock()
        self._breach: NoRoomsError | None = None
        self._started: list[Zygote] = []

    def adopt(self, early: EarlyZygote) -> None:
        """Have whoever asks first get a zygote that is coming up already for such a room."""
        self._early = early

    def new(self) -> Zygote:
        """Start a zygote for the thread that asks.

        Raises
        ------
        NoRoomsError
            If this machine cannot give what the walls have to guarantee, or an attack on a room
            gets through.
        """
        if self._breach is not None:
            raise self._breach
        zygote = Zygote(
            self._room.walls,
            hidden=[str(self._hidden)],
            watched=self._watched,
            packages=self._room.packages,
            loopback=self._room.loopback,
            unborn=self._early.take() if self._early else None,
        )
        zygote.__enter__()
        with self._lock:
            self.push(zygote)
            self._started.append(zygote)
            zygote.attacked = self._require_that_it_holds(zygote)
        return zygote

    def abandon(self) -> None:
        """End all of them from another thread than theirs, with whatever runs in their rooms."""
        for zygote in self._started:
            zygote.abandon()

    def _require_that_it_holds(self, zygote: Zygote) -> str:
        if self._breach is not None:
            raise self._breach
        try:
            return boot_check.require_rooms_hold(zygote)
        except NoRoomsError as breach:
            self._breach = breach
            raise
