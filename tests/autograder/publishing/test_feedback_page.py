"""What stands on a student's page, and what the gradebook fills into it."""

import re
from dataclasses import replace

import pytest

from autograder.authoring.exercise import RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.verdict import NOT_DONE, ExerciseVerdict, LineVerdict, Verdict
from autograder.publishing.graded_notebook import annotated_notebook
from autograder.publishing.marks.entry import NO_RESPONSE, CellMark, Marks
from autograder.publishing.marks.page import slot, with_marks
from autograder.publishing.page.feedback_page import feedback_page, written_answers
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import CellResult

NAME = "99_tiny"
SECRET = b"a secret of this test"


def cell(id_, kind, name, source, cell_type="code"):
    marker = {"autograder": {"kind": kind, "name": name}} if kind else {}
    return {"id": id_, "cell_type": cell_type, "source": source, "metadata": marker}


CELLS = (
    cell("double", "solution", "double", "def double(x):\n    return x"),
    cell("test-double", "test", "double", "check('double', double)"),
    cell("extra-1", "extra", "", "\n\nprint('a first try')\nprint('and more')"),
    cell("value-number", "value", "number", "answer = 41"),
    cell("test-answer", "test", "answer", "check('answer', answer)"),
    cell("extra-2", "extra", "", "Above the prompt.", "markdown"),
    cell("written-why", "written", "why", "In the prompt.", "markdown"),
    cell("extra-3", "extra", "", "Below it.", "markdown"),
    cell("figure-f", "figure", "f", "draw()"),
    cell("extra-4", "extra", "", "Somewhere else.", "markdown"),
)
AGAIN = "To hand in again"
HINT = "the answers have another shape"


def marked(name, *lines, advice=""):
    lines = tuple(LineVerdict(RubricLine("", 1, text), got, said) for text, got, said in lines)
    return ExerciseVerdict(name, Outcome.WRONG, float(len(lines)), lines, advice=advice)


VERDICT = Verdict(
    NAME,
    "ada",
    Outcome.WRONG,
    (
        marked("double", ("one", 0, HINT), ("two", 0, HINT), ("three", 0, "is 3, not 4")),
        marked("answer", ("the value", 0, "is wrong"), advice="is wrong"),
    ),
)


@pytest.fixture
def record():
    notebook = {"cells": list(CELLS), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return Record(NAME, "ada", "key", notebook=notebook)


def marks(cells, comments=()):
    return Marks(
        {(NAME, name): mark for name, mark in cells.items()},
        {(NAME, name): said for name, said in dict(comments).items()},
    )


def test_prose_beside_the_prompt_belongs_to_the_answer(record):
    assert written_answers(record) == {
        "written-why": "Above the prompt.\n\nIn the prompt.\n\nBelow it."
    }
    assert written_answers(Record(NAME, "ada", "key")) == {}


def test_what_several_lines_say_is_said_once(record, tiny):
    page = feedback_page(record, VERDICT, tiny, SECRET)
    assert page.count("he answers have another shape") == 1
    assert page.count("s wrong") == 1
    assert page.count("is 3, not 4") == 1


def heading(id_, text, kind=""):
    return cell(id_, kind, "", text, "markdown")


@pytest.fixture
def in_sections(record):
    """The same notebook with headings: the course's, and some that only look like them."""
    double, test_double, extra, *others = CELLS
    cells = [
        heading("h0", "# 99 · Tiny"),
        heading("h1", "## 1 · What is `twice`?\n\n### Your turn\n```\n# no heading\n```"),
        heading("h2", "## A student's", "extra"),
        *(double, test_double, extra),
        heading("h3", "Some words.\n\n## 2 · By hand"),
        *others,
    ]
    return replace(record, notebook={**record.notebook, "cells": cells})


def test_what_to_read_again_are_the_sections_of_what_is_not_right(in_sections, tiny):
    page = feedback_page(in_sections, VERDICT, tiny, SECRET)
    (listed,) = re.findall("<h2>What to read again</h2>(.*?)</ul>", page, re.DOTALL)
    lines = [re.sub("<[^>]*>", "", each).strip() for each in re.findall("<li>(.*)</li>", listed)]
    assert lines == ["1 · What is twice? (double)", "2 · By hand (answer)"]
    for place in re.findall('href="#([^"]*)"', listed):
        assert page.count(f'id="{place}"') == 1


def test_a_question_without_an_answer_is_to_be_read_again(in_sections, tiny):
    right = [
        replace(each, lines=tuple(replace(line, earned=1.0) for line in each.lines))
        for each in VERDICT.exercises
    ]
    verdict = replace(VERDICT, exercises=tuple(right))
    assert AGAIN not in feedback_page(in_sections, verdict, tiny, SECRET)
    page = feedback_page(
        in_sections, replace(verdict, unanswered=frozenset({"written-why"})), tiny, SECRET
    )
    assert '2 · By hand (<a href="#written-why"><code>why</code></a>)' in page
    assert page.count(AGAIN) == 1


def test_how_to_hand_in_again_is_said_once_where_there_is_something_to_mend(record, tiny):
    assert feedback_page(record, VERDICT, tiny, SECRET).count(AGAIN) == 1
    ours = replace(VERDICT, outcome=Outcome.INFRA, exercises=(), remarks=("a full disk",))
    assert AGAIN not in feedback_page(Record(NAME, "ada", "key"), ours, tiny, SECRET)


def test_what_differs_by_its_case_alone_is_said_once_with_the_cases(record, tiny):
    raised = "raised NameError in line 2 of its cell"
    lines = (("one", 0, f"{raised} (3×5)"), ("two", 0, f"{raised} (4×6, stride=(2, 1))"))
    verdict = replace(VERDICT, exercises=(marked("double", *lines),))
    page = feedback_page(record, verdict, tiny, SECRET)
    assert page.count("aised NameError") == 1
    assert '<span class="soft">3×5</span>' in page
    assert '<span class="soft">4×6, stride=(2, 1)</span>' in page


def test_what_several_exercises_have_to_be_told_is_said_once_for_all(record, tiny):
    names = ["double", "answer", "third"]
    exercises = tuple(marked(name, ("one", 0, ""), advice=HINT) for name in names)
    page = feedback_page(record, replace(VERDICT, exercises=exercises), tiny, SECRET)
    (said,) = re.findall(f"<p.*?{HINT[1:]}.*?</p>", page, re.DOTALL)
    assert re.findall("<code>(.*?)</code>", said) == names
    page = feedback_page(record, replace(VERDICT, exercises=exercises[:2]), tiny, SECRET)
    assert page.count(HINT[1:]) == 2


def test_what_is_right_stands_behind_what_is_not(record, tiny):
    right = marked("double", ("one", 1, ""))
    page = feedback_page(
        record, replace(VERDICT, exercises=(right, VERDICT.exercises[1])), tiny, SECRET
    )
    assert page.index('id="answer"') < page.index("<h2>Right</h2>") < page.index('id="double"')
    page = with_marks(page, marks({"test-double": CellMark(1, 1.0)}, {"double": "Well done."}))
    assert "Well done." in re.sub("<details.*?</details>", "", page, flags=re.DOTALL)


def test_no_cell_is_called_by_the_number_that_it_has_in_the_room(record, tiny):
    error = {
        "output_type": "error",
        "ename": "E",
        "evalue": "",
        "traceback": ["Cell In[16], line 3"],
    }
    ran = replace(record, cells=(CellResult("double", Outcome.OK, (error,)),))
    page = feedback_page(ran, VERDICT, tiny, SECRET)
    assert '<pre class="output">Line 3</pre>' in page
    (output,) = annotated_notebook(ran, VERDICT).cells[0].outputs
    assert output.traceback == ["Line 3"]


def test_what_is_not_done_is_listed_once_without_its_lines(record, tiny):
    undone = [
        replace(marked(name, ("one", 0, ""), advice=NOT_DONE), outcome=Outcome.UNDONE)
        for name in ("double", "answer")
    ]
    page = feedback_page(record, replace(VERDICT, exercises=tuple(undone)), tiny, SECRET)
    assert page.lower().count("not done yet") == 1
    entered = marks({"test-double": CellMark(3, 0.0)}, {"double": "Try it."})
    filled = with_marks(page, entered)
    assert "0 of 3" in filled
    assert "Try it." in filled


def test_a_file_that_could_not_be_read_shows_no_questions(tiny):
    refused = Verdict(NAME, "ada", Outcome.REFUSED, (), ("the file is not valid JSON",))
    page = feedback_page(Record(NAME, "ada", "key"), refused, tiny, SECRET)
    assert "Nothing of this file was graded." in page
    assert page.count(AGAIN) == 1
    assert "why" not in page


def test_cells_are_called_by_what_they_answer_or_begin_with(record, tiny):
    titles = [
        part.split("</code>")[0]
        for part in feedback_page(record, VERDICT, tiny, SECRET).split("<summary><code>")[1:]
    ]
    assert titles == ["double", "print(&#39;a first try&#39;)", "number"]


def test_comments_stand_at_the_exercise_whose_answer_they_are_about(record, tiny):
    comments = {"double": "at double", "value-number": "at answer", "written-why": "at why"}
    filled = with_marks(feedback_page(record, VERDICT, tiny, SECRET), marks({}, comments))
    sections = filled.split("<section>")[1:]
    said = [[text for text in comments.values() if text in section] for section in sections]
    assert said == [["at double"], ["at answer"], ["at why"]]


def test_an_unanswered_question_says_so_once(record, tiny):
    verdict = replace(VERDICT, unanswered=frozenset({"written-why"}))
    entered = marks({"written-why": CellMark(2, 0.0, waits=False)}, {"written-why": NO_RESPONSE})
    filled = with_marks(feedback_page(record, verdict, tiny, SECRET), entered)
    assert "Not answered." in filled
    assert NO_RESPONSE not in filled
    assert "0 of 2 points" in filled
    assert "In the prompt." not in filled


def test_an_answer_that_has_changed_since_it_was_marked_says_so(record, tiny):
    entered = marks({"written-why": CellMark(2, by_hand=1.5, waits=True)})
    filled = with_marks(feedback_page(record, VERDICT, tiny, SECRET), entered)
    assert "1.5 of 2 points, for an earlier answer; to be marked again" in filled


def test_points_of_an_earlier_hand_in_are_told_as_such(record, tiny):
    refused = Verdict(NAME, "ada", Outcome.REFUSED, (), ("the file is not valid JSON",))
    entered = marks({"test-double": CellMark(3, 2.0, waits=False)})
    filled = with_marks(feedback_page(record, refused, tiny, SECRET), entered)
    assert "2 of 3 points" in filled
    assert "These points are of what you handed in before." in filled
    assert "handed in before" not in with_marks(
        feedback_page(record, VERDICT, tiny, SECRET), entered
    )


def test_no_student_can_write_a_slot(record, tiny):
    forged = str(slot("total"))
    data = {"text/html": f"<b>x</b>{forged}<i>{forged}</i>", "text/plain": forged}
    outputs = (
        {"output_type": "display_data", "data": data, "metadata": {}},
        {"output_type": "display_data", "data": {"text/markdown": forged}, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": forged},
    )
    cells = [{**each, "source": f"# {forged}"} for each in CELLS]
    record = replace(
        record,
        student=forged,
        notebook={**record.notebook, "cells": cells},
        cells=(CellResult("double", Outcome.OK, outputs),),
    )
    page = feedback_page(record, replace(VERDICT, student=forged), tiny, SECRET)
    assert "<b>x</b>" in page
    assert page.count("<!--marks total") == 1
