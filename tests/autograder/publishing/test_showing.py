"""What pages show, and when."""

import dataclasses
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial

import pytest
from nbgrader.api import Gradebook

from autograder.core.course import course_secret
from autograder.core.outcome import Outcome
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.page import refresh_page
from autograder.publishing.marks.reading import saved_marks
from autograder.publishing.page.showing import is_settled, shown_now
from autograder.publishing.page.stored import brought_up_to_date, stored_page
from autograder.publishing.publish import enter, finish
from autograder.records.record import Basis, Record, save_record
from autograder.running.questions import cases_digest
from autograder.sandbox.protocol.plan import Answer, QuestionResult
from autograder.sandbox.protocol.values import encode
from autograder.settings import Shows

NAME = "99_tiny"
WAITS = "will be shown here"
PAST, FUTURE = "2020-01-01 00:00:00", "2200-01-01 00:00:00"


@pytest.fixture
def record(released, tiny):
    zero = (Answer("call-0", encode(0.0)), Answer("call-1", encode(0.0)))
    record = Record(
        NAME,
        "ada",
        "key",
        basis=Basis(questions=cases_digest(tiny, course_secret(released))),
        notebook={"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5},
        questions=(QuestionResult("test-double", Outcome.OK, answers=zero),),
    )
    save_record(record, released.record(NAME, "ada"))
    return record


@pytest.fixture
def due(released):
    def at(when, extension=0):
        with closing(Gradebook(released.gradebook_url)) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate=when)
            if extension:
                submission = gradebook.find_submission(NAME, "ada")
                submission.extension = timedelta(days=extension)
                gradebook.db.commit()

    return at


def grade(course, assignment, record, shows):
    secret = course_secret(course)
    with GradebookWriter(course.gradebook_url, NAME) as writer:
        enter(course, finish(course, assignment, secret, record, shows=shows), writer.write)
    return page_of(course).read_text()


def page_of(course):
    return course.feedback / "ada" / NAME / f"{NAME}.html"


def refresh(course, assignment, shows):
    marks = saved_marks(course.gradebook_url, NAME)["ada"]

    def refreshed(page):
        return brought_up_to_date(page, course, assignment, "ada", marks, shows)

    refresh_page(page_of(course), refreshed)
    return page_of(course).read_text()


def shows_case(page):
    assert ("np.array(" in page) == ("<!--case-->" in page) == ("<!--shows case-->" in page)
    return "<!--case-->" in page


def test_the_case_waits_for_the_time_due_with_the_extension(released, tiny, record, due):
    after = Shows.CASE_AFTER_DUE
    due(FUTURE)
    before = grade(released, tiny, record, after)
    assert not shows_case(before)
    assert WAITS in before
    assert refresh(released, tiny, after) == before
    assert stored_page(released, tiny, "ada", released.gradebook_url, after) == before
    due(PAST)
    later = refresh(released, tiny, after)
    assert shows_case(later)
    assert WAITS not in later
    assert stored_page(released, tiny, "ada", released.gradebook_url, after) == later
    assert grade(released, tiny, record, after) == later
    due(PAST, extension=365_00)
    assert not shows_case(refresh(released, tiny, after))


def test_where_nothing_is_due_no_case_is_shown_that_waits(released, tiny, record):
    assert not shows_case(grade(released, tiny, record, Shows.CASE_AFTER_DUE))


@pytest.mark.parametrize("shows", [Shows.CASE, Shows.MESSAGES, Shows.NOTHING])
def test_pages_follow_the_setting_by_every_way(released, tiny, record, shows):
    for before in (Shows.CASE, Shows.NOTHING):
        grade(released, tiny, record, before)
        page = refresh(released, tiny, shows)
        assert shows_case(page) == (shows is Shows.CASE)
        assert stored_page(released, tiny, "ada", released.gradebook_url, shows) == page
    assert grade(released, tiny, record, shows) == page


def test_a_page_that_cannot_be_written_anew_shows_no_more_than_it_may(released, tiny, record):
    assert shows_case(grade(released, tiny, record, Shows.CASE))
    released.record(NAME, "ada").unlink()
    assert not shows_case(refresh(released, tiny, Shows.MESSAGES))


def test_cases_are_not_shown_where_others_would_be_asked_now(released, tiny, record):
    other = dataclasses.replace(record, basis=Basis(questions="others"))
    save_record(other, released.record(NAME, "ada"))
    assert shows_case(grade(released, tiny, other, Shows.CASE))
    page = stored_page(released, tiny, "ada", released.gradebook_url, Shows.CASE)
    assert not shows_case(page)
    assert "gave a number" in page.lower()


@pytest.mark.parametrize("shows", [Shows.CASE, Shows.CASE_AFTER_DUE])
def test_a_page_whose_cases_are_gone_is_written_anew_once(released, tiny, record, due, shows):
    due(FUTURE)
    grade(released, tiny, record, Shows.MESSAGES)
    save_record(
        dataclasses.replace(record, basis=Basis(questions="others")), released.record(NAME, "ada")
    )
    due(PAST)
    marks = saved_marks(released.gradebook_url, NAME)["ada"]
    page = page_of(released).read_text()
    assert not is_settled(page, shown_now(shows, marks))
    page = refresh(released, tiny, shows)
    assert not shows_case(page)
    assert is_settled(page, shown_now(shows, marks))
    assert refresh(released, tiny, shows) == page
    assert "<!--shows messages-->" in refresh(released, tiny, Shows.MESSAGES)
    save_record(record, released.record(NAME, "ada"))
    assert shows_case(refresh(released, tiny, shows))


def test_only_one_of_two_words_depends_on_the_time():
    at = datetime(2026, 2, 1)
    now = partial(shown_now, Shows.CASE_AFTER_DUE, Marks(due=at))
    assert now(at) is Shows.MESSAGES
    assert now(at + timedelta(seconds=1)) is Shows.CASE
    assert shown_now(Shows.NOTHING, Marks(due=at)) is Shows.NOTHING


def test_a_page_of_another_kind_is_left_alone():
    assert is_settled("nbgrader's own", Shows.NOTHING)
