"""Reverse-mode differentiation: values by numpy, gradients by central differences."""

from __future__ import annotations

import operator
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convkit import Node

Expression = Callable[..., Node]


def central_differences(f: Callable[..., np.ndarray], arrays: list[np.ndarray]) -> list[np.ndarray]:
    """Gradient of the sum of f, by moving one entry at a time."""
    gradients = []
    for moved in range(len(arrays)):
        gradient = np.zeros_like(arrays[moved])
        for place in np.ndindex(gradient.shape):
            ends = []
            for step in (1e-6, -1e-6):
                shifted = [array.copy() for array in arrays]
                shifted[moved][place] += step
                ends.append(np.sum(f(*shifted)))
            gradient[place] = (ends[0] - ends[1]) / 2e-6
        gradients.append(gradient)
    return gradients


def assert_gradients(expression: Expression, *arrays: np.ndarray) -> None:
    nodes = [Node(array) for array in arrays]
    expression(*nodes).sum().backward()
    numerical = central_differences(
        lambda *values: expression(*map(Node, values)).value, list(arrays)
    )
    for node, wanted in zip(nodes, numerical, strict=True):
        assert node.grad.shape == node.value.shape
        np.testing.assert_allclose(node.grad, wanted, rtol=1e-6, atol=1e-7)


def numbers(*shape: int, low: float = 0.3, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(low, 1.5, shape)


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((2, 3), (2, 3)),
        ((2, 3), (3,)),
        ((3,), (2, 3)),
        ((2, 1), (1, 3)),
        ((), (2, 3)),
        ((4, 1, 3), (2, 1)),
        ((1, 1), (2,)),
        ((1,), (1,)),
        ((), ()),
    ],
)
def test_binary_operations_with_broadcasting(
    operation: Expression, left: tuple[int, ...], right: tuple[int, ...]
) -> None:
    a, b = numbers(*left), numbers(*right, seed=1)
    np.testing.assert_array_equal(operation(Node(a), Node(b)).value, operation(a, b))
    assert_gradients(lambda x, y: operation(x, y) ** 2, a, b)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((2, 3), (3, 4)),
        ((3,), (3, 4)),
        ((2, 3), (3,)),
        ((3,), (3,)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((5, 1, 2, 3), (6, 3, 4)),
        ((3,), (5, 3, 4)),
        ((5, 2, 3), (3,)),
    ],
)
def test_matrix_product(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    a, b = numbers(*left), numbers(*right, seed=1)
    np.testing.assert_array_equal((Node(a) @ Node(b)).value, a @ b)
    assert_gradients(lambda x, y: (x @ y) ** 2, a, b)


@pytest.mark.parametrize(
    ("expression", "by_numpy"),
    [
        (lambda x: -x, np.negative),
        (lambda x: x**3, lambda x: x**3),
        (lambda x: x**-1.5, lambda x: x**-1.5),
        (lambda x: x**0, np.ones_like),
        (lambda x: x.exp(), np.exp),
        (lambda x: x.log(), np.log),
        (lambda x: (x - 0.9).relu(), lambda x: np.maximum(x - 0.9, 0)),
        (lambda x: x.sum(), np.sum),
        (lambda x: x.sum(axis=1) ** 2, lambda x: np.sum(x, axis=1) ** 2),
        (lambda x: x.sum((0, 2), keepdims=True) ** 2, lambda x: x.sum((0, 2), keepdims=True) ** 2),
        (lambda x: x.mean(axis=-1) ** 2, lambda x: np.mean(x, axis=-1) ** 2),
        (lambda x: x.mean() ** 2, lambda x: np.mean(x) ** 2),
        (lambda x: 2 - x, lambda x: 2 - x),
        (lambda x: 2 / x, lambda x: 2 / x),
    ],
)
def test_operations_on_one_node(expression: Expression, by_numpy: Callable) -> None:
    x = numbers(2, 3, 4)
    np.testing.assert_allclose(expression(Node(x)).value, by_numpy(x), rtol=1e-15)
    assert_gradients(lambda node: expression(node) ** 2 + expression(node), x)


def test_gradients_where_the_slope_jumps_or_the_power_is_zero() -> None:
    x = Node([-1.0, 0.0, 2.0])
    (x.relu() + x**0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 1])


@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_an_array_on_the_left_gives_one_node(operation: Expression) -> None:
    array, node = numbers(2, 3), Node(numbers(3, seed=1))
    result = operation(array, node)
    assert isinstance(result, Node)
    np.testing.assert_array_equal(result.value, operation(array, node.value))
    assert_gradients(lambda x: operation(array, x), node.value)


def test_a_matrix_on_the_left() -> None:
    matrix = numbers(2, 3)
    assert_gradients(lambda x: matrix @ x, numbers(3, seed=1))


def test_the_course_example() -> None:
    """The squared length of W x has the gradients 2 (W x) x^T and 2 W^T (W x)."""
    W, x = numbers(4, 3, low=-1), numbers(3, low=-1, seed=1)
    nodes = Node(W), Node(x)
    ((nodes[0] @ nodes[1]) ** 2).sum().backward()
    np.testing.assert_allclose(nodes[0].grad, 2 * np.outer(W @ x, x))
    np.testing.assert_allclose(nodes[1].grad, 2 * W.T @ (W @ x))


def test_a_node_used_twice_gets_both_gradients() -> None:
    a = Node(3.0)
    b = a + a
    (b * b + b).backward()
    assert b.children == (a, a)
    assert a.grad == 2 * (2 * 6 + 1)


def test_calls_add_up_without_counting_anything_twice() -> None:
    a = Node([1.0, 2.0])
    square = a * a
    loss = square.sum()
    loss.backward()
    loss.backward()
    np.testing.assert_array_equal(a.grad, [4, 8])
    np.testing.assert_array_equal(square.grad, [2, 2])
    loss.zero_grad()
    loss.backward()
    np.testing.assert_array_equal(a.grad, [2, 4])


def test_a_long_chain_and_a_doubling_graph() -> None:
    chain = leaf = Node(1.0)
    for _ in range(5000):
        chain = chain * 1.0
    chain.backward()
    assert leaf.grad == 1
    doubled = leaf = Node(1.0)
    for _ in range(60):  # 2**60 paths: each node must be visited once
        doubled = doubled + doubled
    doubled.backward()
    assert leaf.grad == 2.0**60


def test_upstream_gradient() -> None:
    a = Node(numbers(2, 3))
    with pytest.raises(ValueError, match=r"shape \(2, 3\).*upstream"):
        (a * 2).backward()
    with pytest.raises(ValueError, match=r"upstream has shape \(3,\).*\(2, 3\)"):
        (a * 2).backward([1, 2, 3])
    upstream = numbers(2, 3, low=-1, seed=1)
    (a * 2).backward(upstream)
    np.testing.assert_array_equal(a.grad, 2 * upstream)


def test_values_are_copied_and_keep_their_dtype() -> None:
    given = np.ones(3, np.float32)
    node = Node(given, name="x")
    result = 2 * (node + 0.5).exp() / 3
    result.sum().backward()
    assert result.value.dtype == node.grad.dtype == np.float32
    node.value -= node.grad
    assert given.tolist() == [1, 1, 1]
    assert Node([1, 2]).value.dtype == np.float64


def test_what_a_drawing_needs() -> None:
    a, b = Node(1.0, name="a"), Node([2.0])
    result = a * b
    assert (result.operation, result.children) == ("*", (a, b))
    assert (a.operation, a.children, a.name) == ("", (), "a")
    assert repr(a) == "Node(1., name='a')"
    assert repr(result) == "Node([2.], operation='*')"
    made = [a + b, a - b, a / b, b @ b, a**2, -a, b.sum(), a.relu(), a.exp(), a.log()]
    names = ["+", "-", "/", "@", "** 2", "neg", "sum", "relu", "exp", "log"]
    assert [node.operation for node in made] == names


def test_what_is_refused() -> None:
    a = Node(2.0)
    with pytest.raises(TypeError, match="exponent must be a number, not a Node"):
        a**a
    with pytest.raises(TypeError, match="real numbers"):
        Node(["a"])
    with pytest.raises(TypeError, match="real numbers"):
        a + 1j
    with pytest.raises(ValueError, match=r"broadcast|shapes"):
        Node([1.0, 2.0]) + Node([1.0, 2.0, 3.0])


# None of these grows fast, so that central differences stay accurate after many steps.
UNARY: list[Expression] = [
    operator.neg,
    lambda x: (-(x * x)).exp(),
    lambda x: (x * x + 1).log(),
    lambda x: (x**2 + 1) ** -0.5,
    lambda x: x.mean(axis=0, keepdims=True),
    lambda x: x.sum(axis=-1, keepdims=True),
]
BINARY: list[Expression] = [
    operator.add,
    operator.sub,
    lambda x, y: x * (-(y * y)).exp(),
    lambda x, y: x / (y * y + 1),
]


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(UNARY + BINARY), st.integers(0, 8), st.integers(0, 8)),
        min_size=1,
        max_size=6,
    ),
    seed=st.integers(0, 2**32 - 1),
)
def test_random_expressions(steps: list[tuple[Expression, int, int]], seed: int) -> None:
    """Each step takes its operands from all that stands there already, so nodes are shared."""
    generator = np.random.default_rng(seed)

    def expression(*leaves: Node) -> Node:
        made = list(leaves)
        for function, first, second in steps:
            a, b = made[first % len(made)], made[second % len(made)]
            made.append(function(a) if function in UNARY else function(a, b))
        return made[-1]

    assert_gradients(
        expression, *(generator.uniform(-1, 1, shape) for shape in [(2, 3), (3,), (2, 1)])
    )
