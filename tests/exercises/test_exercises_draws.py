"""What one draw of the hidden cases tells earns nothing in the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder.authoring.answer_key import solved_cases
from autograder.authoring.asking import ask
from autograder.authoring.exercise import Assignment, Case, Exercise
from autograder.core.check import compare
from tests.course import ASSIGNMENTS

EARLIER = [f"draw {number}".encode() for number in range(20)]
NEXT = [f"next draw {number}".encode() for number in range(3)]

FUNCTIONS = [
    pytest.param(assignment, exercise, id=f"{assignment.name}-{exercise.name}")
    for assignment in ASSIGNMENTS
    for exercise in assignment.exercises
    if exercise.kind != "value"
]


def written(value: Any) -> Hashable:
    """Inputs as the key of a table."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, tuple | list):
        return tuple(map(written, value))
    return repr(value)


def question(case: Case) -> Hashable:
    return written([*case.args, *sorted(case.kwargs.items())])


def is_right(exercise: Exercise, case: Case, right: Any, answer: Any) -> bool:
    if exercise.accepts:
        try:
            return ask(exercise.accepts, case, right, answer) is True
        except Exception:
            return False
    return not compare(
        answer, right, rtol=exercise.rtol, atol=exercise.atol, at_least=case.at_least
    )


def lines(assignment: Assignment, exercise: Exercise, secret: bytes) -> Iterator[list[Any]]:
    """The cases of each line of the rubric, each with its right answer."""
    found = defaultdict(list)
    for case, right in zip(*solved_cases(secret, assignment.name, exercise), strict=True):
        found[case.group].append((case, right))
    yield from found.values()


def depends_on_the_draw(assignment: Assignment, exercise: Exercise) -> bool:
    return any(case.args for case in solved_cases(NEXT[0], assignment.name, exercise)[0])


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_a_table_of_earlier_answers_earns_no_line(
    assignment: Assignment, exercise: Exercise
) -> None:
    if not depends_on_the_draw(assignment, exercise):
        assert exercise.name == "alexnet_shapes"
        return
    table = {
        question(case)
        for secret in EARLIER
        for case in solved_cases(secret, assignment.name, exercise)[0]
    }
    for secret in NEXT:
        for line in lines(assignment, exercise, secret):
            assert not all(question(case) in table for case, _ in line), line[0][0].group


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_one_answer_to_everything_earns_no_line(assignment: Assignment, exercise: Exercise) -> None:
    if not depends_on_the_draw(assignment, exercise):
        return
    earlier = [
        right
        for secret in EARLIER[:3]
        for right in solved_cases(secret, assignment.name, exercise)[1]
    ]
    for line in lines(assignment, exercise, NEXT[0]):
        for answer in (None, 0, 1, 0.0, False, True, "", (), *earlier):
            earned = all(is_right(exercise, case, right, answer) for case, right in line)
            assert not earned, f"{line[0][0].group}: {answer}"
