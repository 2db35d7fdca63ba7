import dataclasses
from contextlib import closing

import pytest
from nbgrader.api import Gradebook

from autograder.core.outcome import Outcome
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.page.stored import stored_page
from autograder.publishing.publish import enter, finish
from autograder.publishing.result import load_result
from autograder.records.record import Basis, Record, save_record
from autograder.running.questions import cases_digest
from autograder.sandbox.protocol.plan import QuestionResult

SECRET = b"a secret of this test"
RECORD = Record(
    "99_tiny",
    "ada",
    "key",
    notebook={"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
    questions=(QuestionResult("test-double", Outcome.TIMEOUT),),
)
STAGED = {
    "page": lambda course: course.feedback / "ada",
    "graded notebook": lambda course: course.autograded / "ada",
    "result": lambda course: course.results / "99_tiny",
}


def grade(course, assignment, record=RECORD):
    with GradebookWriter(course.gradebook_url, assignment.name) as writer:
        return enter(course, finish(course, assignment, SECRET, record), writer.write)


def submissions(course):
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        return [each.student.id for each in gradebook.assignment_submissions("99_tiny")]


def files(course):
    folders = (course.feedback, course.autograded, course.results)
    return sorted(path.name for each in folders for path in each.rglob("*") if path.is_file())


def test_what_is_entered_is_shown(released, tiny):
    result = grade(released, tiny)
    assert submissions(released) == ["ada"]
    assert files(released) == ["99_tiny.html", "99_tiny.ipynb", "ada.json"]
    assert load_result(released.result("99_tiny", "ada")) == result


def test_the_graded_notebook_has_the_stamp_of_what_was_handed_in(released, tiny):
    stamp = "2026-02-03 04:05:06.000000 UTC"
    grade(released, tiny, dataclasses.replace(RECORD, timestamp=stamp))
    copied = released.autograded / "ada" / "99_tiny" / "timestamp.txt"
    assert copied.read_text() == stamp


def test_the_page_shows_what_the_gradebook_holds(released, tiny):
    grade(released, tiny)
    page = released.feedback / "ada" / "99_tiny" / "99_tiny.html"
    assert "0 of 6 points" in page.read_text()
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        gradebook.find_grade("test-double", "99_tiny", "99_tiny", "ada").manual_score = 2.5
        gradebook.db.commit()
    grade(released, tiny)
    assert "2.5 of 6 points" in page.read_text()


def test_a_page_that_would_show_another_score_is_away_while_the_gradebook_changes(released, tiny):
    page = released.feedback / "ada" / "99_tiny" / "99_tiny.html"
    there = []

    def enter_once_more():
        with GradebookWriter(released.gradebook_url, tiny.name) as writer:

            def write(*arguments, **settings):
                writer.write(*arguments, **settings)
                there.append(page.exists())

            enter(released, finish(released, tiny, SECRET, RECORD), write)

    enter_once_more()
    enter_once_more()
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        gradebook.find_grade("test-double", "99_tiny", "99_tiny", "ada").manual_score = 2.5
        gradebook.db.commit()
    enter_once_more()
    assert there == [False, True, False]
    assert "2.5 of 6 points" in page.read_text()


def test_a_page_that_cannot_be_filled_in_is_not_entered(released, tiny, monkeypatch):
    staged = finish(released, tiny, SECRET, RECORD)

    def full(page, marks):
        raise OSError("No space left")

    monkeypatch.setattr("autograder.publishing.publish.with_marks", full)
    with GradebookWriter(released.gradebook_url, tiny.name) as writer:
        result = enter(released, staged, writer.write)
    assert (result.verdict.outcome, submissions(released)) == (Outcome.INFRA, [])
    assert files(released) == ["ada.json"]


def test_a_stored_page_is_the_one_that_was_shown(released, tiny):
    record = dataclasses.replace(RECORD, basis=Basis(questions=cases_digest(tiny, SECRET)))
    save_record(record, released.record("99_tiny", "ada"))
    (released.root / ".course-secret").write_text(SECRET.hex())
    grade(released, tiny, record)
    page = (released.feedback / "ada" / "99_tiny" / "99_tiny.html").read_text()
    assert stored_page(released, tiny, "ada", released.gradebook_url) == page


def test_there_is_no_stored_page_where_record_and_result_do_not_fit(released, tiny):
    assert stored_page(released, tiny, "ada", released.gradebook_url) is None
    grade(released, tiny)
    save_record(dataclasses.replace(RECORD, key="another"), released.record("99_tiny", "ada"))
    assert stored_page(released, tiny, "ada", released.gradebook_url) is None


@pytest.mark.parametrize("what", STAGED)
def test_what_cannot_be_written_is_not_entered_either(released, tiny, what):
    in_the_way = STAGED[what](released)
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("a file where a folder belongs")
    with pytest.raises(OSError, match=in_the_way.name):
        grade(released, tiny)
    assert submissions(released) == []
    assert files(released) == [in_the_way.name]
