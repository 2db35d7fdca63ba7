"""Pools of workers, which a fork of their process copies without the threads that serve them."""

from __future__ import annotations

import contextlib
import gc
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any


def threads_are_alive() -> bool:
    """Whether this process has other threads than its main one."""
    return threading.active_count() > 1


def wait_for_work(seconds: float) -> None:
    """Wait until the executors have done what they were given, but not for long.

    What is still being worked on at a fork is never done in the copy.
    """
    futures = [
        future
        for future in _instances("concurrent.futures._base", "Future")
        if future._state in ("PENDING", "RUNNING")
    ]
    if futures:
        sys.modules["concurrent.futures._base"].wait(futures, timeout=seconds)


def revive() -> None:
    """Have the pools of this process, a fork, start threads and processes of their own."""
    for module, name, start_again in _KINDS:
        for pool in _instances(module, name):
            # One that cannot be revived is as if it had not been tried.
            with contextlib.suppress(Exception):
                start_again(pool)


def _instances(module: str, name: str) -> Iterator[Any]:
    """All objects of a class of the standard library, and of classes that are made of it."""
    kind = getattr(sys.modules.get(module), name, None)
    if kind is not None:
        yield from [each for each in gc.get_objects() if issubclass(type(each), kind)]


def _revive_threads(executor: Any) -> None:
    if executor._shutdown:
        return
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with contextlib.suppress(queue.Empty):
        while True:
            waiting.put(executor._work_queue.get_nowait())
    executor._work_queue = waiting
    executor._threads = set()
    executor._idle_semaphore = threading.Semaphore(0)
    executor._shutdown_lock = threading.Lock()
    if not waiting.empty():
        executor._adjust_thread_count()


def _revive_processes(executor: Any) -> None:
    if not executor._shutdown_thread:
        from concurrent.futures import ProcessPoolExecutor

        ProcessPoolExecutor.__init__(
            executor,
            executor._max_workers,
            executor._mp_context,
            executor._initializer,
            executor._initargs,
        )


def _revive_pool(pool: Any) -> None:
    from multiprocessing.pool import Pool, ThreadPool

    if pool._state != "RUN":
        return
    beginning = (pool._processes, pool._initializer, pool._initargs)
    if isinstance(pool, ThreadPool):
        ThreadPool.__init__(pool, *beginning)
    else:
        Pool.__init__(pool, *beginning, pool._maxtasksperchild, pool._ctx)


_KINDS: tuple[tuple[str, str, Callable[[Any], None]], ...] = (
    ("concurrent.futures.thread", "ThreadPoolExecutor", _revive_threads),
    ("concurrent.futures.process", "ProcessPoolExecutor", _revive_processes),
    ("multiprocessing.pool", "Pool", _revive_pool),
)
