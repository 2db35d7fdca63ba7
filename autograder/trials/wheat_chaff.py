"""Are the hidden cases any good? Every wheat and chaff, marked as if a student had handed it in.

A *wheat* is a correct implementation: it must get full marks. A *chaff* is a known wrong one: it
must lose the rubric lines that it breaks, keep all others, and be called by its name. A *rule
breaker* is right, but in a way that the exercise rules out: it must get nothing, and be told why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from autograder.authoring.answer_key import AnswerKey, answer_keys
from autograder.authoring.exercise import Assignment, Exercise, Misconception, RuleBreaker, Wheat
from autograder.core.errors import in_one_line
from autograder.judging.verdict import ExerciseVerdict, LineVerdict
from autograder.trials.handed_in import HandedIn, hand_in

PUBLISHED_SECRET = b"the published table"
"""What the cases of the published table are drawn from. No course uses it."""


Kind = Literal["wheat", "chaff", "rule breaker"]


@dataclass(frozen=True)
class Trial:
    """One wheat, chaff or rule breaker, marked.

    Attributes
    ----------
    exercise, kind, name : str
        The exercise, and what was tried.
    says : str
        What a chaff or a rule breaker tells the student; "" for a wheat.
    fails, should_fail : frozenset of str
        Rubric groups that it lost, and those that it ought to lose.
    earned : float
        Points that it got.
    named : tuple of str
        The misconceptions that the judge saw in it.
    unnamed : frozenset of str
        Rubric groups that it lost by a wrong value, and in which the judge did not see it.
    should_say : str
        Words that the judge has to use about a rule breaker; "" for others.
    reason : str
        What the judge has against the first line that it ought to have kept, or "".
    """

    exercise: str
    kind: Kind
    name: str
    says: str
    fails: frozenset[str]
    should_fail: frozenset[str]
    earned: float
    named: tuple[str, ...]
    unnamed: frozenset[str] = frozenset()
    should_say: str = ""
    reason: str = ""

    @property
    def as_expected(self) -> bool:
        """Whether it lost what it should, no more, and was called by its name."""
        return not self.complaint

    @property
    def complaint(self) -> str:
        """What is not as it should be, in one line, or ""."""
        said = "; ".join(filter(None, self._complaints()))
        return f"the {self.kind} {self.name} {said}" if said else ""

    def _complaints(self) -> Iterator[str]:
        kept, lost = self.should_fail - self.fails, self.fails - self.should_fail
        why = f" ({self.reason})" if self.reason else ""
        if self.kind == "wheat":
            if lost:
                yield f"loses {_listed(lost)}{why}"
        elif self.kind == "rule breaker":
            if kept:
                yield f"is not found: it earns {_listed(kept)}"
            elif self.should_say not in self.says:
                yield f"is told {self.says!r}, without the words {self.should_say!r}"
        elif not self.fails:
            yield f"earns everything; it should break {_listed(self.should_fail)}"
        else:
            if kept:
                yield f"does not break {_listed(kept)}"
            if lost:
                yield f"breaks {_listed(lost)} as well{why}"
            if others := [name for name in self.named if name != self.name]:
                yield f"is called {', '.join(others)} by the judge"
            elif self.unnamed and not kept:
                # A line that is right speaks against a mistake that says it breaks it.
                where = f" on {_listed(self.unnamed)}" if self.named else ""
                yield f"is not named{where}"


def _listed(groups: Iterable[str]) -> str:
    return ", ".join(map(repr, sorted(groups)))


def try_out(assignment: Assignment, secret: bytes = PUBLISHED_SECRET) -> tuple[Trial, ...]:
    """Mark every wheat and chaff of an assignment.

    Parameters
    ----------
    assignment : Assignment
        Its exercises are taken in order, each with its wheats before its chaffs.
    secret : bytes
        What the hidden cases are drawn from.

    Returns
    -------
    tuple of Trial
        One for each wheat and chaff.
    """
    return tuple(
        trial
        for exercise, key in answer_keys(assignment, secret)
        for trial in try_exercise(exercise, key)
    )


def try_exercise(exercise: Exercise, key: AnswerKey) -> Iterator[Trial]:
    """Mark every wheat and chaff of one exercise."""
    for wheat in exercise.wheats:
        yield _trial(exercise, key, "wheat", wheat, frozenset())
    for chaff in exercise.misconceptions:
        yield replace(_trial(exercise, key, "chaff", chaff, chaff.breaks), says=chaff.says)
    everything = frozenset(line.group for line in exercise.rubric)
    for breaker in exercise.rule_breakers:
        trial = _trial(exercise, key, "rule breaker", breaker, everything)
        yield replace(trial, should_say=breaker.finds)


def _trial(
    exercise: Exercise,
    key: AnswerKey,
    kind: Kind,
    tried: Wheat | Misconception | RuleBreaker,
    should_fail: frozenset[str],
) -> Trial:
    handed_in = hand_in(exercise, key, tried.implementation)
    verdict = handed_in.verdict
    own = _names_of(tried, exercise)
    lost = [each for each in verdict.lines if not each.is_full]
    unfair = [each for each in lost if each.line.group not in should_fail]
    return Trial(
        exercise.name,
        kind,
        tried.name,
        verdict.advice if kind == "rule breaker" else "",
        frozenset(each.line.group for each in lost),
        should_fail,
        verdict.earned,
        tuple(dict.fromkeys(tried.name if name in own else name for name in verdict.names)),
        unnamed=should_fail & frozenset(_unnamed(own, lost, handed_in)),
        reason=_reason(unfair[0], verdict, key, handed_in) if unfair else "",
    )


def _names_of(tried: Wheat | Misconception | RuleBreaker, exercise: Exercise) -> frozenset[str]:
    """Names of the forms of one mistake: those that say the same to the student."""
    if not isinstance(tried, Misconception):
        return frozenset()
    return frozenset(each.name for each in exercise.misconceptions if each.says == tried.says)


def _unnamed(
    own: frozenset[str], lost: Iterable[LineVerdict], handed_in: HandedIn
) -> Iterator[str]:
    """Groups that were lost by a wrong value and not called by a name of its own."""
    for line in lost:
        raised = line.case is not None and handed_in.raised[line.case]
        if not raised and own.isdisjoint(line.misconception.split(", ")):
            yield line.line.group


def _reason(
    lost: LineVerdict, verdict: ExerciseVerdict, key: AnswerKey, handed_in: HandedIn
) -> str:
    """What the judge has against a line, and what an exception said, which it does not read."""
    said = lost.message or verdict.advice
    if not said.startswith("raised ") and handed_in.answered.bound:
        return said
    raised = [
        in_one_line(error)
        for case, error in zip(key.cases, handed_in.raised, strict=True)
        if case.group == lost.line.group and error
    ]
    return f"{said}: {raised[0]}"
