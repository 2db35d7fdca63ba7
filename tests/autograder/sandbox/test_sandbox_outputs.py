"""Outputs from the room: what is kept, what is cut, what is refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.protocol.outputs import OutputError, check_outputs

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\x00" * 8).decode()


def stream(text="hi", name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def error(**changes):
    return {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["t"]} | changes


def test_known_outputs_are_kept():
    result = {"output_type": "execute_result", "execution_count": 3, "metadata": {}}
    result |= {"data": {"text/plain": "1", "text/html": "<b>1</b>", "image/png": PNG}}
    raw = [stream(), error(), result]
    assert check_outputs(raw, budget=10_000)[::2] == (raw, False)


def test_unknown_kinds_of_data_metadata_and_fields_are_dropped():
    raw = display(
        **{"text/plain": "a", "application/javascript": "alert(1)", "application/pdf": "x"}
    )
    raw |= {"metadata": {"x": 1}, "transient": {"y": 2}}
    assert check_outputs([raw], budget=1000)[0] == [display(**{"text/plain": "a"})]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        "text",
        [1],
        [{}],
        [{"output_type": ["stream"]}],
        [stream(name="stdin")],
        [stream(text=["a", "b"])],
        [stream(text=None)],
        [display(**{"text/plain": 3})],
        [display(**{"image/png": "no base64!"})],
        [display(**{"image/png": base64.b64encode(b"GIF89a").decode()})],
        [display(**{"image/jpeg": PNG})],
        [display(**{"image/gif": ["R0lGODlh"]})],
        [display(**{"image/svg+xml": {}})],
        [display(**{"application/json": [[]] * 20_000})],
        [display(**{"application/json": float("inf")})],
        [display(**{"application/json": 10**400})],
        [{"output_type": "display_data", "data": [1]}],
        [{"output_type": "execute_result", "data": {}, "execution_count": -1}],
        [{"output_type": "execute_result", "data": {}, "execution_count": 1.5}],
        [error(traceback="text")],
        [error(traceback=[1])],
        [error(traceback=[""] * 5000)],
        [error(ename=None)],
        [{"output_type": "update_display_data", "data": {}}],
    ],
    ids=lambda raw: repr(raw)[:60],
)
def test_what_is_no_output_is_refused(raw):
    with pytest.raises(OutputError):
        check_outputs(raw, budget=10**6)


def test_the_budget_is_kept_and_the_cut_is_told():
    raw = [stream("x" * 500), stream("y" * 500)]
    outputs, used, cut = check_outputs(raw, budget=1000)
    assert (outputs, cut) == (raw[:1], True)
    assert 500 <= used <= 1000


def test_json_is_kept_within_the_budget():
    value = {"a": [1, 2.5, None, True, {"b": "\ud800"}]}
    outputs, used, cut = check_outputs([display(**{"application/json": value})], budget=1000)
    assert outputs[0]["data"]["application/json"] == {"a": [1, 2.5, None, True, {"b": "?"}]}
    assert not cut
    for large in ({"x" * 1000: 1}, [1] * 400, ["x" * 1000], 10**300):
        shown = display(**{"application/json": [large] * 4})
        assert check_outputs([shown], budget=used + 900) == ([], 0, True)


def test_json_that_is_nested_too_deeply_is_refused():
    deep = []
    for _ in range(200):
        deep = [deep]
    with pytest.raises(OutputError, match="deep"):
        check_outputs([display(**{"application/json": deep})], budget=10**6)


def test_sizes_of_pictures_are_small_whole_numbers():
    raw = display(**{"image/png": PNG, "text/plain": "a"})
    raw["metadata"] = {
        "image/png": {"width": 30, "height": 10**6, "alt": "x"},
        "text/plain": {"width": 3},
        "image/jpeg": {"width": 3},
    }
    assert check_outputs([raw], budget=1000)[0][0]["metadata"] == {"image/png": {"width": 30}}


def test_a_flood_of_empty_outputs_is_cut():
    outputs, _, cut = check_outputs([stream("")] * 10_000, budget=10**9)
    assert cut
    assert len(outputs) == 1000


@given(st.text(alphabet=st.characters(), max_size=50))
def test_texts_can_be_written_down_afterwards(text):
    outputs, _, _ = check_outputs([stream(text)], budget=10_000)
    outputs[0]["text"].encode("utf-8")
    assert len(outputs[0]["text"]) == len(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


@given(json_values)
def test_garbage_gives_an_error_of_ours(raw):
    try:
        outputs, used, _ = check_outputs(raw, budget=1000)
    except OutputError:
        return
    assert (outputs, used) == ([], 0)
