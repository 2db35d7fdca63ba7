"""The check file and the public examples, laid where notebooks find them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.authoring.examples import call
from autograder.authoring.exercise import Assignment, Exercise
from autograder.building.student_side import (
    lay_beside,
    library_folder,
    remove_old_examples,
    write_examples,
)
from autograder.core import check
from autograder.core.course import Course
from autograder.core.errors import CourseError

DOUBLE = Exercise("double", (), oracle=lambda x: 2 * x, cases=iter, examples=(call(3),))
ASSIGNMENT = Assignment("99_tiny", (DOUBLE,))


def test_examples_are_written_once(tmp_path):
    folder = tmp_path / "library" / "check"
    write_examples(ASSIGNMENT, folder)
    (path,) = folder.iterdir()
    assert path.name == "99_tiny.examples.json"
    before = path.stat()
    write_examples(ASSIGNMENT, folder)
    # Not the time of the last access: it changes when the file is read.
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    write_examples(Assignment("99_tiny", (replace(DOUBLE, examples=(call(4),)),)), folder)
    assert json.loads(path.read_text())["exercises"]["double"]["examples"][0]["expected"] == 8
    assert [found.name for found in folder.iterdir()] == ["99_tiny.examples.json"]


def test_the_check_file_is_laid_beside_a_notebook(tmp_path):
    lay_beside(ASSIGNMENT, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"check.py", "99_tiny.examples.json"}
    assert (tmp_path / "check.py").read_bytes() == Path(check.__file__).read_bytes()
    before = (tmp_path / "check.py").stat()
    lay_beside(ASSIGNMENT, tmp_path)
    assert (tmp_path / "check.py").stat() == before


def test_a_name_stands_in_one_file_of_a_folder(tmp_path):
    write_examples(ASSIGNMENT, tmp_path)
    write_examples(Assignment("98_other", (replace(DOUBLE, name="twice"),)), tmp_path)
    with pytest.raises(CourseError, match=r"97_third: double has public examples in .*99_tiny"):
        write_examples(Assignment("97_third", (DOUBLE,)), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_holds_no_examples_is_told(tmp_path):
    (tmp_path / "old.examples.json").write_text('{"exer')
    with pytest.raises(CourseError, match=r"old\.examples\.json holds no public examples"):
        write_examples(ASSIGNMENT, tmp_path)


def test_the_examples_of_a_notebook_that_is_gone_go_with_it(tmp_path):
    for name in ("01_a.examples.json", "02_b.examples.json", "notes.json"):
        (tmp_path / name).write_text('{"format": 1, "exercises": {}}')
    remove_old_examples([Assignment("01_a")], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01_a.examples.json", "notes.json"]


def test_a_library_without_the_folder_is_told(tmp_path):
    (tmp_path / "plots" / "check").mkdir(parents=True)
    assert library_folder(Course(tmp_path), "plots/check") == tmp_path / "plots" / "check"
    with pytest.raises(CourseError, match=r"c.PublicExamples.folder is 'plots', .*no folder"):
        library_folder(Course(tmp_path / "elsewhere"), "plots")
