"""Data made by an enemy: damaged values, replies, notebooks and records.

``FUZZ_EXAMPLES=20000 python -m pytest tests/fuzz`` tries as many of each kind, other ones each
time. Without it a few are tried, always the same.
"""

import base64
import functools
import json
import os

import numpy as np
import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import damaged, framed, odd, written

from autograder.records.record import _RECORD
from autograder.sandbox.protocol.values import encode
from autograder.sandbox.protocol.wire import pack

WANTED = int(os.environ.get("FUZZ_EXAMPLES", "0"))


def tried(few):
    """How often a property is tried."""
    return settings(
        max_examples=WANTED or few,
        derandomize=not WANTED,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


VALUES = [
    np.arange(6.0).reshape(2, 3),
    (np.ones((2, 2), np.float32), {"dx": np.zeros(0), "dw": np.bool_(True)}),
    [1, -(10**40), 2.5, float("nan"), 1j, None, True, "text", [[1, 2], [3, 4]]],
    np.longdouble(1) / 3,
    np.ones((1, 0, 3), "u1"),
    ["a", "\N{PILE OF POO}" * 50, ["b"]],
    object(),
]
encoded = st.sampled_from([encode(value) for value in VALUES]).flatmap(damaged)


@tried(150)
@given(encoded | odd)
def test_a_value_is_decoded_or_refused(data):
    targets.value(data)


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 8).decode()
OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": "hi\n"},
    {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["a", "b"]},
    {
        "output_type": "execute_result",
        "execution_count": 3,
        "metadata": {},
        "data": {"text/plain": "1", "text/html": "<b>1</b>", "image/png": PNG},
    },
]


@tried(150)
@given(damaged(OUTPUTS) | odd)
def test_outputs_are_kept_or_refused(data):
    targets.outputs(data)


@tried(150)
@given(framed({"op": "a", "list": [1, 2, {}]}, {"op": "b", "text": "x"}) | st.binary(max_size=200))
def test_messages_are_received_or_refused(data):
    targets.frames(data)


CELL_REPLY = {
    "op": "cell",
    "id": "cell",
    "outputs": OUTPUTS,
    "error": "KeyError",
    "overflow": False,
}


@tried(100)
@given(framed(CELL_REPLY))
def test_what_a_cell_gives_can_be_kept_or_costs_the_room(data):
    targets.cell_reply(data)


VALUE_REPLY = {"op": "value", "id": "test-v", "bound": True, "value": encode(VALUES[1])}


@tried(100)
@given(framed(VALUE_REPLY) | framed({**VALUE_REPLY, "outcome": "OUTPUT"}))
def test_the_value_of_a_name_can_be_kept_or_costs_the_room(data):
    targets.value_reply(data)


SNAPSHOT_REPLIES = (
    {"op": "answer", "call": "a", "value": encode((np.ones(3), "text", [1.5, None]))},
    {"op": "answer", "call": "b", "raised": "ValueError", "line": 3},
    {"op": "done", "outcome": "OK", "reached": ["scipy.signal.convolve"], "growth": None},
)


@tried(100)
@given(framed(*SNAPSHOT_REPLIES))
def test_what_a_snapshot_says_can_be_kept_or_is_a_crash(data):
    targets.snapshot_reply(data)


@functools.cache
def notebook():
    return json.loads(targets.released())


@functools.cache
def small_notebook():
    """Half a notebook: damage is more likely to hit what counts."""
    return {**notebook(), "cells": notebook()["cells"][:12]}


@functools.cache
def good_record():
    return json.loads(_RECORD.dump_json(targets.good_record()))


@tried(30)
@given(st.deferred(lambda: written(notebook()) | written(small_notebook())))
def test_a_submission_is_rebuilt_or_refused(data):
    targets.submission(data)


@tried(30)
@given(st.deferred(lambda: written(good_record())))
def test_a_record_is_judged_or_refused(data):
    targets.record(data)


CHANGES = (
    lambda x: x,
    lambda x: 2 * x,
    lambda x: -x,
    lambda x: x + 1,
    lambda x: x * 1j,
    lambda x: x.T,
    lambda x: x[::-1],
    lambda x: x[..., :0],
    lambda x: x[:1],
    lambda x: x[None],
    lambda x: x.ravel(),
    lambda x: x.tolist(),
    lambda x: tuple(x),
    lambda x: [x, x],
    lambda x: {"x": x},
    lambda x: x * float("nan"),
    lambda x: x * 1e308 * 10,
    lambda x: np.round(x),
    lambda x: np.zeros_like(x),
    lambda x: np.where(np.arange(np.size(x)).reshape(np.shape(x)) % 3, x, 7),
    *(lambda x, kind=kind: x.astype(kind) for kind in ("?", "u1", "f2", "f4", "i8", "F", "g")),
    *(lambda x, odd=odd: odd for odd in (None, "", b"", True, 2**70, -(10**400), 5e-324)),
)


def changed(right, change):
    """An answer that is not right in some way; the right one, where that makes no sense."""
    if isinstance(right, tuple):
        return tuple(changed(part, change) for part in right)
    with np.errstate(all="ignore"):
        try:
            return change(np.asarray(right))
        except (TypeError, ValueError, IndexError, OverflowError):
            return right


@st.composite
def given_answers(draw):
    """Answers to an exercise of some notebook: changed in one way, some of them damaged."""
    name = draw(st.sampled_from(["01_shapes", "02_convolution", "06_gradients", "09_graphs"]))
    exercise, key = draw(st.sampled_from(targets.asked(name)))
    change, other = draw(st.sampled_from(CHANGES)), draw(st.sampled_from(CHANGES))
    given = [encode(changed(right, change)) for right in key.right]
    place = draw(st.integers(0, len(given) - 1))
    given[place] = encode(changed(key.right[place], other))
    if draw(st.booleans()):
        given[place] = draw(damaged(given[place]))
    return name, exercise, given


@tried(40)
@given(st.deferred(given_answers))
def test_what_is_answered_is_judged_and_shown(answered):
    targets.answers(*answered)


def test_undamaged_data_comes_through():
    assert targets.value(encode(VALUES[0])).shape == (2, 3)
    assert targets.outputs(OUTPUTS) == OUTPUTS
    assert targets.value_reply(pack(VALUE_REPLY)).answers[0].value == VALUE_REPLY["value"]
    assert targets.submission(targets.released()).repairs == ()
    exercise, key = targets.asked("06_gradients")[0]
    given = [encode(right) for right in key.right]
    assert targets.answers("06_gradients", exercise, given).earned == exercise.points
    assert targets.record(json.dumps(good_record()).encode()) == targets.good_record()
