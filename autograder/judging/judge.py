"""From a record to a verdict. Pure: the same record, assignment and secret, the same verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from autograder.authoring.answer_key import AnswerKey, answer_keys
from autograder.authoring.exercise import Assignment, Exercise
from autograder.core.cells import Marker, at_the_end, named, test_id
from autograder.core.outcome import SEVERITY, Outcome
from autograder.core.stopped import STOPS
from autograder.judging.attempt import attempts
from autograder.judging.code.definitions import Standing
from autograder.judging.families import known_family, told
from autograder.judging.handed_in import Notebook
from autograder.judging.marking import marked
from autograder.judging.rules.ruling import ruling
from autograder.judging.verdict import (
    NOT_DONE,
    ExerciseVerdict,
    LineVerdict,
    Verdict,
    sentences,
)
from autograder.records.families import KnownFamily
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import QuestionResult


def judge(
    record: Record,
    assignment: Assignment,
    secret: bytes,
    known: Sequence[KnownFamily] = (),
) -> Verdict:
    """Mark a record.

    Parameters
    ----------
    record : Record
        What intake and execution found. Nothing in it is trusted.
    assignment : Assignment
        Oracles, rubric, rules and misconceptions.
    secret : bytes
        The course secret that the record was made with.
    known : sequence of KnownFamily
        Mistakes that people have named.
    """
    if record.infra:
        return Verdict(record.assignment, record.student, Outcome.INFRA, (), (record.infra,))
    if record.refused:
        return Verdict(record.assignment, record.student, Outcome.REFUSED, (), (record.refused,))
    lines = max((cell.source.count("\n") + 1 for cell in record.ran_before("")), default=0)
    questions = {question.id: _with_lines_up_to(lines, question) for question in record.questions}
    notebook = Notebook(record)
    late = [
        exercise.name
        for exercise in assignment.exercises
        if _counts_late(test_id(exercise.name), questions)
    ]
    exercises = []
    for exercise, key in answer_keys(assignment, secret, record.draw):
        id_ = judged_question(exercise.name, questions)
        question = questions.get(id_)
        verdict = judge_exercise(exercise, key, question, notebook.before(id_))
        if question and (family := known_family(known, exercise, question)):
            verdict = told(verdict, family)
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


def _with_lines_up_to(most: int, question: QuestionResult) -> QuestionResult:
    """Drop lines of exceptions that no cell has: code that is compiled at will can have any."""
    if all((answer.line or 0) <= most for answer in question.answers):
        return question
    answers = (
        answer if (answer.line or 0) <= most else replace(answer, line=None)
        for answer in question.answers
    )
    return replace(question, answers=tuple(answers))


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


def judged_question(exercise: str, questions: Mapping[str, QuestionResult]) -> str:
    """The id of the question by whose answers an exercise is marked."""
    test = test_id(exercise)
    return at_the_end(test) if _counts_late(test, questions) else test


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
    stop = STOPS.get(question.outcome)
    tried = attempts(exercise, key, question)
    wrong = any(each.fault for each in tried)
    broken, doubts = ruling(
        exercise, question, sources, right=not all(each.fault for each in tried)
    )
    if broken:
        return _nothing(exercise, Outcome.WRONG, broken)
    lines = marked(exercise, key, tried)
    if not wrong:
        return ExerciseVerdict(exercise.name, Outcome.OK, exercise.points, lines, doubts=doubts)
    outcome = Outcome.WRONG if question.outcome is Outcome.OK else question.outcome
    advice = sentences(lines) or (stop.of_question if stop else "")
    return ExerciseVerdict(exercise.name, outcome, exercise.points, lines, advice, doubts)


def _nothing(exercise: Exercise, outcome: Outcome, advice: str) -> ExerciseVerdict:
    lines = tuple(LineVerdict(line, 0.0) for line in exercise.rubric)
    return ExerciseVerdict(exercise.name, outcome, exercise.points, lines, advice)


def _untouched(question: QuestionResult) -> bool:
    """Whether every answer is the stub's."""
    return bool(question.answers) and all(
        answer.raised == "NotImplementedError"
        or answer.value == {"kind": "other", "type": "ellipsis"}
        for answer in question.answers
    )
