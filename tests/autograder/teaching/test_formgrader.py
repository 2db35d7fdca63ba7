"""What a teacher does in formgrader, with its real buttons."""

import shutil

import pytest

from autograder.building.release import release
from autograder.sample import sample_class, submit_class
from autograder.settings import load_settings
from tests.autograder.teaching.formgrader import Formgrader, chromium, server
from tests.course import COURSE, find_assignment, make_course

NAME = "02_convolution"
QUESTION = "written-why_no_flip"
CHOSEN = ("model", "wheat-1", "chaff", "broken-json")

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A released assignment with a class that has handed in, and an exchange."""
    course = make_course(tmp_path_factory.mktemp("teaching") / "course")
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(f"c.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'conv'\n")
    assignment = find_assignment(NAME)
    config, _ = load_settings(course)
    release(course, assignment, config)
    members = [each for each in sample_class(COURSE, assignment) if each.student in CHOSEN]
    submit_class(course, assignment, members)
    for member in members:
        hand_in_at(course, member.student, "2026-03-02 10:00:00 UTC")
    return course


def hand_in_at(course, student, time):
    """What nbgrader's exchange lays beside a submission."""
    course.submission(NAME, student).with_name("timestamp.txt").write_text(time)


@pytest.fixture(scope="module")
def formgrader(course, tmp_path_factory):
    with chromium() as browser:
        if browser is None:
            pytest.skip("no chromium on the PATH: formgrader was not tried in a browser")
        with server(course, tmp_path_factory.mktemp("home")) as address:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            yield Formgrader(page, address)


def test_a_submission_is_graded_marked_and_given_back(course, formgrader):
    assert NAME in formgrader.assignments()
    formgrader.picture("assignments")
    assert formgrader.status(NAME, "model")[0] == "needs autograding"

    said = formgrader.press(NAME, "model", "autograde")
    assert "Successfully autograded" in said
    formgrader.picture("autograded")
    status, score = formgrader.status(NAME, "model")
    assert status == "needs manual grading"
    full = sum(exercise.points for exercise in find_assignment(NAME).exercises)
    assert score == f"{full:g} / {full + 2:g}"
    formgrader.picture("submissions")

    formgrader.open_submission(NAME, "model")
    guide = formgrader.beside(QUESTION)
    assert "Marking guide" in guide
    assert "learned kernels are not" in guide
    formgrader.page.locator(f"#{QUESTION}").scroll_into_view_if_needed()
    formgrader.picture("marking")
    formgrader.mark(QUESTION, 1.5, "Which case with a given kernel?")
    formgrader.open_submission(NAME, "model")
    assert formgrader.marks(QUESTION) == ("1.5", "Which case with a given kernel?")
    status, score = formgrader.status(NAME, "model")
    assert (status, score) == ("graded", f"{full + 1.5:g} / {full + 2:g}")

    said = formgrader.press(NAME, "model", "generate-feedback")
    assert "Successfully generated feedback" in said
    (page,) = (course.feedback / "model" / NAME).glob("*.html")
    text = page.read_text()
    assert "Which case with a given kernel?" in text
    assert "learned kernels are not" not in text
    assert "Marking guide" not in text


def test_a_file_that_cannot_be_read_has_its_reason_in_the_window(formgrader):
    said = formgrader.press(NAME, "broken-json", "autograde")
    formgrader.picture("broken")
    log = said.split("Traceback", 1)[0]
    assert "the file is not valid JSON" in log
    assert "preprocessors.py" not in said
    assert formgrader.status(NAME, "broken-json")[0] == "needs autograding"


def test_a_submission_that_was_taken_away_and_handed_in_again_is_graded_again(course, formgrader):
    assert "Successfully autograded" in formgrader.press(NAME, "chaff", "autograde")
    before = formgrader.status(NAME, "chaff")
    shutil.rmtree(course.autograded / "chaff" / NAME)
    assert formgrader.status(NAME, "chaff")[0] == "needs autograding"
    better = course.submission(NAME, "wheat-1").read_bytes()
    course.submission(NAME, "chaff").write_bytes(better)
    hand_in_at(course, "chaff", "2026-03-03 10:00:00 UTC")
    assert "Successfully autograded" in formgrader.press(NAME, "chaff", "autograde")
    after = formgrader.status(NAME, "chaff")
    assert float(after[1].split(" / ")[0]) > float(before[1].split(" / ")[0])


def test_an_assignment_is_released_to_the_exchange_from_its_button(formgrader):
    said = formgrader.press_for_assignment(NAME, "release")
    assert "Successfully released" in said
    formgrader.picture("released")
