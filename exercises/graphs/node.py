"""``class Node``: an array that knows where it comes from, and can differentiate.

``Node(value)`` makes a leaf of a number or an array, of whole numbers or of fractions; `value` is
then an array of floats. ``a + b``, ``a - b`` and ``a * b`` work entry by entry: both have one
shape, or one of the two is a single number (shape ()). ``a @ b`` takes a matrix of shape (m, k),
and a matrix of shape (k, n) or a vector of shape (k,). ``a.sum()`` adds all entries up and has
the shape (). Both operands are always Nodes, and every operation returns a new one.

``f.backward()`` is called once on a graph, on a node that holds one number. Then `grad` of every
leaf is the gradient of f with respect to it, an array of the shape of its `value`. A node may be
used any number of times, also twice by one operation. Each passes its gradient on once: in a chain
of results that are used twice, `backward` does not walk every way on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import convkit
from autograder.authoring import Case, Exercise, RubricLine, generic, program, whole_numbers

from . import node_engines as right
from . import node_matrix_rules as matrix_rules
from . import node_rules as rules
from . import node_walks as walks
from . import node_ways as ways
from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("values", 1, "the values of all operations"),
    RubricLine("plus_minus", 1, "gradients through plus and minus"),
    RubricLine("times", 1, "gradients through products of numbers"),
    RubricLine("sum", 1, "gradients through a sum over an array"),
    RubricLine("matrix_vector", 1, "gradients through a matrix times a vector"),
    RubricLine("matrix_matrix", 1, "gradients through a matrix times a matrix"),
    RubricLine("reuse", 2, "a leaf that is used more than once"),
    RubricLine("order", 1, "intermediate results that are used more than once"),
    RubricLine("ways", 1, "a long chain of results that are used twice"),
    RubricLine("number", 1, "a single number together with an array"),
)

FORMULAS: dict[str, list[tuple[Any, ...]]] = {
    "values": [
        ("f = a + b", (2, 3), (2, 3)),
        ("f = a - b", (3,), (3,)),
        ("f = a * b", (2, 3), (2, 3)),
        ("f = a @ b", (2, 3), (3, 4)),
        ("f = a @ b", (4, 3), (3,)),
        ("f = a.sum()", (3, 2)),
    ],
    "plus_minus": [
        ("f = a + b", (), ()),
        ("f = a - b", (), ()),
        ("s = a + b; f = c - s", (), (), ()),
    ],
    "times": [("f = a * b", (), ()), ("s = a * b; f = c * s", (), (), ())],
    "sum": [
        ("f = a.sum()", (2, 3)),
        ("s = a * b; f = s.sum()", (3,), (3,)),
        ("s = a - b; f = s.sum()", (2, 4), (2, 4)),
        ("s = a.sum(); f = s * b", (4,), ()),
    ],
    "matrix_vector": [
        ("s = a @ b; t = s * c; f = t.sum()", (4, 3), (3,), (4,)),
        ("s = a @ b; t = s * c; f = t.sum()", (3, 3), (3,), (3,)),
        ("s = a @ b; t = s.sum(); f = t + c", (2, 4), (4,), ()),
    ],
    "matrix_matrix": [
        ("s = a @ b; t = s * c; f = t.sum()", (2, 3), (3, 4), (2, 4)),
        ("s = a @ b; t = s * c; f = t.sum()", (3, 3), (3, 3), (3, 3)),
        ("s = a @ b; t = s @ c; f = t.sum()", (2, 3), (3, 4), (4, 2)),
        ("s = a @ b; t = s.sum(); f = t + c", (2, 3), (3, 2), ()),
    ],
    "reuse": [
        ("f = a + a", ()),
        ("f = a * a", ()),
        ("s = a * b; f = s - a", (), ()),
        ("s = a * c; u = a + b; f = s + u", (), (), ()),
    ],
    "order": [
        ("u = a * a; v = u + a; f = u * v", ()),
        ("u = a * b; v = b + u; f = v * u", (), ()),
        ("u = a * b; v = u * c; w = v - u; f = u * w", (), (), ()),
        ("u = a * b; v = u * u; f = v * b", (), ()),
    ],
    "number": [
        ("s = a * b; f = s.sum()", (), (2, 3)),
        ("s = a - b; f = s.sum()", (3,), ()),
        ("s = a + b; t = s * c; f = t.sum()", (), (2, 3), (2, 3)),
        ("s = a * b; t = s.sum(); f = t + c", (), (2, 3), ()),
    ],
}
"""What is computed from the leaves a, b, c, and their shapes; a group of the rubric each."""

CHAIN = "f = a * c\nfor step in range(12):\n    f = (f + f) * b"
"""Two to the power of 12 ways lead from f to a. With b near a half, f stays of its size."""

ENOUGH = 3000
"""So often may an attribute of a node be set in `backward` on that chain of 25 operations."""


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Formulas over leaves a, b, c, in this order, with their hidden numbers."""
    mixed = (whole_numbers(rng, 3), generic(rng, 3))
    yield Case("values", mixed, {"formula": "f = a * b", "backward": False})
    for group, formulas in FORMULAS.items():
        options = {"backward": False} if group == "values" else {}
        for formula, *shapes in formulas:
            leaves = tuple(never_one(rng, *shape) for shape in shapes)
            yield Case(group, leaves, {"formula": formula, **options})
    near_a_half = np.asarray(rng.choice([30, 31, 33, 34]) / 64)
    leaves = (never_one(rng), near_a_half, never_one(rng))
    yield Case("ways", leaves, {"formula": CHAIN, "at_most": ENOUGH})


def never_one(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Numbers by which no product is what it would be without them."""
    numbers = np.asarray(generic(rng, *shape))
    return np.where(np.abs(numbers) == 1, numbers * 65 / 64, numbers)


PAIR = ("a = Node([[1, 2, 3], [4, 5, 6]])", "b = Node([[0.5, 1, -1], [2, 0, 3]])")
MATRIX, VECTOR = "a = Node([[1, 2], [3, 4], [5, 6]])", "b = Node([10, -1])"
NUMBERS = ("a = Node(2.0)", "b = Node(5.0)")

EXAMPLES = (
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
)


def use(Node, *leaves, formula, backward=True, at_most=0):
    """The value of `f`, and the gradients of its leaves, or that they took too many steps."""
    names = "abc"[: len(leaves)]
    scope = {name: Node(leaf) for name, leaf in zip(names, leaves, strict=True)}
    exec(formula, scope)
    if not backward:
        return scope["f"].value
    if not at_most:
        scope["f"].backward()
        return (scope["f"].value, *(scope[name].grad for name in names))

    class TooManySteps(Exception):
        pass

    steps = 0
    set_attribute = Node.__setattr__

    def counted(node, name, value):
        nonlocal steps
        steps += 1
        if steps > at_most:
            raise TooManySteps
        set_attribute(node, name, value)

    Node.__setattr__ = counted
    try:
        scope["f"].backward()
    except TooManySteps:
        return f"backward has set attributes of nodes more than {at_most} times"
    finally:
        Node.__setattr__ = set_attribute
    return (scope["f"].value, *(scope[name].grad for name in names))


# Any: mypy takes a decorated class for the class that it was.
WHEATS: tuple[Any, ...] = (
    right.FunctionsOfTheUpstream,
    right.ClosuresThatAdd,
    right.TapeOfAllOperations,
    right.WaitsForAllItsUsers,
    right.OldestLast,
)

MISCONCEPTIONS: tuple[Any, ...] = (
    walks.OperandsInADictionary,
    walks.GradientsAssigned,
    walks.GradientsShareOneArray,
    ways.FollowsEveryPath,
    ways.PassesOnWhatHasArrivedSoFar,
    ways.NodesListedAgainAndAgain,
    walks.VisitsANodeWhenItIsMet,
    walks.OnlyTheLastOperation,
    walks.NothingArrivesAtTheResult,
    rules.MinusKeepsTheSign,
    rules.ProductByItsOwnValue,
    rules.ProductWithoutUpstream,
    matrix_rules.MatrixNotTransposed,
    matrix_rules.MatrixFactorsExchanged,
    matrix_rules.VectorTakenForAMatrix,
    rules.SumNotSpread,
    rules.SumAlongTheFirstAxis,
    rules.NumberNotSummed,
)

EXERCISE = Exercise(
    name="Node",
    kind="class",
    oracle=convkit.Node,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    use=use,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=WHEATS,
    misconceptions=MISCONCEPTIONS,
    covers=("a small engine",),
)
