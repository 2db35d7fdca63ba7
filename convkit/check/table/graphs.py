"""Public examples of the notebook ``09_graphs``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import ClassExamples, FunctionExamples, Program, ValueExample
from convkit.check.table.inputs import call, fractions, whole
from convkit.graph import Node


def squared_length(W: np.ndarray, x: np.ndarray) -> float:
    """f(W, x): the sum of the squares of W x."""
    return float(np.sum((W @ x) ** 2))


def both_gradients(W: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gradients of `squared_length` with respect to W and x."""
    weights, inputs = Node(W), Node(x)
    ((weights @ inputs) ** 2).sum().backward()
    return weights.grad, inputs.grad


MATRICES = (
    call(np.array([[1, 2], [0, -1]]), np.array([3, 1])),
    call(np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([2.0, 4.0])),
    call(whole(50, 4, 3), whole(51, 3)),
    call(fractions(52, 2, 5), fractions(53, 5)),
    call(whole(54, 2, 3), fractions(55, 3)),
)


def program(*lines: str, shown: str) -> Program:
    """Lines of code, and the expressions to look at."""
    return Program("\n".join(lines), tuple(shown.split(", ")))


PAIR = ("a = Node([[1, 2, 3], [4, 5, 6]])", "b = Node([[0.5, 1, -1], [2, 0, 3]])")
MATRIX, VECTOR = "a = Node([[1, 2], [3, 4], [5, 6]])", "b = Node([10, -1])"
NUMBERS = ("a = Node(2.0)", "b = Node(5.0)")

EXAMPLES: tuple[FunctionExamples | ClassExamples | ValueExample, ...] = (
    FunctionExamples("forward", "W, x", MATRICES, reference=squared_length),
    FunctionExamples("backward", "W, x", MATRICES, reference=both_gradients),
    ClassExamples(
        "Node",
        (
            program(*PAIR, "f = a + b", shown="f.value"),
            program(*PAIR, "f = a - b", shown="f.value"),
            program(*PAIR, "f = a * b", shown="f.value"),
            program(MATRIX, VECTOR, "f = a @ b", shown="f.value"),
            program(MATRIX, "f = a.sum()", shown="f.value"),
            program(*NUMBERS, "f = a + b", "f.backward()", shown="a.grad, b.grad"),
            program(*NUMBERS, "f = a - b", "f.backward()", shown="a.grad, b.grad"),
            program(*NUMBERS, "f = a * b", "f.backward()", shown="a.grad, b.grad"),
            program(
                *NUMBERS,
                "c = Node(-3.0)",
                "f = (a - b) * c",
                "f.backward()",
                shown="a.grad, b.grad, c.grad",
            ),
            program("a = Node([1, 2, 3])", "f = a.sum()", "f.backward()", shown="a.grad"),
            program(*PAIR, "f = (a * b).sum()", "f.backward()", shown="a.grad, b.grad"),
            program(
                MATRIX,
                VECTOR,
                "weights = Node([1, 10, 100])",
                "f = ((a @ b) * weights).sum()",
                "f.backward()",
                shown="a.grad, b.grad",
            ),
            program(
                "a = Node([[1, 2, 3], [4, 5, 6]])",
                "b = Node([[1, 0], [2, -1], [0, 3]])",
                "weights = Node([[1, 10], [100, 1000]])",
                "f = ((a @ b) * weights).sum()",
                "f.backward()",
                shown="a.grad, b.grad",
            ),
            program("a = Node(3.0)", "f = a + a", "f.backward()", shown="a.grad"),
            program("a = Node(3.0)", "f = a * a", "f.backward()", shown="a.grad"),
            program(*NUMBERS, "f = a * b - a", "f.backward()", shown="f.value, a.grad, b.grad"),
            program(
                "a = Node(2.0)",
                "u = a * a",
                "v = u - a",
                "f = v * u",
                "f.backward()",
                shown="f.value, a.grad",
            ),
            program(
                "a = Node(2.0)",
                "u = a * a",
                "v = u - a",
                "f = u * v",
                "f.backward()",
                shown="f.value, a.grad",
            ),
            program(
                "a = Node(2.0)",
                "b = Node([1, 2, 3])",
                "f = (a * b).sum()",
                "f.backward()",
                shown="a.grad, b.grad",
            ),
            program(
                "W = Node([[1, 2], [0, -1], [2, 2]])",
                "x = Node([3, 1])",
                "q = W @ x",
                "f = (q * q).sum()",
                "f.backward()",
                shown="f.value, W.grad, x.grad",
            ),
        ),
    ),
    ValueExample("scalar_gradients", (3,)),
    ValueExample("arrows", (5, 5)),
    ValueExample("forward_by_hand", (3,)),
    ValueExample("dq_by_hand", (2,)),
    ValueExample("dW_by_hand", (2, 2)),
    ValueExample("dx_by_hand", (2,)),
    ValueExample("visiting_order", (4,)),
)
