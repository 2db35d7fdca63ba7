"""Threads that share the work of a run."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import TypeVar

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


class Workers:
    """Threads that are kept until the run is over. Use it as a context manager.

    Parameters
    ----------
    count : int, optional
        How many; the number of processors if not given.
    most : int
        How much there is to do: there are no more threads than that.
    """

    def __init__(self, count: int | None, most: int) -> None:
        self._count = min(count or len(os.sched_getaffinity(0)), max(most, 1))
        self._pool = ThreadPoolExecutor(self._count)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    @property
    def count(self) -> int:
        """How many threads there are at most."""
        return self._count

    def submit(self, function: Callable[[_Item], _Done], item: _Item) -> Future[_Done]:
        """Have one thread do something."""
        return self._pool.submit(function, item)

    def each(self, function: Callable[[], object]) -> None:
        """Have every thread do something at the same time, and wait for all of them.

        Raises
        ------
        Exception
            What it raises in the first thread that fails.
        """
        together = threading.Barrier(self._count)

        def once(_: int) -> None:
            together.wait()
            function()

        for done in [self.submit(once, number) for number in range(self._count)]:
            done.result()

    def map(self, function: Callable[[_Item], _Done], items: Sequence[_Item]) -> Iterator[_Done]:
        """Yield what `function` gives for each item, as it is done; few are begun ahead."""
        waiting: set[Future[_Done]] = set()
        queue = iter(items)
        while True:
            for item in itertools.islice(queue, 2 * self._count - len(waiting)):
                waiting.add(self._pool.submit(function, item))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


def in_each_thread(make: Callable[[], _Done]) -> Callable[[], _Done]:
    """What gives each thread that calls it something of its own, made at its first call.

    Examples
    --------
    >>> mine = in_each_thread(list)
    >>> mine() is mine()
    True
    """
    own = threading.local()

    def mine() -> _Done:
        if not hasattr(own, "made"):
            own.made = make()
        made: _Done = own.made
        return made

    return mine
