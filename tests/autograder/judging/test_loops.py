"""Loops are found however they are written, and honest code is left alone."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.exercise import LoopRule
from autograder.authoring.loop_probes import GROWTH, probes
from autograder.judging.code.definitions import Definitions, Standing
from autograder.judging.rules.loops import Loop, broken, deepest_nesting, looped_over
from autograder.judging.rules.loops import written_loops as written
from autograder.sandbox.inside.effort import growth

RULE = LoopRule(
    at_most=1,
    dimensions=("test images", "training images", "features"),
    probe=lambda rng, tests, trains, features: (
        rng.normal(size=(tests, features)),
        rng.normal(size=(trains, features)),
    ),
    sizes=(5, 6, 7),
)
TESTS, TRAINS, FEATURES = RULE.dimensions


def loops_of(source):
    """What `f` loops over, as it is measured."""
    names = {"np": np, "functools": functools}
    exec(source, names)
    smallest, *larger = probes(RULE)
    return looped_over(RULE, growth(names["f"], smallest, larger))


MEASURED = {
    "two for loops": (
        "def f(a, b):\n"
        "    d = np.zeros((len(a), len(b)))\n"
        "    for i in range(len(a)):\n"
        "        for j in range(len(b)):\n"
        "            d[i, j] = np.abs(a[i] - b[j]).sum()\n",
        (TESTS, TRAINS),
    ),
    "one loop with the other hidden in a comprehension": (
        "def f(a, b):\n    return np.array([[np.abs(x - y).sum() for y in b] for x in a])",
        (TESTS, TRAINS),
    ),
    "loops one after the other": (
        "def f(a, b):\n    for x in a: x.sum()\n    for y in b: y.sum()",
        (TESTS, TRAINS),
    ),
    "one loop over all pairs": (
        "def f(a, b):\n    for i, j in np.ndindex(len(a), len(b)): a[i] - b[j]",
        (TESTS, TRAINS),
    ),
    "np.vectorize": (
        "def f(a, b):\n"
        "    distance = np.vectorize(lambda i, j: np.abs(a[i] - b[j]).sum())\n"
        "    return distance(*np.indices((len(a), len(b))))",
        (TESTS, TRAINS),
    ),
    "apply_along_axis": (
        "def f(a, b):\n    return np.apply_along_axis(lambda x: np.abs(x - b).sum(axis=1), 1, a)",
        (TESTS,),
    ),
    "map with a lambda": (
        "def f(a, b):\n    return np.array(list(map(lambda x: np.abs(x - b).sum(axis=1), a)))",
        (TESTS,),
    ),
    "map with a compiled function": (
        "def f(a, b):\n    return np.array(list(map(functools.partial(np.subtract, b), a)))",
        (TESTS,),
    ),
    "Python's own sum over features": (
        "def f(a, b):\n    return sum(abs(a.T[:, :, None] - b.T[:, None]))",
        (FEATURES,),
    ),
    "recursion": (
        "def f(a, b):\n"
        "    first = np.abs(a[:1] - b).sum(axis=1)\n"
        "    return [first] if len(a) == 1 else [first, *f(a[1:], b)]",
        (TESTS,),
    ),
    "a while loop": (
        "def f(a, b):\n    i = 0\n    while i < len(a): np.abs(a[i] - b).sum(axis=1); i += 1",
        (TESTS,),
    ),
    "enumerate and a helper": (
        "def row(x, b):\n    return np.abs(x - b).sum(axis=1)\n"
        "def f(a, b):\n"
        "    d = np.zeros((len(a), len(b)))\n"
        "    for i, x in enumerate(a): d[i] = row(x, b)",
        (TESTS,),
    ),
    "broadcasting": ("def f(a, b):\n    return np.abs(a[:, None] - b).sum(axis=2)", ()),
    "broadcasting in chunks": (
        "def f(a, b):\n"
        "    d = np.zeros((len(a), len(b)))\n"
        "    for i in range(0, len(a), 4):\n"
        "        d[i:i + 4] = np.abs(a[i:i + 4, None] - b).sum(axis=2)",
        (),
    ),
    "a loop over something else": (
        "def f(a, b):\n    return [np.abs(a[:, None] - b).sum(axis=2) for _ in range(3)]",
        (),
    ),
}


@pytest.mark.parametrize("case", MEASURED)
def test_loops_are_measured(case):
    source, expected = MEASURED[case]
    assert loops_of(source) == expected


def test_probes_grow_one_dimension_at_a_time():
    shapes = [(a.shape, b.shape) for a, b in probes(RULE)]
    assert shapes == [
        ((5, 7), (6, 7)),
        ((5 + GROWTH, 7), (6, 7)),
        ((5, 7), (6 + GROWTH, 7)),
        ((5, 7 + GROWTH), (6, 7 + GROWTH)),
    ]
    assert probes(None) == ()


NESTED = "def f(a, b):\n    for x in a:\n        d = [x - y for y in b]"


def test_what_is_measured_decides_and_what_is_written_names_the_lines():
    assert broken(RULE, [GROWTH, 0, 0], [NESTED], "f") == ""
    assert broken(RULE, [GROWTH, GROWTH, 0], [NESTED], "f") == (
        "loops over the test images and the training images "
        "(a for loop in line 2; a comprehension in line 3); one such loop at most is allowed here"
    )


def test_where_nothing_was_measured_what_is_written_decides():
    assert broken(RULE, None, [NESTED], "f") == (
        "has two loops inside one another "
        "(a for loop in line 2; a comprehension in line 3); one such loop at most is allowed here"
    )
    assert broken(replace(RULE, others=1), None, [NESTED], "f") == ""
    assert broken(RULE, None, ["def f(a, b):\n    for x in a: x - b"], "f") == ""


def test_only_loops_that_the_answer_reaches_are_read():
    cells = [
        "def g(x):\n    while x: x -= 1",
        "def unused(x):\n    for y in x: pass",
        "def f(x):\n    return g(x)",
    ]
    assert written(cells, "f") == (Loop("while loop", 2),)
    assert deepest_nesting(cells, "f") == 1
    assert deepest_nesting(["def f(a):\n    return [x for y in a for x in y]"], "f") == 2


def test_loops_of_what_is_no_more_in_effect_are_not_read():
    looping = "def f(a, b):\n    for x in a:\n        for y in b: pass"
    own = "def f(a, b):\n    return a - b"
    assert (written([looping, own], "f"), deepest_nesting([looping, own], "f")) == ((), 0)
    notebook = Definitions([own, looping])
    asked_between = Standing(lambda: notebook, 1)
    assert broken(RULE, None, asked_between, "f") == ""
    assert broken(RULE, None, Standing(lambda: notebook, 2), "f") != ""


def test_loops_of_what_only_may_be_in_effect_cost_nothing():
    cells = ["def f(a, b):\n    return a", "if 1:\n" + " " + NESTED.replace("\n", "\n ")]
    assert broken(RULE, None, cells, "f") == ""
    assert broken(RULE, None, cells[1:], "f") != ""


def test_loops_nested_deeply_are_counted():
    loops = "".join(" " * depth + "for x in x:\n" for depth in range(1, 20))
    assert deepest_nesting([f"def f(x):\n{loops}{' ' * 20}pass"], "f") == 19
    assert deepest_nesting(["def f(x):\n    return " + " + ".join(["1"] * 1500)], "f") == 0
