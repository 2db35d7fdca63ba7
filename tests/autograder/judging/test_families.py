"""Students who make the same mistake, and what is told to them once it has a name."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import called, common_calls, common_key
from autograder.authoring.exercise import Case, Exercise, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.families import (
    Member,
    common_answers,
    families,
    is_wrong,
    known_family,
)
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode


def cases(rng):
    yield Case("plain", (rng.integers(1, 65, (2, 3)) / 64,))
    yield Case("whole", (rng.integers(3, 9, 4),))


LINES = (RubricLine("plain", 2, "twice"), RubricLine("whole", 1, "of whole numbers"))
TWICE = Exercise("double", LINES, lambda x: 2 * x, cases)


def thrice(x):
    return 3 * x


def thrice_but_for_rounding(x):
    return 3 * x * (1 + 1e-9)


def thrice_of_some(x):
    if x.dtype == int:
        raise ValueError(f"whole numbers: {x}")
    return 3 * x


def raises(x):
    raise ValueError("always")


def answered(function, exercise=TWICE, upto=None):
    answers = [Answer("call-0", encode(0))]
    for call, case in zip(common_calls(exercise), common_key(exercise).cases, strict=True):
        try:
            answers.append(Answer(call, encode(called(function, case))))
        except ValueError as error:
            answers.append(Answer(call, raised="ValueError", line=3, message=str(error)))
    return QuestionResult("test-double", Outcome.OK, answers=tuple(answers[:upto]))


def member(name, function, lines=("plain", "whole")):
    return Member(name, lines, common_answers(TWICE, answered(function)))


def test_common_answers_are_all_of_them_without_what_an_exception_said():
    first, second = common_answers(TWICE, answered(thrice_of_some))
    assert first.value is not None
    assert second == Answer("common-1", raised="ValueError")
    assert common_answers(TWICE, answered(thrice, upto=2)) == ()


def test_who_answers_alike_and_loses_the_same_lines_is_a_family():
    members = [
        member("ada", thrice_of_some),
        member("bea", thrice),
        member("cem", thrice_but_for_rounding),
        member("dan", lambda x: x),
        member("eva", thrice, ("plain",)),
    ]
    found = families(TWICE, members)
    names = [tuple(each.student for each in family.members) for family in found]
    assert names == [("bea", "cem"), ("ada",), ("dan",), ("eva",)]
    assert len({family.id for family in found}) == 4
    assert all(family.id.startswith("double-") for family in found)
    assert families(TWICE, members[:3])[0].id == found[0].id


@pytest.mark.parametrize("function", [raises, lambda x: 2 * x, lambda x: 2.0 * x])
def test_exceptions_alone_and_right_answers_belong_to_no_family(function):
    assert families(TWICE, [member("ada", function)]) == ()


@pytest.mark.parametrize(
    "answer",
    [
        [1.0, 2.0],
        (1.0, [np.ones(2), "a text"]),
        {"a": 1.0, "b": np.ones(3)},
        None,
        "a text",
        [],
        np.array(3.0),
    ],
)
def test_whatever_was_answered_may_make_a_family(answer):
    def off(value):
        match value:
            case list() | tuple():
                return type(value)(map(off, value)) or [0]
            case dict():
                return {key: off(each) for key, each in value.items()}
            case None | str():
                return f"{value}s"
        return value + 1

    members = [
        member("ada", lambda x: answer),
        member("bea", lambda x: copy.deepcopy(answer)),
        member("cem", lambda x: off(answer)),
    ]
    sizes = [len(family.members) for family in families(TWICE, members)]
    assert sizes == [2, 1]


def test_an_answer_that_a_checker_accepts_is_not_wrong():
    either = replace(TWICE, accepts=lambda answer, case: np.shape(answer) == np.shape(case.args[0]))
    assert not is_wrong(either, common_answers(either, answered(thrice, either)))
    assert is_wrong(either, common_answers(either, answered(np.sum, either)))


def test_a_named_family_is_told_to_whose_answers_agree():
    (family,) = families(TWICE, [member("ada", thrice)])
    known = family.named("That is three times x.")
    assert "ada" not in repr(known)
    told = known_family([known], TWICE, answered(thrice_but_for_rounding))
    assert told == known
    for function in (thrice_of_some, raises, lambda x: 2 * x):
        assert known_family([known], TWICE, answered(function)) is None
    assert known_family([known], TWICE, answered(thrice, upto=2)) is None
    assert known_family([replace(known, exercise="other")], TWICE, answered(thrice)) is None


def test_two_sentences_for_the_same_answers_tell_nothing():
    (family,) = families(TWICE, [member("ada", thrice)])
    twice = [family.named("One."), family.named("Another.")]
    assert known_family(twice, TWICE, answered(thrice)) is None
    assert known_family([twice[0], twice[0]], TWICE, answered(thrice)) == twice[0]
