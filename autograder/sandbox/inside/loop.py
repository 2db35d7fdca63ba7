"""The event loop in which cells run: one for the whole notebook, as in a kernel."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from types import FrameType
from typing import Any, TypeVar

_Result = TypeVar("_Result")

_TURNS = 50
_PATIENCE = 0.2


class CellLoop:
    """Runs one cell after the other in the same loop; tasks of one go on while another awaits.

    Examples
    --------
    >>> async def cell(value):
    ...     return value
    >>> loop = CellLoop()
    >>> loop.run(cell(1)) + loop.run(cell(2))
    3
    >>> loop.close()
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._task: asyncio.Task[Any] | None = None
        self._interrupted = False
        self._turned = False

    def run(self, cell: Coroutine[Any, Any, _Result]) -> _Result:
        """Run a cell to its end.

        Raises
        ------
        KeyboardInterrupt
            If the cell was interrupted and has not caught that itself.
        RuntimeError
            If the cell has stopped the loop.
        asyncio.CancelledError
            If it was cancelled and did not notice.
        """
        self._interrupted = False
        task = self._loop.create_task(self._then_take_turns(cell))
        self._task = task
        try:
            result = self._loop.run_until_complete(task)
        except BaseException as error:
            self._give_up(task)
            if self._interrupted:
                raise KeyboardInterrupt from error
            raise
        if self._interrupted:
            raise KeyboardInterrupt
        return result

    def interrupt(self, _signal: int, _frame: FrameType | None) -> None:
        """Interrupt the cell, and no task that runs beside it; a handler of signals.

        A cell that computes is interrupted where it is, one that waits is cancelled. If that
        was not enough, the next interrupt leaves it behind, or hits whoever keeps the loop.

        Raises
        ------
        KeyboardInterrupt
            In the code that is to be interrupted.
        """
        task = self._task
        if task is None or not self._loop.is_running():
            raise KeyboardInterrupt
        if asyncio.current_task(self._loop) is task:
            raise KeyboardInterrupt
        if not self._interrupted:
            self._interrupted, self._turned = True, False
            task.cancel()
            self._loop.call_soon_threadsafe(self._turn)
        elif self._turned:
            self._loop.call_soon_threadsafe(self._loop.stop)
        else:
            raise KeyboardInterrupt

    def _turn(self) -> None:
        """Note that the loop still turns: no task keeps it for itself."""
        self._turned = True

    @staticmethod
    async def _then_take_turns(cell: Coroutine[Any, Any, _Result]) -> _Result:
        """Let what is ready go on for a while: a kernel's loop runs between cells, too."""
        result = await cell
        # A cell that cancels all tasks cancels its own.
        with contextlib.suppress(asyncio.CancelledError):
            for _ in range(_TURNS):
                await asyncio.sleep(0)
        return result

    def _give_up(self, task: asyncio.Task[Any]) -> None:
        """Cancel a cell; one that does not end is left behind."""
        task.cancel()
        with contextlib.suppress(KeyboardInterrupt, RuntimeError):
            self._loop.run_until_complete(asyncio.wait({task}, timeout=_PATIENCE))

    def close(self) -> None:
        """Close the loop."""
        self._loop.close()

    @staticmethod
    def leave_to_the_parent() -> None:
        """In a fork, do without it: the loop waits on a descriptor that both share.

        No loop runs then, so ``asyncio.run`` works, which it does not in a cell.
        """
        asyncio.set_event_loop(None)
