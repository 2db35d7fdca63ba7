"""What an instructor sees: how the class did, which lines are hard, what went wrong."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.authoring.exercise import MarkedAssignment, MarkedExercise
from autograder.core.outcome import Outcome
from autograder.judging.verdict import ExerciseVerdict, Verdict
from autograder.publishing.pages import render
from autograder.publishing.result import Result


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
    """How a class did in one assignment; scores are automatic points.

    Attributes
    ----------
    judged : str
        Who judged, if that was not the grader; then there are no feedback pages of ours.
    """

    assignment: str
    judged: str
    points: float
    written_points: float
    submissions: int
    scored: int
    mean: float
    median: float
    histogram: tuple[tuple[str, int], ...]
    outcomes: tuple[tuple[str, int], ...]
    exercises: tuple[ExerciseStatistics, ...]


@dataclass(frozen=True)
class Row:
    """One submission in a table."""

    student: str
    score: str
    outcome: Outcome
    remark: str

    @staticmethod
    def of(verdict: Verdict) -> Row:
        """The row of a verdict."""
        score = f"{verdict.earned:g} / {verdict.points:g}" if verdict.scored else "–"
        return Row(verdict.student, score, verdict.outcome, verdict.remark)


class Tally:
    """Counts the results of one assignment, one after the other.

    It keeps a row and a score of each, and nothing else, so that a large class fits into memory.

    Parameters
    ----------
    assignment : MarkedAssignment
        Whose results are added.
    """

    def __init__(self, assignment: MarkedAssignment) -> None:
        self._assignment = assignment
        self._totals: list[float] = []
        self._outcomes: Counter[str] = Counter()
        self._exercises = {each.name: _ExerciseTally(each) for each in assignment.exercises}
        self.rows: list[Row] = []
        self.not_graded: list[str] = []
        self.guarantees: Counter[_Held] = Counter()
        self.restarts = 0
        self.cpu_seconds = 0.0
        self.peak_bytes = 0

    @property
    def submissions(self) -> int:
        return len(self.rows)

    def add(self, result: Result) -> None:
        """Count one more result. Unscored submissions count in no mean."""
        verdict = result.verdict
        self.rows.append(Row.of(verdict))
        self._outcomes[str(verdict.outcome)] += 1
        if result.guarantees:
            self.guarantees[_Held(tuple(sorted(result.guarantees.items())), result.attacked)] += 1
        self.restarts += result.restarts
        self.cpu_seconds += result.cpu_seconds
        self.peak_bytes = max(self.peak_bytes, result.peak_bytes)
        if verdict.scored:
            self._totals.append(verdict.earned)
            for marked in verdict.exercises:
                if marked.exercise in self._exercises:
                    self._exercises[marked.exercise].add(marked)

    def expect(self, students: Sequence[str]) -> None:
        """Note who has handed in, so that the report names those that have no result yet."""
        counted = {row.student for row in self.rows}
        self.not_graded = [student for student in students if student not in counted]

    def statistics(self) -> ClassStatistics:
        """What has been counted so far."""
        points = sum(exercise.points for exercise in self._assignment.exercises)
        return ClassStatistics(
            assignment=self._assignment.name,
            judged=self._assignment.judged,
            points=points,
            written_points=sum(question.points for question in self._assignment.written),
            submissions=len(self.rows),
            scored=len(self._totals),
            mean=statistics.fmean(self._totals) if self._totals else 0.0,
            median=statistics.median(self._totals) if self._totals else 0.0,
            histogram=_histogram(self._totals, points),
            outcomes=_in_order(self._outcomes),
            exercises=tuple(tally.statistics() for tally in self._exercises.values()),
        )


class _ExerciseTally:
    def __init__(self, exercise: MarkedExercise) -> None:
        self._exercise = exercise
        self._count = 0
        self._earned = 0.0
        self._lines: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._mistakes: Counter[tuple[str, str]] = Counter()

    def add(self, marked: ExerciseVerdict) -> None:
        self._count += 1
        self._earned += marked.earned
        self._outcomes[str(marked.outcome)] += 1
        self._lines.update(line.line.group for line in marked.lines if line.earned > 0)
        if marked.misconception:
            self._mistakes[marked.misconception, marked.advice] += 1

    def statistics(self) -> ExerciseStatistics:
        count = max(self._count, 1)
        return ExerciseStatistics(
            name=self._exercise.name,
            points=self._exercise.points,
            mean=self._earned / (count * self._exercise.points),
            lines=tuple(
                LineStatistics(line.text, line.points, self._lines[line.group] / count)
                for line in self._exercise.rubric
            ),
            misconceptions=tuple(
                (name, says, times) for (name, says), times in self._mistakes.most_common()
            ),
            outcomes=_in_order(self._outcomes),
        )


def _histogram(totals: Sequence[float], points: float) -> tuple[tuple[str, int], ...]:
    bins = Counter(min(int(10 * total / points), 9) for total in totals) if points else Counter()
    return tuple((f"{10 * index}–{10 * index + 10}\u202f%", bins[index]) for index in range(10))


def _in_order(counted: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple((str(o), counted[str(o)]) for o in Outcome if counted[str(o)])


def _student(row: Row) -> str:
    return row.student


@dataclass(frozen=True)
class _Held:
    """What locked rooms held, by which mechanism, and when they were attacked in vain."""

    mechanisms: tuple[tuple[str, str], ...]
    attacked: str

    @property
    def unwalled(self) -> bool:
        return any(mechanism == "none" for _, mechanism in self.mechanisms)


def report_page(tallies: Sequence[Tally]) -> str:
    """The class report, as HTML."""
    guarantees: Counter[_Held] = Counter()
    for tally in tallies:
        guarantees.update(tally.guarantees)
    return render(
        "report.html.j2",
        classes=[
            (tally.statistics(), sorted(tally.rows, key=_student), tally.not_graded)
            for tally in tallies
        ],
        guarantees=guarantees.most_common(),
        unwalled=sum(count for held, count in guarantees.items() if held.unwalled),
        cpu_seconds=sum(tally.cpu_seconds for tally in tallies),
        peak_bytes=max((tally.peak_bytes for tally in tallies), default=0),
        restarts=sum(tally.restarts for tally in tallies),
    )
