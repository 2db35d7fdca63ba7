"""Whether a run would have anything to do: each change is seen, and nothing else."""

import importlib
import os
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from autograder.core.course import Course
from autograder.core.outcome import Outcome
from autograder.grading.standing import (
    given,
    gradebook_state,
    keep_standing,
    kept_standing,
)
from autograder.publishing.marks.entry import CellMark, Marks
from autograder.publishing.rows import SubmissionRow

NAME = "hw1"
FAR = datetime(2999, 1, 1)
ROW = SubmissionRow(
    "ada", "1 / 2", Outcome.WRONG, "f: off by one", Marks(cells={(NAME, "c"): CellMark(2, 1.0)})
)
FILES = [
    "nbgrader_config.py",
    ".course-secret",
    "report.html",
    "exercises/hw1/f.py",
    "exercises/hw1/data.csv",
    "solutions/hw1.py",
    "notebooks/hw1/hw1.ipynb",
    "notebooks/hw1/data/input.csv",
    "families/hw1.json",
    "data/deep/read_by_an_oracle.csv",
    "submitted/ada/hw1/hw1.ipynb",
    "submitted/ada/hw1/timestamp.txt",
    "records/hw1/ada.json",
    "releases/hw1/1.gz",
    "results/hw1/ada.json",
    "results/hw2/ada.json",
    "feedback/ada/hw1/hw1.html",
    "autograded/ada/hw1/hw1.ipynb",
    "library/__init__.py",
    "library/table.npz",
]


@pytest.fixture
def course(tmp_path):
    """A course directory with a file of each kind."""
    for name in FILES:
        place = tmp_path / "course" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("as it was")
    course = Course(tmp_path / "course")
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute("CREATE TABLE grade (score REAL)")
        gradebook.execute("INSERT INTO grade VALUES (1.0)")
    return course


def as_given(course, config="c", before=None):
    return given(course, NAME, config, [str(course.root / "library")], before)


def keep(course, row=ROW, **others):
    file = str(course.root / "gradebook.db")
    state = {"given": as_given(course), "gradebook": (file, gradebook_state(file))} | others
    keep_standing(
        course, NAME, begun=time.time() + 1, places={"report": "here"}, rows=[row], **state
    )
    return kept_standing(course, NAME)


def holds(course, standing):
    return standing.holds(course, NAME, as_given(course))


def test_what_is_kept_is_what_was_there(course):
    standing = keep(course)
    assert (standing.rows, standing.places) == ((ROW,), {"report": "here"})
    assert holds(course, standing)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_written_over_with_its_old_size_and_time_is_seen(course, name):
    standing = keep(course)
    place = course.root / name
    before = place.stat()
    place.write_text("is it so?")
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert place.stat().st_size == before.st_size
    assert not holds(course, standing)


@pytest.mark.parametrize("name", [name for name in FILES if name != "nbgrader_config.py"])
def test_a_file_that_is_gone_is_seen(course, name):
    standing = keep(course)
    (course.root / name).unlink()
    assert not holds(course, standing)


@pytest.mark.parametrize(
    "name",
    [
        "submitted/bob/hw1/hw1.ipynb",
        "submitted/ada/hw2/hw2.ipynb",
        "submitted/ada/hw1/again.ipynb",
        "submitted/ada/hw1.ipynb",
        "exercises/hw1/g.py",
        "notebooks/hw1/new.csv",
        "results/hw3/ada.json",
        "feedback/ada/hw1/.hw1.html.x.part",
        "helper.py",
    ],
)
def test_a_file_that_is_new_is_seen(course, name):
    standing = keep(course)
    place = course.root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    assert not holds(course, standing)


@pytest.mark.parametrize(
    "name", ["exercises/hw1/__pycache__/f.pyc", "feedback/ada/hw2/hw2.html", ".venv/module.py"]
)
def test_what_no_run_over_it_depends_on_is_passed_over(course, name):
    standing = keep(course)
    place = course.root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()
    assert holds(course, standing)


def test_a_submission_behind_a_link_is_seen_to_change(course, tmp_path):
    place = course.root / "submitted/ada/hw1/hw1.ipynb"
    place.replace(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    standing = keep(course)
    assert holds(course, standing)
    (tmp_path / "elsewhere").write_text("is it so?")
    assert not holds(course, standing)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_mark_in_the_gradebook_is_seen(course, mode):
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook:
        gradebook.execute(f"PRAGMA journal_mode = {mode}")
        gradebook.commit()
        standing = keep(course)
        assert holds(course, standing)
        with gradebook:
            gradebook.execute("UPDATE grade SET score = 2.0")
        assert not holds(course, standing)


def test_other_settings_are_seen(course):
    standing = keep(course)
    assert not standing.holds(course, NAME, as_given(course, config="d"))


def test_other_code_of_what_was_loaded_is_seen(course, tmp_path, monkeypatch):
    module = tmp_path / "of_an_oracle.py"
    module.write_text("ONE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    importlib.import_module("of_an_oracle")
    standing = keep(course)
    sys.modules.pop("of_an_oracle")
    assert holds(course, standing)
    module.write_text("ONE = 2\n")
    assert not holds(course, standing)


def test_a_due_date_that_passes_is_seen(course):
    standing = keep(course, replace(ROW, marks=replace(ROW.marks, due=FAR)))
    assert standing.until == FAR.isoformat()
    assert holds(course, standing)
    assert not holds(course, replace(standing, until=datetime(2000, 1, 1).isoformat()))
    past = datetime(2000, 1, 1) + timedelta(days=1)
    assert keep(course, replace(ROW, marks=replace(ROW.marks, due=past))).until == ""


def test_what_may_change_within_the_same_tick_is_not_relied_on(course):
    latest = max((course.root / name).stat().st_ctime for name in FILES)
    assert as_given(course, before=latest + 1)
    assert as_given(course, before=latest + 0.01) == ""
    assert keep(course, given="") is None


@pytest.mark.parametrize("others", [{"gradebook": ("", "")}, {"given": ""}])
def test_nothing_is_kept_where_something_is_not_known(course, others):
    assert keep(course, **others) is None


def test_whoever_hands_in_more_than_is_looked_at_is_not_relied_on(course, monkeypatch):
    monkeypatch.setattr("autograder.grading.standing._MOST_FILES", 3)
    assert as_given(course)
    (course.root / "submitted/ada/hw1/one.txt").touch()
    assert as_given(course) == ""


def test_a_course_of_more_files_than_are_looked_at_is_not_relied_on(course, monkeypatch):
    monkeypatch.setattr("autograder.grading.standing._MOST_OF_COURSE", 5)
    assert as_given(course) == ""


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rows": [1]}', '{"rows": [], "x": 1}'])
def test_a_damaged_file_says_nothing(course, content):
    keep(course)
    (course.records / ".standing" / f"{NAME}.json").write_text(content)
    assert kept_standing(course, NAME) is None
