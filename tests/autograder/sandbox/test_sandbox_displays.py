"""What cells display: cleaned as in a kernel, and what cannot be sent costs itself alone."""

from __future__ import annotations

import base64
import io
import json
from datetime import date, datetime
from enum import IntEnum
from itertools import count

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from IPython.display import HTML, SVG, Image, Latex, Markdown, Math
from IPython.display import JSON as IPythonJSON
from PIL import Image as Pillow

from autograder.sandbox.inside.cleaning import clean_display
from autograder.sandbox.inside.displays import Recorder
from autograder.sandbox.protocol.displays import DEEPEST, JSON, KINDS, MOST_PARTS
from autograder.sandbox.protocol.outputs import check_outputs
from autograder.sandbox.protocol.pictures import PICTURES
from autograder.sandbox.protocol.plan import Cell, Limits

BUDGET = 100_000
SLACK = 4096


def picture(form, size=(3, 2), **options):
    file = io.BytesIO()
    Pillow.new("RGB", size).save(file, form, **options)
    return file.getvalue()


def sent(recorder, budget=BUDGET):
    """The outputs as the grader gets them: over the wire, and checked."""
    wire = json.dumps(recorder.finish(), allow_nan=False)
    outputs, _, cut = check_outputs(json.loads(wire), budget=budget + SLACK)
    assert not cut
    return outputs


@pytest.fixture
def recorder():
    recorder = Recorder()
    recorder.begin(BUDGET)
    return recorder


def shown(data, metadata=None):
    """What arrives of one display: its data, and the text in place of what does not."""
    recorder = Recorder()
    recorder.begin(BUDGET)
    recorder.display(data, metadata)
    outputs = sent(recorder)
    notes = [output["data"]["text/plain"] for output in outputs if _is_note(output)]
    return next((o["data"] for o in outputs if not _is_note(o)), {}), "".join(notes)


def _is_note(output):
    return output["data"].get("text/plain", "").startswith("[")


class BytesPicture:
    def _repr_png_(self):
        return picture("png")


OBJECTS = {
    "a picture as bytes": (BytesPicture(), "image/png", picture("png")),
    "a Pillow image": (Pillow.new("RGB", (3, 2)), "image/png", b"\x89PNG"),
    "a JPEG file": (Image(picture("jpeg"), format="jpeg"), "image/jpeg", picture("jpeg")),
    "a progressive JPEG file": (
        Image(picture("jpeg", progressive=True), format="jpeg"),
        "image/jpeg",
        b"\xff\xd8",
    ),
    "a GIF file": (Image(picture("gif"), format="gif"), "image/gif", b"GIF"),
    "a WebP file": (Image(picture("webp"), format="webp"), "image/webp", b"RIFF"),
    "a WebP file without loss": (
        Image(picture("webp", lossless=True), format="webp"),
        "image/webp",
        b"RIFF",
    ),
    "SVG": (SVG("<svg><rect/></svg>"), "image/svg+xml", "<svg><rect/></svg>"),
    "HTML": (HTML("<b>1</b>"), "text/html", "<b>1</b>"),
    "LaTeX": (Latex("$x$"), "text/latex", "$x$"),
    "a formula": (Math("x"), "text/latex", "$\\displaystyle x$"),
    "Markdown": (Markdown("*x*"), "text/markdown", "*x*"),
    "JSON": (IPythonJSON({"a": [1, None]}), JSON, {"a": [1, None]}),
}


@pytest.mark.parametrize(("value", "kind", "content"), OBJECTS.values(), ids=OBJECTS)
def test_what_a_kernel_shows_arrives(value, kind, content):
    data, note = shown(*DisplayFormatter().format(value))
    assert note == ""
    if isinstance(content, bytes):
        assert base64.b64decode(data[kind]).startswith(content)
    else:
        assert data[kind] == content


def test_of_several_pictures_one_is_kept():
    png, jpeg = picture("png"), picture("jpeg")
    data, note = shown({"image/jpeg": jpeg, "image/png": png, "text/plain": "x"})
    assert (set(data), note) == ({"image/png", "text/plain"}, "")


class Text(str):
    def __str__(self):
        return "another"

    def __len__(self):
        return -1


class Numbers(IntEnum):
    TWO = 2


class Bundle(dict):
    def items(self):
        raise ValueError

    def __iter__(self):
        raise ValueError


CLEANED = {
    "NaN": (float("nan"), "nan"),
    "infinity": (-np.inf, "-inf"),
    "numpy's numbers": ([np.float32(0.5), np.int64(3), np.bool_(True)], [0.5, 3, True]),
    "an array": (np.eye(2), [[1.0, 0.0], [0.0, 1.0]]),
    "a set": ({3}, [3]),
    "a tuple and a generator": ((1, (n for n in (2, 3))), [1, [2, 3]]),
    "bytes": (b"\x00\xff", "AP8="),
    "dates": ([date(2020, 1, 2), datetime(2020, 1, 2, 3)], ["2020-01-02", "2020-01-02T03:00:00"]),
    "a text of another class": (Text("text"), "text"),
    "a number of another class": ([Numbers.TWO, True], [2, True]),
    "a dict of another class": (Bundle(a=1), {"a": 1}),
    "keys that are no texts": (
        {1: "a", None: "b", False: "c", (2,): "d"},
        {"1": "a", "null": "b", "false": "c", "(2,)": "d"},
    ),
    "half a character": ({"\ud800": "\udfff"}, {"?": "?"}),
}


@pytest.mark.parametrize(("value", "plain"), CLEANED.values(), ids=CLEANED)
def test_values_that_json_lacks_are_cleaned(value, plain):
    assert shown({JSON: value}) == ({JSON: plain}, "")


def circle():
    itself = []
    itself.append(itself)
    return itself


def nested(depth):
    value = 0
    for _ in range(depth):
        value = [value]
    return value


def doubled():
    value = [0]
    for _ in range(60):
        value = [value, value]
    return value


class Lies:
    @property
    def __class__(self):
        return dict

    def __len__(self):
        raise KeyError


class Raises:
    def __iter__(self):
        raise RecursionError

    def __str__(self):
        raise ZeroDivisionError


NOT_SENT = {
    "a complex number": (1j, "JSON has no complex"),
    "an object": (object(), "JSON has no object"),
    "what says that it is a dict": (Lies(), "JSON has no Lies"),
    "an enormous number": (10**5000, "a number"),
    "a list of itself": (circle(), "nested too deeply"),
    "5,000 lists in each other": (nested(5000), "nested too deeply"),
    "a list of two to the sixtieth": (doubled(), "parts"),
    "an endless list": (count(), "parts"),
    "what raises": (Raises(), "it raised RecursionError"),
    "a key that raises": ({Raises(): 1}, "it raised ZeroDivisionError"),
    "too much": ("x" * (BUDGET + 1), f"cut: only {BUDGET} bytes more"),
    "too many bytes": (bytes(BUDGET + 1), f"cut: only {BUDGET} bytes more"),
}


@pytest.mark.parametrize(("value", "reason"), NOT_SENT.values(), ids=NOT_SENT)
def test_what_cannot_be_sent_costs_itself_and_says_so(value, reason):
    data, note = shown({JSON: value, "text/plain": "kept"})
    assert data == {"text/plain": "kept"}
    assert note.startswith("[application/json ")
    assert reason in note


NO_PICTURES = {
    "no file": ("image/png", b"1", "no PNG file"),
    "a file of another kind": ("image/png", picture("gif"), "no PNG file"),
    "no base64": ("image/jpeg", '" onerror="alert(1)', "base64"),
    "the beginning of a JPEG file": ("image/jpeg", b"\xff\xd8\xff\xe0\x00\x00", "no JPEG file"),
    "markup": ("image/gif", b"<svg/>", "no GIF file"),
    "a RIFF file": ("image/webp", b"RIFF....WAVE", "no WebP file"),
    "a number": ("image/png", 3, "a text is a string"),
}


@pytest.mark.parametrize(("kind", "value", "reason"), NO_PICTURES.values(), ids=NO_PICTURES)
def test_what_is_no_picture_is_not_shown_as_one(kind, value, reason):
    data, note = shown({kind: value, "text/plain": "kept"})
    assert data == {"text/plain": "kept"}
    assert reason in note


@pytest.mark.parametrize(("kind", "form"), [("image/png", "png"), ("image/gif", "gif")])
def test_a_picture_of_billions_of_pixels_is_not_shown(kind, form):
    raw = bytearray(picture(form))
    start, sides = (16, 8) if form == "png" else (6, 4)
    raw[start : start + sides] = b"\xff" * sides
    data, note = shown({kind: bytes(raw)})
    assert data == {}
    assert "pixels" in note


FORMS = {
    "PNG": ("png", {}),
    "JPEG": ("jpeg", {}),
    "progressive JPEG": ("jpeg", {"progressive": True, "comment": b"\xff\xc0" * 50}),
    "GIF": ("gif", {}),
    "WebP": ("webp", {}),
    "WebP without loss": ("webp", {"lossless": True}),
    "WebP with more": ("webp", {"exif": b"Exif\x00\x00"}),
}


@pytest.mark.parametrize(("form", "options"), FORMS.values(), ids=FORMS)
def test_the_size_of_a_picture_is_read_rightly(form, options):
    assert PICTURES[f"image/{form}"](picture(form, (300, 20), **options)) == (300, 20)


def test_sizes_of_pictures_are_kept_and_other_metadata_are_not():
    png = picture("png")
    sizes = {"width": np.int64(30), "height": "40", "alt": "x"}
    metadata = {"image/png": sizes, "text/html": {"isolated": True}, "image/jpeg": {"width": 3}}
    cleaned = clean_display({"image/png": png}, metadata, most_bytes=BUDGET)
    assert cleaned.sizes == {"image/png": {"width": 30, "height": 40}}
    for sides in ({"width": -1}, {"width": 10**9}, {"width": "wide"}, 3, Lies()):
        assert clean_display({"image/png": png}, {"image/png": sides}, most_bytes=999).sizes == {}


TEXTS = {
    "bytes": (b"abc", "YWJj"),
    "a list of lines": (["a\n", "b"], "a\nb"),
    "a number": (3, "3"),
    "NaN": (float("nan"), "nan"),
    "a dict": ({"a": 1}, '{"a": 1}'),
}


@pytest.mark.parametrize(("value", "text"), TEXTS.values(), ids=TEXTS)
def test_what_stands_for_a_text_is_one(value, text):
    assert shown({"text/plain": value}) == ({"text/plain": text}, "")


def test_kinds_that_are_not_kept_are_mentioned_only_where_nothing_else_is_seen():
    widget = "application/vnd.jupyter.widget-view+json"
    assert shown({widget: {}, "text/plain": "w"}) == ({"text/plain": "w"}, "")
    assert shown({widget: {}})[0] == {}
    assert widget in shown({widget: {}})[1]
    assert shown({}) == ({}, "")
    assert shown({3: "x", "text/plain": "y"}) == ({"text/plain": "y"}, "")
    assert len(shown({"x" * 10**6: "y"})[1]) < 200


def test_an_update_changes_the_display_of_its_name(recorder):
    recorder.display({"text/plain": "one"}, None, display_id="a")
    recorder.display({"text/plain": "two"}, None)
    for text in ("three", "four"):
        recorder.display({"text/plain": text}, None, display_id="a", update=True)
    assert [output["data"]["text/plain"] for output in sent(recorder)] == ["four", "two"]


def test_an_update_of_an_earlier_cells_display_is_shown_once(recorder):
    recorder.display({"text/plain": "one"}, None, display_id="a")
    recorder.begin(BUDGET)
    for text in ("two", "three"):
        recorder.display({"text/plain": text}, None, display_id="a", update=True)
    assert [output["data"]["text/plain"] for output in sent(recorder)] == ["three"]


def test_an_update_that_cannot_be_sent_says_so_in_the_displays_place(recorder):
    recorder.display({"text/plain": "one"}, None, display_id="a")
    recorder.display({JSON: 1j}, None, display_id="a", update=True)
    (output,) = sent(recorder)
    assert output["data"] == {
        "text/plain": "[application/json could not be shown: JSON has no complex]"
    }


def test_outputs_are_cleared_at_once_or_when_something_follows(recorder):
    recorder.write("stdout", "a")
    recorder.clear()
    recorder.write("stdout", "b")
    recorder.clear(wait=True)
    assert sent(recorder)[0]["text"] == "b"
    recorder.display({"text/plain": "c"}, None)
    assert [output.get("data") for output in sent(recorder)] == [{"text/plain": "c"}]


def test_what_is_cleared_or_changed_takes_no_bytes(recorder):
    half = {"text/plain": "x" * (BUDGET // 2)}
    for _ in range(10):
        recorder.clear(wait=True)
        recorder.display(half, None, display_id="a")
        recorder.display(half, None, display_id="a", update=True)
    assert not recorder.overflow
    assert len(sent(recorder)) == 1


def test_a_display_that_is_too_large_leaves_the_others(recorder):
    recorder.display({"text/html": "<b>before</b>"}, None)
    recorder.display({"text/html": "x" * BUDGET}, None)
    recorder.display({"text/html": "<b>after</b>"}, None)
    before, note, after = (output["data"] for output in sent(recorder))
    assert (before, after) == ({"text/html": "<b>before</b>"}, {"text/html": "<b>after</b>"})
    assert "cut" in note["text/plain"]
    assert recorder.overflow


def test_a_flood_of_displays_is_cut(recorder):
    for _ in range(20):
        recorder.display({"text/html": "x" * (BUDGET // 10)}, None)
    (output,) = sent(recorder)
    assert "cut" in output["text"]
    assert recorder.overflow


class Unspeakable(Exception):
    def __str__(self):
        raise ValueError


class Long(str):
    def __len__(self):
        return 1


class LongWinded(Exception):
    def __str__(self):
        return Long("x" * 10**6)


class Nameless(type):
    @property
    def __name__(self):
        raise ValueError


class Masked(Exception, metaclass=Nameless):
    pass


ERRORS = {
    "a text that raises": (Unspeakable, Unspeakable(), ["t"], "<its text cannot be had>"),
    "a text of a million": (ValueError, ValueError("x" * 10**6), ["x" * 10**6], "[...]"),
    "a text that lies about its length": (LongWinded, LongWinded(), ["t"], "[...]"),
    "a name that raises": (Masked, Masked("m"), ["t"], "m"),
    "a traceback of 5,000 frames": (ValueError, ValueError("v"), ["frame"] * 5000, "v"),
    "a traceback that is none": (ValueError, ValueError("v"), [1, None, Text("x")], "v"),
    "a traceback that is a text": (ValueError, ValueError("v"), "t", "v"),
}


@pytest.mark.parametrize(("kind", "error", "traceback", "says"), ERRORS.values(), ids=ERRORS)
def test_errors_of_any_kind_are_shown(recorder, kind, error, traceback, says):
    recorder.error(kind, error, traceback)
    (output,) = sent(recorder)
    assert output["ename"] == type.__dict__["__name__"].__get__(kind)
    assert says in output["evalue"]
    assert len(json.dumps(output)) < 20_000


def test_of_a_long_traceback_the_beginning_and_the_end_are_shown(recorder):
    frames = [f"frame {number}" for number in range(1000)]
    recorder.error(ValueError, ValueError("v"), frames)
    traceback = sent(recorder)[0]["traceback"]
    assert (traceback[0], traceback[-1]) == ("frame 0", "frame 999")
    assert f"[{1001 - len(traceback)} frames are left out]" in traceback


ODD = st.sampled_from(
    [
        *(object(), 1j, Lies(), Raises(), Text("t"), Numbers.TWO, Bundle(a=1), circle(), type),
        *(np.eye(2), np.bool_(1), np.datetime64("2020"), b"\x89PNG\r\n\x1a\n", memoryview(b"x")),
    ]
) | st.integers(4000, 9000).map(lambda digits: 10**digits)
VALUES = st.recursive(
    st.none() | st.floats() | st.integers() | st.text() | st.binary() | st.dates() | ODD,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.integers() | st.none(), inner, max_size=3)
    ),
    max_leaves=10,
)
BUNDLES = st.dictionaries(st.sampled_from(KINDS) | st.text(max_size=5), VALUES, max_size=4)


@settings(deadline=None)
@given(BUNDLES, VALUES | st.dictionaries(st.sampled_from(KINDS), VALUES, max_size=2))
@example({"text/plain": nested(DEEPEST)}, None)
@example({JSON: [0] * MOST_PARTS}, None)
def test_no_bundle_is_refused_by_the_grader(data, metadata):
    recorder = Recorder()
    recorder.begin(BUDGET)
    recorder.display(data, metadata, count=1)
    recorder.write("stdout", "and then")
    outputs = sent(recorder)
    assert outputs[-1] == {"output_type": "stream", "name": "stdout", "text": "and then"}
    assert bool(outputs[:-1]) == any(value is not None for value in data.values())


CELLS = {
    "six pictures": "class P:\n  def _repr_png_(self): return b'1'\nP()",
    "a Pillow image": "from PIL import Image\nImage.new('L', (2, 2))",
    "raw": "from IPython.display import *\n"
    "display({'application/json': {1: {float('nan')}}}, raw=True)",
    "no bundle": "display('x', raw=True)",
    "unspeakable": "class E(Exception):\n  def __str__(self): raise ValueError\nraise E",
    "deep": "a = []\nfor _ in range(5000): a = [a]\ndisplay({'application/json': a}, raw=True)",
    "an update": "handle = display('one', display_id=True); handle.update('two')",
    "cleared": "print('one'); clear_output(wait=True); print('two')",
    "own traceback": "class T(Exception):\n  def _render_traceback_(self): return [1, 'line']\n"
    "raise T",
    "half a character": "print('\\ud800'); display('\\udfff')",
}


def test_no_display_ends_the_room(strong):
    steps = [Cell(name, source) for name, source in CELLS.items()]
    report = strong.run(steps, Limits(cell_seconds=5.0))
    assert report.restarts == 0
    results = dict(zip(CELLS, report.results, strict=True))
    assert {result.outcome.value for result in report.results} == {"OK"}
    assert "no PNG file" in repr(results["six pictures"].outputs)
    assert "image/png" in results["a Pillow image"].outputs[0]["data"]
    assert results["raw"].outputs[0]["data"] == {JSON: {"1": ["nan"]}}
    assert results["no bundle"].error == "TypeError"
    assert "nested too deeply" in repr(results["deep"].outputs)
    assert [o["data"] for o in results["an update"].outputs] == [{"text/plain": "'two'"}]
    assert [o["text"] for o in results["cleared"].outputs] == ["two\n"]
