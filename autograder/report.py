"""What an instructor sees: how the class did, which lines are hard, what went wrong."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.exercise import Assignment
from autograder.outcome import Outcome
from autograder.pages import render
from autograder.record import Record
from autograder.verdict import Verdict


@dataclass(frozen=True)
class LineStatistics:
    """How many earned one rubric line."""

    text: str
    points: float
    share: float


@dataclass(frozen=True)
class ExerciseStatistics:
    """How a class did in one exercise.

    Attributes
    ----------
    mean : float
        Mean share of the points, 0 to 1, over the scored submissions.
    misconceptions : tuple of (str, str, int)
        Name, sentence and count of each known mistake that was found, most frequent first.
    """

    name: str
    points: float
    mean: float
    lines: tuple[LineStatistics, ...]
    misconceptions: tuple[tuple[str, str, int], ...]
    outcomes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ClassStatistics:
    """How a class did in one assignment; scores are automatic points."""

    assignment: str
    points: float
    written_points: float
    submissions: int
    scored: int
    mean: float
    median: float
    histogram: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    exercises: tuple[ExerciseStatistics, ...]


def class_statistics(verdicts: Sequence[Verdict], assignment: Assignment) -> ClassStatistics:
    """Statistics over the verdicts of one assignment. Unscored submissions count in no mean."""
    scored = [verdict for verdict in verdicts if verdict.scored]
    points = sum(exercise.points for exercise in assignment.exercises)
    totals = [verdict.earned for verdict in scored]
    return ClassStatistics(
        assignment=assignment.name,
        points=points,
        written_points=sum(question.points for question in assignment.written),
        submissions=len(verdicts),
        scored=len(scored),
        mean=statistics.fmean(totals) if totals else 0.0,
        median=statistics.median(totals) if totals else 0.0,
        histogram=_histogram(totals, points),
        outcomes=_counts(verdict.outcome for verdict in verdicts),
        exercises=tuple(_exercise(name, scored) for name in _names(assignment)),
    )


def _names(assignment: Assignment) -> list[str]:
    return [exercise.name for exercise in assignment.exercises]


def _histogram(totals: Sequence[float], points: float) -> tuple[tuple[str, int], ...]:
    bins = Counter(min(int(10 * total / points), 9) for total in totals) if points else Counter()
    return tuple((f"{10 * index}–{10 * index + 10}\u202f%", bins[index]) for index in range(10))


def _counts(outcomes: Any) -> tuple[tuple[str, int], ...]:
    counted = Counter(str(outcome) for outcome in outcomes)
    return tuple((str(o), counted[str(o)]) for o in Outcome if counted[str(o)])


def _exercise(name: str, verdicts: Sequence[Verdict]) -> ExerciseStatistics:
    marked = [e for verdict in verdicts for e in verdict.exercises if e.exercise == name]
    count = max(len(marked), 1)
    says = {e.misconception: e.advice for e in marked if e.misconception}
    found = Counter(e.misconception for e in marked if e.misconception)
    columns = zip(*(e.lines for e in marked), strict=True)
    lines = tuple(
        LineStatistics(
            column[0].line.text,
            column[0].line.points,
            sum(line.earned > 0 for line in column) / count,
        )
        for column in columns
    )
    points = marked[0].points if marked else 0.0
    return ExerciseStatistics(
        name=name,
        points=points,
        mean=sum(e.earned for e in marked) / (count * points) if points else 0.0,
        lines=lines,
        misconceptions=tuple((n, says[n], times) for n, times in found.most_common()),
        outcomes=_counts(e.outcome for e in marked),
    )


def report_page(
    classes: Sequence[tuple[ClassStatistics, Sequence[Verdict]]], records: Sequence[Record]
) -> str:
    """The class report, as HTML."""
    guarantees = Counter(
        tuple(sorted(record.guarantees.items())) for record in records if record.guarantees
    )
    return render(
        "report.html.j2",
        classes=classes,
        guarantees=[(dict(held), count) for held, count in guarantees.most_common()],
        unwalled=sum("none" in record.guarantees.values() for record in records),
        cpu_seconds=sum(record.cpu_seconds for record in records),
        peak_bytes=max((record.peak_bytes for record in records), default=0),
        restarts=sum(record.restarts for record in records),
    )
