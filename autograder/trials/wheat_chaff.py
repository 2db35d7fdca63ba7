"""Are the hidden cases any good? Every wheat and chaff, marked as if a student had handed it in.

A *wheat* is a correct implementation: it must get full marks. A *chaff* is a known wrong one: it
must lose the rubric lines that it breaks, keep all others, and be called by its name. Each is
turned into the source of a student's cell, run, encoded as it would leave the locked room, and
marked by the judge. A *rule breaker* is right, but in a way that the exercise rules out: it must
get nothing, and be told why. It is our own code, so no room is needed.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.authoring.answer_key import AnswerKey, answer_keys, call_ids, called, put_to_use
from autograder.authoring.exercise import Assignment, Case, Exercise, source_as
from autograder.authoring.loop_probes import probes
from autograder.core.cells import test_id
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge_exercise
from autograder.judging.verdict import ExerciseVerdict
from autograder.sandbox.inside.effort import growth
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode

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
        What a chaff or a rule breaker tells the student; "" for a wheat.
    fails, should_fail : frozenset of str
        Rubric groups that it lost, and those that it ought to lose.
    earned : float
        Points that it got.
    named : str
        The misconception that the judge saw in it, or "".
    should_say : str
        Words that the judge has to use about a rule breaker; "" for others.
    """

    exercise: str
    name: str
    says: str
    fails: frozenset[str]
    should_fail: frozenset[str]
    earned: float
    named: str
    should_say: str = ""

    @property
    def kind(self) -> Literal["wheat", "chaff", "rule breaker"]:
        if self.should_say:
            return "rule breaker"
        return "chaff" if self.says else "wheat"

    @property
    def as_expected(self) -> bool:
        """Whether it lost what it should, no more, and was called by its name."""
        name = self.name if self.kind == "chaff" else ""
        return (
            self.fails == self.should_fail and self.named == name and self.should_say in self.says
        )


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
        verdict = _mark(exercise, key, wheat.implementation)
        yield _trial(verdict, wheat.name, "", frozenset())
    for chaff in exercise.misconceptions:
        verdict = _mark(exercise, key, chaff.implementation)
        yield _trial(verdict, chaff.name, chaff.says, chaff.breaks)
    everything = frozenset(line.group for line in exercise.rubric)
    for breaker in exercise.rule_breakers:
        verdict = _mark(exercise, key, breaker.implementation)
        yield _trial(verdict, breaker.name, verdict.advice, everything, breaker.finds)


def _trial(
    verdict: ExerciseVerdict,
    name: str,
    says: str,
    should_fail: frozenset[str],
    should_say: str = "",
) -> Trial:
    fails = frozenset(line.line.group for line in verdict.lines if not line.earned)
    return Trial(
        verdict.exercise,
        name,
        says,
        fails,
        should_fail,
        verdict.earned,
        verdict.misconception,
        should_say,
    )


def _mark(
    exercise: Exercise, key: AnswerKey, implementation: Callable[..., Any]
) -> ExerciseVerdict:
    source = _source(implementation, exercise.name)
    handed_in = _hand_in(exercise, key, source, implementation.__module__)
    return judge_exercise(exercise, key, handed_in, [_FIRST_CELL, source])


_FIRST_CELL = "import numpy as np"
_source = functools.cache(source_as)


def _hand_in(exercise: Exercise, key: AnswerKey, source: str, module: str) -> QuestionResult:
    """What the locked room would report of `source`."""
    function = _defined(exercise, source, module)
    answers = tuple(
        _answer(call, function, case)
        for call, case in zip(call_ids(exercise, key.cases), key.cases, strict=True)
    )
    return QuestionResult(
        test_id(exercise.name),
        Outcome.OK,
        answers=answers,
        growth=_growth(exercise, source, module),
    )


@functools.cache
def _growth(exercise: Exercise, source: str, module: str) -> tuple[int, ...] | None:
    """What the locked room would measure. The secret plays no part in it."""
    if exercise.loops is None:
        return None
    smallest, *larger = probes(exercise.loops)
    with contextlib.suppress(Exception):
        return growth(_defined(exercise, source, module), smallest, larger)
    return None


def _defined(exercise: Exercise, source: str, module: str) -> Callable[..., Any]:
    """Run `source` as a cell that knows numpy, and imports as the module that it comes from."""
    cell: dict[str, Any] = {"np": np, "__package__": module.rpartition(".")[0]}
    exec(source, cell)
    return put_to_use(exercise, cell[exercise.name])


def _answer(call: str, function: Callable[..., Any], case: Case) -> Answer:
    try:
        return Answer(call, encode(called(function, case)))
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
sentence beside it. Each **rule breaker** gives the right answers in a way that the exercise rules
out, such as a loop in disguise; it must get nothing, and read why. ✓ is a line earned, · a line
lost. A row in **bold** fails at that.

`autograder table --write docs/wheats-and-chaffs.md` writes this page; a test keeps it up to date.
"""


def _chapter(assignment: Assignment, trials: Sequence[Trial]) -> str:
    def count(kind: str) -> str:
        tried = [trial.as_expected for trial in trials if trial.kind == kind]
        return f"{sum(tried)} of {len(tried)}"

    head = (
        f"\n## {assignment.name}\n\n"
        f"{count('wheat')} wheats get full marks; {count('chaff')} chaffs lose what they break and "
        f"are called by their name; {count('rule breaker')} rule breakers are found.\n"
    )
    return head + "".join(
        _section(exercise, [trial for trial in trials if trial.exercise == exercise.name])
        for exercise in assignment.exercises
    )


def _section(exercise: Exercise, trials: Sequence[Trial]) -> str:
    groups = [line.group for line in exercise.rubric]
    header = ["implementation", *groups, "points", "the student reads"]
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
