"""The lock of a course, and what its holder tells others."""

import pytest

from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.core.lock import RUN, require_no_watcher, sole_run

WATCHER = "a watcher is running"


def test_the_holder_is_told_of(tmp_path):
    course = Course(tmp_path)
    with sole_run(course, WATCHER):
        with pytest.raises(CourseError, match=WATCHER), sole_run(course):
            pass
        with pytest.raises(CourseError, match=WATCHER):
            require_no_watcher(course)
    with sole_run(course), pytest.raises(CourseError, match=RUN), sole_run(course, WATCHER):
        pass


def test_a_run_that_ends_by_itself_keeps_nobody_from_reading(tmp_path):
    course = Course(tmp_path)
    require_no_watcher(course)
    with sole_run(course):
        require_no_watcher(course)
    require_no_watcher(course)


def test_what_a_killed_watcher_has_left_is_not_believed(tmp_path):
    course = Course(tmp_path)
    course.records.mkdir()
    (course.records / ".lock").write_text(WATCHER)
    require_no_watcher(course)
    with sole_run(course):
        require_no_watcher(course)
        with pytest.raises(CourseError, match=RUN), sole_run(course, WATCHER):
            pass
