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
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from autograder.core.course import Course
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.result import saved_results
from benchmarks.grading.measure import Measurement, measure
from benchmarks.grading.records import saved_records
from benchmarks.grading.sample_classes import NAME, our_course, stock_course

PROGRAMS = Path(sys.executable).parent
DISTINCT, QUICK_DISTINCT = 60, 12
SIZES, QUICK_SIZES = (200, 1000, 5000), (50, 150)


@dataclass(frozen=True)
class Way:
    """One way to grade the same submissions.

    Attributes
    ----------
    first : Measurement
        The same command for a class of one: nearly all of it is the start.
    own_seconds : float
        Mean time of a student's own cells and questions; 0 where nobody can tell.
    """

    name: str
    submissions: int
    measured: Measurement
    first: Measurement
    own_seconds: float = 0.0

    @property
    def per_minute(self) -> float:
        """Submissions a minute, the start included."""
        return 60 * self.submissions / self.measured.seconds

    @property
    def cpu_each(self) -> float:
        """Processor seconds that one submission more takes."""
        return (self.measured.cpu_seconds - self.first.cpu_seconds) / (self.submissions - 1)


@dataclass(frozen=True)
class Size:
    """A class of some size, graded with all walls up, then judged again from its records."""

    submissions: int
    measured: Measurement
    regraded: Measurement

    @property
    def per_minute(self) -> float:
        return 60 * self.submissions / self.measured.seconds


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_grading", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="fewer submissions")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    parser.add_argument("--write", type=Path, help="write the page with the figures to this file")
    options = parser.parse_args(arguments)
    # Stock nbgrader starts ``alembic`` from the PATH.
    os.environ["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    progress = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        ways = compare(Path(folder), QUICK_DISTINCT if options.quick else DISTINCT, progress)
        writer = writer_milliseconds(Path(folder) / "way-2")
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
    stock: list[str | Path] = [PROGRAMS / "nbgrader", "autograde", NAME]
    ours: list[str | Path] = [PROGRAMS / "autograder", "grade", NAME]
    plans = (
        ("stock `nbgrader autograde`", stock_course, stock, False),
        ("ours through `nbgrader autograde`", our_course, stock, True),
        ("`autograder grade`", our_course, ours, True),
    )
    ways = []
    for number, (name, make, command, walled) in enumerate(plans):
        with progress.status(f"{name}, {count} submissions"):
            first = measure(command, make(folder / f"first-{number}", 1).root)
            course = make(folder / f"way-{number}", count)
            took = measure(command, course.root)
            own = own_seconds(course) if walled else 0.0
            ways.append(Way(name, count, took, first, own))
    return ways


def own_seconds(course: Course) -> float:
    """Mean time of the student's own cells and questions, as the locked room measured it."""
    times = [
        sum(cell.seconds for cell in record.cells)
        + sum(question.seconds for question in record.questions)
        for record in saved_records(course, NAME)
    ]
    return statistics.fmean(times)


def writer_milliseconds(root: Path) -> float:
    """Mean time of the gradebook's writer for one submission that is new to it."""
    course = Course(root)
    results = list(saved_results(course, NAME))
    with GradebookWriter(course.gradebook_url, NAME) as writer:
        begun = time.monotonic()
        for result in results:
            verdict = result.verdict
            again = dataclasses.replace(verdict, student=f"again-{verdict.student}")
            writer.write(again, result.timestamp)
        return 1000 * (time.monotonic() - begun) / len(results)


def grow(folder: Path, sizes: Sequence[int], progress: Console) -> list[Size]:
    """Grade classes of several sizes with all walls up, and regrade them."""
    grown = []
    for size in sizes:
        with progress.status(f"autograder grade, {size} submissions"):
            course = our_course(folder / f"class-{size}", size)
            took = measure([PROGRAMS / "autograder", "grade", NAME], course.root)
            again = measure([PROGRAMS / "autograder", "regrade", NAME], course.root)
            grown.append(Size(size, took, again))
            shutil.rmtree(course.root)
    return grown


def as_page(ways: list[Way], writer: float, growth: list[Size]) -> str:
    """The figures as a page in Markdown."""
    stock = ways[0]
    lines = [
        "# Benchmarks of grading",
        "",
        "`make bench-grading` writes this page. The machine: " + machine(),
        "",
        f"## The same {stock.submissions} submissions of `{NAME}`",
        "",
        "| | submissions a minute | against stock | CPU seconds at the start "
        "| CPU seconds for each submission | of it the student's own | beyond it "
        "| peak memory of the grader |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for way in ways:
        own = f"{way.own_seconds:.3f}" if way.own_seconds else "–"
        beyond = f"{1000 * (way.cpu_each - way.own_seconds):.0f} ms" if way.own_seconds else "–"
        lines.append(
            f"| {way.name} | {way.per_minute:.1f} | {way.per_minute / stock.per_minute:.1f} × "
            f"| {way.first.cpu_seconds:.1f} | {way.cpu_each:.3f} | {own} | {beyond} "
            f"| {way.measured.peak_bytes / 2**20:.0f} MB |"
        )
    lines += [
        "",
        "Submissions a minute are those of the whole command, start included. The start is the "
        "same command for one submission. The student's own part is the time of their cells and "
        "of the calls of their functions, as the locked room measured it; with stock nothing tells "
        "it apart. Stock runs the figures of the notebook, too; we leave them out.",
        "",
        f"The one writer of the gradebook takes {writer:.1f} ms a submission. What judging and "
        "pages take stands in [benchmarks of marking](benchmarks-marking.md).",
        "",
        "## Against the size of the class",
        "",
        "`autograder grade` with all walls up, and `autograder regrade` after it:",
        "",
        "| submissions | seconds | submissions a minute | CPU seconds for each "
        "| peak memory of the grader | seconds of a regrade | CPU seconds of it for each |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {size.submissions} | {size.measured.seconds:.0f} | {size.per_minute:.0f} "
        f"| {size.measured.cpu_seconds / size.submissions:.3f} "
        f"| {size.measured.peak_bytes / 2**20:.0f} MB "
        f"| {size.regraded.seconds:.0f} | {size.regraded.cpu_seconds / size.submissions:.3f} |"
        for size in growth
    ]
    return "\n".join(lines) + "\n"


def machine() -> str:
    """What this machine is, in a sentence."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{len(os.sched_getaffinity(0))} processors ({_processor()}), {pages / 2**30:.0f} GB of "
        f"memory, Linux {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"nbgrader {version('nbgrader')}, numpy {version('numpy')}."
    )


def _processor() -> str:
    """The model of the processors, as Linux names it."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
