"""The pages that people get, in a real browser."""

import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import sync_playwright

from autograder.authoring.answer_key import answer_keys, call_ids
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge
from autograder.publishing.graded_notebook import annotated_notebook
from autograder.publishing.page.feedback_page import feedback_page
from autograder.publishing.report import report_page
from autograder.publishing.result import Result
from autograder.publishing.tally import Tally
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import Answer, CellResult, QuestionResult
from autograder.sandbox.protocol.values import encode

SECRET = b"a secret of this test"
SCRIPT = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
OUTPUTS = (
    {"output_type": "stream", "name": "stdout", "text": SCRIPT},
    {"output_type": "display_data", "data": {"text/html": SCRIPT}, "metadata": {}},
    {
        "output_type": "display_data",
        "data": {"text/html": SCRIPT, "text/plain": "plain"},
        "metadata": {},
    },
    {"output_type": "error", "ename": SCRIPT, "evalue": SCRIPT, "traceback": ["\x1b[31m" + SCRIPT]},
)


@pytest.fixture
def record(tiny):
    """A hostile submission that also gives a known wrong answer."""
    (exercise, key), _ = answer_keys(tiny, SECRET)
    ids = call_ids(exercise, key.cases)
    squares = tuple(
        Answer(id_, encode(case.args[0] ** 2)) for id_, case in zip(ids, key.cases, strict=True)
    )
    cell = {
        "id": "extra-1",
        "cell_type": "code",
        "source": SCRIPT,
        "metadata": {"autograder": {"kind": "extra", "name": ""}},
        "outputs": [],
        "execution_count": None,
    }
    markdown = {**cell, "id": "extra-2", "cell_type": "markdown"}
    del markdown["outputs"], markdown["execution_count"]
    return Record(
        tiny.name,
        "<b>ada</b>",
        "key",
        repairs=("cell test-double was changed",),
        notebook={"cells": [cell, markdown], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
        cells=(CellResult("extra-1", Outcome.OK, OUTPUTS),),
        questions=(QuestionResult("test-double", Outcome.OK, answers=squares),),
        guarantees={"network": "seccomp"},
    )


@pytest.fixture
def pages(record, tiny):
    verdict = judge(record, tiny, SECRET)
    tally = Tally(tiny)
    tally.add(Result.of(record, verdict))
    return {
        "feedback": feedback_page(record, verdict, tiny, SECRET),
        "report": report_page([tally]),
        "report of two": report_page([tally, tally]),
    }


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on the PATH: the pages were not tried in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["feedback", "report", "report of two"])
@pytest.mark.parametrize("width", [390, 1200])
def test_a_page_fits_and_runs_nothing(pages, browser, tmp_path, name, width):
    path = tmp_path / "page.html"
    path.write_text(pages[name])
    page = browser.new_page(viewport={"width": width, "height": 900})
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.title() != "owned"
    assert requests == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    headings = page.locator("th").filter(has_text="t").all()
    assert all(heading.bounding_box()["width"] > 60 for heading in headings)
    assert "That is the square." in page.inner_text("body")
    assert "<b>ada</b>" in page.inner_text("body")
    page.close()


def test_what_a_student_printed_is_shown_as_text(pages):
    assert "document.title" in pages["feedback"]
    assert "<script>" not in pages["feedback"]
    assert "\x1b" not in pages["feedback"]


def test_the_graded_notebook_carries_no_markup_of_the_student(record, tiny):
    notebook = annotated_notebook(record, judge(record, tiny, SECRET))
    code, markdown = notebook.cells
    assert [set(output.get("data", {})) for output in code.outputs] == [
        set(),
        {"text/plain"},
        set(),
    ]
    assert "<script>" not in markdown.source
    assert "<img" not in markdown.source


WIDE_TABLE = "<table><tr>" + "<td>0.12345</td>" * 60 + "</tr></table>"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="90">'
    '<script>parent.document.title = "owned"</script><rect width="900" height="90"/></svg>'
)
DISPLAYS = (
    {"text/html": WIDE_TABLE + '<img src="https://example.org/seen.png"><b>after</b>'},
    {"text/html": DRAWING},
    {"image/svg+xml": DRAWING},
    {"image/gif": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"},
    {"text/markdown": "# Head\n\n![x](https://example.org/seen.png)\n\n    " + "long " * 99},
    {"text/latex": "$$" + "x + " * 99 + "y$$"},
    {"application/json": {"key": ["long " * 99]}},
)


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_displays_are_seen_and_stay_in_the_page(record, tiny, browser, tmp_path, width, scheme):
    outputs = tuple(
        {"output_type": "display_data", "data": data, "metadata": {"image/gif": {"width": 2000}}}
        for data in DISPLAYS
    )
    record = replace(record, cells=(CellResult("extra-1", Outcome.OK, outputs),))
    path = tmp_path / "page.html"
    path.write_text(feedback_page(record, judge(record, tiny, SECRET), tiny, SECRET))
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.title() != "owned"
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    images = page.evaluate("Array.from(document.images, image => image.naturalWidth)")
    assert images == [900, 900, 1]
    theirs = "document.querySelectorAll('svg:not(.drawing), script').length"
    assert page.evaluate(theirs) == 0
    text = page.inner_text("body")
    for part in ("0.12345", "after", "Head", "x + x", '"key"'):
        assert part in text
    page.close()
