"""Time from the last byte of a hand-in to its finished page, while the course is watched.

Run from the root of the repository, on a machine that does nothing else::

    python -m benchmarks.bench_watch                  200 hand-ins, one at a time
    python -m benchmarks.bench_watch --hand-ins 30    fewer
    python -m benchmarks.bench_watch --json           the same as JSON
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.core.course import Course
from autograder.records.record import load_record
from autograder.settings import Watch
from benchmarks.grading.measure import tree_cpu_seconds
from benchmarks.grading.sample_classes import NAME, our_course, submissions

PROGRAM = Path(sys.executable).parent / "autograder"
HAND_INS = 200
_LOOK = 0.002
_PATIENCE = 120.0
_PAUSE = 0.2


@dataclass(frozen=True)
class Timed:
    """One hand-in.

    Attributes
    ----------
    page : float
        Seconds from its last byte to its page.
    seen : float
        Of these, until it was taken: looking, settling, reading whether it is whole.
    own : float
        Seconds of the student's own cells and calls, as the locked room measured them.
    room : float
        Seconds that the room lived, the student's own in it.
    cpu : float
        Processor seconds of the watcher, its zygotes and rooms.
    """

    page: float
    seen: float
    own: float
    room: float
    cpu: float = 0.0

    @property
    def beyond(self) -> float:
        """Seconds beyond the student's own."""
        return self.page - self.own


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_watch", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--hand-ins", type=int, default=HAND_INS, help="how many")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-watch-") as folder:
        course = our_course(Path(folder) / "course", 1)
        timed = list(measured(course, options.hand_ins))
    if options.json:
        print(json.dumps([dataclasses.asdict(each) for each in timed], indent=2))
    else:
        print(as_page(timed))
    return 0


def measured(course: Course, count: int) -> Iterator[Timed]:
    """Hand in one after the other, each when the one before has its page."""
    released = nbformat.read(course.released(NAME), 4)
    contents = [content for _, content in submissions(released, count + 1)][1:]
    watching = subprocess.Popen(
        [PROGRAM, "watch", NAME, "--json"],
        cwd=course.root,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        next_line(watching)  # The one who was there before has warmed everything up.
        for number, content in enumerate(contents):
            cpu = tree_cpu_seconds(watching.pid)
            timed = one(course, watching, f"measured-{number:05}", content)
            # What ends the room is not done yet when the page is there.
            time.sleep(_PAUSE)
            cpu = tree_cpu_seconds(watching.pid) - cpu
            yield dataclasses.replace(timed, cpu=cpu)
    finally:
        watching.terminate()
        watching.wait()


def one(course: Course, watching: subprocess.Popen[str], student: str, content: bytes) -> Timed:
    """Hand in, and wait for the page."""
    place = course.submission(NAME, student)
    place.parent.mkdir(parents=True)
    page = course.feedback / student / NAME / f"{NAME}.html"
    place.write_bytes(content)
    begun = time.monotonic()
    while not page.exists():
        if time.monotonic() - begun > _PATIENCE or watching.poll() is not None:
            raise RuntimeError(f"{student} has no page")
        time.sleep(_LOOK)
    took = time.monotonic() - begun
    line = next_line(watching)
    record = load_record(course.record(NAME, student))
    own = sum(cell.seconds for cell in record.cells)
    own += sum(question.seconds for question in record.questions)
    return Timed(took, took - line["seconds"]["took"], own, record.seconds)


def next_line(watching: subprocess.Popen[str]) -> dict[str, Any]:
    """What the watcher says of the next hand-in."""
    assert watching.stdout is not None
    line = watching.stdout.readline()
    if not line:
        raise RuntimeError("the watcher has ended")
    said: dict[str, Any] = json.loads(line)
    return said


def as_page(timed: list[Timed]) -> str:
    """The figures as a table in Markdown."""
    rows = {
        "from the last byte to the page": [each.page for each in timed],
        "of it the student's own cells and calls": [each.own for each in timed],
        "beyond the student's own": [each.beyond for each in timed],
        "until it is taken (look, settle, read)": [each.seen for each in timed],
        "in the room beyond the student's own": [each.room - each.own for each in timed],
        "read, judge, page, gradebook": [each.page - each.seen - each.room for each in timed],
        "processor time of watcher, zygotes and rooms": [each.cpu for each in timed],
    }
    settings = Watch()
    lines = [
        f"{len(timed)} hand-ins of `{NAME}`, one at a time, on "
        f"{len(os.sched_getaffinity(0))} processors; load {os.getloadavg()[0]:.1f}; "
        f"a look each {settings.poll_seconds} s, settled after {settings.settle_seconds} s.",
        "",
        "| milliseconds | p50 | p95 | mean |",
        "|---|--:|--:|--:|",
    ]
    for what, seconds in rows.items():
        twentieths = statistics.quantiles(seconds, n=20, method="inclusive")
        figures = (statistics.median(seconds), twentieths[-1], statistics.fmean(seconds))
        lines.append(f"| {what} | " + " | ".join(f"{1000 * each:.0f}" for each in figures) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
