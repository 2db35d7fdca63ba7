"""What the processes of a room use, as an outsider reads it from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable

_KIB = 1024


def descendants(root: int) -> list[int]:
    """Ids of all processes below `root`, without itself."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        children = _children(waiting.pop())
        found += children
        waiting += children
    return found


def _children(pid: int) -> list[int]:
    children: list[int] = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return children
    for thread in threads:
        try:
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                children += map(int, file.read().split())
        except OSError:
            if os.path.exists(f"/proc/{pid}/task/{thread}"):
                return _children_by_scan(pid)
    return children


def _children_by_scan(parent: int) -> list[int]:
    """For kernels that do not list children."""
    children = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            children.append(int(name))
    return children


def _fields(path: str, wanted: Iterable[str]) -> int:
    """Sum of some ``Name: value kB`` lines, in bytes; 0 if the process is gone."""
    names = tuple(wanted)
    try:
        with open(path) as file:
            return sum(int(line.split()[1]) * _KIB for line in file if line.startswith(names))
    except OSError:
        return 0


def memory(pids: Iterable[int], limit: int) -> int:
    """Bytes of memory that some processes hold together.

    Pages that several processes share are first counted once for each of them, which is fast.
    Only if that exceeds `limit` are they counted exactly.
    """
    pids = list(pids)
    at_most = sum(_fields(f"/proc/{pid}/status", ("RssAnon:", "RssShmem:")) for pid in pids)
    if at_most <= limit:
        return at_most
    exact = sum(_fields(f"/proc/{pid}/smaps_rollup", ("Pss_Anon:", "Pss_Shmem:")) for pid in pids)
    return exact or at_most


def processor_seconds(pids: Iterable[int]) -> float:
    """Seconds of processor time of some living processes, and of the children they waited for."""
    ticks = sum(sum(_times(pid)) for pid in pids)
    return ticks / os.sysconf("SC_CLK_TCK")


def _times(pid: int) -> list[int]:
    """User and system time, the process's own and its children's; see proc_pid_stat(5)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return [int(field) for field in file.read().rpartition(b")")[2].split()[11:15]]
    except OSError:
        return []


def files(scratch: str, pids: Iterable[int], most_files: int) -> tuple[int, int]:
    """Bytes and number of the files below `scratch`, those deleted but still open included."""
    total, count = 0, 0
    for directory, _, names in os.walk(scratch):
        for name in names:
            try:
                total += os.lstat(f"{directory}/{name}").st_blocks * 512
            except OSError:
                continue
        count += len(names) + 1
        if count > most_files:
            return total, count
    return total + sum(_open_but_deleted(pid) for pid in pids), count


def _open_but_deleted(pid: int) -> int:
    total = 0
    try:
        for entry in os.scandir(f"/proc/{pid}/fd"):
            status = entry.stat()
            if status.st_nlink == 0:
                total += status.st_blocks * 512
    except OSError:
        pass
    return total
