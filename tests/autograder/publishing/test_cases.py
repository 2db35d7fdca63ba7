"""The case on the page: what was asked, what was answered, and what may be told."""

import re
from dataclasses import replace

import numpy as np
import pytest

from autograder.authoring.answer_key import answer_keys, call_ids
from autograder.authoring.exercise import Assignment, Case, Exercise, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge
from autograder.publishing.page.feedback_page import feedback_page
from autograder.publishing.page.in_text import in_text
from autograder.publishing.page.raising import raising_line
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import Answer, CellResult, QuestionResult
from autograder.sandbox.protocol.values import encode
from autograder.settings import Shows

SECRET = b"a secret of this test"
NAME = "99_cases"
DRAW = "5" * 32
CELL = "def scale(x):\n    y = 2 * x\n    return y[99] <b>\n"


def scale(x):
    return 2 * x


def large_cases(rng):
    yield Case("drawn", (rng.integers(-64, 64, (3, 2)) / 64,))


def exercise(cases=large_cases, oracle=scale, **more):
    return Exercise(
        "scale", oracle=oracle, cases=cases, rubric=(RubricLine("drawn", 1, "scales"),), **more
    )


def page_of(exercise_, answer, shows=Shows.CASE, cell=CELL):
    """The page of who gave `answer` to each call; it is a value, an `Answer` or a function."""
    assignment = Assignment(NAME, (exercise_,))
    ((_, key),) = answer_keys(assignment, SECRET, DRAW)
    answers = []
    for id_, right in zip(call_ids(exercise_, key.cases), key.right, strict=True):
        given = answer(right) if callable(answer) else answer
        given = given if isinstance(given, Answer) else Answer("", encode(given))
        answers.append(replace(given, call=id_))
    source = {
        "id": "scale",
        "cell_type": "code",
        "source": cell,
        "metadata": {"autograder": {"kind": "solution", "name": "scale"}},
    }
    record = Record(
        NAME,
        "ada",
        "key",
        draw=DRAW,
        notebook={"cells": [source], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
        cells=(CellResult("scale", Outcome.OK),),
        questions=(QuestionResult("test-scale", Outcome.OK, answers=tuple(answers)),),
    )
    verdict = judge(record, assignment, SECRET)
    return feedback_page(record, verdict, assignment, SECRET, shows), key


def shown(page):
    """The case on a page, without its pictures."""
    (case,) = re.findall("<!--case-->(.*?)<!--/case-->", page, re.DOTALL)
    return case


def test_a_wrong_value_is_shown_beside_the_right_one():
    page, key = page_of(exercise(), lambda right: right + np.eye(3, 2)[::-1])
    case = shown(page)
    assert "x = np.array([[" in case
    assert f"{key.cases[0].args[0][1, 1]}" in case
    assert re.findall("<figcaption>(.*?)</figcaption>", case) == [
        "Your answer",
        "The right answer",
        "Yours minus the right one",
    ]
    wanted = key.right[0][1, 1]
    assert f"At [1, 1] you gave {wanted + 1:.6g}; {wanted:.6g} is right." in case
    assert case.count('class="wrong"') == 2


def test_the_page_is_the_same_every_time_and_says_neither_secret_nor_draw():
    page, _ = page_of(exercise(), 0)
    assert page == page_of(exercise(), 0)[0]
    assert DRAW not in page
    assert SECRET.decode() not in page


def test_another_shape_is_shown_as_outlines():
    case = shown(page_of(exercise(), np.zeros((2, 3)))[0])
    assert "Your answer: shape (2, 3)" in case
    assert "The right answer: shape (3, 2)" in case
    assert case.count('class="outline"') == 2


def test_an_exception_is_shown_with_its_line_of_code():
    cell = "def scale(x):\n    y = 2 * x\n    return y['<b>']\n"
    raised = Answer("", raised="IndexError", line=3, message="only <integers>")
    case = shown(page_of(exercise(), raised, cell=cell)[0])
    assert "IndexError: only &lt;integers&gt;" in case
    assert "<pre>    return y[&#39;&lt;b&gt;&#39;]</pre>" in case
    assert "The right answer" in case


def ran(*sources):
    cells = [
        {"id": f"c{number}", "cell_type": "code", "source": source, "metadata": {}}
        for number, source in enumerate(sources)
    ]
    return Record(
        NAME,
        "ada",
        "key",
        notebook={"cells": cells},
        cells=tuple(CellResult(cell["id"], Outcome.OK) for cell in cells),
    )


def test_a_line_is_shown_only_where_it_is_certain_which_one_it_was():
    own = "def scale(x):\n    return part(x)"
    assert raising_line(ran(own), "scale", 2) == "    return part(x)"
    both = ran("def part(x):\n    return x.y", own)
    assert raising_line(both, "scale", 2) == ""
    helper = ran("k = 3\n\ndef part(x):\n    return x.y", own)
    assert raising_line(helper, "scale", 4) == "    return x.y"
    assert raising_line(helper, "scale", 2) == "    return part(x)"
    assert raising_line(ran("def other(x):\n    return 1", own), "scale", 2) == "    return part(x)"
    for line in (None, 0, 3, 10**9):
        assert raising_line(ran(own), "scale", line) == ""
    assert raising_line(ran("def scale(x:"), "scale", 1) == ""
    assert raising_line(ran(), "scale", 1) == ""


@pytest.mark.parametrize(
    "exercise_",
    [
        exercise(cases=lambda rng: [Case("drawn", (np.arange(3.0),))]),
        exercise(cases=lambda rng: [Case("drawn", (rng.uniform(1, 2, 3),), right=31.5)]),
        exercise(cases=lambda rng: [Case("drawn")], oracle=lambda: 31.5, kind="value"),
    ],
    ids=["the same in every draw", "a label", "a value"],
)
def test_what_would_be_worth_something_in_the_next_run_is_not_shown(exercise_):
    page, key = page_of(exercise_, 3.25)
    case = shown(page)
    assert "3.25" in case
    assert "right answer" not in case.lower()
    assert f"{np.max(key.right[0]):.6g}" not in case.replace("3.25", "")


def test_where_many_answers_are_right_one_is_shown_and_no_entry_is_called_wrong():
    page, _ = page_of(exercise(accepts=lambda answer, case: False), np.zeros((3, 2)))
    assert "A right answer" in shown(page)
    assert 'class="wrong"' not in shown(page)


BY_HAND = exercise(
    cases=lambda rng: [Case("drawn")],
    oracle=lambda: np.array([[3.5, 4.5], [5.5, 6.5], [7.5, 8.5]]),
    kind="value",
)


def test_each_entry_of_a_value_has_a_mark():
    page, _ = page_of(BY_HAND, [[3.5, 4.5], [5.5, -1.25], [None, 8.5]])
    case = shown(page)
    paths = dict(re.findall(r'<path class="(right|lost)" d="([^"]*)"', case))
    assert (paths["right"].count("l3 4l6 -8"), paths["lost"].count("l8 8m0 -8l-8 8")) == (4, 2)
    assert "shape (3, 2); 2 entries are wrong" in case
    assert "-1.25" in case
    assert not any(right in case for right in ("6.5", "7.5"))


def test_a_value_that_is_wrong_throughout_has_no_marks():
    case = shown(page_of(BY_HAND, np.ones((3, 2)))[0])
    assert "<svg" not in case
    assert "[1, 1]" in case


DEEP = (1, [2.5, {"<b>": np.array([[1, 2], [3, 4]])}], (None, True))
HOSTILE = {
    "markup": "<script>alert(1)</script><!--/case--><!--shows case-->",
    "markup in an array's place": ["<script>"] * 3,
    "a long text": "<b>" * 100_000,
    "a long list": [1.0] * 50_000,
    "a long number": 10**3999,
    "many dimensions": np.zeros((1,) * 8),
    "nothing of anything": np.zeros((10**9, 0)),
    "a large array": np.full((1000, 1000), np.nan),
    "a large array of the right number of axes": np.zeros((2, 10**6)),
    "not a number": np.full((3, 2), np.nan),
    "infinite": np.full((3, 2), -np.inf),
    "complex": np.full((3, 2), 1j),
    "booleans": np.ones((3, 2), bool),
    "half precision": np.full((3, 2), 6e4, np.float16),
    "more than double": np.full((3, 2), np.longdouble("1e4000")),
    "nested": DEEP,
    "one right entry and odd ones": [[3.5, "<b>"], [10**400, None], [[], {}]],
    "one right entry and odd numbers": [[3.5, 1e308], [10**400, -np.inf], [np.nan, 2j]],
    "one right entry that is complex": np.array([[3.5, 1j], [2, 3], [4, 5]]),
    "one right entry in more than double": np.array([[3.5, 1]] * 3, "g") * np.longdouble("1e4000"),
    "one right entry and truths": [[3.5, True], [False, True], [True, True]],
    "an object": Answer("", {"kind": "other", "type": "<i>Thing</i>"}),
    "a message": Answer("", raised="ValueError", message="<script>alert(1)</script>", line=2),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("asked", [exercise(), BY_HAND], ids=["function", "value"])
@pytest.mark.filterwarnings("error")
def test_whatever_is_answered_the_page_is_short_and_runs_nothing(what, asked):
    page, _ = page_of(asked, HOSTILE[what], cell="def scale(x):\n    return x")
    case = shown(page)
    assert len(case) < 12_000
    for tag in ("<script", "<b>", "<i>"):
        assert tag not in case
    assert page.count("<!--shows") == page.count("<!--case-->") == 1


def test_a_large_array_is_drawn_in_part():
    large = exercise(cases=lambda rng: [Case("drawn", (rng.uniform(-1, 1, (40, 30)),))])

    def off(right):
        wrong = right.copy()
        wrong[35:, 2] += 1
        return wrong

    case = shown(page_of(large, off)[0])
    assert "The pictures show [24:40, 0:16], 256 of 1200 entries." in case
    assert case.count("<summary>") == 1
    assert "x = unpacked(" in case


def test_what_differs_in_a_tuple_is_drawn():
    pair = exercise(oracle=lambda x: (1.0, 2 * x))
    case = shown(page_of(pair, lambda right: (right[0], right[1] + 1))[0])
    assert "In result 2, at [0, 0] you gave" in case
    named = replace(pair, parts=("one", "twice"))
    case = shown(page_of(named, lambda right: (right[0], right[1][:2]))[0])
    assert "In twice, the shape differs." in case


def test_answers_in_text():
    assert in_text(DEEP) == "(1, [2.5, {'<b>': [[1, 2],\n   [3, 4]]}], (None, True))"
    assert in_text(np.zeros((0, 3))) == "an array of shape (0, 3), of float64"
    assert in_text("x" * 201) == f"'{'x' * 200}'…"
    assert in_text([7] * 5000).endswith("[…]")
    assert in_text((np.float32(0.1), 1 / 3, 2 + 1j)) == "(0.1, 0.333333, 2+1j)"


def test_of_messages_and_of_nothing_there_is_no_case():
    messages, _ = page_of(exercise(), np.zeros((3, 2)), Shows.MESSAGES)
    assert "values are wrong" in messages
    nothing, _ = page_of(exercise(), np.zeros((3, 2)), Shows.NOTHING)
    assert "scales" in nothing
    for word in ("<!--case", "np.array", "<svg"):
        assert word not in messages
        assert word not in nothing
    assert "wrong" not in nothing.partition("</style>")[2]
