"""Whatever a notebook does before and after a question, what can wait is answered as it stood."""

import sys
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox.inside.binding import Binding

MADE = "made_by_a_notebook"
PLACES = ("{}", "lib.{}", "own.{}", "own.part.{}", "names['{}']")
NAMES = ("a", "b", "g", "h")
VALUES = (
    "1",
    "2",
    "(3, 4)",
    "[5]",
    "np.ones(2)",
    "lambda x: x + 1",
    "lambda x: a",
    "lambda x: own.a",
    "lambda x: lib.a",
    "lambda x, k=[6]: k",
    "lambda x: g(x)",
    "lambda x: b.append(x) or b",
    "lambda m: m.a",
    "lambda m: [m.b, getattr(m, 'part', m).g(1)]",
    "(lib, own)",
    "own",
    "own.part",
    "lib",
    "type('A', (), {'k': 1})",
    "[].append",
    "np.sum",
)
CALLS = ("g(lib)", "h(own)", "g(own.part)", "a[0].b", "len", "np.pi")
EXPRESSIONS = (*(place.format(name) for place in PLACES[:4] for name in NAMES), *CALLS)
PREPARE = """
import sys, colorsys as lib
import numpy as np
from types import ModuleType
own = sys.modules["made_by_a_notebook"] = ModuleType("made_by_a_notebook")
own.part = ModuleType("part")
names = {}
"""

target = st.builds(str.format, st.sampled_from(PLACES), st.sampled_from(NAMES))
assignment = st.builds("{} = {}".format, target, st.sampled_from(VALUES))
execution = st.builds(
    "exec('def {}(x): return {}', {})".format,
    st.sampled_from(NAMES),
    st.sampled_from(EXPRESSIONS),
    st.sampled_from(["globals()", "vars(own)", "vars(own.part)", "names"]),
)
change = st.builds(
    str.format,
    st.sampled_from(
        [
            "{}.append(9)",
            "{}[0] = 9",
            "{}.k = 9",
            "{}.__defaults__ = (9,)",
            "del {}",
            "{}.__code__ = (lambda x: 9).__code__",
            "{}(1)",
        ]
    ),
    target,
)
copy = st.builds("{} = {}".format, st.sampled_from(NAMES), st.sampled_from(EXPRESSIONS))
notebook = st.lists(st.one_of(assignment, assignment, execution, copy, change), max_size=8)
body = st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=3)


def run(cells, namespace):
    for cell in cells:
        try:
            exec(cell, namespace)
        except Exception:
            continue


def answers(function):
    """What a function gives, and what the things that it gives hold: as a text."""
    try:
        return repr([plain(value) for value in function(1)])
    except Exception as error:
        return type(error).__name__


def plain(value):
    if callable(value):
        try:
            return repr(value(2))
        except Exception as error:
            return type(error).__name__
    return type(value).__name__ if isinstance(value, ModuleType | type) else repr(value)


@pytest.fixture(autouse=True)
def nothing_stays():
    import colorsys

    before = dict(vars(colorsys))
    yield
    vars(colorsys).clear()
    vars(colorsys).update(before)
    sys.modules.pop(MADE, None)


@settings(max_examples=400, deadline=None)
@given(before=notebook, reads=body, after=notebook)
def test_what_can_wait_is_answered_as_it_stood(before, reads, after):
    main = ModuleType("__main__")
    namespace, there = vars(main), sys.modules["__main__"]
    sys.modules["__main__"] = main
    try:
        run([PREPARE, *before, f"def f(x): return ({', '.join(reads)},)"], namespace)
        binding = Binding.of(namespace, "f")
        if binding is None:
            return
        asked = answers(binding.function)
        run(after, namespace)
        assert answers(binding.lay_out()) == asked
    finally:
        sys.modules["__main__"] = there
        for name in NAMES:
            vars(sys.modules["colorsys"]).pop(name, None)
