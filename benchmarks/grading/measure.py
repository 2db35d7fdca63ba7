"""Time, processor time and memory of whole commands, as the kernel counts them."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PERIOD = 0.1
_SHOWN = 2000


@dataclass(frozen=True)
class Measurement:
    """What a command took.

    Attributes
    ----------
    cpu_seconds : float
        Of the whole machine while the command ran: nothing else should run on it.
    peak_bytes : int
        Largest memory of the command's own process; its children are not in it.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def measure(command: Sequence[str | Path], cwd: Path) -> Measurement:
    """Run a command and measure it.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    begun, busy = time.monotonic(), machine_busy_seconds()
    peak = 0
    # A file and no pipe, which nobody would empty meanwhile.
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=errors)
        while process.poll() is None:
            peak = max(peak, _peak(process.pid))
            time.sleep(_PERIOD)
        seconds = time.monotonic() - begun
        if process.returncode:
            errors.seek(0)
            said = errors.read()[-_SHOWN:].decode(errors="replace")
            raise RuntimeError(f"{command} ended with {process.returncode}:\n{said}")
    return Measurement(seconds, machine_busy_seconds() - busy, peak)


def _peak(pid: int) -> int:
    """The largest resident memory of a process so far."""
    try:
        with open(f"/proc/{pid}/status") as file:
            lines = [line for line in file if line.startswith("VmHWM:")]
    except OSError:
        return 0
    return int(lines[0].split()[1]) * 1024 if lines else 0


def machine_busy_seconds() -> float:
    """Processor seconds that this machine has spent on anything but idling."""
    with open("/proc/stat") as file:
        user, nice, system, _idle, _wait, irq, soft_irq, *_ = map(int, file.readline().split()[1:])
    return (user + nice + system + irq + soft_irq) / os.sysconf("SC_CLK_TCK")


def tree_cpu_seconds(pid: int) -> float:
    """Processor seconds of a process, of all below it, and of those of them that have ended."""
    parents: dict[int, int] = {}
    ticks: dict[int, int] = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            try:
                text = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            fields = text.rpartition(")")[2].split()
            parents[int(entry.name)] = int(fields[1])
            ticks[int(entry.name)] = sum(map(int, fields[11:15]))
    inside = {pid}
    while more := {child for child, parent in parents.items() if parent in inside} - inside:
        inside |= more
    return sum(ticks.get(each, 0) for each in inside) / os.sysconf("SC_CLK_TCK")
