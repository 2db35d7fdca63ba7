import pytest

from autograder.authoring.exercise import MarkedAssignment, MarkedExercise, RubricLine, Written
from autograder.core.outcome import Outcome
from autograder.judging.verdict import ExerciseVerdict, LineVerdict, Verdict
from autograder.publishing.report import report_page
from autograder.publishing.result import Result
from autograder.publishing.tally import Tally

PAD = MarkedExercise("pad", (RubricLine("zeros", 2.0, "zeros"), RubricLine("edges", 2.0, "edges")))
BONUS = MarkedExercise("bonus", (RubricLine("tried", 0.0, "tried"),))


def result(student, *earned, outcome=Outcome.OK, misconception="", **details):
    lines = tuple(LineVerdict(line, got) for line, got in zip(PAD.rubric, earned, strict=False))
    says = f"That is {misconception}." if misconception else ""
    pad = ExerciseVerdict("pad", outcome, PAD.points, lines, misconception, says)
    bonus = ExerciseVerdict("bonus", outcome, 0.0, (LineVerdict(BONUS.rubric[0], 0.0),))
    exercises = (pad, bonus) if earned else ()
    return Result(Verdict("99_tiny", student, outcome, exercises), **details)


@pytest.fixture
def tally():
    tally = Tally(MarkedAssignment("99_tiny", (PAD, BONUS), (Written("why", 3.0),)))
    tally.add(result("cy", 2.0, 2.0, cpu_seconds=1.0, peak_bytes=3 << 20))
    tally.add(result("bo", 2.0, 0.0, outcome=Outcome.WRONG, misconception="flip", restarts=2))
    tally.add(result("ada", 0.0, 0.0, outcome=Outcome.WRONG, misconception="flip"))
    tally.add(result("eve", outcome=Outcome.INFRA, peak_bytes=1 << 20))
    tally.add(result("fay", outcome=Outcome.REFUSED))
    return tally


def test_only_what_is_scored_counts_in_a_mean(tally):
    assert (tally.submissions, tally.scored, tally.points) == (5, 3, 4.0)
    assert (tally.mean, tally.median) == (2.0, 2.0)
    assert [count for _, count in tally.histogram] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert tally.outcomes == [("OK", 1), ("WRONG", 2), ("REFUSED", 1), ("INFRA", 1)]


def test_lines_and_mistakes_are_counted_by_exercise(tally):
    pad = tally.exercises["pad"]
    assert pad.mean == 0.5
    assert [(line.text, share) for line, share in pad.lines] == [("zeros", 2 / 3), ("edges", 1 / 3)]
    assert pad.misconceptions == {("flip", "That is flip."): 2}


def test_what_the_runs_took_is_added_up(tally):
    assert (tally.restarts, tally.cpu_seconds, tally.peak_bytes) == (2, 1.0, 3 << 20)


def test_an_exercise_without_points_is_reported_like_any_other(tally):
    assert tally.exercises["bonus"].mean == 0
    page = report_page([tally])
    assert "<code>bonus</code>: 0\u202f% of 0 points" in page
    assert "; 3 more are given by a person" in page


@pytest.mark.parametrize("exercises", [(), (BONUS,), (PAD,)])
@pytest.mark.parametrize("results", [(), (result("ada", outcome=Outcome.REFUSED),)])
def test_a_class_with_nothing_to_count_has_a_report(exercises, results):
    tallies = [Tally(MarkedAssignment(name, exercises)) for name in ("99_tiny", "98_other")]
    for one in results:
        tallies[0].add(one)
    assert (tallies[0].scored, tallies[0].mean, tallies[0].median) == (0, 0, 0)
    assert "0 scored" in report_page(tallies)


def test_a_score_out_of_nothing_is_in_no_tenth():
    tally = Tally(MarkedAssignment("99_tiny", ()))
    tally.add(Result(Verdict("99_tiny", "ada", Outcome.OK)))
    assert {count for _, count in tally.histogram} == {0}
    assert "1 scored" in report_page([tally])


def test_the_report_lists_students_in_order_and_those_without_a_result(tally):
    tally.expect(["ada", "gus"])
    page = report_page([tally])
    assert page.index(">ada</a>") < page.index(">bo</a>") < page.index(">cy</a>")
    assert "Not graded yet: gus. Run:" in page


def test_missing_walls_are_told(tally):
    held = {"network": "seccomp", "files": "landlock"}
    tally.add(result("gus", 2.0, 2.0, guarantees=held, attacked="2026-02-03"))
    assert "without walls" not in report_page([tally])
    assert "attacked from inside on 2026-02-03" in report_page([tally])
    tally.add(result("hal", 2.0, 2.0, guarantees=held | {"network": "none"}))
    assert "1 submissions ran without walls" in report_page([tally])
