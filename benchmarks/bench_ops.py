"""Time the operations of convkit beside their rivals, in one run, and print the ratios.

Run from the root of the repository::

    python -m benchmarks.bench_ops            a table, about a minute
    python -m benchmarks.bench_ops --quick    fewer repeats
    python -m benchmarks.bench_ops --json     the same as JSON
    python -m benchmarks.bench_ops --strict   exit with 1 if a requirement is missed
"""

from __future__ import annotations

import argparse
import os
import sys

# Threads that spin while they wait take the processor from whoever is measured next.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from rich.console import Console

from benchmarks import convolution, elsewhere
from benchmarks.report import Report
from benchmarks.timing import keep_freed_memory

REPEATS, QUICK_REPEATS = 15, 5


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_ops", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_REPEATS} repeats only")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if something is missed")
    options = parser.parse_args(arguments)

    repeats = QUICK_REPEATS if options.quick else REPEATS
    report = Report(keeps_memory=keep_freed_memory())
    progress = Console(stderr=True)
    with progress.status("convolution layers"):
        convolution.measure(report, repeats)
    with progress.status("pooling, batch norm, distances"):
        elsewhere.measure(report, repeats)
    if options.json:
        sys.stdout.write(report.as_json() + "\n")
    else:
        report.show(Console(width=None if sys.stdout.isatty() else 130))
    return int(options.strict and not report.met)


if __name__ == "__main__":
    sys.exit(main())
