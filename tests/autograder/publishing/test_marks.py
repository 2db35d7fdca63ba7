"""Penalties, marks by hand, and what waits for a person, in nbgrader's real gradebook."""

import datetime
import sys
from contextlib import closing
from functools import partial

import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder.authoring.exercise import RubricLine
from autograder.core.outcome import Outcome
from autograder.judging.verdict import ExerciseVerdict, LineVerdict, Verdict
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.page import refresh_page, slot, with_marks
from autograder.publishing.marks.penalty import LatePenalty, PenaltyError
from autograder.publishing.marks.reading import saved_marks

NAME = "99_tiny"
DUE = "2026-02-03 12:00:00.000000 UTC"
AN_HOUR_LATE = "2026-02-03 13:00:00.000000 UTC"
PLUGIN = """
from nbgrader.plugins import BasePlugin

class PerHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {returned}
"""


def verdict(double=3.0, answer=1.0, outcome=Outcome.OK, unanswered=()):
    exercises = tuple(
        ExerciseVerdict(name, Outcome.OK, points, (LineVerdict(RubricLine("", points, ""), got),))
        for name, points, got in (("double", 3.0, double), ("answer", 1.0, answer))
    )
    return Verdict(NAME, "ada", outcome, exercises, (), frozenset(unanswered))


@pytest.fixture
def config(released):
    config = Config()
    config.CourseDirectory.root = str(released.root)
    config.LateSubmissionPlugin.penalty_method = "zero"
    return config


@pytest.fixture
def enter(released, config):
    """Enter a submission as the grader does; gives what the gradebook holds then."""

    def write(given=None, timestamp="", why="because", **settings):
        penalty = LatePenalty(config)
        with GradebookWriter(released.gradebook_url, NAME, penalty) as writer:
            answers = {"written-why": why}
            entered = writer.write(given or verdict(), timestamp, answers, **settings)
        assert saved_marks(released.gradebook_url, NAME) == {"ada": entered}
        return entered

    return write


@pytest.fixture
def gradebook(released):
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        yield gradebook


def due(gradebook, when):
    gradebook.update_or_create_assignment(NAME, duedate=when)


def mark(gradebook, cell, score, extra=None):
    """As formgrader does it."""
    grade = gradebook.find_grade(cell, NAME, NAME, "ada")
    grade.manual_score, grade.extra_credit, grade.needs_manual_grade = score, extra, False
    gradebook.db.commit()


def plugin(released, config, returned):
    (released.root / "late_policy.py").write_text(PLUGIN.format(returned=returned))
    config.AssignLatePenalties.plugin_class = "late_policy.PerHour"


@pytest.fixture(autouse=True)
def forgotten_plugin():
    yield
    sys.modules.pop("late_policy", None)


def test_who_is_late_loses_what_the_plugin_says(enter, gradebook):
    due(gradebook, DUE)
    marks = enter(timestamp=AN_HOUR_LATE)
    assert (marks.score, marks.penalty, marks.total) == (4.0, 4.0, 0.0)
    assert gradebook.find_submission(NAME, "ada").late_submission_penalty == 4.0


def test_who_is_in_time_or_has_no_time_loses_nothing(enter, gradebook):
    due(gradebook, DUE)
    assert enter(timestamp=DUE).penalty == 0.0
    assert enter().penalty == 0.0
    assert gradebook.find_submission_notebook(NAME, NAME, "ada").late_submission_penalty is None


def test_an_old_penalty_goes_when_the_due_date_moves(enter, gradebook):
    due(gradebook, DUE)
    enter(timestamp=AN_HOUR_LATE)
    due(gradebook, AN_HOUR_LATE)
    assert enter(timestamp=AN_HOUR_LATE).penalty == 0.0


def test_an_old_penalty_goes_with_an_extension(enter, gradebook):
    due(gradebook, DUE)
    enter(timestamp=AN_HOUR_LATE)
    gradebook.grant_extension(NAME, "ada", hours=2)
    marks = enter(timestamp=AN_HOUR_LATE)
    assert (marks.penalty, marks.due) == (0.0, datetime.datetime(2026, 2, 3, 14))


def test_any_plugin_of_the_course_is_asked_with_the_whole_score(enter, gradebook, released, config):
    plugin(released, config, "score / 10 + total_seconds_late / 3600")
    due(gradebook, DUE)
    enter()
    mark(gradebook, "written-why", 1.5, extra=0.5)
    marks = enter(timestamp=AN_HOUR_LATE)
    assert (marks.automatic, marks.by_hand, marks.penalty) == (4.0, 2.0, 1.6)
    assert marks.total == 4.4


@pytest.mark.parametrize(("returned", "expected"), [("-1", 0.0), ("100", 4.0), ("None", 0.0)])
def test_a_penalty_is_held_between_nothing_and_the_score(
    enter, gradebook, released, config, returned, expected
):
    plugin(released, config, returned)
    due(gradebook, DUE)
    assert enter(timestamp=AN_HOUR_LATE).penalty == expected


def test_a_plugin_that_fails_is_told_and_nothing_is_entered(enter, gradebook, released, config):
    plugin(released, config, "1 / 0")
    due(gradebook, DUE)
    with pytest.raises(PenaltyError, match="ZeroDivisionError: division by zero"):
        enter(timestamp=AN_HOUR_LATE)
    assert gradebook.assignment_submissions(NAME) == []


def test_penalties_that_are_switched_off_stay_as_they_are(enter, gradebook, config):
    due(gradebook, DUE)
    enter(timestamp=AN_HOUR_LATE)
    config.AssignLatePenalties.enabled = False
    due(gradebook, AN_HOUR_LATE)
    assert enter(timestamp=AN_HOUR_LATE).penalty == 4.0


def test_a_fault_of_ours_changes_no_penalty(enter, gradebook):
    due(gradebook, DUE)
    enter(timestamp=AN_HOUR_LATE)
    due(gradebook, AN_HOUR_LATE)
    assert enter(verdict(outcome=Outcome.INFRA)).penalty == 4.0


def test_an_answer_waits_until_it_is_marked(enter, gradebook):
    assert enter().waiting == 1
    mark(gradebook, "written-why", 1.5)
    marks = enter()
    assert (marks.waiting, marks.by_hand, marks.marked_by_hand) == (0, 1.5, True)


def test_an_answer_that_has_changed_waits_again_until_a_person_has_looked(enter, gradebook):
    enter()
    mark(gradebook, "written-why", 1.5)
    assert enter(why="because of this").waiting == 1
    assert enter(why="because of this").waiting == 1
    mark(gradebook, "written-why", 1.5)
    marks = enter(why="because of this")
    assert (marks.waiting, marks.by_hand) == (0, 1.5)


def test_an_answer_that_was_taken_away_after_it_was_marked_waits(enter, gradebook):
    enter()
    mark(gradebook, "written-why", 2.0)
    marks = enter(verdict(unanswered=["written-why"]), why="")
    assert (marks.waiting, marks.by_hand) == (1, 2.0)


def test_a_test_that_a_person_marked_waits_only_where_its_score_has_changed(enter, gradebook):
    enter(verdict(double=0.0, unanswered=["written-why"]))
    mark(gradebook, "test-double", 2.5)
    same = enter(verdict(double=0.0, unanswered=["written-why"]))
    assert (same.waiting, same.automatic, same.by_hand) == (0, 1.0, 2.5)
    changed = enter(verdict(double=1.0, unanswered=["written-why"]))
    assert (changed.waiting, changed.by_hand) == (1, 2.5)


def test_an_answer_marked_before_it_was_known_what_it_was_waits(enter, gradebook, released):
    enter()
    mark(gradebook, "written-why", 2.0)
    with gradebook.engine.begin() as database:
        database.exec_driver_sql("DROP TABLE autograder_basis")
    assert enter().waiting == 1


def test_what_raises_while_it_is_made_ready_undoes_the_entry(enter, gradebook):
    def full(marks):
        assert marks.score == 4.0
        raise OSError("No space left")

    with pytest.raises(OSError, match="No space left"):
        enter(ready=full)
    assert gradebook.assignment_submissions(NAME) == []


def page():
    return "".join(
        (
            slot("total"),
            "<h2>double</h2>",
            slot("exercise", "test-double", "double"),
            "<h2>why</h2>",
            slot("written", "written-why"),
        )
    )


def test_a_page_is_filled_in_again_and_again(enter, gradebook):
    due(gradebook, DUE)
    first = with_marks(page(), enter(verdict(double=0.0), timestamp=AN_HOUR_LATE))
    assert "0 of 6 points" in first
    assert "Late by 1 hour" in first
    assert "Not marked yet" in first.split("<h2>why</h2>")[1]
    mark(gradebook, "test-double", 2.5)
    mark(gradebook, "written-why", 1.5)
    comment = gradebook.find_comment("written-why", NAME, NAME, "ada")
    comment.manual_comment = "Say <b>why</b>."
    gradebook.db.commit()
    due(gradebook, AN_HOUR_LATE)
    marks = enter(verdict(double=0.0), timestamp=AN_HOUR_LATE)
    second = with_marks(first, marks)
    assert second == with_marks(page(), marks)
    top, double, why = second.split("<h2>")
    assert "5 of 6 points" in top
    assert "Late by" not in top
    assert "By tests 0; a person gave 2.5 instead." in double
    assert "1.5 of 2 points" in why
    assert "Say &lt;b&gt;why&lt;/b&gt;." in why


def test_a_page_on_disk_gets_what_the_gradebook_holds_now(enter, gradebook, tmp_path):
    place = tmp_path / "page.html"
    place.write_text(with_marks(page(), enter()))
    before = place.stat()
    refresh_page(place, partial(with_marks, marks=enter()))
    # Reading it may change when it was read last.
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    mark(gradebook, "written-why", 1.5)
    refresh_page(place, partial(with_marks, marks=enter()))
    assert "1.5 of 2 points" in place.read_text()
    refresh_page(place, partial(with_marks, marks=Marks()))
    assert "No score yet" in place.read_text()
    assert [each for each in tmp_path.iterdir() if "page" in each.name] == [place]


@pytest.mark.parametrize("replaced", [True, False])
def test_a_page_that_another_program_replaces_or_takes_away_is_left_to_it(tmp_path, replaced):
    place, theirs = tmp_path / "page.html", tmp_path / "theirs"
    place.write_text(page())

    def meanwhile(_):
        place.unlink()
        if replaced:
            theirs.write_text("theirs")
            theirs.rename(place)
        return "ours"

    refresh_page(place, meanwhile)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["theirs"] * replaced


def test_a_page_that_is_not_there_is_not_made(tmp_path):
    refresh_page(tmp_path / "page.html", partial(with_marks, marks=Marks()))
    assert list(tmp_path.iterdir()) == []


def test_without_a_score_no_page_shows_one(enter):
    assert "No score yet" in with_marks(page(), enter(verdict(outcome=Outcome.REFUSED)))


def test_a_due_date_that_moved_is_followed_without_a_verdict(enter, gradebook, released, config):
    due(gradebook, DUE)
    enter(timestamp=AN_HOUR_LATE)
    due(gradebook, AN_HOUR_LATE)
    with GradebookWriter(released.gradebook_url, NAME, LatePenalty(config)) as writer:
        writer.follow("ada")
        writer.follow("nobody")
    (marks,) = saved_marks(released.gradebook_url, NAME).values()
    assert (marks.score, marks.penalty) == (4.0, 0.0)
