"""Advice that quotes a line of code keeps its caret under the right place."""

from autograder.authoring.exercise import Assignment, RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.verdict import ExerciseVerdict, LineVerdict, Verdict
from autograder.publishing.graded_notebook import verdict_text
from autograder.publishing.page.feedback_page import feedback_page
from autograder.records.record import Record

QUOTED = "    y =\t<b> * x\n       ^"
MARKED = ExerciseVerdict(
    "pad",
    Outcome.WRONG,
    1.0,
    (LineVerdict(RubricLine("", 1, "pads"), 0.0),),
    advice=f"line 2: invalid syntax\n{QUOTED}",
)


def test_the_page_keeps_the_line_and_its_caret():
    verdict = Verdict("99_tiny", "ada", Outcome.WRONG, (MARKED,))
    record = Record("99_tiny", "ada", "key")
    page = feedback_page(record, verdict, Assignment("99_tiny", ()), b"a secret")
    assert '<p class="advice">Line 2: invalid syntax</p>' in page
    assert f"<pre>{QUOTED.replace('<b>', '&lt;b&gt;')}</pre>" in page


def test_the_notebook_keeps_the_line_and_its_caret():
    assert QUOTED in verdict_text(MARKED)
