"""Whose doing a crash was. It is laid to a submission only when it has happened twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from autograder.core.outcome import Outcome
from autograder.records.record import Record

MOST_RUNS = 4


class Timed(Protocol):
    """How long a run took, and how many rooms were lost in it."""

    @property
    def seconds(self) -> float: ...
    @property
    def restarts(self) -> int: ...


Run = TypeVar("Run", bound=Timed)


class Starved(Exception):
    """No two runs agreed, and the kernel had run out of memory meanwhile."""


def agreed(
    run: Callable[[float], Run], steps: Callable[[Run, Outcome], frozenset[str]], seconds: float
) -> Run:
    """Run a submission, and again where it crashed, until two runs crash in the same steps.

    A process of the room can be killed from outside: by a kernel that is out of memory, or by a
    person. From within, that looks like student code that kills itself. Only the latter happens
    again.

    Parameters
    ----------
    run : callable
        Runs the submission, for so many seconds at most.
    steps : callable
        Ids of the steps that had an outcome in a run.
    seconds : float
        How long all runs together may take. One that is cut short for want of time says nothing,
        and the one before it stands.

    Returns
    -------
    object
        What the last run gave that was not cut short.

    Raises
    ------
    Starved
        If no two runs agreed, and the kernel killed for want of memory during one of them.
    """
    deadline = time.monotonic() + seconds
    seen: set[frozenset[str]] = set()
    starved = False
    stands: Run | None = None
    for _ in range(MOST_RUNS):
        left = deadline - time.monotonic()
        if stands is not None and left <= _seconds_of_one_pass(stands):
            break
        killed_before = kills_for_memory()
        given = run(left)
        if stands is not None and steps(given, Outcome.TIMEOUT) - steps(stands, Outcome.TIMEOUT):
            break
        stands = given
        crashed = steps(given, Outcome.CRASH)
        if crashed and kills_for_memory() != killed_before:
            starved = True
            continue
        if not crashed or crashed in seen:
            return given
        seen.add(crashed)
    if starved:
        raise Starved(
            "its processes were killed again and again while memory had run out; use fewer "
            "workers, or a machine with more memory"
        )
    assert stands is not None
    return stands


def _seconds_of_one_pass(run: Timed) -> float:
    """What a run without a crash would take about."""
    return run.seconds / (run.restarts + 1)


def settled(execute: Callable[[float], Record], seconds: float) -> Record:
    """Run a submission until its crashes are believed; see `agreed`.

    Parameters
    ----------
    execute : callable
        Runs the submission for so many seconds at most, and returns its record.
    seconds : float
        How long all runs together may take.

    Returns
    -------
    Record
        Of the run that is believed; or a record of a fault of ours.
    """
    last: list[Record] = []

    def run(left: float) -> Record:
        last[:] = [execute(left)]
        return last[0]

    try:
        return agreed(run, _steps, seconds)
    except Starved as fault:
        (record,) = last
        return Record(
            record.assignment,
            record.student,
            record.key,
            timestamp=record.timestamp,
            infra=str(fault),
        )


def _steps(record: Record, outcome: Outcome) -> frozenset[str]:
    """Ids of the steps with an outcome."""
    cells = {cell.id for cell in record.cells if cell.outcome is outcome}
    questions = {each.id for each in record.questions if each.outcome is outcome}
    return frozenset(cells | questions)


def kills_for_memory() -> int:
    """How many processes the kernel has killed since its start because memory had run out."""
    try:
        with open("/proc/vmstat") as file:
            return sum(int(line.split()[1]) for line in file if line.startswith("oom_kill "))
    except OSError:
        return 0
