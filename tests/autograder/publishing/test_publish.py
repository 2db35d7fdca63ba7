from contextlib import closing

import pytest
from nbgrader.api import Gradebook

from autograder.core.outcome import Outcome
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.publish import enter, finish
from autograder.publishing.result import load_result
from autograder.records.record import Record
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


def grade(course, assignment):
    with GradebookWriter(course.gradebook_url, assignment.name) as writer:
        return enter(course, finish(course, assignment, SECRET, RECORD), writer.write)


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


@pytest.mark.parametrize("what", STAGED)
def test_what_cannot_be_written_is_not_entered_either(released, tiny, what):
    in_the_way = STAGED[what](released)
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("a file where a folder belongs")
    with pytest.raises(OSError, match=in_the_way.name):
        grade(released, tiny)
    assert submissions(released) == []
    assert files(released) == [in_the_way.name]
