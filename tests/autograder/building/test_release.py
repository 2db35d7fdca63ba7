import errno
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook

from autograder.authoring.exercise import Written
from autograder.building.clearing import find_leaks
from autograder.building.release import LeakError, release
from autograder.core import check
from autograder.core.course import Course, course_secret, find_course
from autograder.core.definitions import assigned_names
from autograder.core.errors import CourseError, GraderError
from autograder.settings import load_settings
from autograder.soundness.checks import UnsoundError


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


def change_text(course, old, new):
    path = course.text("99_tiny")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def build(course, tiny):
    config, _ = load_settings(course)
    return release(course, tiny, config)


def everything(course):
    """What a failing build must leave as it is."""
    files = {
        path: path.read_bytes()
        for folder in (course.release, course.root / "build")
        for path in folder.rglob("*")
        if path.is_file()
    }
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook:
        return files, list(gradebook.iterdump())


def submit(course):
    """Enter somebody in the gradebook, who has submitted."""
    with Gradebook(course.gradebook_url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission("99_tiny", "ada")


def leak(course):
    change_text(course, "    return np.asarray(x) +", "    y = np.asarray(x) +")
    text = course.text("99_tiny").read_text()
    course.text("99_tiny").write_text(text + "\n# %%\ny = np.asarray(x) + np.asarray(x)\n")


def test_a_leaking_release_is_refused(course, tiny):
    leak(course)
    with pytest.raises(LeakError, match=r"y = np.asarray\(x\)"):
        build(course, tiny)
    assert not course.release.exists()
    assert list((course.root / "build").iterdir()) == []
    assert not (course.root / "gradebook.db").exists()


def gives_it_away(answer, case):
    right = np.asarray(case.args[0]) * 2
    return np.array_equal(answer, right)


def test_a_checker_that_holds_a_solution_is_refused(course, tiny):
    change_text(
        course,
        "    return np.asarray(x) + np.asarray(x)",
        "    return np.array_equal(answer, right)",
    )
    first, *others = tiny.exercises
    told = replace(tiny, exercises=(replace(first, accepts=gives_it_away), *others))
    with pytest.raises(LeakError, match=r"in the checker of double: return np.array_equal"):
        build(course, told)
    assert not course.release.exists()


def test_students_get_the_check_and_its_examples_with_the_notebook(course, tiny):
    beside = build(course, tiny).parent
    names = ["99_tiny.examples.json", "99_tiny.ipynb", "check.py"]
    assert sorted(path.name for path in beside.iterdir()) == names
    assert (beside / "check.py").read_bytes() == Path(check.__file__).read_bytes()
    # What nbgrader releases by itself is made of the same files.
    assert sorted(path.name for path in course.master(tiny.name).parent.iterdir()) == names


def test_a_course_with_a_package_has_its_examples_there(course, tiny):
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.PublicExamples.folder = 'plots'\n")
    assert [path.name for path in build(course, tiny).parent.iterdir()] == ["99_tiny.ipynb"]


WITHOUT_POINTS = "# %% solution triple\ndef triple(x):\n    return x\n\n# %% figure doubling"


def add_an_answer(course):
    submit(course)
    change_text(course, "# %% figure doubling", WITHOUT_POINTS)


def drop_a_question(course):
    submit(course)
    text = course.text("99_tiny").read_text()
    course.text("99_tiny").write_text(text.partition("# %% written why")[0])


def forget_the_end_of_a_solution(course):
    change_text(course, "    ### END SOLUTION\n", "")


def lock_the_gradebook(course):
    change_text(course, "# # Twice", "# # Two times")
    gradebook = sqlite3.connect(course.root / "gradebook.db", isolation_level=None)
    gradebook.execute("BEGIN IMMEDIATE")
    return gradebook


FAILURES = {
    "leak": (leak, "the release would hold"),
    "added": (
        add_an_answer,
        "triple added, but the gradebook holds 1 submissions.*Undo the change, .* or drop "
        "the submissions .*nbgrader db assignment remove 99_tiny --force",
    ),
    "removed": (drop_a_question, "99_tiny: written-why removed, but"),
    "no end": (forget_the_end_of_a_solution, "cannot be released: .*end solution"),
    "locked": (lock_the_gradebook, "cannot be entered in the gradebook: database is locked"),
}


VERSIONS = {"added": {"unmarked": ("triple",)}, "removed": {"written": ()}}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_build_says_why_and_leaves_all_as_it_was(released, tiny, capfd, caplog, failure):
    fail, said = FAILURES[failure]
    kept = fail(released)
    before = everything(released)
    with pytest.raises(GraderError, match=said) as refusal:
        build(released, replace(tiny, **VERSIONS.get(failure, {})))
    assert len(str(refusal.value).splitlines()) == (2 if failure == "leak" else 1)
    assert (capfd.readouterr().err, caplog.records) == ("", [])
    if kept is not None:
        kept.close()
    assert everything(released) == before


def test_cells_can_be_added_as_long_as_nobody_has_submitted(released, tiny):
    change_text(released, "# %% figure doubling", "# %% figure tripling")
    build(released, tiny)
    ids = [cell.id for cell in nbformat.read(released.released("99_tiny"), 4).cells]
    assert "figure-tripling" in ids
    with Gradebook(released.gradebook_url) as gradebook:
        names = {cell.name for cell in gradebook.find_notebook("99_tiny", "99_tiny").source_cells}
    assert "figure-tripling" in names
    assert "figure-doubling" not in names


def source_cells(course):
    with Gradebook(course.gradebook_url) as gradebook:
        notebook = gradebook.find_notebook("99_tiny", "99_tiny")
        return {cell.name: cell.source for cell in notebook.source_cells}


def test_read_only_cells_come_and_go_when_somebody_has_submitted(released, tiny):
    submit(released)
    text = released.text("99_tiny").read_text()
    before = source_cells(released)
    change_text(released, "# %% figure doubling", "# %%\n1 + 1\n\n# %% figure tripling")
    build(released, tiny)
    now = source_cells(released)
    assert now.keys() ^ before.keys() == {"figure-doubling", "figure-tripling"}
    assert now["figure-tripling"] == before["figure-doubling"]
    released.text("99_tiny").write_text(text)
    build(released, tiny)
    assert source_cells(released) == before
    with Gradebook(released.gradebook_url) as gradebook:
        assert gradebook.find_submission("99_tiny", "ada").max_score == 6


def test_a_text_can_change_when_somebody_has_submitted(released, tiny):
    submit(released)
    change_text(released, "# # Twice", "# # Two times")
    build(released, tiny)
    assert "Two times" in released.released("99_tiny").read_text()


def test_files_for_students_are_released_and_taken_back(released, tiny):
    beside = released.master("99_tiny").parent / "data" / "numbers.csv"
    beside.parent.mkdir()
    beside.write_text("1,2")
    build(released, tiny)
    copy = released.released("99_tiny").parent / "data" / "numbers.csv"
    assert copy.read_text() == "1,2"
    beside.unlink()
    build(released, tiny)
    assert not copy.exists()
    assert [path.name for path in (released.root / "build").iterdir()] == ["source"]


def test_what_is_released_is_sound(released, tiny):
    before = everything(released)
    worthless = replace(tiny, written=(Written("why", 0),))
    with pytest.raises(UnsoundError, match="why: 0 points"):
        build(released, worthless)
    assert everything(released) == before


def test_a_release_is_the_same_each_time(released, tiny):
    before = released.released("99_tiny").read_bytes()
    config, _ = load_settings(released)
    release(released, tiny, config)
    assert released.released("99_tiny").read_bytes() == before


def test_a_missing_text_is_told(course, tiny):
    course.text("99_tiny").rename(course.text("98_other"))
    with pytest.raises(CourseError, match=r"no text notebook: .*99_tiny\.py is missing"):
        build(course, tiny)


def test_a_course_without_texts_is_told(course, tiny):
    course.text("99_tiny").unlink()
    with pytest.raises(CourseError, match=r"no text notebooks to build from.*generate_assignment"):
        build(course, tiny)


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


@pytest.mark.parametrize("step", ["submitted", "autograded", "feedback", "handed-in"])
@pytest.mark.parametrize("layout", ["{step}/eve/hw1", "eve/{step}/hw1"])
def test_no_configuration_that_was_handed_in_makes_a_course(course, step, layout):
    config = course.root / "nbgrader_config.py"
    config.write_text(
        f"{config.read_text()}\nc.CourseDirectory.submitted_directory = 'handed-in'\n"
    )
    theirs = course.root / layout.format(step=step)
    theirs.mkdir(parents=True)
    (theirs / "nbgrader_config.py").write_text("raise SystemExit('run')")
    below = theirs / "deeper"
    below.mkdir()
    assert find_course(below).root == find_course(theirs).root == course.root


def test_a_course_within_a_course_is_one_of_its_own(course):
    sample = course.root / "demo"
    sample.mkdir()
    (sample / "nbgrader_config.py").write_text("")
    assert find_course(sample).root == sample


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
