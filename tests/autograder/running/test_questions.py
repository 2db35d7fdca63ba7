"""What the locked room is asked to do for a clean notebook."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.running.questions import cases_digest, plan
from autograder.running.rebuild import CleanNotebook
from autograder.sandbox.protocol.plan import Cell


def marked(kind):
    return new_code_cell(
        "1 + 1", id="cell", metadata={"autograder": {"kind": kind, "name": "cell"}}
    )


@pytest.mark.parametrize(
    ("kind", "untouched", "runs"),
    [
        ("", True, True),
        ("setup", True, True),
        ("solution", True, True),
        ("value", False, True),
        ("extra", False, True),
        ("figure", False, False),
        ("closing", False, False),
        ("playground", True, False),
        ("playground", False, True),
    ],
)
def test_which_cells_are_run(tiny, kind, untouched, runs):
    notebook = new_notebook(cells=[new_markdown_cell("text"), marked(kind)])
    clean = CleanNotebook(notebook, ("cell",) if untouched else (), ())
    assert plan(clean, tiny, b"secret") == ((Cell("cell", "1 + 1"),) if runs else ())


def solution(source, id_="double", kind="solution"):
    metadata = {"autograder": {"kind": kind, "name": "double"}}
    return new_code_cell(source, id=id_, metadata=metadata)


TEST = solution("check", "test-double", "test")


@pytest.mark.parametrize(
    ("behind", "asked"),
    [
        ("def double(x):\n    return 2", ["test-double", "test-double:end"]),
        ("double = lambda x: 2", ["test-double", "test-double:end"]),
        ("print(double(3))", ["test-double"]),
        ("doubled = 3", ["test-double"]),
    ],
)
def test_a_question_is_put_again_where_its_name_is_bound_behind_it(tiny, behind, asked):
    notebook = new_notebook(
        cells=[solution("def double(x): pass"), TEST, new_code_cell(behind, id="more")]
    )
    steps = plan(CleanNotebook(notebook), tiny, b"secret")
    questions = [step for step in steps if not isinstance(step, Cell)]
    assert [question.id for question in questions] == asked
    assert all(question.calls is questions[0].calls for question in questions)


def test_a_deleted_answer_is_not_run(tiny):
    notebook = new_notebook(cells=[solution("def double(x): pass"), TEST])
    steps = plan(CleanNotebook(notebook, absent=("double",)), tiny, b"secret")
    assert [step.id for step in steps] == ["test-double"]


def asked(tiny, secret, draw):
    notebook = new_notebook(cells=[solution("def double(x): pass"), TEST])
    _, question = plan(CleanNotebook(notebook), tiny, secret, draw)
    return {call.id: call.args[0].tolist() for call in question.calls}


def test_only_common_calls_are_the_same_in_every_run_of_every_course(tiny):
    runs = [asked(tiny, secret, draw) for secret in (b"a", b"b") for draw in ("1" * 32, "2" * 32)]
    for id_ in ("call-0", "call-1"):
        assert len({str(run[id_]) for run in runs}) == len(runs)
    for id_ in ("common-0", "common-1"):
        assert len({str(run[id_]) for run in runs}) == 1
    assert list(runs[0]) == ["call-0", "call-1", "common-0", "common-1"]


def test_the_digest_of_the_questions_is_that_of_one_draw(tiny):
    before = cases_digest(tiny, b"a")
    cases_digest.cache_clear()
    assert cases_digest(tiny, b"a") == before != cases_digest(tiny, b"b")
