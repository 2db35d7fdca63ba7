"""A zygote is started early where somebody has to be run for sure, and nowhere else."""

import contextlib

import pytest

from autograder.core.course import Course
from autograder.doors import early
from autograder.doors.unchanged import Beginning
from autograder.settings import LockedRoom

NAME = "hw1"


@pytest.fixture
def started(tmp_path, monkeypatch):
    """Whether one is started, of a class in which bob has no record yet."""
    course = Course(tmp_path)
    course.text(NAME).parent.mkdir()
    course.text(NAME).touch()
    for student in ("ada", "bob"):
        course.submission(NAME, student).parent.mkdir(parents=True)
    course.record(NAME, "ada").parent.mkdir(parents=True)
    course.record(NAME, "ada").touch()
    monkeypatch.setattr(early, "EarlyZygote", lambda room, _: contextlib.nullcontext(room.walls))
    beginning = Beginning(course, NAME, LockedRoom(), "", 0.0)

    def started(*students, sandbox=None, force=False):
        with early.early_zygote(beginning, students, sandbox, force=force) as walls:
            return walls

    return course, started


def test_it_is_started_for_who_has_no_record_or_is_run_anyway(started):
    _, started = started
    assert started() == started("bob") == "auto"
    assert started("ada", force=True) == "auto"
    assert started("bob", sandbox="none") == "none"


def test_it_is_not_started_where_nobody_may_have_to_be_run(started):
    course, started = started
    assert started("ada") is None
    assert started("eve") is None
    course.text(NAME).unlink()
    assert started() is None
