"""How soon a command is there: help, a class with nothing to do, a first submission.

Run it on an idle machine: ``make bench-commands``. Each round runs every command once, and
everything is told in times of what importing typer and rich takes in the same round.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.bench_grading import machine
from benchmarks.grading.sample_classes import NAME, our_course

SUBMISSIONS = 85
PROGRAM = str(Path(sys.executable).parent / "autograder")
IMPORTS = "importing typer and rich"
_WARM = 2
"""Rounds before the first: they compile what is imported, and attack a room once."""


@dataclass(frozen=True)
class Took:
    """What one run of a command took; `cpu` is of the command and all that it waited for."""

    wall: float
    cpu: float


def run(command: Sequence[str], cwd: Path) -> Took:
    """Run a command, and measure it.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    # As it is installed: what is imported is compiled once.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    with open(os.devnull, "r+b") as nothing:
        to = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), end) for end in (0, 1)]
        # It has no place to start in, so a shell goes there.
        there = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', str(cwd), *command]
        child = os.posix_spawn(there[0], there, environment, file_actions=to)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Took(wall, used.ru_utime + used.ru_stime)


def rounds(root: Path, count: int) -> Mapping[str, list[Took]]:
    """Every command, by what it is for, in as many rounds."""
    whole = our_course(root / "class", SUBMISSIONS).root
    single = our_course(root / "single", 1).root
    (student,) = (path.name for path in (single / "submitted").iterdir())
    commands = {
        IMPORTS: ([sys.executable, "-c", "import typer, rich.console"], root),
        "`autograder --help`": ([PROGRAM, "--help"], root),
        "`autograder grade --help`": ([PROGRAM, "grade", "--help"], root),
        f"`autograder grade {NAME}`, {SUBMISSIONS} submissions, nothing to do": (
            [PROGRAM, "grade", NAME],
            whole,
        ),
        f"`autograder grade {NAME} --force`, one submission": (
            [PROGRAM, "grade", NAME, "--force", "--student", student],
            single,
        ),
    }
    found: dict[str, list[Took]] = {name: [] for name in commands}
    for number in range(_WARM + count):
        for name, (command, cwd) in commands.items():
            took = run(command, cwd)
            if number >= _WARM:
                found[name].append(took)
    return found


def as_page(found: Mapping[str, list[Took]]) -> str:
    """The figures as a page in Markdown."""
    count = len(found[IMPORTS])
    lines = [
        "# Benchmarks of commands",
        "",
        f"`make bench-commands` writes this page: medians of {count} rounds, and the smallest and "
        "the largest. CPU is of the command and of the processes that it has waited for. The "
        f"machine: {machine()}",
        "",
        f"| | seconds | | CPU seconds | | times {IMPORTS} (CPU) |",
        "|---|--:|---|--:|---|--:|",
    ]
    for name, each in found.items():
        shares = [mine.cpu / base.cpu for mine, base in zip(each, found[IMPORTS], strict=True)]
        walls, cpus = [took.wall for took in each], [took.cpu for took in each]
        lines.append(
            f"| {name} | {median(walls):.2f} | {_spread(walls)} | {median(cpus):.2f} "
            f"| {_spread(cpus)} | {median(shares):.1f} |"
        )
    lines += [
        "",
        "A run that has anything to do pays for a process in which rooms are made. It comes up "
        "on another processor while the grader loads what it needs itself, so the machine must be "
        "idle for the seconds to mean anything; CPU bears company better. Whether rooms hold was "
        "tried before, as once after each start of a machine.",
        "",
        f"Load of the machine at the end: {os.getloadavg()[0]:.1f}.",
    ]
    return "\n".join(lines) + "\n"


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.2f} to {max(values):.2f}"


def main() -> None:
    """Time the commands and print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, metavar="N")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = as_page(rounds(Path(folder), options.rounds))
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    print(page, end="")


if __name__ == "__main__":
    main()
