import contextlib
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.core.errors import RefusedError
from autograder.running.read import parse_submission
from autograder.running.rebuild import rebuild


def marked(make, source, id_, kind, **flags):
    name = id_.removeprefix(f"{kind}-")
    nbgrader = {"grade_id": id_, "grade": False, "solution": False, "locked": True, **flags}
    metadata = {"autograder": {"kind": kind, "name": name}, "nbgrader": nbgrader}
    return make(source, id=id_, metadata=metadata)


@pytest.fixture
def master():
    open_ = {"locked": False, "solution": True}
    return new_notebook(
        cells=[
            marked(new_code_cell, "import numpy as np", "setup", "setup"),
            new_markdown_cell("# Title", id="text-1"),
            marked(
                new_code_cell, "def f():\n    raise NotImplementedError", "f", "solution", **open_
            ),
            marked(new_code_cell, "check('f', f)", "test-f", "test", grade=True, points=3.0),
            new_code_cell("play = 1", id="text-2"),
            new_code_cell("draw()", id="p", metadata={"autograder": {"kind": "playground"}}),
            marked(new_code_cell, "g = ...", "value-g", "value", **open_),
            marked(new_code_cell, "check('g', g)", "test-g", "test", grade=True, points=1.0),
        ]
    )


@pytest.fixture
def submission(master):
    theirs = nbformat.from_dict(master)
    by_id = {cell.id: cell for cell in theirs.cells}
    by_id["f"].source = "def f():\n    return 1"
    by_id["p"].source = "draw(3)"
    by_id["value-g"].source = "g = 2"
    return theirs


def taken(master, submission):
    return rebuild(master, parse_submission(nbformat.writes(submission).encode()))


def sources(clean):
    return {cell.id: cell.source for cell in clean.notebook.cells}


def test_an_honest_submission_needs_no_repair(master, submission):
    clean = taken(master, submission)
    assert clean.repairs == ()
    assert clean.untouched == ()
    assert sources(clean)["f"] == "def f():\n    return 1"
    assert sources(clean)["p"] == "draw(3)"
    assert [cell.id for cell in clean.notebook.cells] == [cell.id for cell in master.cells]


def test_untouched_answers_are_known(master):
    assert taken(master, master).untouched == ("f", "p", "value-g")


def test_extra_cells_stay_where_they_were(master, submission):
    submission.cells.insert(3, new_code_cell("print('mine')"))
    submission.cells.insert(0, new_markdown_cell("my name"))
    clean = taken(master, submission)
    order = [cell.source for cell in clean.notebook.cells]
    assert order[0] == "my name"
    assert order.index("print('mine')") == order.index("def f():\n    return 1") + 1
    assert clean.repairs == ()


def test_cells_that_students_may_change_are_theirs(master, submission):
    submission.cells[4].source = "play = 2"
    assert sources(taken(master, submission))["text-2"] == "play = 2"


def _drop(cells, id_):
    cells[:] = [cell for cell in cells if cell.id != id_]


def _set(id_, **changes):
    def change(cells):
        cell = next(cell for cell in cells if cell.id == id_)
        for path, value in changes.items():
            target = cell.metadata if path == "tags" else cell.metadata.nbgrader
            if path == "source":
                cell.source = value
            else:
                target[path] = value

    return change


def _to_markdown(cells):
    index = next(i for i, cell in enumerate(cells) if cell.id == "test-f")
    cells[index] = new_markdown_cell(
        cells[index].source, id="test-f", metadata=cells[index].metadata
    )


def _duplicate(cells):
    cells.append(new_code_cell("check('f', f)", metadata=cells[3].metadata))


TAMPERINGS = {
    "test deleted": (lambda cells: _drop(cells, "test-f"), "cell test-f was missing"),
    "answer deleted": (lambda cells: _drop(cells, "f"), "cell f was missing"),
    "test changed": (_set("test-f", source="pass"), "cell test-f was changed"),
    "set-up changed": (_set("setup", source="np = 1"), "cell setup was changed"),
    "points": (_set("test-f", points=300), "cell test-f: points was changed"),
    "graded flag": (_set("test-f", grade=False), "cell test-f: grade was changed"),
    "skip": (_set("test-f", tags=["skip-execution"]), "cell test-f: tags were added"),
    "to markdown": (_to_markdown, "cell test-f was turned into markdown"),
    "reordered": (lambda cells: cells.reverse(), "cells were reordered"),
    "duplicated": (_duplicate, "cell test-f was duplicated"),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_put_right_and_told(master, submission, tampering):
    change, said = TAMPERINGS[tampering]
    change(submission.cells)
    clean = taken(master, submission)
    assert said in clean.repairs
    known = [cell for cell in clean.notebook.cells if cell.id in {c.id for c in master.cells}]
    assert [cell.id for cell in known] == [cell.id for cell in master.cells]
    for cell, original in zip(known, master.cells, strict=True):
        assert cell.metadata == original.metadata
        if original.metadata.get("autograder", {}).get("kind") in ("test", "setup"):
            assert (cell.source, cell.cell_type) == (original.source, original.cell_type)


def test_a_deleted_answer_comes_back_as_the_stub(master, submission):
    _drop(submission.cells, "f")
    assert "NotImplementedError" in sources(taken(master, submission))["f"]


def test_a_notebook_without_cell_ids_is_matched_by_its_grade_ids(master, submission):
    document = json.loads(nbformat.writes(submission))
    document["nbformat_minor"] = 4
    for cell in document["cells"]:
        del cell["id"]
    clean = rebuild(master, parse_submission(json.dumps(document).encode()))
    assert sources(clean)["f"] == "def f():\n    return 1"


def test_a_foreign_notebook_is_refused(master):
    foreign = new_notebook(cells=[new_code_cell("1 + 1")])
    with pytest.raises(RefusedError, match="none of its cells"):
        taken(master, foreign)


ANYTHING = st.sampled_from([None, True, 7, "text", "f", [], ["a", 1], {}, {"grade_id": "f"}, [[]]])
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | ANYTHING,
        "source": ANYTHING,
        "id": ANYTHING,
        "metadata": ANYTHING | st.fixed_dictionaries({"nbgrader": ANYTHING, "tags": ANYTHING}),
    },
)


@given(st.lists(CELLS, max_size=5))
def test_no_cells_do_more_than_be_refused(cells):
    document = {"cells": cells, "nbformat": 4, "nbformat_minor": 5}
    flags = {"grade_id": "f", "grade": False, "solution": True, "locked": False}
    cell = new_code_cell(
        "stub",
        id="f",
        metadata={"autograder": {"kind": "solution", "name": "f"}, "nbgrader": flags},
    )
    with contextlib.suppress(RefusedError):
        rebuild(new_notebook(cells=[cell]), parse_submission(json.dumps(document).encode()))
