"""What the judge says: points a rubric line, messages, known mistakes. Plain data."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.authoring.exercise import RubricLine
from autograder.core.outcome import Outcome

NOT_DONE = "not done yet"
"""The advice on an exercise that is still as it was released."""


@dataclass(frozen=True)
class LineVerdict:
    """One rubric line, marked."""

    line: RubricLine
    earned: float
    message: str = ""


@dataclass(frozen=True)
class ExerciseVerdict:
    """One exercise, marked.

    Attributes
    ----------
    misconception : str
        Name of the known mistake that gives the same answers, or "".
    advice : str
        What to tell the student: the misconception in words, the rule that was broken, or what
        the compiler says. More than one line only where code is quoted.
    doubts : tuple of str
        What a person may want to look at. It costs nothing.
    """

    exercise: str
    outcome: Outcome
    points: float
    lines: tuple[LineVerdict, ...]
    misconception: str = ""
    advice: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def earned(self) -> float:
        return sum(line.earned for line in self.lines)


@dataclass(frozen=True)
class Verdict:
    """A submission, marked.

    Attributes
    ----------
    scored : bool
        False where nothing may be written to the gradebook (INFRA, REFUSED).
    remarks : tuple of str
        For the instructor: repairs, and why a submission was refused or not run.
    unanswered : frozenset of str
        Ids of answer cells that are still as they were released.
    """

    assignment: str
    student: str
    outcome: Outcome
    exercises: tuple[ExerciseVerdict, ...] = ()
    remarks: tuple[str, ...] = ()
    unanswered: frozenset[str] = frozenset()

    @property
    def remark(self) -> str:
        """One line for the class table: repairs, known mistakes, what was stopped, doubts."""
        notes = list(self.remarks)
        for exercise in self.exercises:
            if exercise.misconception:
                notes.append(f"{exercise.exercise}: {exercise.misconception}")
            elif exercise.outcome not in (Outcome.OK, Outcome.WRONG, Outcome.UNDONE):
                notes.append(f"{exercise.exercise}: {exercise.outcome}")
            elif exercise.outcome is Outcome.WRONG:
                said = exercise.advice.partition("\n")[0]
                notes.append(f"{exercise.exercise}: {said or 'wrong'}")
            notes += [f"{exercise.exercise}: {doubt}" for doubt in exercise.doubts]
        undone = [e.exercise for e in self.exercises if e.outcome is Outcome.UNDONE]
        if undone and self.exercises:
            notes.append(f"not done: {', '.join(undone)}")
        return "; ".join(notes)

    @property
    def scored(self) -> bool:
        return self.outcome not in (Outcome.INFRA, Outcome.REFUSED)

    @property
    def earned(self) -> float:
        return sum(exercise.earned for exercise in self.exercises)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)
