import contextlib
import json

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.core.errors import RefusedError
from autograder.running.read import SubmittedFile, parse_submission
from autograder.running.rebuild import rebuild
from autograder.running.stems import Releases


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
    return rebuild(Releases(master), parsed(nbformat.writes(submission)))


def parsed(content):
    return parse_submission(SubmittedFile.of([content.encode()]))


def sources(clean):
    return {cell.id: cell.source for cell in clean.notebook.cells}


def test_an_honest_submission_needs_no_repair(master, submission):
    clean = taken(master, submission)
    assert clean.repairs == ()
    assert clean.untouched == ()
    assert sources(clean)["f"] == "def f():\n    return 1"
    assert sources(clean)["p"] == "draw(3)"
    assert [cell.id for cell in clean.notebook.cells] == [cell.id for cell in master.cells]


@pytest.fixture
def closed(master):
    """A release with a last cell."""
    metadata = {"autograder": {"kind": "closing", "name": "1"}}
    closing = new_code_cell('progress("1")', id="closing-1", metadata=metadata)
    return new_notebook(cells=[*master.cells, closing])


def test_a_missing_last_cell_is_put_back_without_a_word(closed, submission):
    clean = taken(closed, submission)
    assert sources(clean)["closing-1"] == 'progress("1")'
    assert (clean.repairs, clean.remarks, clean.absent) == ((), (), ())


def test_a_last_cell_that_was_changed_is_put_back(closed, submission):
    submission.cells.append(new_code_cell('progress("1", {})', id="closing-1"))
    clean = taken(closed, submission)
    assert sources(clean)["closing-1"] == 'progress("1")'
    assert (clean.repairs, clean.remarks) == ((), ())


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
    cells.append(new_code_cell("check('f', 1)", metadata=cells[3].metadata))


TAMPERINGS = {
    "test deleted": (lambda cells: _drop(cells, "test-f"), "cell test-f was missing"),
    "test changed": (_set("test-f", source="pass"), "cell test-f was changed"),
    "points": (_set("test-f", points=300), "points of cell test-f was changed"),
    "graded flag": (_set("test-f", grade=False), "grade of cell test-f was changed"),
    "skip": (_set("test-f", tags=["skip-execution"]), "cell test-f had tags added"),
    "to markdown": (_to_markdown, "cell test-f was turned into text"),
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


def test_a_deleted_answer_comes_back_as_the_stub_and_is_not_run(master, submission):
    _drop(submission.cells, "f")
    clean = taken(master, submission)
    assert "NotImplementedError" in sources(clean)["f"]
    assert (clean.absent, clean.repairs) == (("f",), ())
    assert clean.remarks == ("cell f was missing",)


def extras(clean):
    return [cell.source for cell in clean.notebook.cells if cell.id.startswith("extra")]


def test_an_answer_that_was_typed_into_a_fresh_cell_is_the_answer(master, submission):
    for id_, fresh in {"f": "def f():\n    return 5", "value-g": "g = 7"}.items():
        number = [cell.id for cell in submission.cells].index(id_)
        submission.cells[number] = new_code_cell(fresh)
    clean = taken(master, submission)
    assert (sources(clean)["f"], sources(clean)["value-g"]) == ("def f():\n    return 5", "g = 7")
    assert (clean.repairs, clean.absent, extras(clean)) == ((), (), [])
    assert clean.remarks == ("what counts for cells f, value-g was typed into a cell of its own",)


def test_an_answer_that_stands_elsewhere_stays_there(master, submission):
    _drop(submission.cells, "f")
    submission.cells.append(new_code_cell("def f():\n    return 5"))
    clean = taken(master, submission)
    assert clean.absent == ("f",)
    assert clean.notebook.cells[-1].source == "def f():\n    return 5"


def test_a_copy_behind_the_test_is_not_the_answer_at_the_test(master, submission):
    number = [cell.id for cell in submission.cells].index("f")
    (copy,) = submission.cells[number : number + 1]
    submission.cells[number] = new_code_cell("def f():\n    return 'in time'")
    submission.cells.append(copy)
    clean = taken(master, submission)
    assert sources(clean)["f"] == "def f():\n    return 'in time'"
    assert clean.notebook.cells[-1].source == "def f():\n    return 1"
    assert clean.repairs == ()


def test_the_lines_of_a_changed_set_up_run_after_those_of_the_course(master, submission):
    submission.cells[0].source = "import math"
    clean = taken(master, submission)
    assert [cell.source for cell in clean.notebook.cells[:2]] == [
        "import numpy as np",
        "import math",
    ]
    assert clean.repairs == ()
    assert clean.remarks == ("cell setup was changed; the lines of the course ran first",)


ADDED = "import math\nunused = 1\nhalf = math.pi / 2\ndraw(half)\ncheck('f', f)"


def test_lines_that_were_added_to_a_locked_cell_run_where_they_bind_something(master, submission):
    submission.cells[2].source = "def f():\n    return half"
    submission.cells[3].source = ADDED
    clean = taken(master, submission)
    order = [cell.source for cell in clean.notebook.cells]
    number = order.index("check('f', f)")
    assert order[number - 1] == "import math\nhalf = math.pi / 2"
    assert clean.repairs == ()
    assert clean.remarks == ("what was added to cell test-f counts, too",)


def test_a_cell_that_was_merged_into_its_neighbour_is_not_missing(master, submission):
    answer, test = submission.cells[2:4]
    answer.source += f"\n{test.source}"
    _drop(submission.cells, "test-f")
    clean = taken(master, submission)
    assert (clean.repairs, clean.remarks) == ((), ())
    assert sources(clean)["f"] == answer.source


def test_a_copy_is_not_where_a_test_that_was_merged_stands(master, submission):
    answer, test = submission.cells[2:4]
    answer.source += f"\n{test.source}"
    submission.cells = [cell for cell in submission.cells if cell is not test] + [test]
    assert taken(master, submission).repairs == ()


def test_the_half_of_a_split_cell_may_be_the_test_that_was_merged_into_it(master, submission):
    answer, test = submission.cells[2:4]
    test.metadata = answer.metadata
    clean = taken(master, submission)
    assert clean.repairs == ()
    assert sources(clean)["f"] == answer.source


def test_a_copy_of_a_test_that_was_not_changed_gains_nothing(master, submission):
    submission.cells.append(new_code_cell("check('f', f)", metadata=submission.cells[3].metadata))
    assert taken(master, submission).repairs == ()


def without_names(notebook, ids=True):
    document = json.loads(nbformat.writes(notebook))
    for cell in document["cells"]:
        cell["metadata"] = {}
        if ids:
            del cell["id"]
    if ids:
        document["nbformat_minor"] = 4
    return json.dumps(document)


def test_stripped_metadata_are_one_remark(master, submission):
    clean = rebuild(Releases(master), parsed(without_names(submission, ids=False)))
    assert sources(clean)["f"] == "def f():\n    return 1"
    assert clean.repairs == ()
    assert clean.remarks == ("metadata of 5 cells was stripped by an editor; put back",)


def test_cells_without_any_name_are_known_by_text_and_by_what_they_define(master, submission):
    submission.cells.insert(3, new_code_cell("print(f())"))
    clean = rebuild(Releases(master), parsed(without_names(submission)))
    assert sources(clean)["f"] == "def f():\n    return 1"
    assert sources(clean)["value-g"] == "g = 2"
    assert extras(clean) == ["print(f())", "draw(3)"]
    assert clean.repairs == ()
    found, rewritten = clean.remarks
    assert found == "5 cells had lost the name; known by the text and put back"
    assert rewritten.startswith("what counts for cells f, value-g")


@pytest.fixture
def essay(master):
    """A master with a prompt, and what hands it in."""
    master.cells.append(new_markdown_cell("Why?", id="text-3"))
    open_ = {"locked": False, "solution": True, "grade": True, "points": 2.0}
    master.cells.append(
        marked(new_markdown_cell, "*Your answer*", "written-why", "written", **open_)
    )
    master.cells.append(new_markdown_cell("The end", id="text-4"))
    return master, nbformat.from_dict(master)


BECAUSE = new_markdown_cell("Because of the border.")


def _behind(cells):
    cells.insert(-1, BECAUSE)


def _above(cells):
    cells.insert(-2, BECAUSE)


def _instead(cells):
    cells[-2] = BECAUSE


def _in_the_question(cells):
    cells[-3].source = "Why?\n\nBecause of the border."


def _in_code(cells):
    cells.insert(-1, new_code_cell("Because of the border."))


def _in_comments(cells):
    cells.insert(-1, new_code_cell("# Because of the border."))


def _in_the_cell_as_code(cells):
    cells[-2] = new_code_cell(
        "Because of the border.", id="written-why", metadata=cells[-2].metadata
    )


def _twice(cells):
    cells[-1:-1] = [new_markdown_cell("Because"), new_markdown_cell("of the border.")]


PLACES = [
    _behind,
    _above,
    _instead,
    _in_the_question,
    _in_code,
    _in_comments,
    _in_the_cell_as_code,
    _twice,
]


@pytest.mark.parametrize("change", PLACES)
def test_prose_beside_or_instead_of_the_prompt_is_the_answer(essay, change):
    master, submission = essay
    change(submission.cells)
    clean = taken(master, submission)
    answer = sources(clean)["written-why"].replace("\n\n", " ").removeprefix("# ")
    assert answer == "Because of the border."
    assert clean.repairs == ()
    assert "written-why" not in clean.untouched
    texts = [cell.source for cell in clean.notebook.cells if cell.cell_type == "markdown"]
    assert sum("border" in text for text in texts) == 1


def test_a_prompt_that_nobody_answered_is_untouched(essay):
    master, submission = essay
    submission.cells.insert(-1, new_code_cell("1 + 1"))
    submission.cells.insert(-1, new_code_cell("%time a b c d"))
    submission.cells.insert(-1, new_markdown_cell(" "))
    assert "written-why" in taken(master, submission).untouched


def test_a_pasted_picture_stays_in_the_answer(essay):
    master, submission = essay
    cell = submission.cells[-2]
    cell.source = "See ![that](attachment:image.png) and ![this](attachment:none.png)"
    cell.attachments = {"image.png": {"image/png": "iVBORw0KGgo="}}
    answer = sources(taken(master, submission))["written-why"]
    assert (
        answer == "See ![that](data:image/png;base64,iVBORw0KGgo=) and ![this](attachment:none.png)"
    )


def test_a_notebook_without_cell_ids_is_matched_by_its_grade_ids(master, submission):
    document = json.loads(nbformat.writes(submission))
    document["nbformat_minor"] = 4
    for cell in document["cells"]:
        del cell["id"]
    clean = rebuild(Releases(master), parsed(json.dumps(document)))
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
        rebuild(Releases(new_notebook(cells=[cell])), parsed(json.dumps(document)))
