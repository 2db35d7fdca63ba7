"""Whose doing a crash was. It is laid to a submission only when it has happened twice."""

from __future__ import annotations

from collections.abc import Callable

from autograder.core.outcome import Outcome
from autograder.records.record import Record

_MOST_RUNS = 4


def settled(execute: Callable[[Record | None], Record], known: Record | None = None) -> Record:
    """Run a submission, and again where it crashed, until two runs crash in the same steps.

    A process of the room can be killed from outside: by a kernel that is out of memory, or by a
    person. From within, that looks like student code that kills itself. Only the latter happens
    again.

    Parameters
    ----------
    execute : callable
        Takes a known record, and returns it if it is still valid; else runs the submission, and
        returns a new one.
    known : Record, optional
        From an earlier run.

    Returns
    -------
    Record
        Of the last run. If no two runs agree, and the kernel had run out of memory meanwhile, a
        record of a fault of ours.
    """
    seen: set[frozenset[str]] = set()
    starved = False
    for _ in range(_MOST_RUNS):
        killed_before = kills_for_memory()
        record = execute(known)
        crashed = _crashed(record)
        if record is known or not crashed:
            return record
        known = None
        if kills_for_memory() != killed_before:
            starved = True
            continue
        if crashed in seen:
            return record
        seen.add(crashed)
    if not starved:
        return record
    return Record(
        record.assignment,
        record.student,
        record.key,
        timestamp=record.timestamp,
        infra=f"its processes were killed in {_MOST_RUNS} runs while memory had run out; use fewer "
        "workers, or a machine with more memory",
    )


def _crashed(record: Record) -> frozenset[str]:
    """Ids of the steps that crashed."""
    cells = {cell.id for cell in record.cells if cell.outcome is Outcome.CRASH}
    questions = {each.id for each in record.questions if each.outcome is Outcome.CRASH}
    return frozenset(cells | questions)


def kills_for_memory() -> int:
    """How many processes the kernel has killed since its start because memory had run out."""
    try:
        with open("/proc/vmstat") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("oom_kill "))
    except OSError:
        return 0
