"""What one draw of the hidden cases tells earns nothing in the next, and all are equally hard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_key, hidden_cases
from autograder.authoring.asking import ask
from autograder.authoring.exercise import Assignment, Case, Exercise
from autograder.core.check import compare
from tests.course import ASSIGNMENTS

SECRET = b"a course"
EARLIER = [f"earlier {number}" for number in range(20)]
NEXT = [f"next {number}" for number in range(10)]

FUNCTIONS = [
    pytest.param(assignment, exercise, id=f"{assignment.name}-{exercise.name}")
    for assignment in ASSIGNMENTS
    for exercise in assignment.exercises
    if exercise.kind != "value" and exercise.name != "alexnet_shapes"
]
"""All whose right answers depend on the draw: there is one AlexNet."""

FIRST_FIVE = [each for each in FUNCTIONS if each.values[0].name < "06"]


def written(value: Any) -> Hashable:
    """Inputs as the key of a table."""
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, tuple | list):
        return tuple(map(written, value))
    return repr(value)


def question(case: Case) -> Hashable:
    return written([*case.args, *sorted(case.kwargs.items())])


def lines(cases: tuple[Case, ...]) -> Iterator[tuple[str, list[int]]]:
    """The numbers of the cases of each line of the rubric."""
    found = defaultdict(list)
    for number, case in enumerate(cases):
        found[case.group].append(number)
    yield from found.items()


def is_right(exercise: Exercise, case: Case, right: Any, answer: Any) -> bool:
    if exercise.accepts:
        try:
            return ask(exercise.accepts, case, right, answer) is True
        except Exception:
            return False
    return not compare(
        answer, right, rtol=exercise.rtol, atol=exercise.atol, at_least=case.at_least
    )


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_a_table_of_earlier_answers_earns_no_line(
    assignment: Assignment, exercise: Exercise
) -> None:
    table = {
        question(case)
        for draw in EARLIER
        for case in hidden_cases(SECRET, assignment.name, exercise, draw)
    }
    for draw in NEXT:
        cases = hidden_cases(SECRET, assignment.name, exercise, draw)
        for group, numbers in lines(cases):
            assert not all(question(cases[number]) in table for number in numbers), group


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_one_answer_to_everything_earns_no_line(assignment: Assignment, exercise: Exercise) -> None:
    earlier = answer_key(SECRET, assignment.name, exercise, EARLIER[0]).right
    key = answer_key(SECRET, assignment.name, exercise, NEXT[0])
    for answer in (None, 0, 1, 0.0, False, True, "", (), *earlier):
        for group, numbers in lines(key.cases):
            earned = [
                is_right(exercise, key.cases[number], key.right[number], answer)
                for number in numbers
            ]
            assert not all(earned), f"{group}: {answer}"


@pytest.mark.parametrize(("assignment", "exercise"), FUNCTIONS)
def test_every_draw_asks_for_the_same_groups_in_the_same_order(
    assignment: Assignment, exercise: Exercise
) -> None:
    asked = {
        tuple((case.group, len(case.args), tuple(case.kwargs)) for case in cases)
        for cases in (hidden_cases(SECRET, assignment.name, exercise, draw) for draw in NEXT)
    }
    assert len(asked) == 1


def sides(exercise: Exercise, case: Case) -> tuple[int, int] | None:
    """Height and width of what a case is about: an image, a canvas, a kernel whose size counts."""
    about = case.args[1 if exercise.name.endswith(("_backward", "_matrix2d")) else 0]
    shape = about.shape if isinstance(about, np.ndarray) else np.ravel(about)
    match len(shape):
        case 4:
            return int(shape[1]), int(shape[2])
        case 2 | 3:
            return int(shape[0]), int(shape[1])
    return None


@pytest.mark.parametrize(("assignment", "exercise"), FIRST_FIVE)
def test_every_line_has_wide_images_and_tall_ones_in_every_draw(
    assignment: Assignment, exercise: Exercise
) -> None:
    if exercise.name == "receptive_field":
        return
    for draw in NEXT:
        cases = hidden_cases(SECRET, assignment.name, exercise, draw)
        for group, numbers in lines(cases):
            found = [sides(exercise, cases[number]) for number in numbers]
            if any(found):
                assert {h < w for h, w in filter(None, found) if h != w} == {True, False}, group


def numbers_of(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, tuple | list):
        for part in value:
            yield from numbers_of(part)
    elif isinstance(value, float | np.ndarray):
        yield np.asarray(value, dtype=float)


@pytest.mark.parametrize(("assignment", "exercise"), FIRST_FIVE)
def test_every_number_can_be_printed_exactly(assignment: Assignment, exercise: Exercise) -> None:
    for draw in NEXT:
        for case in hidden_cases(SECRET, assignment.name, exercise, draw):
            for numbers in numbers_of([*case.args, *case.kwargs.values()]):
                finite = 64 * numbers[np.isfinite(numbers)]
                np.testing.assert_array_equal(finite, np.round(finite))
