"""The public examples of this course: what is right passes them, and they give nothing away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.authoring.answer_key import hidden_cases
from autograder.authoring.examples import Call
from autograder.authoring.exercise import Assignment, Exercise
from autograder.authoring.public_examples import exercise_data, public_examples
from autograder.core.check import read_exercise, try_out
from tests.course import ASSIGNMENTS

EXERCISES = [
    pytest.param(assignment, exercise, id=f"{assignment.name}-{exercise.name}")
    for assignment in ASSIGNMENTS
    for exercise in assignment.exercises
]
TRIED_OUT = [each for each in EXERCISES if each.values[1].kind != "value"]
_FEW = 4
"""An array of so few entries may be drawn by chance."""


@pytest.mark.parametrize(("assignment", "exercise"), TRIED_OUT)
def test_every_wheat_passes(assignment: Assignment, exercise: Exercise) -> None:
    public = read_exercise(exercise.name, exercise_data(exercise))
    reports = [try_out(public, wheat.implementation) for wheat in exercise.wheats]
    wanted = "right" if public.examples else "complete"
    assert [report.says for report in reports if report.state != wanted] == []


@pytest.mark.parametrize(("assignment", "exercise"), TRIED_OUT)
def test_check_is_as_strict_as_the_grade(assignment: Assignment, exercise: Exercise) -> None:
    public = read_exercise(exercise.name, exercise_data(exercise))
    assert public.examples == () or (public.rtol, public.atol) == (exercise.rtol, exercise.atol)


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_no_answer_of_a_value_is_public(assignment: Assignment) -> None:
    public = json.loads(public_examples(assignment))["exercises"]
    assert list(public) == [exercise.name for exercise in assignment.exercises]
    for exercise in assignment.exercises:
        if exercise.kind == "value":
            assert set(public[exercise.name]) == {"kind", "shape"}


def arrays(value: Any) -> Iterator[bytes]:
    """The arrays of more than a few entries in a nest."""
    if isinstance(value, tuple | list):
        for part in value:
            yield from arrays(part)
    elif isinstance(value, np.ndarray) and value.size > _FEW:
        yield value.astype(float).tobytes()


@pytest.mark.parametrize(("assignment", "exercise"), TRIED_OUT)
def test_no_hidden_input_is_public(assignment: Assignment, exercise: Exercise) -> None:
    calls = [example for example in exercise.examples if isinstance(example, Call)]
    public = {array for call in calls for array in arrays([*call.args, *call.options.values()])}
    for number in range(10):
        for case in hidden_cases(f"course {number}".encode(), assignment.name, exercise):
            assert public.isdisjoint(arrays([*case.args, *case.kwargs.values()]))
