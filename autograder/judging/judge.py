"""From a record to a verdict. Pure: the same record, assignment and secret, the same verdict."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from autograder.authoring.answer_key import AnswerKey, answer_keys, call_ids
from autograder.authoring.exercise import Assignment, Case, Exercise, RubricLine
from autograder.core.cells import Marker, at_the_end, named, test_id
from autograder.core.outcome import SEVERITY, Outcome
from autograder.core.stopped import STOPS
from autograder.judging.accepting import objection
from autograder.judging.compare import difference
from autograder.judging.definitions import Standing
from autograder.judging.handed_in import Notebook
from autograder.judging.ruling import ruling
from autograder.judging.verdict import NOT_DONE, ExerciseVerdict, LineVerdict, Verdict
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import DecodeError, decode

MAX_ANSWER_BYTES = 16 << 20

_EXCEPTIONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
)


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
    notebook = Notebook(record)
    late = [
        exercise.name
        for exercise in assignment.exercises
        if _counts_late(test_id(exercise.name), questions)
    ]
    exercises = []
    for exercise, key in answer_keys(assignment, secret, record.draw):
        id_ = _question_id(exercise.name, late)
        verdict = judge_exercise(exercise, key, questions.get(id_), notebook.before(id_))
        if verdict.outcome is Outcome.UNDONE and (said := notebook.misprint(exercise)):
            verdict = _nothing(exercise, Outcome.WRONG, said)
        exercises.append(verdict)
    outcomes = [exercise.outcome for exercise in exercises]
    outcomes += [cell.outcome for cell in record.cells]
    outcomes += [Outcome.TAMPERED] if record.repairs else []
    worst = min(outcomes, key=SEVERITY.index, default=Outcome.OK)
    remarks = [f"{repair} (put right)" for repair in record.repairs]
    remarks += record.remarks
    remarks += [f"{name}: what is defined behind its test cell counts" for name in late]
    for outcome, stop in STOPS.items():
        if stopped := [cell.id for cell in record.cells if cell.outcome is outcome]:
            it = "it" if len(stopped) == 1 else "each"
            remarks.append(f"{named(stopped)}: {it} {stop.of_cell}")
    return Verdict(
        record.assignment,
        record.student,
        worst,
        tuple(exercises),
        tuple(remarks),
        frozenset(record.untouched) - _answered_elsewhere(exercises),
    )


def _answered_elsewhere(exercises: Iterable[ExerciseVerdict]) -> frozenset[str]:
    """Ids of the answer cells of exercises that are done, be it in other cells."""
    done = [verdict.exercise for verdict in exercises if verdict.outcome is not Outcome.UNDONE]
    return frozenset(Marker(kind, name).id for name in done for kind in ("solution", "value"))


def _counts_late(test: str, questions: Mapping[str, QuestionResult]) -> bool:
    """Whether there was no answer at the test cell, and there is one at the end."""
    at_test, at_end = questions.get(test), questions.get(at_the_end(test))
    return _is_missing(at_test) and not _is_missing(at_end)


def _is_missing(question: QuestionResult | None) -> bool:
    return question is None or not question.bound or _untouched(question)


def _question_id(exercise: str, late: Collection[str]) -> str:
    return at_the_end(test_id(exercise)) if exercise in late else test_id(exercise)


def judge_exercise(
    exercise: Exercise,
    key: AnswerKey,
    question: QuestionResult | None,
    sources: Sequence[str] | Standing,
) -> ExerciseVerdict:
    """Mark one exercise from what the locked room answered.

    Parameters
    ----------
    exercise : Exercise
        Its rubric, rules and misconceptions.
    key : AnswerKey
        What was asked, and what is right.
    question : QuestionResult or None
        What was answered.
    sources : sequence of str, or Standing
        The code cells that had run when it was asked.
    """
    if question is None or not question.bound:
        return _nothing(exercise, Outcome.UNDONE, f"{exercise.name} is not defined")
    if _untouched(question):
        return _nothing(exercise, Outcome.UNDONE, NOT_DONE)
    answers = {answer.call: answer for answer in question.answers}
    results = [answers.get(id_) for id_ in call_ids(exercise, key.cases)]
    stop = STOPS.get(question.outcome)
    faults = [
        _fault(exercise, case, answer, right, f"it {stop.how}" if stop else "")
        for case, answer, right in zip(key.cases, results, key.right, strict=True)
    ]
    broken, doubts = ruling(exercise, question, sources, right=not all(faults))
    if broken:
        return _nothing(exercise, Outcome.WRONG, broken)
    lines = tuple(_marked(line, key.cases, faults) for line in exercise.rubric)
    name = advice = ""
    outcome = Outcome.OK
    if any(faults):
        outcome = Outcome.WRONG if question.outcome is Outcome.OK else question.outcome
        name, advice = _misconception(exercise, key, results, faults)
        advice = advice or (stop.of_question if stop else "")
    return ExerciseVerdict(exercise.name, outcome, exercise.points, lines, name, advice, doubts)


def _nothing(exercise: Exercise, outcome: Outcome, advice: str) -> ExerciseVerdict:
    lines = tuple(LineVerdict(line, 0.0) for line in exercise.rubric)
    return ExerciseVerdict(exercise.name, outcome, exercise.points, lines, "", advice)


def _untouched(question: QuestionResult) -> bool:
    """Whether every answer is the stub's."""
    return bool(question.answers) and all(
        answer.raised == "NotImplementedError"
        or answer.value == {"kind": "other", "type": "ellipsis"}
        for answer in question.answers
    )


def _fault(exercise: Exercise, case: Case, answer: Answer | None, right: Any, stopped: str) -> str:
    """What is wrong with one answer, or ""."""
    if answer is None:
        return stopped or "gave no answer"
    if answer.value is None:
        where = f" in line {answer.line} of its cell" if answer.line else ""
        known = answer.raised if answer.raised in _EXCEPTIONS else "an exception"
        return f"raised {known}{where}"
    try:
        value = decode(answer.value, max_bytes=MAX_ANSWER_BYTES)
    except DecodeError:
        return "returned something that is no answer"
    if exercise.accepts:
        return objection(exercise, case, right, value)
    return _difference(exercise, value, right, case.at_least) or ""


def _marked(line: RubricLine, cases: Sequence[Case], faults: Sequence[str]) -> LineVerdict:
    for case, fault in zip(cases, faults, strict=True):
        if case.group == line.group and fault:
            setting = f" ({case.inputs})" if case.inputs else ""
            return LineVerdict(line, 0.0, fault + setting)
    return LineVerdict(line, line.points)


def _misconception(
    exercise: Exercise,
    key: AnswerKey,
    results: Sequence[Answer | None],
    faults: Sequence[str],
) -> tuple[str, str]:
    """The first known mistake that explains these answers on every case."""
    mine = [_as_result(answer) for answer in results]
    if None in mine:
        return "", ""
    for misconception, theirs in zip(exercise.misconceptions, key.mistakes, strict=True):
        each = zip(key.cases, key.right, mine, faults, theirs, strict=True)
        if all(_explains(exercise, *one) for one in each):
            return misconception.name, misconception.says
    return "", ""


def _explains(
    exercise: Exercise,
    case: Case,
    right: Any,
    mine: tuple[str, Any] | None,
    fault: str,
    theirs: tuple[str, Any],
) -> bool:
    """Whether a mistake that gives `theirs` may have given `mine`.

    That is so if both are the same. Where a checker accepts `mine`, nothing is wrong with it, and
    the mistake may have given any other answer that is accepted.
    """
    if exercise.accepts and not fault:
        return theirs[0] == "value" and not objection(exercise, case, right, theirs[1])
    return _same(exercise, mine, theirs)


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
        return True
    return _difference(exercise, mine[1], theirs[1]) is None


def _difference(
    exercise: Exercise, answer: Any, expected: Any, at_least: float = 1.0
) -> str | None:
    """`difference` with the exercise's tolerance; values by hand may be lists."""
    by_hand = exercise.kind == "value"
    return difference(
        answer,
        expected,
        rtol=exercise.rtol,
        atol=exercise.atol,
        accepts_lists=by_hand,
        at_least=at_least,
    )
