"""The mistakes of a class that nobody has named yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from autograder.authoring.exercise import Assignment, Exercise
from autograder.core.cells import at_the_end, test_id
from autograder.core.course import Course
from autograder.core.definitions import bound_names
from autograder.core.outcome import Outcome
from autograder.judging.families import Family, Member, common_answers, families, is_wrong
from autograder.judging.verdict import ExerciseVerdict
from autograder.publishing.result import saved_results
from autograder.records.record import Record, RecordError, load_record
from autograder.sandbox.protocol.plan import Answer

_NOT_THEIRS = (Outcome.UNDONE, Outcome.OK)


def unnamed_families(course: Course, assignment: Assignment) -> tuple[Family, ...]:
    """Group the wrong answers of a class that have no name, by exercise, the largest first.

    Nothing is run: what is known are the saved records and results.
    """
    members: dict[str, list[Member]] = defaultdict(list)
    for result in saved_results(course, assignment.name):
        nameless = [each for each in result.verdict.exercises if _is_nameless(each)]
        if not nameless:
            continue
        student = result.verdict.student
        try:
            record = load_record(course.record(assignment.name, student))
        except RecordError:
            continue
        for verdict in nameless:
            members[verdict.exercise] += _member(record, assignment, verdict)
    return tuple(
        family
        for exercise in assignment.exercises
        for family in families(exercise, members[exercise.name])
    )


def _is_nameless(verdict: ExerciseVerdict) -> bool:
    lost = (line for line in verdict.lines if not line.is_full)
    return verdict.outcome not in _NOT_THEIRS and not all(line.says for line in lost)


def _member(record: Record, assignment: Assignment, verdict: ExerciseVerdict) -> Iterator[Member]:
    exercise = assignment.exercise(verdict.exercise)
    lines = tuple(line.line.group for line in verdict.lines if not line.is_full)
    for answers in _answers(record, exercise):
        yield Member(record.student, lines, answers, _source(record, exercise.name))


def _answers(record: Record, exercise: Exercise) -> Iterator[tuple[Answer, ...]]:
    """The wrong answers to the common cases, be they given at the test or at the end."""
    questions = {question.id: question for question in record.questions}
    test = test_id(exercise.name)
    for id_ in (test, at_the_end(test)):
        if id_ in questions:
            answers = common_answers(exercise, questions[id_])
            if is_wrong(exercise, answers):
                yield answers
                return


def _source(record: Record, name: str) -> str:
    """The last cell of a notebook that binds a name."""
    cells = reversed(record.ran_before(""))
    return next((cell.source for cell in cells if name in bound_names(cell.source)), "")
