"""What ``nbgrader_config.py`` can say, and what is said of it when it is wrong."""

import pytest

from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.sandbox.protocol.plan import COMMON_MODULES
from autograder.settings import FeedbackPage, Shows, load_settings


def load(folder, *lines):
    (folder / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]))
    return load_settings(Course(folder))


def test_rooms_load_what_the_course_says(tmp_path):
    _, room = load(tmp_path, "c.LockedRoom.library = ['convkit', 'convkit.viz']")
    assert room.packages.library == ("convkit", "convkit.viz")
    assert room.packages.own == ("convkit",)
    assert room.packages.common == COMMON_MODULES


def test_more_can_be_loaded_in_advance(tmp_path):
    _, room = load(tmp_path, "c.LockedRoom.common.append('decimal')")
    assert room.packages.common == (*COMMON_MODULES, "decimal")


def test_a_library_that_is_not_installed_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"nbgrader_config.py: .* names nowhere_at_all, but no"):
        load(tmp_path, "c.LockedRoom.library = ['nowhere_at_all.plots']")


WRONG = [
    "c.LockedRoom.walls = 'paper'",
    "c.FeedbackPage.shows = 'cases'",
    "c.FeedbackPage.assignments = {'01_shapes': 'all'}",
    "c.FeedbackPage.assignments = ['01_shapes']",
    "c.oops.",
    "1 / 0",
]


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_configuration_is_named(tmp_path, line):
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: ") as caught:
        load(tmp_path, line)
    assert "\n" not in str(caught.value)


def test_pages_show_what_the_course_or_the_assignment_says(tmp_path):
    config, _ = load(
        tmp_path,
        "c.FeedbackPage.shows = 'messages'",
        "c.FeedbackPage.assignments = {'01_shapes': 'case-after-due'}",
    )
    settings = FeedbackPage(config=config)
    assert settings.of("01_shapes") is Shows.CASE_AFTER_DUE
    assert settings.of("02_convolution") is Shows.MESSAGES
    assert FeedbackPage().of("02_convolution") is Shows.CASE
