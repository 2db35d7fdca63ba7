"""The event loop in which cells run: one for the whole notebook, as in a kernel."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
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

    def run(self, cell: Coroutine[Any, Any, _Result]) -> _Result:
        """Run a cell to its end.

        Raises
        ------
        KeyboardInterrupt
            If the interrupt hit anything but the cell's own code.
        RuntimeError
            If the cell has stopped the loop.
        asyncio.CancelledError
            If it was cancelled and did not notice.
        """
        task = self._loop.create_task(self._then_take_turns(cell))
        try:
            return self._loop.run_until_complete(task)
        except BaseException:
            self._give_up(task)
            raise

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
