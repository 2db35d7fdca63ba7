"""Wrong functions that are no chaffs: is what they are told true, and how much is it?"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import replace

import pytest

from autograder.authoring.answer_key import AnswerKey, answer_key, answer_keys
from autograder.authoring.exercise import Assignment, Exercise, source_as
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge_exercise
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode
from autograder.trials.handed_in import hand_in
from tests.course import ASSIGNMENTS
from tests.exercises import naming

EXERCISES = {
    exercise.name: exercise
    for assignment in ASSIGNMENTS
    for exercise in assignment.exercises
    if exercise.kind != "value"
}


def test_every_function_of_the_course_has_wrong_ones() -> None:
    found = naming.wrong_functions()
    assert {wrong.exercise for wrong in found} == set(EXERCISES)
    assert len(found) > 480
    assert [name for name, times in Counter(each.name for each in found).items() if times > 1] == []


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.name)
def test_none_is_a_copy_of_a_chaff(exercise: Exercise) -> None:
    def body(implementation):
        tree = ast.parse(source_as(implementation, exercise.name))
        return ast.dump(ast.Module(tree.body[0].body, []))

    chaffs = {body(each.implementation) for each in exercise.misconceptions}
    wrong = [each for each in naming.wrong_functions() if each.exercise == exercise.name]
    assert [each.name for each in wrong if body(each.implementation) in chaffs] == []


def test_what_is_true_of_them_are_chaffs() -> None:
    for wrong in naming.wrong_functions():
        says = {each.name: each.says for each in EXERCISES[wrong.exercise].misconceptions}
        assert wrong.true <= set(says), wrong.name
        assert {
            naming.first_form(EXERCISES[wrong.exercise], name) for name in wrong.true
        } == wrong.true


@pytest.mark.slow
def test_they_are_wrong_in_every_draw() -> None:
    assert [each.wrong.name for each in naming.tried() if each.earns_everything] == []


@pytest.mark.slow
def test_no_two_give_the_same_answers_everywhere() -> None:
    seen = Counter((each.wrong.exercise, repr(each.answers)) for each in naming.tried())
    assert max(seen.values()) == 1


@pytest.mark.slow
def test_nobody_is_accused_of_what_is_not_true() -> None:
    assert {each.wrong.name: each.untrue for each in naming.tried() if each.untrue} == {}


@pytest.mark.long
@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_a_mistake_that_is_not_known_is_called_by_no_other_name(assignment: Assignment) -> None:
    """Each chaff of a function in turn is taken out, with its other forms, and handed in."""
    for exercise, key in answer_keys(assignment, b"a secret of this test"):
        for chaff in exercise.misconceptions if exercise.name in EXERCISES else ():
            known = tuple(each for each in exercise.misconceptions if each.says != chaff.says)
            others = replace(exercise, misconceptions=known)
            their_key = AnswerKey(others, key.cases, key.right)
            handed_in = hand_in(others, their_key, chaff.implementation)
            assert handed_in.verdict.names == (), chaff.name


@pytest.mark.slow
def test_as_many_are_told_something_as_before() -> None:
    assert naming.share("a name", naming.tried()) >= 0.75
    assert naming.share("the case", naming.tried()) <= 0.17


@pytest.mark.slow
def test_the_published_page_is_up_to_date() -> None:
    assert naming.PAGE.read_text(encoding="utf-8") == naming.page(), (
        "run: python -m tests.exercises.naming --write"
    )


def _named(exercise: Exercise, key: AnswerKey, value: object) -> set[str]:
    """What the mistakes say by which a value is called."""
    answers = (Answer("value", encode(value)),)
    question = QuestionResult(f"test-{exercise.name}", Outcome.OK, answers=answers)
    says = {each.name: each.says for each in exercise.misconceptions}
    return {says[name] for name in judge_exercise(exercise, key, question, []).names}


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_a_wrong_value_is_called_by_its_mistake_alone(assignment: Assignment) -> None:
    """By no other where that is not known: each is taken out in turn, with its other forms."""
    for exercise in assignment.exercises:
        key = answer_key(b"", assignment.name, exercise) if exercise.kind == "value" else None
        for chaff in exercise.misconceptions if key else ():
            value = chaff.implementation()
            assert _named(exercise, key, value) == {chaff.says}, chaff.name
            known = tuple(each for each in exercise.misconceptions if each.says != chaff.says)
            others = replace(exercise, misconceptions=known)
            their_key = AnswerKey(others, key.cases, key.right)
            assert _named(others, their_key, value) == set(), chaff.name
