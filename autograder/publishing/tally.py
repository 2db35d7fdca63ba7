"""How a class did in one assignment, counted one result after the other."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.authoring.exercise import MarkedAssignment, MarkedExercise, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.verdict import ExerciseVerdict
from autograder.publishing.marks.entry import Marks
from autograder.publishing.result import Result
from autograder.publishing.rows import SubmissionRow, more_than_tests, waiting


@dataclass(frozen=True)
class Walls:
    """What locked rooms held, by which mechanism, and when they were attacked in vain."""

    mechanisms: tuple[tuple[str, str], ...]
    attacked: str

    @property
    def missing(self) -> bool:
        """Whether anything was held by nothing."""
        return any(mechanism == "none" for _, mechanism in self.mechanisms)


class ExerciseTally:
    """Counts what a class got for one exercise.

    Attributes
    ----------
    misconceptions : Counter
        How often each known mistake was found, by its name and its sentence.
    """

    def __init__(self, exercise: MarkedExercise) -> None:
        self.name = exercise.name
        self.points = exercise.points
        self.misconceptions: Counter[tuple[str, str]] = Counter()
        self._rubric = exercise.rubric
        self._count = 0
        self._earned = 0.0
        self._lines: Counter[str] = Counter()

    def add(self, marked: ExerciseVerdict) -> None:
        """Count the exercise of one more submission."""
        self._count += 1
        self._earned += marked.earned
        self._lines.update(line.line.group for line in marked.lines if line.is_full)
        self.misconceptions.update(
            {(line.misconception, line.says) for line in marked.lines if line.misconception}
        )

    @property
    def mean(self) -> float:
        """Mean share of the points, 0 to 1; 0 where there are none to get."""
        most = self._count * self.points
        return self._earned / most if most else 0.0

    @property
    def lines(self) -> list[tuple[RubricLine, float]]:
        """Each rubric line, and the share of the class, 0 to 1, that earned it."""
        return [(line, self._lines[line.group] / max(self._count, 1)) for line in self._rubric]


class Tally:
    """Counts the results of one assignment; scores are automatic points.

    It keeps a row and a score of each, and nothing else, so that a large class fits into memory.

    Parameters
    ----------
    assignment : MarkedAssignment
        Whose results are added.

    Attributes
    ----------
    exercises : dict
        What was counted of each exercise, by its name.
    rows : list of SubmissionRow
        One for each submission, in the order in which they came.
    not_graded : list of str
        Who has handed in and has no result yet.
    walls : Counter
        What the rooms held, and for how many submissions.
    """

    def __init__(self, assignment: MarkedAssignment) -> None:
        self.assignment = assignment
        self.exercises = {each.name: ExerciseTally(each) for each in assignment.exercises}
        self.rows: list[SubmissionRow] = []
        self.not_graded: list[str] = []
        self.walls: Counter[Walls] = Counter()
        self.restarts = 0
        self.cpu_seconds = 0.0
        self.peak_bytes = 0
        self._scores: list[float] = []

    def add(self, result: Result, marks: Marks | None = None) -> None:
        """Count one more result. Unscored submissions count in no mean.

        Parameters
        ----------
        marks : Marks, optional
            What the gradebook holds of it.
        """
        verdict = result.verdict
        self.rows.append(SubmissionRow.of(verdict, marks))
        if result.guarantees:
            self.walls[Walls(tuple(sorted(result.guarantees.items())), result.attacked)] += 1
        self.restarts += result.restarts
        self.cpu_seconds += result.cpu_seconds
        self.peak_bytes = max(self.peak_bytes, result.peak_bytes)
        if verdict.scored:
            self._scores.append(verdict.earned)
            for marked in verdict.exercises:
                if marked.exercise in self.exercises:
                    self.exercises[marked.exercise].add(marked)

    def expect(self, students: Sequence[str]) -> None:
        """Note who has handed in, so that the report names those that have no result yet."""
        counted = {row.student for row in self.rows}
        self.not_graded = [student for student in students if student not in counted]

    @property
    def submissions(self) -> int:
        return len(self.rows)

    @property
    def scored(self) -> int:
        return len(self._scores)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.assignment.exercises)

    @property
    def more_than_tests(self) -> bool:
        """Whether anybody's total is another number than what the tests gave."""
        return more_than_tests(self.rows)

    @property
    def waiting(self) -> int:
        """How many answers wait for a person."""
        return waiting(self.rows)

    @property
    def mean(self) -> float:
        return statistics.fmean(self._scores) if self._scores else 0.0

    @property
    def median(self) -> float:
        return statistics.median(self._scores) if self._scores else 0.0

    @property
    def histogram(self) -> list[tuple[str, int]]:
        """How many scores there are in each tenth of the points."""
        points = self.points
        bins = Counter(min(int(10 * s / points), 9) for s in self._scores) if points else Counter()
        return [(f"{10 * index}–{10 * index + 10}\u202f%", bins[index]) for index in range(10)]

    @property
    def outcomes(self) -> list[tuple[str, int]]:
        """How many submissions came out how; outcomes of nobody are left out."""
        counted = Counter(row.outcome for row in self.rows)
        return [(str(outcome), counted[outcome]) for outcome in Outcome if counted[outcome]]
