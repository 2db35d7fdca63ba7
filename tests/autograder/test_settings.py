"""What ``nbgrader_config.py`` can say, and what is said of it when it is wrong."""

import pytest

from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.sandbox.protocol.plan import COMMON_MODULES
from autograder.settings import load_settings


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


@pytest.mark.parametrize("line", ["c.LockedRoom.walls = 'paper'", "c.oops.", "1 / 0"])
def test_a_wrong_configuration_is_named(tmp_path, line):
    with pytest.raises(CourseError, match=r"nbgrader_config\.py: "):
        load(tmp_path, line)
