import re

import pytest

from autograder.authoring.exercise import MarkedAssignment, MarkedExercise, RubricLine, Written
from autograder.core.outcome import Outcome
from autograder.doors.console import as_data, class_table, progress
from autograder.grading.classroom import Unfit
from autograder.judging.verdict import ExerciseVerdict, LineVerdict, Verdict
from autograder.publishing.marks.entry import CellMark, Marks
from autograder.publishing.report import report_page
from autograder.publishing.result import Result
from autograder.publishing.tally import SubmissionRow, Tally

PAD = MarkedExercise("pad", (RubricLine("zeros", 2.0, "zeros"), RubricLine("edges", 2.0, "edges")))
BONUS = MarkedExercise("bonus", (RubricLine("tried", 0.0, "tried"),))


def result(student, *earned, outcome=Outcome.OK, misconception="", **details):
    says = f"That is {misconception}." if misconception else ""
    lines = tuple(
        LineVerdict(line, got, misconception="" if got else misconception, says=says)
        for line, got in zip(PAD.rubric, earned, strict=False)
    )
    pad = ExerciseVerdict("pad", outcome, PAD.points, lines, says)
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


def test_who_is_not_judged_again_moves_the_bar_too(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    given = [result("cy", 2.0, 2.0), Unfit("d\x1by", "it has not been run yet")]
    with progress(2, "Judging") as advancing:
        assert list(advancing(given)) == given
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    assert "2/2" in shown
    assert "d\\x1by not judged again" in shown


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


def held(by_hand=None, penalty=0.0, *, waits=False):
    """What the gradebook holds: 3 points by tests, and a written answer."""
    cells = {
        ("n", "test-pad"): CellMark(4.0, 3.0, waits=False),
        ("n", "written-why"): CellMark(3.0, by_hand=by_hand, waits=waits),
    }
    return Marks(cells, penalty=penalty)


def test_a_row_shows_points_by_hand_penalty_and_total():
    row = SubmissionRow.of(result("ada", 2.0, 1.0).verdict, held(1.5, 0.5))
    shown = (row.score, row.by_hand, row.penalty, row.total, row.waiting)
    assert shown == ("3 / 4", "1.5", "−0.5", "4 / 7", "")
    plain = SubmissionRow.of(result("bo", 2.0, 1.0).verdict, held(waits=True))
    shown = (plain.by_hand, plain.penalty, plain.total, plain.waiting)
    assert shown == ("", "", "3 / 7", "1")


def test_the_report_has_columns_for_what_a_person_or_the_clock_changed(tally):
    assert "By hand" not in report_page([tally])
    assert "Not marked yet" not in report_page([tally])
    tally.add(result("gus", 2.0, 1.0), held(waits=True))
    page = report_page([tally])
    assert "Not marked yet: 1." in page
    assert "By hand" not in page
    tally.add(result("hal", 2.0, 1.0), held(penalty=1.0))
    page = report_page([tally])
    assert ">By hand<" in page
    assert ">−1<" in page
    assert ">2 / 7<" in page


def test_the_table_and_the_data_show_the_same(capsys):
    rows = [SubmissionRow.of(result("ada", 2.0, 1.0).verdict, held(1.5, 0.5, waits=True))]
    class_table("99_tiny", rows)
    said = capsys.readouterr().out
    for part in ("Tests", "By hand", "Penalty", "Total", "1.5", "−0.5", "4 / 7"):
        assert part in said
    assert "Not marked yet: 1" in said
    data = as_data(result("ada", 2.0, 1.0).verdict, held(1.5, 0.5, waits=True))
    assert data["gradebook"] == {
        "automatic": 3.0,
        "by_hand": 1.5,
        "penalty": 0.5,
        "total": 4.0,
        "points": 7.0,
        "not_marked_yet": 1,
    }
    assert as_data(result("ada", 2.0, 1.0).verdict)["gradebook"] is None
