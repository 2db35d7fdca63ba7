"""The codec of values: round trips, and the refusal of everything else."""

import base64
import json
import math
from collections import OrderedDict, namedtuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox.protocol.values import (
    MOST_DEPTH,
    MOST_ITEMS,
    DecodeError,
    Other,
    TooLarge,
    decode,
    encode,
)

ENOUGH = 1 << 20
DTYPES = ["?", "i1", "<i2", ">i4", "i8", "u1", ">u2", "u8", "f2", "<f4", ">f8", "g", "F", "D"]


def there_and_back(value):
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)), max_bytes=ENOUGH)


def same(a, b):
    """Equal in type, structure, dtype and bits; nan equals nan."""
    if isinstance(b, np.ndarray | np.generic):
        return (
            type(a) is type(b)
            and a.dtype == b.dtype
            and a.shape == b.shape
            and np.array_equal(a, b, equal_nan=b.dtype.kind in "fc")
        )
    if type(a) is not type(b):
        return False
    if isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in b)
    if isinstance(b, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    return a == b


arrays = hnp.arrays(
    dtype=st.sampled_from(DTYPES).map(lambda name: np.dtype(name).newbyteorder("=")),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**300), 10**300),
    st.floats(),
    st.complex_numbers(),
    st.text(),
    arrays,
    arrays.filter(lambda array: array.size).map(lambda array: array.flat[0]),
)
nested = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(nested)
def test_what_is_encoded_comes_back(value):
    assert same(there_and_back(value), value)


@pytest.mark.parametrize(
    ("value", "plain_value"),
    [
        (np.ma.masked_array([1.0, 2.0], mask=[0, 1]), np.array([1.0, 2.0])),
        (np.asfortranarray(np.arange(6).reshape(2, 3)), np.arange(6).reshape(2, 3)),
        (np.arange(6)[::-2], np.array([5, 3, 1])),
        (np.arange(3, dtype=">i4"), np.arange(3, dtype="<i4")),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        (namedtuple("Gradients", "dx dw")(1, 2.0), (1, 2.0)),
        (np.broadcast_to(np.float32(2), (2, 3)), np.full((2, 3), 2, np.float32)),
    ],
    ids=str,
)
def test_subclasses_and_layouts_become_their_plain_selves(value, plain_value):
    assert same(there_and_back(value), plain_value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (object(), "object"),
        (np.array([object()]), "ndarray of object"),
        (np.array(["text"]), "ndarray of <U4"),
        (np.array("2020-01-01", "datetime64[D]"), "ndarray of datetime64[D]"),
        ({1: "a key that is no text"}, "dict"),
        ({1, 2}, "set"),
        (10**4100, "int"),
        (len, "builtin_function_or_method"),
    ],
)
def test_of_any_other_value_only_the_type_leaves(value, name):
    assert there_and_back(value) == Other(name)


def test_nesting_and_length_are_bounded():
    deep = []
    for _ in range(MOST_DEPTH + 3):
        deep = [deep]
    assert "other" in json.dumps(encode(deep))
    assert encode([0] * (MOST_ITEMS + 1))["kind"] == "other"


def test_an_encoder_with_a_limit_refuses_before_it_copies():
    with pytest.raises(TooLarge):
        encode(np.broadcast_to(1.0, (10**6, 10**6)), max_bytes=ENOUGH)
    with pytest.raises(TooLarge):
        encode(["x" * 600, "y" * 600], max_bytes=1000)


def array(dtype="<f8", shape=(1,), size=8, **changes):
    data = base64.b64encode(b"\x00" * size).decode()
    return {"kind": "array", "dtype": dtype, "shape": list(shape), "data": data} | changes


@pytest.mark.parametrize(
    "encoded",
    [
        None,
        [],
        {},
        {"kind": ["array"]},
        {"kind": "array"},
        {"kind": "none", "more": 1},
        array(dtype="O"),
        array(dtype="|O"),
        array(dtype=">f8"),
        array(dtype="<U2"),
        array(dtype="f8"),
        array(dtype="<M8[s]"),
        array(dtype=[["a", "<f8"]]),
        array(shape=[-1]),
        array(shape=[True]),
        array(shape=[1.0]),
        array(shape=[2]),
        array(shape=[0, 10**18]),
        array(shape=[1] * 9),
        array(shape="1"),
        array(size=9),
        array(data="AAAAAAAAAAA"),
        array(data="AAAAAAAAAA=="),
        array(data="AAAAAAAA AA="),
        array(data="\u00c4" * 12),
        array(data=b"AAAAAAAAAAA="),
        array(shape=[10**5], size=8 * 10**5),
        array(dtype="|b1", data="Ag=="),
        {"kind": "scalar", "dtype": "<f8", "data": ""},
        {"kind": "int", "value": 3},
        {"kind": "int", "value": "3_0"},
        {"kind": "int", "value": "\u0663"},
        {"kind": "int", "value": "9" * 5000},
        {"kind": "float", "value": math.inf},
        {"kind": "float", "value": "1.5"},
        {"kind": "float", "value": 1},
        {"kind": "bool", "value": 1},
        {"kind": "complex", "value": [1.0]},
        {"kind": "str", "value": 1},
        {"kind": "str", "value": "x" * 1000_000},
        {"kind": "list", "items": {}},
        {"kind": "list", "items": [1]},
        {"kind": "list", "items": [{"kind": "none"}] * (MOST_ITEMS + 1)},
        {"kind": "dict", "items": [["a", {"kind": "none"}], ["a", {"kind": "none"}]]},
        {"kind": "dict", "items": [["a"]]},
        {"kind": "dict", "items": [[1, {"kind": "none"}]]},
        {"kind": "other", "type": "x" * 1000},
        {"kind": "pickle", "value": "gASVAAAAAAAAAA=="},
    ],
    ids=lambda encoded: repr(encoded)[:60],
)
def test_nothing_else_is_decoded(encoded):
    with pytest.raises(DecodeError):
        decode(encoded, max_bytes=400_000)


def test_deep_nesting_is_refused_and_not_followed():
    encoded = {"kind": "none"}
    for _ in range(5000):
        encoded = {"kind": "list", "items": [encoded]}
    with pytest.raises(DecodeError):
        decode(encoded, max_bytes=ENOUGH)


def test_many_small_arrays_count_together():
    items = [array(shape=[100], size=800) for _ in range(10)]
    assert len(decode({"kind": "list", "items": items}, max_bytes=8000)) == 10
    with pytest.raises(DecodeError):
        decode({"kind": "list", "items": items}, max_bytes=7999)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
kinds = ["none", "bool", "int", "float", "complex", "str", "list", "dict", "array", "scalar"]
nearly = st.fixed_dictionaries(
    {"kind": st.sampled_from(kinds)},
    optional={
        "value": json_values,
        "items": json_values,
        "dtype": st.sampled_from(["<f8", "|b1", "O", "<c16"]) | json_values,
        "shape": st.lists(st.integers(-1, 3)) | json_values,
        "data": st.binary(max_size=20).map(lambda raw: base64.b64encode(raw).decode()),
    },
)


@given(
    json_values
    | nearly
    | st.lists(nearly, max_size=3).map(lambda items: {"kind": "list", "items": items})
)
def test_garbage_is_decoded_or_refused_but_never_worse(encoded):
    try:
        value = decode(encoded, max_bytes=1000)
    except DecodeError:
        return
    assert same(there_and_back(value), value)
