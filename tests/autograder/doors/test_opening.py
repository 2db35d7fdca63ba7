"""How nbgrader comes by submissions that its own reader would not find, or not open."""

import shutil
from contextlib import closing

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp
from traitlets.config import Config

from autograder.doors.stages.opening import Opens, before_converting


@pytest.fixture(autouse=True)
def own(tiny, monkeypatch):
    """The tiny assignment is the course's own; it has no module that could be looked for."""
    monkeypatch.setattr(
        "autograder.doors.stages.opening.is_foreign", lambda _, name: name != tiny.name
    )


@pytest.fixture
def opens(released):
    config = Config()
    config.CourseDirectory.root = str(released.root)
    return Opens(config=config)


def names(assignment):
    return {"nbgrader": {"assignment": assignment, "student": "ada"}}


def test_what_was_handed_in_is_left_to_the_rebuilding(opens, released, tiny):
    place = released.submission(tiny.name, "ada")
    text, _ = opens.from_filename(str(place), names(tiny.name))
    assert nbformat.reads(text, 4).cells == []


def test_a_graded_notebook_is_read_as_it_is(opens, released, tiny):
    place = released.autograded / "ada" / tiny.name / f"{tiny.name}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1")]), place)
    text, _ = opens.from_filename(str(place), names(tiny.name))
    assert nbformat.reads(text, 4).cells[0].source == "1 + 1"


def test_a_byte_order_mark_does_not_stop_a_foreign_notebook(opens, released):
    place = released.submitted / "ada" / "hw1" / "hw1.ipynb"
    place.parent.mkdir(parents=True)
    content = nbformat.writes(new_notebook(cells=[new_code_cell("1 + 1")]))
    place.write_bytes(content.encode("utf-8-sig"))
    text, _ = opens.from_filename(str(place), names("hw1"))
    assert nbformat.reads(text, 4).cells[0].source == "1 + 1"


def take(released, assignment, *files):
    folder = released.submitted / "ada" / assignment
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_text("{}")
    notebooks = [str(folder / name) for name in files]
    before_converting(assignment=assignment, student="*", notebooks=notebooks)
    return [path.removeprefix(f"{folder}/") for path in notebooks]


@pytest.mark.parametrize("name", ["99_tiny (1).ipynb", "final.ipynb", "99_tiny.ipynb"])
def test_one_plain_candidate_is_taken_for_the_notebook(released, tiny, name):
    assert take(released, tiny.name, name) == ["99_tiny.ipynb"]


def test_two_are_left_as_they_are(released, tiny):
    assert take(released, tiny.name, "a.ipynb", "b.ipynb") == ["a.ipynb", "b.ipynb"]


def test_a_foreign_assignment_keeps_its_names(released):
    assert take(released, "hw1", "problem1.ipynb") == ["problem1.ipynb"]


def test_a_student_without_a_folder_for_the_assignment_has_handed_in(released, tiny):
    (released.submitted / "ada").mkdir(parents=True)
    assert released.students(tiny.name) == []
    (released.submitted / "ada" / f"{tiny.name}.ipynb").write_text("{}")
    assert released.students(tiny.name) == ["ada"]


def entered(released, assignment):
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        return [found.student.id for found in gradebook.assignment_submissions(assignment)]


def test_a_submission_is_in_the_gradebook_before_nbgrader_looks(released, tiny):
    take(released, tiny.name, "99_tiny.ipynb")
    assert entered(released, tiny.name) == ["ada"]


def test_it_is_entered_into_the_gradebook_that_the_configuration_names(released, tiny):
    (released.root / "gradebook.db").rename(released.root / "marks.db")
    with open(released.root / "nbgrader_config.py", "a") as file:
        file.write("c.CourseDirectory.db_url = 'sqlite:///marks.db'\n")
    take(released, tiny.name, "99_tiny.ipynb")
    with closing(Gradebook(f"sqlite:///{released.root}/marks.db")) as gradebook:
        assert [s.student.id for s in gradebook.assignment_submissions(tiny.name)] == ["ada"]
    assert not (released.root / "gradebook.db").exists()


@pytest.mark.parametrize("option", ["--db", "--CourseDirectory.db_url"])
def test_it_is_entered_into_the_gradebook_that_the_command_names(released, tiny, option):
    other = f"sqlite:///{released.root}/other.db"
    shutil.copy(released.root / "gradebook.db", released.root / "other.db")
    try:
        AutogradeApp.instance().parse_command_line([f"{option}={other}"])
        take(released, tiny.name, "99_tiny.ipynb")
    finally:
        AutogradeApp.clear_instance()
    with closing(Gradebook(other)) as gradebook:
        assert [s.student.id for s in gradebook.assignment_submissions(tiny.name)] == ["ada"]
    assert entered(released, tiny.name) == []


def test_what_cannot_be_entered_is_left_for_nbgrader_to_say(course, tiny):
    assert take(course, tiny.name, "final.ipynb") == ["99_tiny.ipynb"]
