"""Facts about wrong answers: each holds by computation, and none is told where it may be chance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.authoring.exercise import Case, Exercise, RubricLine
from autograder.judging.attempt import Attempt, Given
from autograder.judging.relations.facts import RELATIONS, fact
from autograder.judging.relations.pair import Pair
from autograder.sandbox.protocol.values import DecodeError, decode, encode


def layer(x, b=None, stride=1):
    return x


def cases(rng):
    return [Case("any", (rng.random(3),)) for _ in range(4)]


def same_cases(rng):
    return [*cases(rng)[:3], Case("any", (np.arange(3.0),))]


LAYER = Exercise("layer", oracle=layer, cases=cases, rubric=(RubricLine("any", 1, "any"),))


def attempt(answer, right, *args, index=0, case=None, **kwargs):
    case = case or Case("any", args or (np.arange(9.0),), kwargs)
    return Attempt(index, case, right, Given("value", answer), "wrong")


def said(answer, right, *args, exercise=LAYER, **kwargs):
    return fact(exercise, [attempt(answer, right, *args, **kwargs)])


def drawn(*shape, seed=1):
    """Numbers on a grid, all of them different, none of them zero."""
    size = int(np.prod(shape))
    return (np.random.default_rng(seed).permutation(4 * size)[:size] / 16 - 61 / 32).reshape(shape)


WIDE, TALL, BATCH = drawn(3, 5), drawn(5, 3), drawn(3, 4, 5, 3)
LARGE = 40 * np.abs(drawn(4, 5))
BIAS = drawn(5, seed=2)
WHOLE = np.array([3.0, 300, 511, 70, 1000, 258])


def changed(array, place, by=1.0):
    array = array.copy()
    array[place] += by
    return array


def moved(array, step, axis):
    array = np.roll(array, step, axis)
    edge = [slice(None)] * array.ndim
    edge[axis] = slice(0, step) if step > 0 else slice(step, None)
    array[tuple(edge)] = 7
    return array


HOLDS = [
    (WIDE.T, WIDE, "is the right one transposed."),
    (BATCH.transpose(0, 2, 1, 3), BATCH, "with its axes in the order (0, 2, 1, 3)."),
    (WIDE[None], WIDE, "only axes of length 1 are too many or too few."),
    (WIDE.reshape(5, 3), WIDE, "right and in the right order; only the shape is not."),
    (WIDE[:, :, None], WIDE, "only axes of length 1"),
    (WIDE + 0j, WIDE, "it should not be complex."),
    (-WIDE, WIDE, "has the wrong sign everywhere"),
    (2 * WIDE, WIDE, "is exactly twice the right one."),
    (WIDE / 2, WIDE, "is exactly half of the right one."),
    (255 * WIDE, WIDE, "is exactly 255 times the right one."),
    (WIDE / 255, WIDE, "is exactly the right one divided by 255."),
    (7 * WIDE, WIDE, "is exactly 7 times the right one."),
    (WIDE / -7, WIDE, "is exactly the right one over -7."),
    (WIDE + 1, WIDE, "is 1 too large everywhere."),
    (WIDE - 2.5, WIDE, "is 2.5 too small everywhere."),
    (np.trunc(LARGE), LARGE, "cut to whole numbers."),
    (np.floor(20 * WIDE), 20 * WIDE, "rounded down to whole numbers."),
    (np.round(LARGE), LARGE, "rounded to whole numbers."),
    (np.ceil(LARGE), LARGE, "rounded up to whole numbers."),
    (WHOLE.astype(int).astype(np.uint8), WHOLE, "modulo 256"),
    (np.abs(WIDE), WIDE, "is the absolute value of the right one."),
    (np.maximum(WIDE, 0), WIDE, "right but for the negative numbers, which are 0."),
    (np.where(WIDE > -1, WIDE, -WIDE), WIDE, "right but for the sign of some numbers."),
    (WIDE, np.abs(WIDE), "The absolute value of your answer is right"),
    (WIDE**2, WIDE, "is the square of the right one."),
    (np.sqrt(LARGE), LARGE, "is the square root of the right one."),
    (1 / WIDE, WIDE, "is 1 over the right one."),
    (np.log(LARGE), LARGE, "is the logarithm of the right one."),
    (np.exp(WIDE), WIDE, "is the exponential of the right one."),
    (BIAS[::-1], BIAS, "is the right one back to front."),
    (WIDE[:, ::-1], WIDE, "flipped along axis 1."),
    (WIDE[::-1, ::-1], WIDE, "flipped along axes 0 and 1."),
    (WIDE, WIDE[::2, ::2], "Every 2nd entry of yours along axes 0 and 1 makes the right answer."),
    (LARGE, LARGE[:, ::3], "Every 3rd entry of yours along axis 1"),
    (np.pad(WIDE, 1), WIDE, "stands within yours, which goes on beyond its edges."),
    (WIDE[1:, :-1], WIDE, "is the right one without some of its edges."),
    (np.zeros((3, 5)), WIDE, "Every entry of your answer is 0."),
    (np.ones((3, 5)), WIDE, "Every entry of your answer is the same number."),
    (changed(WIDE, -1), WIDE, "right but the last row."),
    (changed(WIDE, (slice(None), 0)), WIDE, "right but the first column."),
    (changed(BATCH, (slice(None), slice(None), -1)), BATCH, "right but the last along axis 2."),
    (changed(BATCH, slice(1, None)), BATCH, "Of all along axis 0, only the first is right."),
    (changed(BATCH, (..., slice(None, -1))), BATCH, "Of all along axis 3, only the last is"),
    (np.pad(LARGE[1:-1, 1:-1], 1), LARGE, "right but the border."),
    (
        np.pad(BATCH[:, 1:-1, 1:-1], ((0, 0), (1, 1), (1, 1), (0, 0))),
        BATCH,
        "right but the border along axes 1 and 2.",
    ),
    (moved(WIDE, 1, 1), WIDE, "is the right one moved on by 1 along axis 1."),
    (moved(TALL, -1, 0), TALL, "is the right one moved back by 1 along axis 0."),
    (moved(BIAS, -2, 0), BIAS, "is the right one moved back by 2."),
    (
        moved(moved(LARGE, 1, 0), 1, 1),
        LARGE,
        "is the right one moved on by 1 along axes 0 and 1.",
    ),
    (np.sort(WIDE), WIDE, "the right numbers in another order."),
    (changed(WIDE, (1, 2), np.nan), WIDE, "holds NaN where a number is right."),
    (np.full((3, 5), np.nan), WIDE, "holds NaN everywhere."),
    (changed(WIDE, (1, 2), np.inf), WIDE, "holds infinity where a number is right."),
    (WIDE.tolist(), WIDE, "in a list or tuple where an array is wanted."),
]


@pytest.mark.parametrize(("answer", "right", "says"), HOLDS, ids=[says for *_, says in HOLDS])
def test_what_holds_is_told(answer, right, says):
    assert says in said(answer, right)
    assert said(right, right) == ""


X = drawn(4, 6, seed=5)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (WIDE / 4, "divided by the length of x along axis 0."),
        (WIDE * 6, "times the length of x along axis 1."),
        (WIDE / 24, "divided by the number of entries of x."),
        (WIDE * 3, "times stride."),
        (WIDE - BIAS, "is the right one minus b."),
        (WIDE + BIAS, "is the right one plus b."),
    ],
)
def test_inputs_are_called_by_their_names(answer, says):
    assert says in said(answer, WIDE, X, BIAS, stride=3)


def test_an_input_that_comes_back_is_known():
    assert said(X, X[:, ::-1].copy(), X) == "Your answer is x, unchanged."
    assert said(X[:, ::-1], X, X) == "Your answer is the right one flipped along axis 1."


def test_a_fact_holds_for_every_wrong_value_of_the_line():
    first, second = attempt(2 * WIDE, WIDE), attempt(2 * TALL, TALL, index=1)
    assert "twice" in fact(LAYER, [first, second])
    other = attempt(3 * TALL, TALL, index=1)
    assert fact(LAYER, [first, other]) == ""
    raised = replace(other, given=Given("raised", raised="ValueError"))
    assert "twice" in fact(LAYER, [first, raised])
    right = replace(other, fault="")
    assert "twice" in fact(LAYER, [first, right])


def test_what_holds_for_the_right_answers_too_is_no_fact():
    flat = [
        attempt(np.full(4, 1.5), np.full(4, height), index=i) for i, height in enumerate(WIDE[0])
    ]
    assert fact(LAYER, flat) == ""
    assert fact(LAYER, [attempt(np.full(5, 1.5), WIDE[0])]).startswith("Every entry")


def test_a_size_may_be_another_one_in_each_case():
    first = attempt(WIDE / 4, WIDE, drawn(4, 6))
    second = attempt(TALL / 5, TALL, drawn(5, 2), index=1)
    assert "divided by the length of x along axis 0" in fact(LAYER, [first, second])


PARTS = (WIDE, TALL, BIAS)


def test_parts_are_looked_at_one_by_one():
    one = said((2 * WIDE, TALL, BIAS), PARTS)
    assert one == (
        "Of the results, result 2 and result 3 are right, result 1 is not. "
        "In result 1, your answer is exactly twice the right one."
    )
    assert said((WIDE + TALL.sum(), TALL * 0 + 1 / 3, BIAS), PARTS).startswith(
        "Of the results, result 3 is right, result 1 and result 2 are not. In result 1"
    )
    assert said((-WIDE, -TALL, np.cos(BIAS)), PARTS) == (
        "In result 1, your answer has the wrong sign everywhere, and is right but for that. "
        "In result 2, your answer has the wrong sign everywhere, and is right but for that."
    )
    assert said((WIDE, TALL), PARTS) == said(WIDE, PARTS) == ""


def test_parts_in_another_order_are_known():
    assert said((BIAS, WIDE, TALL), PARTS) == (
        "Your results are right, but in the order result 3, result 1, result 2."
    )
    assert "order" not in said((2, 3, 1), (1, 2, 3))


def test_what_is_right_is_not_told_of_values_and_labels():
    assert said(2 * WIDE, WIDE, exercise=replace(LAYER, kind="value")) == ""
    assert said(2 * WIDE, WIDE, exercise=replace(LAYER, accepts=lambda a, c: False)) == ""
    assert said(2 * WIDE, WIDE, case=Case("any")) == ""
    assert said(2 * WIDE, WIDE, case=Case("any", (X,), right=WIDE)) == ""
    assert said(2 * WIDE, WIDE, case=Case("any", (X,), at_least=0.9)) == ""


def test_nothing_is_told_where_the_right_answer_is_the_same_in_every_run():
    known = replace(LAYER, cases=same_cases)
    first, last = attempt(2 * WIDE, WIDE), attempt(2 * TALL, TALL, index=3)
    assert "twice" in fact(known, [first])
    assert fact(known, [first, last]) == fact(known, [last]) == ""
    assert "twice" in fact(known, [first, replace(last, fault="")])


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (4, 2),
        (-3.5, 3.5),
        (np.array([2.0, 4.0]), np.array([1.0, 2.0])),
        (np.zeros(9), np.ones(9)),
        (2 * np.ones((4, 4)), np.ones((4, 4))),
        (np.ones((4, 4)), np.eye(4)),
        (np.array([3, 2, 1]), np.array([1, 2, 3])),
        (np.array([[1, 3], [2, 4]]), np.array([[1, 2], [3, 4]])),
        (np.array([[0, 1], [1, 0]]), np.array([[1, 0], [0, 1]])),
        (1e-7 * WIDE, 2e-7 * WIDE),
        (5e-324, 0.026438),
        (np.full(3, 1e308), np.full(3, 1.7)),
        (np.full(3, 2.0), np.full(3, 1.7)),
        ("text", "tent"),
        (True, False),
        (None, WIDE),
        ({"a": 1}, WIDE),
    ],
)
def test_what_may_be_chance_is_not_told(answer, right):
    assert said(answer, right) == ""


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=300, deadline=None)
def test_random_answers_of_small_size_get_no_fact(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 4, rng.integers(0, 4)))
    other = shape if rng.random() < 0.7 else tuple(rng.integers(1, 4, len(shape)))
    kind = rng.integers(3)

    def numbers(of):
        if kind == 0:
            return rng.integers(0, 4, of).astype(float)
        return rng.integers(-128, 128, of) / 64 if kind == 1 else rng.integers(0, 300, of)

    args = numbers((2, 3)), numbers(shape[-1:])
    several = [attempt(numbers(other), numbers(shape), *args, index=index) for index in range(2)]
    assert fact(LAYER, several[: rng.integers(1, 3)]) == ""


ANYTHING = st.recursive(
    npst.arrays(
        st.sampled_from([np.float64, np.float32, np.int64, np.uint8, np.bool_, np.complex128]),
        npst.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=3),
    )
    | st.none()
    | st.text(max_size=2)
    | st.integers()
    | st.floats()
    | st.complex_numbers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=1), inner, max_size=2)
    ),
    max_leaves=5,
)
RIGHT = npst.arrays(
    st.sampled_from([np.float64, np.int64, np.bool_]),
    npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    elements={"allow_nan": True},
)


@example(np.zeros(0), np.zeros(0), np.array(0.0))
@example([np.zeros((0, 0))] * 2, (np.zeros((0, 0)),) * 2, np.array(0.0))
@example(np.zeros((2, 0)), np.ones((2, 0)), np.ones(3))
@given(ANYTHING, RIGHT | st.tuples(RIGHT, RIGHT) | st.integers(-9, 9), RIGHT)
@settings(max_examples=300, deadline=None)
@pytest.mark.filterwarnings("error")
def test_whatever_is_answered_there_is_a_sentence_or_none(answer, right, given_):
    try:
        answer = decode(encode(answer), max_bytes=10_000)
    except DecodeError:
        return
    assert isinstance(said(answer, right, given_), str)


@given(
    npst.arrays(np.float64, npst.array_shapes(max_dims=4, max_side=4), elements=st.floats(-9, 9))
)
@settings(max_examples=200, deadline=None)
def test_nothing_is_told_of_a_right_answer(right):
    same = Pair(right, right.copy(), {"x": right + 1}, 1e-5, 1e-5)
    with np.errstate(all="ignore"):
        told = [s for relation in RELATIONS for s, digits in relation(same) if digits >= 5]
    assert all("Every entry" in sentence for sentence in told)
