"""From a record to a verdict. Pure: the same record, assignment and secret, the same verdict."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.compare import difference
from autograder.course import case_generator
from autograder.exercise import Assignment, Case, Exercise, RubricLine
from autograder.outcome import Outcome
from autograder.record import Record
from autograder.rules import forbidden_calls
from autograder.sandbox.plan import Answer, QuestionResult
from autograder.sandbox.values import DecodeError, decode

MAX_ANSWER_BYTES = 16 << 20

_SEVERITY = (
    Outcome.INFRA,
    Outcome.REFUSED,
    Outcome.TIMEOUT,
    Outcome.MEMORY,
    Outcome.OUTPUT,
    Outcome.CRASH,
    Outcome.TAMPERED,
    Outcome.WRONG,
    Outcome.UNDONE,
    Outcome.OK,
)

_STOPPED = {
    Outcome.TIMEOUT: "it took too long and was stopped",
    Outcome.MEMORY: "it used more memory than there is",
    Outcome.OUTPUT: "it returned more than can be taken",
    Outcome.CRASH: "it ended the process that it ran in",
}


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
        What to tell the student: the misconception in words, or the rule that was broken.
    """

    exercise: str
    outcome: Outcome
    points: float
    lines: tuple[LineVerdict, ...]
    misconception: str = ""
    advice: str = ""

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
    """

    assignment: str
    student: str
    outcome: Outcome
    exercises: tuple[ExerciseVerdict, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def scored(self) -> bool:
        return self.outcome not in (Outcome.INFRA, Outcome.REFUSED)

    @property
    def earned(self) -> float:
        return sum(exercise.earned for exercise in self.exercises)

    @property
    def points(self) -> float:
        return sum(exercise.points for exercise in self.exercises)


def hidden_cases(secret: bytes, assignment: str, exercise: Exercise) -> tuple[Case, ...]:
    """The hidden cases of one exercise, as the course secret draws them."""
    return tuple(exercise.cases(case_generator(secret, assignment, exercise.name)))


def judge(record: Record, assignment: Assignment, secret: bytes) -> Verdict:
    """Mark a record.

    Parameters
    ----------
    record : Record
        What intake and execution found. Nothing in it is trusted.
    assignment : Assignment
        Oracles, rubric, rules and misconceptions.
    secret : bytes
        The course secret that the record was made with.
    """
    if record.infra:
        return Verdict(record.assignment, record.student, Outcome.INFRA, (), (record.infra,))
    if record.refused:
        return Verdict(record.assignment, record.student, Outcome.REFUSED, (), (record.refused,))
    questions = {question.id: question for question in record.questions}
    exercises = tuple(
        judge_exercise(exercise, key, questions.get(f"test-{exercise.name}"), record.sources)
        for exercise, key in answer_keys(assignment, secret)
    )
    outcomes = [exercise.outcome for exercise in exercises]
    outcomes += [cell.outcome for cell in record.cells]
    outcomes += [Outcome.TAMPERED] if record.repairs else []
    worst = min(outcomes, key=_SEVERITY.index, default=Outcome.OK)
    return Verdict(record.assignment, record.student, worst, exercises, record.repairs)


@dataclass(frozen=True)
class AnswerKey:
    """What an exercise's cases are, what is right, and what each known mistake gives.

    A result is ``("value", value)`` or ``("raised", name of the exception's class)``.
    """

    cases: tuple[Case, ...]
    right: tuple[Any, ...]
    mistakes: tuple[tuple[tuple[str, Any], ...], ...]


@functools.lru_cache(maxsize=8)
def answer_keys(assignment: Assignment, secret: bytes) -> tuple[tuple[Exercise, AnswerKey], ...]:
    """Each exercise of `assignment` with its answer key; computed once a class."""
    return tuple(
        (exercise, _answer_key(exercise, hidden_cases(secret, assignment.name, exercise)))
        for exercise in assignment.exercises
    )


def _answer_key(exercise: Exercise, cases: tuple[Case, ...]) -> AnswerKey:
    right = []
    for case in cases:
        kind, value = _result(exercise.oracle, case)
        if kind == "raised":
            raise RuntimeError(f"the oracle of {exercise.name} raised {value} on {case}")
        right.append(value)
    mistakes = tuple(
        tuple(_result(mistake.implementation, case) for case in cases)
        for mistake in exercise.misconceptions
    )
    return AnswerKey(cases, tuple(right), mistakes)


def _result(function: Callable[..., Any], case: Case) -> tuple[str, Any]:
    args = [value.copy() if isinstance(value, np.ndarray) else value for value in case.args]
    try:
        with np.errstate(all="ignore"):
            return "value", function(*args, **case.kwargs)
    except Exception as error:
        return "raised", type(error).__name__


def judge_exercise(
    exercise: Exercise,
    key: AnswerKey,
    question: QuestionResult | None,
    sources: Sequence[str],
) -> ExerciseVerdict:
    """Mark one exercise from what the locked room answered."""
    if question is None or not question.bound:
        return _nothing(exercise, Outcome.UNDONE, f"{exercise.name} is not defined")
    if _untouched(question):
        return _nothing(exercise, Outcome.UNDONE, "not done yet")
    broken = _broken_rule(exercise, question, sources)
    if broken:
        return _nothing(exercise, Outcome.WRONG, broken)
    answers = {answer.call: answer for answer in question.answers}
    results = [answers.get(call_id(index)) for index in range(len(key.cases))]
    stopped = _STOPPED.get(question.outcome, "")
    faults = [
        _fault(exercise, answer, right, stopped)
        for answer, right in zip(results, key.right, strict=True)
    ]
    lines = tuple(_marked(line, key.cases, faults) for line in exercise.rubric)
    if not any(faults):
        return ExerciseVerdict(exercise.name, Outcome.OK, exercise.points, lines)
    outcome = Outcome.WRONG if question.outcome is Outcome.OK else question.outcome
    name, advice = _misconception(exercise, key, results)
    return ExerciseVerdict(exercise.name, outcome, exercise.points, lines, name, advice)


def call_id(index: int) -> str:
    """Id of the call that belongs to case number `index`.

    The id says nothing of the rubric: the student's process can read it.
    """
    return f"call-{index}"


def _nothing(exercise: Exercise, outcome: Outcome, advice: str) -> ExerciseVerdict:
    lines = tuple(LineVerdict(line, 0.0) for line in exercise.rubric)
    return ExerciseVerdict(exercise.name, outcome, exercise.points, lines, "", advice)


def _untouched(question: QuestionResult) -> bool:
    """Whether every answer is the stub's."""
    return bool(question.answers) and all(
        answer.raised == "NotImplementedError"
        or (answer.value is not None and answer.value.get("kind") == "ellipsis")
        for answer in question.answers
    )


def _broken_rule(exercise: Exercise, question: QuestionResult, sources: Sequence[str]) -> str:
    if not exercise.forbidden:
        return ""
    for call in forbidden_calls(sources, exercise.name, exercise.forbidden):
        return f"uses {call.name}, which this exercise rules out (line {call.line} of its cell)"
    for name in question.reached:
        return f"calls {name}, which this exercise rules out"
    return ""


def _fault(exercise: Exercise, answer: Answer | None, right: Any, stopped: str) -> str:
    """What is wrong with one answer, or ""."""
    if answer is None:
        return stopped or "gave no answer"
    if answer.value is None:
        where = f" in line {answer.line} of its cell" if answer.line else ""
        return f"raised {answer.raised}{where}"
    try:
        value = decode(answer.value, max_bytes=MAX_ANSWER_BYTES)
    except DecodeError as error:
        return f"returned something that is no answer: {error}"
    return (
        difference(
            value,
            right,
            rtol=exercise.rtol,
            atol=exercise.atol,
            accepts_lists=exercise.kind == "value",
        )
        or ""
    )


def _marked(line: RubricLine, cases: Sequence[Case], faults: Sequence[str]) -> LineVerdict:
    for case, fault in zip(cases, faults, strict=True):
        if case.group == line.group and fault:
            return LineVerdict(line, 0.0, fault + _setting(case))
    return LineVerdict(line, line.points)


def _setting(case: Case) -> str:
    """The case in words: sizes and options, no contents."""
    parts = [
        f"{'x'.join(map(str, value.shape))} input"
        if number == 0
        else "x".join(map(str, value.shape))
        for number, value in enumerate(case.args)
        if isinstance(value, np.ndarray) and value.ndim
    ]
    options = [
        f"{name}={value!r}"
        for name, value in case.kwargs.items()
        if isinstance(value, int | str | tuple)
    ]
    words = ", ".join([" with ".join(parts[:2]), *options] if parts else options)
    return f" ({words})" if words else ""


def _misconception(
    exercise: Exercise, key: AnswerKey, results: Sequence[Answer | None]
) -> tuple[str, str]:
    """The first known mistake that gives these answers on every case."""
    mine = [_as_result(answer) for answer in results]
    if None in mine:
        return "", ""
    for misconception, theirs in zip(exercise.misconceptions, key.mistakes, strict=True):
        if all(_same(exercise, a, b) for a, b in zip(mine, theirs, strict=True)):
            return misconception.name, misconception.says
    return "", ""


def _as_result(answer: Answer | None) -> tuple[str, Any] | None:
    if answer is None:
        return None
    if answer.value is None:
        return "raised", answer.raised
    try:
        return "value", decode(answer.value, max_bytes=MAX_ANSWER_BYTES)
    except DecodeError:
        return None


def _same(exercise: Exercise, mine: tuple[str, Any] | None, theirs: tuple[str, Any]) -> bool:
    if mine is None or mine[0] != theirs[0]:
        return False
    if mine[0] == "raised":
        return mine[1] == theirs[1]
    return (
        difference(
            mine[1],
            theirs[1],
            rtol=exercise.rtol,
            atol=exercise.atol,
            accepts_lists=exercise.kind == "value",
        )
        is None
    )
