"""Fair timing: all contenders in turn, again and again, and the median of the ratios."""

from __future__ import annotations

import ctypes
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

Contender = Callable[[], Any]


@dataclass(frozen=True)
class Times:
    """Seconds of every contender in every round."""

    rounds: Mapping[str, list[float]]

    def seconds(self, name: str) -> float:
        """Return the median time of a contender."""
        return median(self.rounds[name])

    def ratio(self, name: str, other: str) -> float:
        """Return the median over the rounds of how many times as long as `other` `name` took."""
        pairs = zip(self.rounds[name], self.rounds[other], strict=True)
        return median(mine / theirs for mine, theirs in pairs)


def keep_freed_memory() -> bool:
    """Ask the allocator not to return freed memory to the system; return whether it agreed.

    Otherwise each contender pays, or does not pay, for fresh pages, depending on what the one
    before it has freed: up to half of its time. Only glibc can be asked.
    """
    trim_threshold, mmap_threshold = -1, -3  # numbers of malloc.h
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(trim_threshold, 2**31 - 1) and mallopt(mmap_threshold, 2**30))


def in_turn(contenders: Mapping[str, Contender], repeats: int) -> Times:
    """Time all contenders once a round, so that a slow moment of the machine hits them all.

    A round before the first one warms caches and threads and is not counted.
    """
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    for count in range(repeats + 1):
        for name, contender in contenders.items():
            start = time.perf_counter()
            contender()
            if count:
                rounds[name].append(time.perf_counter() - start)
    return Times(rounds)


def once(contender: Contender) -> float:
    """Return the seconds of a single run."""
    start = time.perf_counter()
    contender()
    return time.perf_counter() - start


def peak_bytes(contender: Contender) -> int:
    """Return how much memory a run needs beyond its arguments, its result included."""
    tracemalloc.start()
    try:
        contender()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
