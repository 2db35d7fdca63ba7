"""The sample class answers what a person marks, well, badly and not at all."""

import pytest

from autograder.building.text_notebook import build_source, solved_notebook
from autograder.core.cells import marker_of
from autograder.core.notebooks import read_notebook
from autograder.core.outcome import Outcome
from autograder.sample import sample_class
from tests.course import ASSIGNMENTS, COURSE

QUESTIONS = [(each, question.name) for each in ASSIGNMENTS for question in each.written]


def written(notebook, question):
    return next(c.source for c in notebook.cells if marker_of(c).name == question)


@pytest.mark.parametrize(("assignment", "question"), QUESTIONS, ids=lambda each: str(each)[:40])
def test_each_written_question_has_answers_of_different_quality(assignment, question):
    released = read_notebook(COURSE.released(assignment.name))
    text = COURSE.text(assignment.name).read_text(encoding="utf-8")
    solved = solved_notebook(build_source(text, assignment))
    prompt = written(released, question)
    answers = {
        written(read_notebook(member.make(released, solved)), question)
        for member in sample_class(COURSE, assignment)
        if member.outcome is not Outcome.REFUSED
    }
    assert prompt in answers
    lengths = sorted(len(answer) for answer in answers - {prompt})
    assert len(lengths) == 2
    weak, good = lengths
    assert good > 2 * weak
    assert not any("MARK SCHEME" in answer for answer in answers)
