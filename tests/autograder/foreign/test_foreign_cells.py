"""Which cell of a submission is which of the release: copies, lost names, missing cells."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.foreign.cells import settle, was_put_back
from autograder.foreign.released import ReleasedCell

STUB = "def half(x):\n    raise NotImplementedError"
RIGHT = "def half(x):\n    return x / 2"
TEST = "assert half(4) == 2"
HIDDEN = TEST + "\nassert half(5) == 2.5"


def released(name, kind, text, source="", **flags):
    flags = {"grade": False, "solution": False, "task": False, "locked": False} | flags
    metadata = {"grade_id": name, "schema_version": 3, "cell_type": kind, **flags}
    return ReleasedCell(name, kind, text, source or text, f"id-{name}", metadata)


RELEASED = (
    released("setup", "code", "import math", locked=True),
    ReleasedCell("", "code", "half(3)", id="id-free"),
    released("half", "code", STUB, solution=True),
    released("half_test", "code", TEST, HIDDEN, grade=True, locked=True, points=2),
    released("essay", "markdown", "YOUR ANSWER HERE", grade=True, solution=True, points=2),
    released("sketch", "code", "# a sketch", grade=True, solution=True, points=1),
    released("task", "markdown", "Measure.", task=True, points=4),
    released("last_test", "code", "assert 1", grade=True, locked=True, points=1),
)
NAMES = [cell.name for cell in RELEASED]
ANSWERS = {"half": RIGHT, "essay": "Because.", "sketch": "plot()"}


def submission():
    """All answers given, nothing moved."""
    cells = []
    for cell in RELEASED:
        make = new_code_cell if cell.kind == "code" else new_markdown_cell
        metadata = {"nbgrader": dict(cell.metadata)} if cell.name else {}
        made = make(ANSWERS.get(cell.name, cell.text), metadata=metadata)
        made.id = cell.id
        cells.append(made)
    return new_notebook(cells=cells)


def names(notebook):
    return [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in notebook.cells]


def at(notebook, name):
    return names(notebook).index(name)


def cell(notebook, name):
    return notebook.cells[at(notebook, name)]


def strip(notebook, *, ids=True):
    """As an editor that drops metadata leaves it, and one that knows no ids either."""
    for each in notebook.cells:
        each.metadata = nbformat.NotebookNode()
        if not ids:
            each.id = f"new-{id(each)}"


def test_what_is_as_it_should_be_is_left_alone():
    notebook = submission()
    before = copy.deepcopy(notebook)
    assert settle(notebook, RELEASED) == ()
    assert notebook == before


@pytest.mark.parametrize("name", [name for name in NAMES if name])
@pytest.mark.parametrize("copies", [1, 2])
def test_of_copies_at_the_end_the_first_counts(name, copies):
    notebook = submission()
    original = cell(notebook, name)
    notebook.cells += [copy.deepcopy(original) for _ in range(copies)]
    (remark,) = settle(notebook, RELEASED)
    assert names(notebook) == [*NAMES, *[""] * copies]
    assert cell(notebook, name) is original
    assert remark == f"cells that were copied: {name}; one of each counts"


def test_a_copy_of_a_test_in_front_of_its_answer_does_not_count():
    notebook = submission()
    notebook.cells.insert(0, copy.deepcopy(cell(notebook, "half_test")))
    settle(notebook, RELEASED)
    assert names(notebook) == ["", *NAMES]


def test_of_copies_of_an_answer_the_one_that_is_written_in_counts():
    notebook = submission()
    written = copy.deepcopy(cell(notebook, "essay"))
    cell(notebook, "essay").source = "YOUR ANSWER HERE"
    notebook.cells.insert(at(notebook, "task"), written)
    settle(notebook, RELEASED)
    assert cell(notebook, "essay") is written


@pytest.mark.parametrize("flag", ["grade", "solution", "locked", "task"])
def test_a_cell_of_another_assignment_is_one_of_the_student_s_own(flag):
    notebook = submission()
    notebook.cells.insert(2, new_code_cell("1", metadata={"nbgrader": {"grade_id": "x", flag: 1}}))
    (remark,) = settle(notebook, RELEASED)
    assert "nbgrader" not in notebook.cells[2].metadata
    assert remark.startswith("cells of unknown names: x;")


def test_a_cell_that_means_nothing_to_nbgrader_is_nothing_to_speak_of():
    notebook = submission()
    notebook.cells.insert(2, new_code_cell("1", metadata={"nbgrader": {"grade_id": "x"}}))
    assert settle(notebook, RELEASED) == ()
    assert "nbgrader" not in notebook.cells[2].metadata


@pytest.mark.parametrize("ids", [True, False])
def test_lost_metadata_is_put_back(ids):
    notebook = submission()
    strip(notebook, ids=ids)
    (remark,) = settle(notebook, RELEASED)
    assert names(notebook) == NAMES
    assert remark.startswith("cells whose metadata was lost: ")
    assert remark.endswith(" and 2 more; put back")


def test_an_answer_without_a_name_is_known_by_its_neighbours():
    notebook = submission()
    strip(notebook, ids=False)
    notebook.cells.insert(at(notebook, "") + 1, new_markdown_cell("half(3)"))
    settle(notebook, RELEASED)
    assert cell(notebook, "half").source == RIGHT
    assert cell(notebook, "essay").source == "Because."


def test_an_id_tells_an_answer_from_a_scratch_cell_beside_it():
    notebook = submission()
    strip(notebook)
    notebook.cells.insert(2, new_code_cell("scratch"))
    settle(notebook, RELEASED)
    assert cell(notebook, "half").source == RIGHT


def test_where_two_cells_could_be_the_answer_none_is_taken_for_it():
    notebook = submission()
    strip(notebook, ids=False)
    place = [each.source for each in notebook.cells].index("Because.")
    notebook.cells.insert(place, new_markdown_cell("First."))
    said = settle(notebook, RELEASED)
    assert was_put_back(cell(notebook, "essay"))
    assert any(remark.startswith("answers that are missing: essay;") for remark in said)


def test_a_missing_test_is_put_back_behind_what_may_define_the_answer():
    notebook = submission()
    del notebook.cells[at(notebook, "half_test")]
    notebook.cells.insert(at(notebook, "essay"), new_code_cell(RIGHT))
    (remark,) = settle(notebook, RELEASED)
    assert names(notebook) == [*NAMES[:3], "", *NAMES[3:]]
    assert cell(notebook, "half_test").source == HIDDEN
    assert cell(notebook, "half_test").metadata.nbgrader.points == 2
    assert remark == "cells that were missing: half_test; put back as they were released"


def test_a_missing_test_at_the_end_is_put_there():
    notebook = submission()
    del notebook.cells[-1]
    notebook.cells.append(new_code_cell("more"))
    settle(notebook, RELEASED)
    assert names(notebook)[-2:] == ["", "last_test"]


@pytest.mark.parametrize("name", ["setup", "task"])
def test_what_else_is_missing_is_put_back_in_front(name):
    notebook = submission()
    place = at(notebook, name)
    notebook.cells[place] = new_code_cell("scratch")
    settle(notebook, RELEASED)
    assert at(notebook, name) == place
    assert notebook.cells[place + 1].source == "scratch"


def test_the_stub_of_a_missing_answer_is_not_put_back():
    notebook = submission()
    cell(notebook, "half").metadata.clear()
    notebook.cells[2].id = "new"
    notebook.cells.insert(2, new_code_cell("scratch"))
    (remark,) = settle(notebook, RELEASED)
    assert "half" not in names(notebook)
    assert STUB not in [each.source for each in notebook.cells]
    assert remark.startswith("answers that are missing: half; look for them")


@pytest.mark.parametrize("name", ["essay", "sketch"])
def test_a_missing_answer_that_a_person_marks_has_a_place_for_the_points(name):
    notebook = submission()
    del notebook.cells[at(notebook, name)]
    (remark,) = settle(notebook, RELEASED)
    assert names(notebook) == NAMES
    assert was_put_back(cell(notebook, name))
    assert remark.startswith(f"answers that are missing: {name};")


def test_nobody_can_say_of_a_cell_that_it_was_put_back():
    notebook = submission()
    cell(notebook, "essay").metadata["autograder"] = {"put_back": True}
    settle(notebook, RELEASED)
    assert not was_put_back(cell(notebook, "essay"))


@pytest.mark.parametrize("minor", [4, 5])
def test_what_is_put_back_is_valid_in_old_notebooks_too(minor):
    notebook = submission()
    notebook.nbformat_minor = minor
    if minor < 5:
        for each in notebook.cells:
            del each["id"]
    del notebook.cells[-1]
    settle(notebook, RELEASED)
    nbformat.validate(notebook)
    assert ("id" in notebook.cells[-1]) == (minor == 5)


def test_an_empty_notebook_gets_everything_but_stubs_of_code():
    notebook = new_notebook()
    settle(notebook, RELEASED)
    assert names(notebook) == [name for name in NAMES if name not in ("", "half")]
