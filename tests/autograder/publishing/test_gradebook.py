import dataclasses
import sqlite3
import threading
from contextlib import closing

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event, text

from autograder.authoring.exercise import RubricLine
from autograder.core.errors import CourseError
from autograder.core.outcome import Outcome
from autograder.judging.verdict import ExerciseVerdict, LineVerdict, Verdict
from autograder.publishing.gradebook import GradebookBusyError, GradebookWriter


def verdict(double=3.0, answer=1.0, outcome=Outcome.OK, unanswered=()):
    exercises = tuple(
        ExerciseVerdict(name, Outcome.OK, points, (LineVerdict(RubricLine("", points, ""), got),))
        for name, points, got in (("double", 3.0, double), ("answer", 1.0, answer))
    )
    return Verdict("99_tiny", "ada", outcome, exercises, (), frozenset(unanswered))


def write(course, *verdicts, timestamp=""):
    with GradebookWriter(course.gradebook_url, "99_tiny") as writer:
        for one in verdicts:
            writer.write(one, timestamp)


def grade(course, cell):
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        found = gradebook.find_grade(cell, "99_tiny", "99_tiny", "ada")
        return found.auto_score, found.manual_score, found.needs_manual_grade


def trigger(course, table, action):
    """Have the database do something whenever a row is added to a table."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        database.execute(
            f"CREATE TRIGGER trouble BEFORE INSERT ON {table} BEGIN SELECT {action}; END"
        )
        database.commit()


def test_scores_are_entered_cell_by_cell(released):
    write(released, verdict(double=2.0))
    assert grade(released, "test-double") == (2.0, None, False)
    assert grade(released, "test-answer") == (1.0, None, False)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        submission = gradebook.find_submission("99_tiny", "ada")
        assert (submission.score, submission.max_score) == (3.0, 6.0)


def test_written_answers_wait_for_a_person_unless_there_are_none(released):
    write(released, verdict())
    assert grade(released, "written-why") == (None, None, True)
    write(released, verdict(unanswered=["written-why"]))
    assert grade(released, "written-why") == (0.0, None, False)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        comment = gradebook.find_comment("written-why", "99_tiny", "99_tiny", "ada")
        assert comment.comment == "No response."


def test_a_persons_scores_and_comments_stay(released):
    write(released, verdict(double=0.0))
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        gradebook.find_grade("test-double", "99_tiny", "99_tiny", "ada").manual_score = 2.5
        comment = gradebook.find_comment("double", "99_tiny", "99_tiny", "ada")
        comment.manual_comment = "see me"
        gradebook.db.commit()
    write(released, verdict(double=3.0))
    assert grade(released, "test-double") == (3.0, 2.5, True)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        comment = gradebook.find_comment("double", "99_tiny", "99_tiny", "ada")
        assert comment.comment == "see me"


def test_writing_twice_changes_nothing(released):
    write(released, verdict(), verdict())
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert len(gradebook.assignment_submissions("99_tiny")) == 1


@pytest.mark.parametrize("outcome", [Outcome.INFRA, Outcome.REFUSED])
def test_no_score_is_not_a_zero(released, outcome):
    write(released, verdict(outcome=outcome))
    assert grade(released, "test-double") == (None, None, True)
    write(released, verdict(double=2.0))
    write(released, verdict(outcome=outcome))
    assert grade(released, "test-double") == (2.0, None, False)


def test_a_fault_of_ours_leaves_the_timestamp_alone(released):
    write(released, verdict(), timestamp="2026-02-03 04:05:06.000000 UTC")
    write(released, verdict(outcome=Outcome.INFRA))
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        stamp = gradebook.find_submission("99_tiny", "ada").timestamp
    assert stamp.isoformat() == "2026-02-03T04:05:06"


def test_a_cell_that_was_released_later_is_entered_too(released):
    write(released, verdict())
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        gradebook.add_grade_cell("test-more", "99_tiny", "99_tiny", max_score=2.0, cell_type="code")
        gradebook.add_solution_cell("more", "99_tiny", "99_tiny")
    more = ExerciseVerdict("more", Outcome.OK, 2.0, (LineVerdict(RubricLine("", 2, ""), 2.0),))
    before = verdict(unanswered=["more"])
    write(released, dataclasses.replace(before, exercises=(*before.exercises, more)))
    assert grade(released, "test-more") == (2.0, None, False)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert gradebook.find_submission("99_tiny", "ada").score == 6.0
        comment = gradebook.find_comment("more", "99_tiny", "99_tiny", "ada")
        assert comment.comment == "No response."


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_the_gradebook_looks_as_if_nbgrader_had_made_the_submission(released):
    write(released, verdict(outcome=Outcome.INFRA))
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        gradebook.add_student("theirs")
        gradebook.add_submission("99_tiny", "theirs")
        ours, theirs = (
            gradebook.find_submission("99_tiny", student).to_dict() | {"id": "", "student": ""}
            for student in ("ada", "theirs")
        )
        assert ours == theirs
        for kind in ("grades", "comments"):
            ours, theirs = (
                sorted(
                    [row.to_dict() | {"id": "", "student": ""} for row in getattr(notebook, kind)],
                    key=lambda row: row["name"],
                )
                for notebook in gradebook.notebook_submissions("99_tiny", "99_tiny")
            )
            assert ours
            assert ours == theirs


def test_the_timestamp_is_kept(released):
    write(released, verdict(), timestamp="2026-02-03 04:05:06.000000 UTC")
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        stamp = gradebook.find_submission("99_tiny", "ada").timestamp
    assert stamp.isoformat() == "2026-02-03T04:05:06"
    write(released, verdict(), timestamp="yesterday, about noon")


def test_a_later_hand_in_shows_its_time(released):
    write(released, verdict(), timestamp="2026-02-03 04:05:06.000000 UTC")
    write(released, verdict(), timestamp="2026-02-04 04:05:06.000000 UTC")
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        stamp = gradebook.find_submission("99_tiny", "ada").timestamp
    assert stamp.isoformat() == "2026-02-04T04:05:06"


def test_nobody_writes_between_our_reading_and_our_writing(released):
    refused = []

    def enter_the_same_student(connection, cursor, statement, *rest):
        if statement.startswith("SELECT student.id"):
            with closing(sqlite3.connect(released.root / "gradebook.db", timeout=0)) as other:
                try:
                    other.execute("INSERT INTO student (id) VALUES ('ada')")
                    other.commit()
                except sqlite3.OperationalError as error:
                    refused.append(str(error))

    with GradebookWriter(released.gradebook_url, "99_tiny") as writer:
        event.listen(writer._gradebook.engine, "after_cursor_execute", enter_the_same_student)
        writer.write(verdict())
    assert refused == ["database is locked"]
    assert grade(released, "test-double") == (3.0, None, False)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]
        assert len(gradebook.assignment_submissions("99_tiny")) == 1


@pytest.fixture
def locking(released):
    """Another program that has locked the gradebook."""
    path = released.root / "gradebook.db"
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        yield other


def test_a_lock_longer_than_sqlites_own_wait_is_waited_for(released, locking):
    with GradebookWriter(released.gradebook_url, "99_tiny") as writer:
        writer._session.execute(text("PRAGMA busy_timeout = 0"))
        writer._session.rollback()
        locking.execute("BEGIN IMMEDIATE")
        locking.execute("INSERT INTO student (id) VALUES ('eve')")
        release = threading.Timer(0.3, locking.commit)
        release.start()
        writer.write(verdict())
        release.join()
    assert grade(released, "test-double") == (3.0, None, False)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert sorted(student.id for student in gradebook.students) == ["ada", "eve"]


def test_a_lock_that_stays_is_told_and_nothing_is_entered(released, locking, monkeypatch):
    monkeypatch.setattr("autograder.publishing.gradebook.PATIENCE", 0.1)
    with GradebookWriter(released.gradebook_url, "99_tiny") as writer:
        locking.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookBusyError, match="locked"):
            writer.write(verdict())
        locking.rollback()
        writer.write(verdict(double=2.0))
    assert grade(released, "test-double") == (2.0, None, False)


def test_one_submission_is_one_transaction(released):
    commits = []
    with GradebookWriter(released.gradebook_url, "99_tiny") as writer:
        engine = writer._gradebook.engine
        event.listen(engine, "commit", lambda connection: commits.append(1))
        writer.write(verdict())
        writer.write(verdict(double=1.0))
    assert len(commits) == 2


def test_a_failed_write_leaves_nothing_behind(released):
    trigger(released, "comment", "RAISE(ABORT, 'the disk is worn out')")
    with pytest.raises(GradebookBusyError, match="worn out"):
        write(released, verdict())
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert gradebook.assignment_submissions("99_tiny") == []
        assert gradebook.students == []


def test_an_unreleased_assignment_is_told(released):
    with pytest.raises(CourseError, match="autograder build 98_other"):
        GradebookWriter(released.gradebook_url, "98_other")


def test_enrolling_enters_a_submission_without_scores_once(released):
    with GradebookWriter(released.gradebook_url, "99_tiny") as writer:
        writer.enrol("ada")
        writer.enrol("ada")
    assert grade(released, "test-double") == (None, None, True)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert [found.timestamp for found in gradebook.assignment_submissions("99_tiny")] == [None]


def test_enrolling_changes_nothing_of_what_is_there(released):
    stamp = "2026-02-03 04:05:06.000000 UTC"
    write(released, verdict(double=2.0), timestamp=stamp)
    with GradebookWriter(released.gradebook_url, "99_tiny") as writer:
        writer.enrol("ada")
    assert grade(released, "test-double") == (2.0, None, False)
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        assert gradebook.find_submission("99_tiny", "ada").timestamp.year == 2026
