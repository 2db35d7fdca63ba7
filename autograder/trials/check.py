"""All that is wrong with an assignment: its static faults, and what its wheats and chaffs show."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.authoring.answer_key import AnswerKey, answer_key, described, hidden_cases
from autograder.authoring.asking import NoVerdictError, ask
from autograder.authoring.exercise import Assignment, Exercise
from autograder.core.errors import CourseError
from autograder.soundness.case_checks import case_faults
from autograder.soundness.chaff_checks import chaff_faults
from autograder.soundness.checks import faults_of_the_whole, lasting_faults
from autograder.trials.wheat_chaff import PUBLISHED_SECRET, try_exercise

DRAWS = (PUBLISHED_SECRET, b"a second draw", b"a third draw")
"""What the cases of a check are drawn from. What holds by chance in one draw fails in another."""


def draws_from(seed: str, number: int) -> tuple[bytes, ...]:
    """So many draws, the same ones for the same seed.

    Examples
    --------
    >>> draws_from("a seed", 2)[1].hex()[:8], len(set(draws_from("a seed", 500)))
    ('79cb6bbe', 500)
    """
    return tuple(hashlib.sha256(f"{seed}/{each}".encode()).digest() for each in range(number))


@dataclass(frozen=True)
class Checked:
    """What a check of an assignment, or of one exercise of it, has found.

    Attributes
    ----------
    assignment, exercise : str
        Their names; the second is "" where all exercises were checked.
    exercises, written : int
        How many there are of them.
    points : float
        What they are worth together.
    wheats, chaffs, rule_breakers : int
        How many were tried.
    faults : tuple of str
        A line for each; none if all is as it should be.
    """

    assignment: str
    exercise: str
    exercises: int
    written: int
    points: float
    wheats: int
    chaffs: int
    rule_breakers: int
    faults: tuple[str, ...]

    @property
    def summary(self) -> str:
        """One line for what has no faults."""
        what = f"{self.assignment} {self.exercise}: "
        if not self.exercise:
            written = f" and {_count(self.written, 'written question')}" if self.written else ""
            what = f"{self.assignment}: {_count(self.exercises, 'exercise')}{written}, "
        return what + (
            f"{_count(self.points, 'point')}; {_count(self.wheats, 'wheat')}, "
            f"{_count(self.chaffs, 'chaff')}, {_count(self.rule_breakers, 'rule breaker')}: "
            "all as they should be"
        )


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}{'' if number == 1 else 's'}"


def check_exercise(
    assignment: Assignment,
    exercise: str,
    draws: Sequence[bytes] = DRAWS,
    advance: Callable[[str], object] = lambda exercise: None,
) -> Checked:
    """Find all that is wrong with one exercise; of the others, nothing is run.

    Parameters
    ----------
    draws, advance
        See `check`.

    Raises
    ------
    CourseError
        If no exercise is called so; the message lists those that there are.
    """
    found = tuple(each for each in assignment.exercises if each.name == exercise)
    if not found:
        known = ", ".join(each.name for each in assignment.exercises) or "none"
        raise CourseError(f"{assignment.name} has no exercise {exercise!r}; there are: {known}")
    written = tuple(each for each in assignment.written if each.name == exercise)
    part = replace(assignment, exercises=found, written=written)
    return replace(check(part, draws, advance), exercise=exercise)


def check(
    assignment: Assignment,
    draws: Sequence[bytes] = DRAWS,
    advance: Callable[[str], object] = lambda exercise: None,
) -> Checked:
    """Find all that is wrong with an assignment.

    What the trials show is told only of an exercise without static faults.

    Parameters
    ----------
    draws : sequence of bytes
        What the cases are drawn from, each in turn.
    advance : callable
        Called with the name of an exercise, once for each draw on which it has been tried out or
        cannot be.
    """
    found = list(faults_of_the_whole(assignment))
    shown: list[str] = []
    for exercise in assignment.exercises:
        look = _Look(exercise, assignment.name)
        for secret in draws:
            look.at(secret)
            advance(exercise.name)
        found += [f"{exercise.name}: {fault}" for fault in look.static]
        shown += [f"{exercise.name}: {fault}" for fault in look.shown()]
    found += shown
    every = assignment.exercises
    points = [each.points for each in every] + [each.points for each in assignment.written]
    return Checked(
        assignment.name,
        "",
        len(every),
        len(assignment.written),
        sum(points),
        sum(len(each.wheats) for each in every),
        sum(len(each.misconceptions) for each in every),
        sum(len(each.rule_breakers) for each in every),
        tuple(found),
    )


class _Look:
    """A look at one exercise on one draw after the other, until it has static faults."""

    def __init__(self, exercise: Exercise, assignment: str) -> None:
        self.static: list[str] = []
        self._exercise = exercise
        self._assignment = assignment
        self._draws = 0
        self._groups: list[str] = []
        self._of_chaffs: list[str] = []
        self._first: dict[str, str] = {}
        self._times: Counter[str] = Counter()

    def at(self, secret: bytes) -> None:
        """Look at it on one more draw."""
        if not self.static:
            self.static = self._static_faults(secret)
        if not self.static:
            self._try_out(answer_key(secret, self._assignment, self._exercise))
        self._draws += 1

    def _static_faults(self, secret: bytes) -> list[str]:
        found = [] if self._draws else list(lasting_faults(self._exercise))
        found += case_faults(self._exercise, self._assignment, secret)
        if found:
            rare = " (not in every draw of the cases)" if self._draws else ""
            return [fault + rare for fault in found]
        cases = hidden_cases(secret, self._assignment, self._exercise)
        groups = [case.group for case in cases]
        if groups != (self._groups or groups):
            return ["another draw has cases of other groups, or in another order or number"]
        self._groups = groups
        return []

    def _try_out(self, key: AnswerKey) -> None:
        if not self._draws:
            self._of_chaffs = list(chaff_faults(self._exercise, key))
        complaints = {
            f"{trial.kind} {trial.name}": trial.complaint
            for trial in try_exercise(self._exercise, key)
            if not trial.as_expected
        }
        if checker := _checker_fault(self._exercise, key):
            complaints["checker"] = checker
        self._times.update(complaints.keys())
        self._first = complaints | self._first

    def shown(self) -> Iterator[str]:
        """What the trials have shown, if there are no static faults."""
        if self.static:
            return
        yield from self._of_chaffs
        for what, complaint in self._first.items():
            times = self._times[what]
            rare = times < self._draws
            yield complaint + (f" (in {times} of {self._draws} draws)" if rare else "")


def _checker_fault(exercise: Exercise, key: AnswerKey) -> str:
    """What a checker says of a chaff's answers, if it is no verdict: the judge does not mind."""
    if exercise.accepts is None:
        return ""
    for mistake, results in zip(exercise.misconceptions, key.mistakes, strict=True):
        for case, right, (kind, answer) in zip(key.cases, key.right, results, strict=True):
            try:
                if kind == "value":
                    ask(exercise.accepts, case, right, answer)
            except NoVerdictError as fault:
                return (
                    f"its checker {fault}, for what the chaff {mistake.name} answers to "
                    f"{described(case)}"
                )
            except Exception:
                continue
    return ""
