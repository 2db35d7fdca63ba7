"""The case that is shown: what was asked as code, what was answered, and what may be told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.authoring.answer_key import answer_key
from autograder.authoring.exercise import Case, Exercise, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.pasteable import MOST_ENTRIES, MOST_PACKED_BYTES, pasteable
from autograder.judging.shown import shown
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode

SECRET = b"a secret of this test"


def scale(x, by=2, *, shift=None):
    return x * by if shift is None else x * by + shift


def cases(rng):
    yield Case("drawn", (rng.uniform(1, 2, (2, 3)),), {"by": 3})
    yield Case("fixed", (np.arange(4),))


SCALE = Exercise(
    "scale",
    oracle=scale,
    cases=cases,
    rubric=(RubricLine("drawn", 1, "scales"), RubricLine("fixed", 1, "scales")),
)


def keyed(exercise, draw="1" * 32):
    return answer_key(SECRET, "99_example", exercise, draw)


def showing(answer, index=0, varies=True, exercise=SCALE):
    question = QuestionResult("test-scale", Outcome.OK, answers=(answer,))
    return shown(exercise, keyed(exercise), question, index, varies)


def valued(value, call="call-0"):
    return Answer(call, encode(value))


def test_the_case_the_answer_and_the_right_one_are_shown():
    key = keyed(SCALE)
    seen = showing(valued(key.right[0] + 1))
    assert np.array_equal(seen.case.args[0], key.cases[0].args[0])
    assert np.array_equal(seen.given.value, key.right[0] + 1)
    assert np.array_equal(seen.right, key.right[0])
    assert seen.has_right
    assert (seen.difference.stage, seen.difference.wrong) == ("values", 6)
    assert seen.call.endswith("scale(x, by=3)")


def test_an_exception_comes_with_its_message_and_line():
    seen = showing(Answer("call-0", raised="ValueError", line=3, message="no room"))
    assert (seen.given.kind, seen.given.raised) == ("raised", "ValueError")
    assert (seen.given.message, seen.given.line) == ("no room", 3)
    assert (seen.has_right, seen.difference) == (True, None)
    assert showing(Answer("call-0", raised="Odd")).given.raised == "an exception"
    assert showing(valued(1, "call-1")).given.kind == "missing"


@pytest.mark.parametrize(
    ("exercise", "varies"),
    [
        (SCALE, False),
        (replace(SCALE, kind="value", cases=lambda rng: [Case("drawn")], oracle=lambda: 3), True),
        (replace(SCALE, cases=lambda rng: [Case("drawn", (1,), right=2)]), True),
    ],
    ids=["the same in every draw", "a value", "a label"],
)
def test_the_right_answer_is_kept_where_it_would_be_worth_something(exercise, varies):
    call = "value" if exercise.kind == "value" else "call-0"
    seen = showing(valued(-1, call), varies=varies, exercise=exercise)
    assert (seen.given.value, seen.right, seen.has_right) == (-1, None, False)
    assert bool(seen.call) == (exercise is SCALE)
    assert seen.difference is None


def test_beside_a_checker_no_entry_is_called_wrong():
    accepting = replace(SCALE, accepts=lambda answer, case: False)
    seen = showing(valued(0), exercise=accepting)
    assert (seen.has_right, seen.difference) == (True, None)


def pasted(exercise, case):
    """What the call gets when its lines are pasted."""
    found = {}

    def called(*args, **kwargs):
        found.update(args=args, kwargs=kwargs)

    exec(pasteable(exercise, case), {"np": np, exercise.name: called})
    return found["args"], found["kwargs"]


ON_THE_GRID = st.integers(-(2**16), 2**16).map(lambda number: number / 64)
ARRAYS = st.one_of(
    npst.arrays(np.float64, npst.array_shapes(max_dims=4, max_side=5), elements=ON_THE_GRID),
    npst.arrays(np.float32, npst.array_shapes(max_dims=2, max_side=5), elements=st.just(0.015625)),
    npst.arrays(st.sampled_from([np.uint8, np.int64, np.int32, np.bool_]), st.just((2, 3))),
    npst.arrays(np.float64, st.sampled_from([(0, 3), ()]), elements=ON_THE_GRID),
    st.just(np.array([np.nan, np.inf, -np.inf, 1 + 2j])),
    st.just(np.array([1.0, np.nan, -0.0])),
)
VALUES = st.recursive(
    ARRAYS | ON_THE_GRID | st.integers() | st.none() | st.booleans() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple),
    max_leaves=4,
)


def assert_same(pasted_, meant):
    assert type(pasted_) is type(meant)
    if isinstance(meant, np.ndarray):
        assert pasted_.dtype == meant.dtype
        np.testing.assert_array_equal(pasted_, meant)
    elif isinstance(meant, tuple | list):
        assert len(pasted_) == len(meant)
        for one, other in zip(pasted_, meant, strict=True):
            assert_same(one, other)
    else:
        assert pasted_ == meant


@given(st.lists(VALUES, max_size=4), VALUES)
@settings(max_examples=100, deadline=None)
def test_what_is_pasted_is_what_was_asked(args, option):
    found, options = pasted(SCALE, Case("any", tuple(args), {"option": option}))
    assert_same(found, tuple(args))
    assert_same(options["option"], option)


def test_numbers_have_six_digits():
    code = pasteable(SCALE, Case("any", (np.array([np.pi, 1e-9, 123456789.1234567, 5]), 1 / 3)))
    assert code == "x = np.array([3.14159, 1e-09, 1.23457e+08, 5.0])\nscale(x, 0.333333)"


def test_a_large_array_is_packed_into_the_lines():
    large = np.arange(float(MOST_ENTRIES + 1))
    case = Case("any", (large, [np.arange(MOST_ENTRIES), large.astype(np.uint8)]))
    found, _ = pasted(SCALE, case)
    assert_same(found, case.args)
    code = pasteable(SCALE, case)
    assert code.endswith("scale(x, by)")
    assert code.count("unpacked(") == 3
    assert len(code) < 1500


def test_an_array_that_is_too_large_is_left_out():
    huge = np.zeros(MOST_PACKED_BYTES // 8 + 1)
    code = pasteable(SCALE, Case("any", (huge,)))
    assert code.startswith(f"x = ...  # an array of shape {huge.shape}")
    assert "unpacked" not in code


def doubled(answer, x, times=1):
    thing = answer(x)
    return times * thing


def test_what_is_put_to_use_brings_the_lines_that_use_it():
    exercise = replace(SCALE, name="Thing", kind="class", use=doubled)
    code = pasteable(exercise, Case("any", (np.float32(2),), {"times": 3}))
    assert code.endswith("    return times * thing\n\ndoubled(Thing, np.float32(2.0), times=3)")
    scope = {"np": np, "Thing": lambda x: x + 1}
    exec(code, scope)
    assert scope["doubled"](scope["Thing"], 2.0, times=3) == 9


def added(answer, *leaves, times=1):
    return times * sum(map(answer, leaves))


def test_arguments_without_names_are_called_by_what_takes_them():
    exercise = replace(SCALE, name="Thing", kind="class", use=added)
    case = Case("any", (np.arange(2), np.array([3, 4])), {"times": 3})
    code = pasteable(exercise, case)
    assert code.endswith(
        "leaves_1 = np.array([0, 1])\n"
        "leaves_2 = np.array([3, 4])\n"
        "added(Thing, leaves_1, leaves_2, times=3)"
    )
