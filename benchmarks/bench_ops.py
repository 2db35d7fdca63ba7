"""Time the operations of convkit beside their rivals, in several runs, and print the ratios.

Run from the root of the repository::

    python -m benchmarks.bench_ops            a table, some five minutes
    python -m benchmarks.bench_ops --quick    one short run
    python -m benchmarks.bench_ops --json     the same as JSON
    python -m benchmarks.bench_ops --strict   exit with 1 if a requirement is missed
    python -m benchmarks.bench_ops --write docs/benchmarks-convkit.md

Each run is a process of its own, and every figure is the median over the runs, so that one bad
minute of the machine does not decide.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

# Threads that spin while they wait take the processor from whoever is measured next.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from rich.console import Console
from rich.progress import track

from benchmarks import convolution, elsewhere
from benchmarks.report import Report, medians
from benchmarks.timing import keep_freed_memory

RUNS = 5
REPEATS, QUICK_REPEATS = 15, 5


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_ops", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help=f"one run, {QUICK_REPEATS} repeats")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"how many; {RUNS} by default")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if something is missed")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write a page of Markdown")
    options = parser.parse_args(arguments)
    if options.runs < 1:
        parser.error("--runs must be at least 1")

    report = _one_run(QUICK_REPEATS) if options.quick else _several_runs(options.runs)
    if options.json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        report.show(Console(width=None if sys.stdout.isatty() else 130))
    if options.write:
        options.write.write_text(report.as_markdown(), encoding="utf-8")
    return int(options.strict and not report.met)


def _one_run(repeats: int) -> Report:
    report = Report(keeps_memory=keep_freed_memory())
    progress = Console(stderr=True)
    with progress.status("convolution layers"):
        convolution.measure(report, repeats)
    with progress.status("pooling, batch norm, distances"):
        elsewhere.measure(report, repeats)
    return report


def _several_runs(count: int) -> Report:
    """Measure in new processes, one after the other."""
    command = [sys.executable, "-c", _CHILD]
    reports = []
    for _ in track(range(count), "runs", console=Console(stderr=True)):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        reports.append(Report.from_json(done.stdout))
    return medians(reports)


_CHILD = f"from benchmarks.bench_ops import _one_run; print(_one_run({REPEATS}).as_json())"


if __name__ == "__main__":
    sys.exit(main())
