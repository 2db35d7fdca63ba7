"""Are the hidden cases any good? Every wheat and chaff, marked as if a student had handed it in.

A *wheat* is a correct implementation: it must get full marks. A *chaff* is a known wrong one: it
must lose the rubric lines that it breaks, keep all others, and be called by its name. Each is
turned into the source of a student's cell, run, encoded as it would leave the locked room, and
marked by the judge. It is our own code, so no room is needed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.answer_key import AnswerKey, answer_keys, call_ids
from autograder.exercise import Assignment, Case, Exercise, source_as
from autograder.judge import judge_exercise
from autograder.outcome import Outcome
from autograder.sandbox.plan import Answer, QuestionResult
from autograder.sandbox.values import encode

PUBLISHED_SECRET = b"the published table"
"""What the cases of the published table are drawn from. No course uses it."""


@dataclass(frozen=True)
class Trial:
    """One wheat or chaff, marked.

    Attributes
    ----------
    exercise, name : str
        The exercise, and the implementation.
    says : str
        What a chaff tells the student; "" for a wheat.
    fails, should_fail : frozenset of str
        Rubric groups that it lost, and those that it ought to lose.
    earned : float
        Points that it got.
    named : str
        The misconception that the judge saw in it, or "".
    """

    exercise: str
    name: str
    says: str
    fails: frozenset[str]
    should_fail: frozenset[str]
    earned: float
    named: str

    @property
    def is_chaff(self) -> bool:
        return bool(self.says)

    @property
    def as_expected(self) -> bool:
        """Whether it lost what it should, no more, and was called by its name."""
        return self.fails == self.should_fail and self.named == (self.name if self.says else "")


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
        for trial in _trials(exercise, key)
    )


def _trials(exercise: Exercise, key: AnswerKey) -> Iterator[Trial]:
    for wheat in exercise.wheats:
        yield _trial(exercise, key, wheat.implementation, "", frozenset())
    for chaff in exercise.misconceptions:
        yield _trial(exercise, key, chaff.implementation, chaff.says, chaff.breaks)


def _trial(
    exercise: Exercise,
    key: AnswerKey,
    implementation: Callable[..., Any],
    says: str,
    should_fail: frozenset[str],
) -> Trial:
    source = _source(implementation, exercise.name)
    verdict = judge_exercise(exercise, key, _hand_in(exercise, key, source), [source])
    fails = frozenset(line.line.group for line in verdict.lines if not line.earned)
    return Trial(
        exercise.name,
        implementation.__name__,
        says,
        fails,
        should_fail,
        verdict.earned,
        verdict.misconception,
    )


_source = functools.cache(source_as)


def _hand_in(exercise: Exercise, key: AnswerKey, source: str) -> QuestionResult:
    """Run `source` as a cell that knows numpy and nothing else, and answer the cases with it."""
    cell: dict[str, Any] = {"np": np}
    exec(source, cell)
    function = cell[exercise.name]
    answers = tuple(
        _answer(call, function, case)
        for call, case in zip(call_ids(exercise, key.cases), key.cases, strict=True)
    )
    return QuestionResult(f"test-{exercise.name}", Outcome.OK, answers=answers)


def _answer(call: str, function: Callable[..., Any], case: Case) -> Answer:
    args = [value.copy() if isinstance(value, np.ndarray) else value for value in case.args]
    try:
        with np.errstate(all="ignore"):
            return Answer(call, encode(function(*args, **case.kwargs)))
    except Exception as error:
        return Answer(call, raised=type(error).__name__)


def markdown_table(assignments: Iterable[Assignment]) -> str:
    """Write the published table: what the hidden cases of each exercise tell apart.

    Parameters
    ----------
    assignments : iterable of Assignment
        One chapter each.

    Returns
    -------
    str
        Markdown, with a newline at its end.
    """
    return _HEAD + "".join(_chapter(assignment, try_out(assignment)) for assignment in assignments)


_HEAD = """\
# Wheats and chaffs

Can the hidden cases be trusted? Each **wheat** is a correct implementation in a style of its own;
it must get full marks. Each **chaff** is a mistake that students make; it must lose the rubric
lines that it breaks, keep all others, and be called by its name, so that its author reads the
sentence beside it. ✓ is a line earned, · a line lost. A row in **bold** fails at that.

`autograder table --write docs/wheats-and-chaffs.md` writes this page; a test keeps it up to date.
"""


def _chapter(assignment: Assignment, trials: Sequence[Trial]) -> str:
    chaffs = [trial for trial in trials if trial.is_chaff]
    found = sum(trial.as_expected for trial in chaffs)
    accepted = sum(trial.as_expected for trial in trials) - found
    head = (
        f"\n## {assignment.name}\n\n"
        f"{accepted} of {len(trials) - len(chaffs)} wheats get full marks; "
        f"{found} of {len(chaffs)} chaffs lose what they break and are called by their name.\n"
    )
    return head + "".join(
        _section(exercise, [trial for trial in trials if trial.exercise == exercise.name])
        for exercise in assignment.exercises
    )


def _section(exercise: Exercise, trials: Sequence[Trial]) -> str:
    groups = [line.group for line in exercise.rubric]
    header = ["wheat or chaff", *groups, "points", "the student reads"]
    rows = [
        [
            _bold_if(not trial.as_expected, f"`{trial.name}`"),
            *("·" if group in trial.fails else "✓" for group in groups),
            f"{trial.earned:g}/{exercise.points:g}",
            trial.says,
        ]
        for trial in trials
    ]
    rule = ["---", *(":-:" for _ in groups), "--:", "---"]
    lines = ["| " + " | ".join(cells) + " |" for cells in (header, rule, *rows)]
    return f"\n### {exercise.name}\n\n" + "\n".join(lines) + "\n"


def _bold_if(condition: bool, text: str) -> str:
    return f"**{text}**" if condition else text
