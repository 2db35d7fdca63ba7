"""What once broke a reader, or made it work or hold too much, and what it gives now."""

import json
import re
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
import targets
from mutations import nested

from autograder.core.cells import Marker
from autograder.core.outcome import Outcome
from autograder.judging.compare import difference
from autograder.judging.judge import judge
from autograder.judging.rules.forbidden import forbidden_calls
from autograder.publishing.harmless import safe_markdown
from autograder.records.record import Record, load_record, save_record
from autograder.sandbox.protocol.plan import Answer, CellResult, QuestionResult
from autograder.sandbox.protocol.values import Other, decode, encode


def frame(message):
    body = json.dumps(message).encode()
    return struct.pack("!I", len(body)) + body


def says(value):
    """A snapshot that gives some JSON as its first answer."""
    return frame({"op": "answer", "call": "a", "value": value})


def test_an_empty_array_has_a_shape_that_numpy_can_hold():
    shape = [16 << 20] * 7 + [0]
    assert targets.value({"kind": "array", "dtype": "<f8", "shape": shape, "data": ""}) is None


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}], ids=["text", "key"])
def test_a_text_with_lone_surrogates_does_not_leave_the_room(value):
    assert decode(encode(value), max_bytes=100) == Other(type(value).__name__)


def test_more_elements_than_are_taken_are_none_at_all():
    value = [[0]] * 60_000
    assert decode(encode(value), max_bytes=100) == Other("list")


REPLIES = {
    "deep nesting": {"kind": nested(400)},
    "lone surrogates": {"kind": "str", "value": "\ud800"},
    "infinity": {"kind": "float", "value": 1e999},
    "no value": {"kind": "pickle"},
}


@pytest.mark.parametrize("case", REPLIES)
def test_what_a_record_cannot_hold_is_no_answer(case):
    result = targets.snapshot_reply(says(REPLIES[case]))
    assert (result.outcome, result.answers) == (Outcome.CRASH, ())


@pytest.mark.parametrize("name", ["scipy.signal.\ud800", "scipy.signal." + "x" * 10**4])
def test_a_name_that_no_library_has_was_not_reached(name):
    ending = {"op": "done", "outcome": "OUTPUT", "reached": [name], "growth": None}
    assert targets.snapshot_reply(frame(ending)).outcome is Outcome.CRASH


@pytest.mark.parametrize("outcome", [nested(900), ["OK"], None])
def test_an_outcome_is_a_word(outcome):
    ending = {"op": "done", "outcome": outcome, "reached": [], "growth": None}
    assert targets.snapshot_reply(frame(ending)).outcome is Outcome.CRASH


def test_the_name_of_an_error_can_be_written_down():
    reply = {"op": "cell", "id": "cell", "outputs": [], "error": "E\ud800" + "x" * 1000}
    assert targets.cell_reply(frame(reply)).error == "E?" + "x" * 198
    assert targets.cell_reply(frame(reply | {"error": nested(900)})) is None


def test_a_refusal_does_not_repeat_what_it_refuses():
    content = b'{"cells":[],"nbformat":' + b"[" * 400 + b"]" * 400 + b"}"
    assert targets.submission(content) is None


TEXTS = ["x" * 1_000_000, *[""] * 500]


@pytest.mark.parametrize(
    "answer", [TEXTS, [TEXTS], [1, Other("f")], [10**4000, 1.5], [[0]] * 200_000]
)
def test_a_list_by_hand_is_no_array_of_anything_but_numbers(answer):
    found = difference(answer, np.ones(3), rtol=0, atol=0, accepts_lists=True)
    assert found.startswith("gave a list of")


LONG = "x" * 100_000


@pytest.mark.parametrize("source", ["<ul><li>" * 200_000, "<a " + "x='1' " * 60_000, "<" + LONG])
def test_much_html_is_text(source):
    assert not re.search("<[A-Za-z/!?]", safe_markdown(source))


@pytest.mark.parametrize("line", ["x = f\nf = 1\n", "f = f + 1\n"])
def test_a_name_that_is_bound_very_often_is_followed_once_each_time(line):
    assert forbidden_calls([line * 5000], "f", ["numpy.convolve"]) == ()


def _judged(**changes):
    return judge(replace(targets.good_record(), **changes), targets.assignment(), targets.SECRET)


def _handed_in(*sources):
    """The exercise with the first rule, marked: right answers, and some cells before its test."""
    good = targets.good_record()
    ruled = next(e for e in targets.assignment().exercises if e.forbidden)
    cells = list(good.notebook["cells"])
    test = Marker("test", ruled.name).id
    place = next(n for n, cell in enumerate(cells) if cell.id == test)
    names = [f"more-{n}" for n in range(len(sources))]
    cells[place:place] = [
        nbformat.v4.new_code_cell(source.replace("NAME", ruled.name), id=name)
        for name, source in zip(names, sources, strict=True)
    ]
    ran = (*good.cells, *(CellResult(name, Outcome.OK) for name in names))
    verdict = _judged(notebook={**good.notebook, "cells": cells}, cells=ran)
    return {e.exercise: e for e in verdict.exercises}[ruled.name]


DEEP = {
    "a sum": "def NAME(*args):\n    return " + " + ".join(["1"] * 1500),
    "attributes": "def NAME(*args):\n    return args" + ".a" * 600,
    "attributes of a module": "import math\ndef NAME(*args):\n    return math" + ".a" * 600,
    "calls": "def NAME(*args):\n    return args" + ".a(1, 2)" * 400,
    "getattr": "def NAME(*args):\n    return " + "getattr(" * 80 + "args" + ", 'a')" * 80,
    "lambdas": "NAME = " + "lambda: " * 300 + "1",
    "conditions": "def NAME(*args):\n    pass\n" + "if 1: pass\n" + "elif 1: pass\n" * 700,
    "a long chain of names": "def NAME0(): pass\n"
    + "".join(f"NAME{n + 1} = NAME{n}\n" for n in range(5000))
    + "NAME = NAME5000",
}


@pytest.mark.parametrize("case", DEEP)
def test_what_is_nested_deeply_is_read(case):
    marked = _handed_in(DEEP[case])
    assert (marked.outcome, marked.earned, marked.doubts) == (Outcome.OK, marked.points, ())


REFUSED = {
    "two arguments of one name": "def NAME(x, w, w):\n    pass",
    "global after its use": "def NAME(x):\n    n = 1\n    global n",
    "nonlocal at the top": "def NAME(x):\n    nonlocal q",
    "nonlocal in the cell": "nonlocal NAME",
    "a star import in a function": "def NAME(x):\n    from math import *",
    "an assignment in a comprehension's iterable": "NAME = [y for x in (y := [1])]",
    "a literal of 4,000 digits": "def NAME(x):\n    return 0x" + "f" * 4000,
    "a literal of 200,000 digits": "NAME = " + "9" * 200_000,
    "parentheses": "NAME = " + "(" * 10_000,
    "signs": "NAME = " + "-" * 1_000_000 + "1",
    "a null byte": "NAME = 1\x00",
    "a cookie": "# coding: nothing\nNAME = 1",
    "a form feed": "\f\nNAME = (",
    "empty lines": "\n" * 300_000 + "NAME = (",
    "magics": "%time NAME = 1\n" * 5000,
    "a string": "NAME = '" + "x" * 2_000_000 + "'",
    "statements": "NAME = 1\n" * 55_000,
    "lambdas": "NAME = lambda: 0\n" * 20_000,
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_compiler_refuses_costs_nobody_a_right_answer(case):
    marked = _handed_in(REFUSED[case], "def NAME(*args):\n    return 1")
    assert (marked.outcome, marked.earned) == (Outcome.OK, marked.points)
    marked = _handed_in("def NAME(*args):\n    return 1", REFUSED[case])
    assert (marked.outcome, marked.earned) == (Outcome.OK, marked.points)


def test_a_growth_of_another_length_measured_nothing():
    questions = tuple(replace(q, growth=(1,) * 9) for q in targets.good_record().questions)
    assert _judged(questions=questions) == _judged()


CELL = {"id": "a", "cell_type": "code", "source": "", "metadata": {}}
NOTEBOOK = {"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
DAMAGES = {
    "no cells": {"notebook": {"nbformat": 4}},
    "a cell without id": {"notebook": NOTEBOOK | {"cells": [CELL | {"id": None}]}},
    "a cell in lines": {"notebook": NOTEBOOK | {"cells": [CELL | {"source": ["a"]}]}},
    "no mark": {"notebook": NOTEBOOK | {"cells": [CELL | {"metadata": {"autograder": None}}]}},
    "no format": {"notebook": {**NOTEBOOK, "nbformat": 3}},
    "an output without text": {
        "cells": [{"id": "a", "outcome": "OK", "outputs": [{"output_type": "stream"}]}]
    },
}


@pytest.mark.parametrize("case", DAMAGES)
def test_a_record_whose_plain_parts_are_damaged_is_refused(case):
    whole = {"assignment": targets.NAME, "student": "ada", "key": "k", "notebook": NOTEBOOK}
    assert targets.record(json.dumps(whole).encode()) is not None
    assert targets.record(json.dumps(whole | DAMAGES[case]).encode()) is None


def test_a_record_of_the_most_answers_can_be_loaded(tmp_path):
    raw = np.zeros(16 << 20, "u1")
    answers = tuple(
        QuestionResult(f"q{n}", Outcome.OK, answers=(Answer("value", value=encode(raw)),))
        for n in range(5)
    )
    save_record(Record("a", "b", "c", questions=answers), tmp_path / "record.json")
    assert len(load_record(tmp_path / "record.json").questions) == 5


# What is read, and how many MB it may take besides.
CAPS = {
    "array": 128,
    "list of nothing": 128,
    "picture": 64,
    "message of lists": 128,
    "notebook of lists": 512,
    "notebook of dicts": 512,
    "deep notebook": 512,
    "texts by hand": 64,
    "damaged record": 512,
}


def test_nothing_takes_more_memory_than_its_cap():
    script = Path(__file__).with_name("bounded.py")
    wanted = [f"{case}={megabytes}" for case, megabytes in CAPS.items()]
    ran = subprocess.run([sys.executable, script, *wanted], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr[-2000:]
