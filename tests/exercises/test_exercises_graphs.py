"""The exercises of 09_graphs: right by differences and by hand, and tested where it is hard."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_keys, hidden_cases
from autograder.authoring.exercise import Assignment, Case
from autograder.trials.wheat_chaff import try_out
from exercises.graphs.node import FORMULAS
from exercises.graphs.node import use as use_node
from tests.course import find_assignment

ASSIGNMENT = find_assignment("09_graphs")

SECRET = b"a course"
W, X = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([0.2, 0.4])
KEYS = {exercise.name: key for exercise, key in answer_keys(ASSIGNMENT, SECRET)}


def squared_length(weights: Any, inputs: Any) -> float:
    return sum(sum(w * x for w, x in zip(row, inputs, strict=True)) ** 2 for row in weights)


def differences(function: Any, arrays: list[np.ndarray], moved: int) -> np.ndarray:
    """Gradient by central differences; exact for a quadratic function but for rounding."""
    gradient = np.zeros(arrays[moved].shape)
    for place in np.ndindex(gradient.shape):
        ends = []
        for step in (1e-4, -1e-4):
            shifted = [np.array(array, dtype=float) for array in arrays]
            shifted[moved][place] += step
            ends.append(float(function(*shifted)))
        gradient[place] = (ends[0] - ends[1]) / 2e-4
    return gradient


def evaluate(formula: str, *leaves: np.ndarray) -> np.ndarray:
    """The value of f, by plain NumPy."""
    scope = dict(zip("abc", leaves, strict=False))
    exec(formula, scope)
    return scope["f"]


def test_forward_and_backward_agree_with_loops_and_differences() -> None:
    for case, right in zip(KEYS["forward"].cases, KEYS["forward"].right, strict=True):
        np.testing.assert_allclose(right, squared_length(*case.args), rtol=1e-12)
    for case, right in zip(KEYS["backward"].cases, KEYS["backward"].right, strict=True):
        moved = ("dW", "dx").index(case.kwargs["part"])
        expected = differences(squared_length, list(case.args), moved)
        np.testing.assert_allclose(right, expected, rtol=1e-6, atol=1e-6)


def test_node_agrees_with_differences() -> None:
    for case, right in zip(KEYS["Node"].cases, KEYS["Node"].right, strict=True):
        formula, leaves = case.kwargs["formula"], list(case.args)
        if not case.kwargs.get("backward", True):
            np.testing.assert_allclose(right, evaluate(formula, *leaves), rtol=1e-12)
            continue
        value, *gradients = right
        np.testing.assert_allclose(value, evaluate(formula, *leaves), rtol=1e-12)
        for number, gradient in enumerate(gradients):
            expected = differences(lambda *each: evaluate(formula, *each), leaves, number)  # noqa: B023
            np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-5)


def scalars(a: float, b: float, c: float) -> float:
    return (a - b) * (a * c)


BY_HAND = {
    "scalar_gradients": [
        differences(scalars, [np.array(number) for number in (2, 5, -3)], moved)
        for moved in range(3)
    ],
    "forward_by_hand": [0.1 * 0.2 + 0.5 * 0.4, -0.3 * 0.2 + 0.8 * 0.4, squared_length(W, X)],
    "dq_by_hand": [0.44, 0.52],
    "dW_by_hand": differences(squared_length, [W, X], 0),
    "dx_by_hand": differences(squared_length, [W, X], 1),
    "visiting_order": [0, 3, 1, 2],
    "arrows": np.array(
        [[0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 2, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_oracle_of_a_value_agrees_with_what_is_worked_out(name: str) -> None:
    np.testing.assert_allclose(ASSIGNMENT.exercise(name).oracle(), BY_HAND[name], atol=1e-7)


def test_every_exercise_is_checked_here() -> None:
    names = {exercise.name for exercise in ASSIGNMENT.exercises}
    assert names == {"forward", "backward", "Node", *BY_HAND}


def test_only_one_order_lets_every_node_wait_for_its_users() -> None:
    """Each node comes after all that use it: f uses u and v, v uses u and a, u uses a."""
    users = {0: set(), 1: {0, 3}, 2: {1, 3}, 3: {0}}

    def orders(done: tuple[int, ...]) -> list[tuple[int, ...]]:
        ready = [node for node in users if node not in done and users[node] <= set(done)]
        return [each for node in ready for each in orders((*done, node))] if ready else [done]

    assert orders(()) == [(0, 3, 1, 2)]


def _cases(name: str, group: str) -> list[Case]:
    cases = hidden_cases(SECRET, ASSIGNMENT.name, ASSIGNMENT.exercise(name))
    return [case for case in cases if case.group == group]


def test_the_cases_hold_what_a_square_matrix_would_hide() -> None:
    for name in ("forward", "backward"):
        shapes = [case.args[0].shape for case in _cases(name, "not_square")]
        assert any(m > n for m, n in shapes)
        assert any(m < n for m, n in shapes)
        kinds = {tuple(arg.dtype.kind for arg in case.args) for case in _cases(name, "integers")}
        assert ("i", "f") in kinds
    assert any(
        case.args[0].shape[0] != case.args[0].shape[1] for case in _cases("Node", "matrix_matrix")
    )


def test_points_add_up_to_thirty() -> None:
    assert sum(each.points for each in (*ASSIGNMENT.exercises, *ASSIGNMENT.written)) == 30


def test_every_upstream_gradient_of_a_matrix_product_differs_from_one() -> None:
    """With ones coming from above, many wrong rules give the right numbers."""
    for group in ("matrix_vector", "matrix_matrix"):
        assert all("c" in formula for formula, *_ in FORMULAS[group])


def test_a_node_puts_several_nodes_of_one_graph_to_use() -> None:
    class Counting:
        made = 0

        def __init__(self, value: Any) -> None:
            type(self).made += 1
            self.value = value
            self.grad = 7.0

        def __add__(self, other: Any) -> Counting:
            return Counting(self.value + other.value)

        def backward(self) -> None:
            self.grad = 1.0

    assert use_node(Counting, 1.0, 2.0, formula="f = a + b") == (3.0, 7.0, 7.0)
    assert Counting.made == 3
    assert use_node(Counting, 1.0, 2.0, formula="f = a + b", backward=False) == 3.0


@pytest.mark.parametrize("secret", [b"one", b"two"])
def test_every_engine_gets_what_it_deserves(secret: bytes) -> None:
    node = Assignment(ASSIGNMENT.name, (ASSIGNMENT.exercise("Node"),))
    assert [trial for trial in try_out(node, secret) if not trial.as_expected] == []
