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
from autograder.soundness.chaff_checks import chaff_faults
from autograder.soundness.checks import exercise_faults, faults_of_the_whole
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

    Only an exercise without static faults is tried out.

    Parameters
    ----------
    draws : sequence of bytes
        What the cases are drawn from, each in turn.
    advance : callable
        Called with the name of an exercise, once for each draw on which it has been tried out or
        cannot be.
    """
    found = list(faults_of_the_whole(assignment))
    sound = []
    for exercise in assignment.exercises:
        static = _static_faults(exercise, assignment.name, draws)
        found += [f"{exercise.name}: {fault}" for fault in static]
        if static:
            for _ in draws:
                advance(exercise.name)
        else:
            sound.append(exercise)
    for exercise in sound:
        tried = _trials(exercise, assignment.name, draws, advance)
        found += [f"{exercise.name}: {fault}" for fault in tried]
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


def _static_faults(exercise: Exercise, assignment: str, draws: Sequence[bytes]) -> list[str]:
    groups = None
    for number, secret in enumerate(draws):
        if found := list(exercise_faults(exercise, assignment, secret)):
            rare = " (not in every draw of the cases)" if number else ""
            return [fault + rare for fault in found]
        mine = [case.group for case in hidden_cases(secret, assignment, exercise)]
        if mine != (groups := groups or mine):
            return ["another draw has cases of other groups, or in another order or number"]
    return []


def _trials(
    exercise: Exercise, assignment: str, draws: Sequence[bytes], advance: Callable[[str], object]
) -> Iterator[str]:
    first: dict[str, str] = {}
    times: Counter[str] = Counter()
    for number, secret in enumerate(draws):
        key = answer_key(secret, assignment, exercise)
        if not number:
            yield from chaff_faults(exercise, key)
        complaints = {
            f"{trial.kind} {trial.name}": trial.complaint
            for trial in try_exercise(exercise, key)
            if not trial.as_expected
        }
        if checker := _checker_fault(exercise, key):
            complaints["checker"] = checker
        times.update(complaints.keys())
        first = complaints | first
        advance(exercise.name)
    for what, complaint in first.items():
        rare = times[what] < len(draws)
        yield complaint + (f" (in {times[what]} of {len(draws)} draws)" if rare else "")


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
