"""Time grading a class beside stock nbgrader, in one run, and against the size of the class.

Run from the root of the repository, on a machine that does nothing else::

    python -m benchmarks.bench_grading                    about half an hour
    python -m benchmarks.bench_grading --quick            a few minutes, fewer submissions
    python -m benchmarks.bench_grading --json             the same as JSON
    python -m benchmarks.bench_grading --write docs/benchmarks.md
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from autograder.course import Course
from autograder.exercises import find_assignment
from autograder.grade import saved_records
from autograder.gradebook import GradebookWriter
from autograder.result import saved_results
from benchmarks.grading.classes import NAME, our_course, stock_course
from benchmarks.grading.measure import Measurement, measure

PROGRAMS = Path(sys.executable).parent
DISTINCT, QUICK_DISTINCT = 60, 12
SIZES, QUICK_SIZES = (200, 1000, 5000), (50, 150)


@dataclass(frozen=True)
class Way:
    """One way to grade the same submissions.

    Attributes
    ----------
    own_seconds : float
        Mean time of a student's own cells and questions; 0 where nobody can tell.
    """

    name: str
    submissions: int
    measured: Measurement
    own_seconds: float = 0.0

    @property
    def per_minute(self) -> float:
        return 60 * self.submissions / self.measured.seconds

    @property
    def cpu_each(self) -> float:
        """Processor seconds a submission."""
        return self.measured.cpu_seconds / self.submissions


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_grading", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="fewer submissions")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument("--write", type=Path, help="write the page with the figures to this file")
    options = parser.parse_args(arguments)
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        ways = compare(Path(folder), QUICK_DISTINCT if options.quick else DISTINCT, progress)
        writer = writer_milliseconds(Path(folder) / "ours")
        growth = grow(Path(folder), QUICK_SIZES if options.quick else SIZES, progress)
    page = as_page(ways, writer, growth)
    if options.json:
        data = {"ways": ways, "writer_milliseconds": writer, "growth": growth}
        print(json.dumps(data, default=dataclasses.asdict, indent=2))
    else:
        print(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return 0


def compare(folder: Path, count: int, progress: Console) -> list[Way]:
    """Grade the same class in three ways."""
    ways = []
    with progress.status(f"stock nbgrader autograde, {count} submissions"):
        course = stock_course(folder / "stock", count)
        command = [PROGRAMS / "nbgrader", "autograde", NAME]
        ways.append(Way("stock `nbgrader autograde`", count, measure(command, course.root)))
    with progress.status("ours through nbgrader autograde"):
        course = our_course(folder / "through", count)
        took = measure(command, course.root)
        ways.append(Way("ours through `nbgrader autograde`", count, took, own_seconds(course)))
    with progress.status("autograder grade"):
        course = our_course(folder / "ours", count)
        took = measure([PROGRAMS / "autograder", "grade", NAME], course.root)
        ways.append(Way("`autograder grade`", count, took, own_seconds(course)))
    return ways


def own_seconds(course: Course) -> float:
    """Mean time of the student's own cells and questions, as the locked room measured it."""
    times = [
        sum(part.seconds for part in (*record.cells, *record.questions))
        for record in saved_records(course, find_assignment(NAME))
    ]
    return statistics.fmean(times)


def writer_milliseconds(root: Path) -> float:
    """Mean time of the gradebook's writer for one submission that is new to it."""
    course = Course(root)
    results = list(saved_results(course, find_assignment(NAME)))
    with GradebookWriter(course.gradebook_url, NAME) as writer:
        begun = time.monotonic()
        for result in results:
            verdict = result.verdict
            again = dataclasses.replace(verdict, student=f"again-{verdict.student}")
            writer.write(again, result.timestamp)
        return 1000 * (time.monotonic() - begun) / len(results)


def grow(folder: Path, sizes: tuple[int, ...], progress: Console) -> list[Way]:
    """Grade classes of several sizes with all walls up."""
    ways = []
    for size in sizes:
        with progress.status(f"autograder grade, {size} submissions"):
            course = our_course(folder / f"class-{size}", size)
            took = measure([PROGRAMS / "autograder", "grade", NAME], course.root)
            ways.append(Way("`autograder grade`", size, took, own_seconds(course)))
    return ways


def as_page(ways: list[Way], writer: float, growth: list[Way]) -> str:
    """The figures as a page in Markdown."""
    stock = ways[0]
    lines = [
        "# Benchmarks of grading",
        "",
        "`make bench-grading` writes this page. "
        f"Machine: {len(os.sched_getaffinity(0))} processors, {platform.machine()}, "
        f"Linux {platform.release().split('-')[0]}; Python {platform.python_version()}, "
        f"nbgrader {version('nbgrader')}, numpy {version('numpy')}.",
        "",
        f"## The same {stock.submissions} submissions of `{NAME}`",
        "",
        "| | submissions a minute | against stock | CPU seconds each | of it the student's own "
        "| beyond it | peak memory of the grader |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for way in ways:
        own = f"{way.own_seconds:.3f}" if way.own_seconds else "–"
        beyond = f"{1000 * (way.cpu_each - way.own_seconds):.0f} ms" if way.own_seconds else "–"
        lines.append(
            f"| {way.name} | {way.per_minute:.1f} | {way.per_minute / stock.per_minute:.1f} × "
            f"| {way.cpu_each:.3f} | {own} | {beyond} "
            f"| {way.measured.peak_bytes / 2**20:.0f} MB |"
        )
    lines += [
        "",
        f"The one writer of the gradebook takes {writer:.1f} ms a submission.",
        "",
        "## Against the size of the class",
        "",
        "| submissions | seconds | submissions a minute | peak memory of the grader |",
        "|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {way.submissions} | {way.measured.seconds:.0f} | {way.per_minute:.0f} "
        f"| {way.measured.peak_bytes / 2**20:.0f} MB |"
        for way in growth
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
