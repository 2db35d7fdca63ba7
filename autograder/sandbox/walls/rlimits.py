"""Bounds that the kernel keeps for a process: memory, time, files, processes."""

from __future__ import annotations

import math
import os
import resource

from autograder.sandbox.protocol.plan import Limits

_OPEN_FILES = 256
# With 0 a kernel whose core_pattern is a program would still start it, outside of the room.
_NO_CORE_DUMP = 1
_SPARE_PROCESSES = 4
# The one that most questions share, and the one that follows where a question has broken it.
_SHARED_SNAPSHOTS = 2
_SPARE_CPU_SECONDS = 5


def address_space() -> int:
    """Bytes of virtual memory that this process has now."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def tasks_of(uid: int) -> int:
    """How many threads the user `uid` has on this machine."""
    total = 0
    for entry in os.scandir("/proc"):
        try:
            if entry.name.isdigit() and entry.stat().st_uid == uid:
                total += len(os.listdir(f"{entry.path}/task"))
        except OSError:
            continue
    return total


def for_process(
    limits: Limits, *, base_memory: int, base_tasks: int, questions: int
) -> dict[int, tuple[int, int]]:
    """The kernel's limits for one process of a room.

    Parameters
    ----------
    limits : Limits
        What the submission may use.
    base_memory : int
        Virtual memory that the preloaded packages take already.
    base_tasks : int
        Tasks that count against the same user but do not belong to the room.
    questions : int
        How many snapshots may wait in the room.

    Returns
    -------
    dict
        From ``resource.RLIMIT_*`` to the soft and the hard limit. They differ for processes: the
        places between them are for snapshots, whatever the student's code has left running.
    """
    processes = base_tasks + limits.processes + _SPARE_PROCESSES
    bounds = {
        resource.RLIMIT_AS: base_memory + limits.memory_bytes,
        resource.RLIMIT_CPU: math.ceil(limits.submission_seconds) + _SPARE_CPU_SECONDS,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: _NO_CORE_DUMP,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    both = {name: (value, value) for name, value in bounds.items()}
    return both | {resource.RLIMIT_NPROC: (processes, processes + questions + _SHARED_SNAPSHOTS)}


def apply(wanted: dict[int, tuple[int, int]]) -> None:
    """Set the limits of this process and of all that it will start, for good."""
    for name, bounds in wanted.items():
        _, ceiling = resource.getrlimit(name)
        if ceiling != resource.RLIM_INFINITY:
            bounds = (min(bounds[0], ceiling), min(bounds[1], ceiling))
        resource.setrlimit(name, bounds)
