"""What the judge says: points a rubric line, messages, known mistakes. Plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from autograder.authoring.exercise import RubricLine
from autograder.core.outcome import Outcome

NOT_DONE = "not done yet"
"""The advice on an exercise that is still as it was released."""

_DECIMALS = 6


@dataclass(frozen=True)
class LineVerdict:
    """One rubric line, marked.

    Attributes
    ----------
    earned : float
        Its points, or nothing. Of a value with several entries, the share that is right.
    message : str
        What is wrong with the answer to one case.
    case : int or None
        Index of that case: the smallest that went wrong. None where no single one did.
    misconception : str
        Names of the known mistakes that give the answers of this line, joined by ", "; or "".
    says : str
        What they say to the student.
    fact : str
        What holds between the answers of this line and the right ones, in a sentence, where no
        known mistake explains them; or "".
    """

    line: RubricLine
    earned: float
    message: str = ""
    case: int | None = None
    misconception: str = ""
    says: str = ""
    fact: str = ""

    @property
    def is_full(self) -> bool:
        """Whether all points of the line were earned."""
        return self.earned >= self.line.points


def sentences(lines: Iterable[LineVerdict]) -> str:
    """What known mistakes say about these lines, each sentence once."""
    return " ".join(dict.fromkeys(line.says for line in lines if line.says))


@dataclass(frozen=True)
class ExerciseVerdict:
    """One exercise, marked.

    Attributes
    ----------
    advice : str
        What to tell the student about the whole of it: the known mistakes in words, the rule that
        was broken, or what the compiler says. More than one line only where code is quoted.
    doubts : tuple of str
        What a person may want to look at. It costs nothing.
    """

    exercise: str
    outcome: Outcome
    points: float
    lines: tuple[LineVerdict, ...]
    advice: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def misconception(self) -> str:
        """Names of the known mistakes of its lines, each once, joined by ", "; or ""."""
        return ", ".join(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the known mistakes of its lines, each once."""
        named = (line.misconception for line in self.lines if line.misconception)
        return tuple(dict.fromkeys(name for each in named for name in each.split(", ")))

    @property
    def earned(self) -> float:
        """Points of its lines together."""
        return _total(line.earned for line in self.lines)


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
        return _total(exercise.earned for exercise in self.exercises)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)


def _total(points: Iterable[float]) -> float:
    """A sum of points with two decimals, without what binary fractions add to it."""
    return round(math.fsum(points), _DECIMALS)
