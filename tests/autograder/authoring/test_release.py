import errno
import os

import nbformat
import pytest

from autograder.authoring.release import LeakError, find_leaks, release
from autograder.authoring.text_notebook import assigned_names
from autograder.core.course import Course, course_secret, find_course
from autograder.core.errors import CourseError
from autograder.settings import load_settings


@pytest.fixture
def notebooks(released):
    source = nbformat.read(released.master("99_tiny"), 4)
    return source, nbformat.read(released.released("99_tiny"), 4)


def cell(notebook, id_):
    return next(cell for cell in notebook.cells if cell.id == id_)


def test_solutions_become_stubs_that_fit(notebooks):
    _, released = notebooks
    assert "# YOUR CODE HERE\n    raise NotImplementedError" in cell(released, "double").source
    assert cell(released, "value-answer").source == "answer = ...  # YOUR ANSWER"
    assert cell(released, "written-why").source == "YOUR ANSWER HERE"


def test_nothing_hidden_is_released(notebooks):
    source, released = notebooks
    assert list(find_leaks(source, released)) == []
    text = nbformat.writes(released)
    for secret in ("np.asarray(x)", "6 * 7", "Because of", "hidden_tests", "MARK SCHEME"):
        assert secret in nbformat.writes(source)
        assert secret not in text


def test_what_students_must_not_change_is_locked(notebooks):
    _, released = notebooks
    assert cell(released, "test-double").metadata.editable is False
    assert cell(released, "figure-doubling").metadata.editable is False
    assert cell(released, "double").metadata.get("editable", True)


def test_a_leaking_release_is_refused_and_removed(course, tiny):
    text = (course.solutions / "99_tiny.py").read_text()
    text += "\n# %%\n# a hint:\ny = np.asarray(x) + np.asarray(x)\n"
    text = text.replace("    return np.asarray(x) +", "    y =  np.asarray(x) +")
    text = text.replace("y =  ", "y = ")
    (course.solutions / "99_tiny.py").write_text(text)
    config, _ = load_settings(course)
    with pytest.raises(LeakError, match=r"y = np.asarray\(x\)"):
        release(course, tiny, config)
    assert not course.released("99_tiny").exists()


def test_a_release_is_the_same_each_time(released, tiny):
    before = released.released("99_tiny").read_bytes()
    config, _ = load_settings(released)
    release(released, tiny, config)
    assert released.released("99_tiny").read_bytes() == before


def test_a_missing_text_is_told(course, tiny):
    (course.solutions / "99_tiny.py").unlink()
    config, _ = load_settings(course)
    with pytest.raises(CourseError, match="no text notebook"):
        release(course, tiny, config)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a = 1", ["a"]),
        ("a = [\n    1,\n]\nb = 2", ["a", "b"]),
        ("a, b = 1, 2", None),
        ("a[0] = 1", None),
        ("for a in b:\n    pass", None),
    ],
)
def test_only_plain_assignments_are_values(code, names):
    assert assigned_names(code) == names


def test_a_course_is_found_from_below(course):
    below = course.root / "submitted" / "someone"
    below.mkdir(parents=True)
    assert find_course(below).root == course.root


def test_no_course_is_told(tmp_path):
    with pytest.raises(CourseError, match="not in a course"):
        find_course(tmp_path)


def test_the_secret_is_made_once_and_kept_private(tmp_path):
    course = Course(tmp_path)
    secret = course_secret(course)
    assert len(secret) == 32
    assert course_secret(course) == secret
    assert (tmp_path / ".course-secret").stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_full_leaves_no_half_secret(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CourseError, match=r"cannot be written: .*No space left"):
            course_secret(Course(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert len(course_secret(Course(tmp_path))) == 32


@pytest.mark.parametrize("content", ["", "short", "zz" * 32])
def test_a_damaged_secret_is_not_replaced(tmp_path, content):
    path = tmp_path / ".course-secret"
    path.write_text(content)
    with pytest.raises(CourseError, match="Restore it"):
        course_secret(Course(tmp_path))
    assert path.read_text() == content


def test_a_broken_configuration_is_told(course):
    (course.root / "nbgrader_config.py").write_text("c = get_config()\nc.oops.\n")
    with pytest.raises(CourseError, match=r"nbgrader_config\.py"):
        load_settings(course)
