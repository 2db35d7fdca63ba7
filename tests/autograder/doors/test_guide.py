"""The marking guide: in formgrader's page, and nowhere else."""

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers

from autograder.core.notebooks import read_notebook
from autograder.settings import load_settings

GUIDE = "2 points for because"
OPENED = {"submission_id": "1", "index": 0, "total": 1, "notebook_id": "99_tiny"}


@pytest.fixture
def page(released, tiny):
    """The page of a released notebook that is opened with these resources."""

    def make(**resources):
        config, _ = load_settings(released)
        config.HTMLExporter.template_name = "formgrade"
        config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
        body, _ = HTMLExporter(config=config).from_filename(
            str(released.released(tiny.name)),
            resources={**OPENED, "assignment_id": tiny.name, **resources},
        )
        return body

    return make


def test_it_stands_before_the_answer_in_formgrader(page):
    body = page()
    guide, answer = body.index(GUIDE), body.index('id="written-why"')
    assert body.index("Marking guide") < guide < answer
    assert body.index("The course's own answer") < body.index("Because of this and that") < answer
    assert "MARK SCHEME" not in body


@pytest.mark.parametrize("resources", [{"submission_id": ""}, {"nbgrader": {"notebook": "x"}}])
def test_no_other_page_has_it(page, resources):
    body = page(**resources)
    assert GUIDE not in body
    assert "Because of this" not in body


def test_a_page_is_shown_where_the_instructors_notebook_is_gone(page, released, tiny):
    released.master(tiny.name).write_text("{")
    assert "written-why" in page()
    released.master(tiny.name).unlink()
    assert "written-why" in page()


def test_neither_the_file_nor_the_release_holds_it(page, released, tiny):
    page()
    text = released.released(tiny.name).read_text()
    assert GUIDE not in text
    assert "Because of this" not in text
    assert GUIDE in released.master(tiny.name).read_text()


def test_a_guide_that_is_shown_already_is_not_shown_twice(page, released, tiny):
    # nbgrader puts the guide of a task of its own kind into the graded notebook.
    notebook = read_notebook(released.released(tiny.name))
    for cell in notebook.cells:
        if cell.id == "written-why":
            cell.source = f"### BEGIN MARK SCHEME\n{GUIDE}\n### END MARK SCHEME"
    nbformat.write(notebook, released.released(tiny.name))
    assert page().count(GUIDE) == 1
