"""Time what comes after a run: cases and right answers, the judge, the page; for each assignment.

Run from the root of the repository, on a machine that does nothing else::

    python -m benchmarks.bench_marking                    a few minutes
    python -m benchmarks.bench_marking --students 2       quicker, and less certain
    python -m benchmarks.bench_marking --write docs/benchmarks-marking.md

Students of two kinds hand in each assignment, and are run in the locked room. Some have
everything right, each in a style of their own; in the notebooks of the others each answer is
another known mistake. Every record has a draw of its own, so nothing is known of its cases before.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

from rich.console import Console

from autograder.authoring.answer_key import answer_key, answer_keys, hidden_cases
from autograder.authoring.exercise import Assignment
from autograder.core.course import Course, course_secret
from autograder.judging.judge import judge
from autograder.publishing.page.feedback_page import feedback_page
from autograder.records.record import Record
from benchmarks.bench_grading import PROGRAMS, machine
from benchmarks.grading.marked_class import KINDS, course_with
from benchmarks.grading.records import saved_records
from tests.course import ASSIGNMENTS

_STUDENTS = 5
_T = TypeVar("_T")


@dataclass(frozen=True)
class Cost:
    """Processor milliseconds that one submission takes once it has been run."""

    keys: float
    judging: float
    page: float


@dataclass(frozen=True)
class Row:
    """An assignment, and the costs of each kind of submissions."""

    assignment: str
    costs: dict[str, Sequence[Cost]]

    def typical(self, kind: str, part: str) -> float:
        """The median of one part over all submissions of a kind."""
        return _median(self.costs[kind], part)

    def typical_of_all(self, part: str) -> float:
        """The median over all submissions, of what does not depend on the answers."""
        return _median([each for some in self.costs.values() for each in some], part)


def _median(costs: Sequence[Cost], part: str) -> float:
    return float(median(getattr(each, part) for each in costs))


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench_marking", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--students", type=int, default=_STUDENTS, help="of each kind")
    parser.add_argument("--write", type=Path, help="write the page with the figures to this file")
    options = parser.parse_args(arguments)
    progress = Console(stderr=True)
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-marking-") as folder:
        for assignment in ASSIGNMENTS:
            with progress.status(f"{assignment.name}, {2 * options.students} submissions"):
                course = course_with(Path(folder) / assignment.name, assignment, options.students)
                rows.append(measured(course, assignment))
    page = as_page(rows, options.students)
    print(page)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    return 0


def measured(course: Course, assignment: Assignment) -> Row:
    """Run a class, then mark each of its records."""
    environment = dict(os.environ, PATH=os.pathsep.join([str(PROGRAMS), os.environ["PATH"]]))
    grade: list[str | Path] = [PROGRAMS / "autograder", "grade", assignment.name]
    subprocess.run(grade, cwd=course.root, check=True, capture_output=True, env=environment)
    records = list(saved_records(course, assignment.name))
    secret = course_secret(course)
    # What is worked out once for a class, and modules that mistakes import, are no submission's.
    for record in records:
        cost(record, assignment, secret)
    return Row(
        assignment.name,
        {
            kind: [
                cost(record, assignment, secret)
                for record in records
                if record.student.startswith(kind)
            ]
            for kind in KINDS
        },
    )


def cost(record: Record, assignment: Assignment, secret: bytes) -> Cost:
    """Mark a record as if nothing were known of its draw."""
    for kept in (answer_keys, answer_key, hidden_cases):
        kept.cache_clear()
    keys, _ = _timed(lambda: answer_keys(assignment, secret, record.draw))
    judging, verdict = _timed(lambda: judge(record, assignment, secret))
    page, _ = _timed(lambda: feedback_page(record, verdict, assignment, secret))
    return Cost(keys, judging, page)


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    begun = time.process_time()
    result = work()
    return 1000 * (time.process_time() - begun), result


def as_page(rows: Sequence[Row], students: int) -> str:
    """The figures as a page in Markdown."""
    lines = [
        "# Benchmarks of marking",
        "",
        "`make bench-marking` writes this page. The machine: " + machine(),
        "",
        "Processor milliseconds for one submission once it has been run, as medians over "
        f"{students} with everything right and {students} in which each answer is a known "
        "mistake, beyond what a class needs once. Judging reads the answers, compares them, and "
        "names the mistakes; chaffs are asked there, and for wrong answers only.",
        "",
        "| | cases and right answers | judging, all right | judging, all wrong "
        "| page, all right | page, all wrong |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| `{row.assignment}` | {row.typical_of_all('keys'):.1f} "
        f"| {row.typical('right', 'judging'):.1f} | {row.typical('wrong', 'judging'):.1f} "
        f"| {row.typical('right', 'page'):.1f} | {row.typical('wrong', 'page'):.1f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
