"""A run that has nothing to do, through the real command: same words, nothing run or written."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from autograder.core.course import Course

NAME = "01_linear"
PROGRAM = Path(sys.executable).parent / "autograder"


def autograder(root, *arguments):
    return subprocess.run(
        [PROGRAM, *arguments], cwd=root, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small course whose class has been graded: somebody has done nothing, one file is broken."""
    root = tmp_path_factory.mktemp("unchanged") / "course"
    assert autograder(root.parent, "new", root).returncode == 0
    assert autograder(root, "build").returncode == 0
    course = Course(root)
    for student in ("ada", "bob"):
        place = course.submission(NAME, student)
        place.parent.mkdir(parents=True)
        shutil.copy(course.released(NAME), place)
    course.submission(NAME, "bob").write_text("{")
    (course.submitted / ".hidden" / NAME).mkdir(parents=True)
    time.sleep(0.2)  # What is as young as the run is not relied on.
    return course, autograder(root, "grade", NAME)


def files(course):
    """What a whole run would write again."""
    places = [*course.results.rglob("*.json"), course.report, course.root / "gradebook.db"]
    return {str(place): (place.stat().st_ino, place.stat().st_mtime_ns) for place in places}


def test_the_same_is_told_and_nothing_is_written(graded):
    course, first = graded
    before = files(course)
    again = autograder(course.root, "grade", NAME)
    assert (first.returncode, "left out" in first.stderr) == (3, True)
    assert (again.returncode, again.stdout, again.stderr) == (3, first.stdout, first.stderr)
    data = autograder(course.root, "grade", NAME, "--json", "--student", "ada")
    (ada,) = json.loads(data.stdout)
    assert (data.returncode, ada["student"], ada["outcome"]) == (0, "ada", "UNDONE")
    assert ada["gradebook"]["total"] == 0
    assert len(ada["exercises"]) > 1
    assert files(course) == before
    for wrong in (["--student", "eve"], ["--force", "--student", "eve"]):
        assert "no submission" in autograder(course.root, "grade", NAME, *wrong).stderr


def test_a_mark_by_hand_is_followed_and_then_all_stands_again(graded):
    course, _ = graded
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute(
            "UPDATE grade SET manual_score = 1.25 WHERE id IN (SELECT grade.id FROM grade "
            "JOIN base_cell ON base_cell.id = grade.cell_id WHERE base_cell.name LIKE 'written-%')"
        )
    marked = autograder(course.root, "grade", NAME)
    assert "1.25" in marked.stdout
    assert "1.25" in course.report.read_text()
    before = files(course)
    assert autograder(course.root, "grade", NAME).stdout == marked.stdout
    assert files(course) == before


def test_a_submission_of_the_same_size_and_time_is_run_again(graded):
    course, _ = graded
    place = course.submission(NAME, "ada")
    state = place.stat()
    content = place.read_text()
    changed = content.replace("raise NotImplementedError", "print('now with this')".ljust(25), 1)
    assert len(changed) == len(content)
    assert changed != content
    place.write_text(changed)
    os.utime(place, ns=(state.st_atime_ns, state.st_mtime_ns))
    key = json.loads(course.record(NAME, "ada").read_bytes())["key"]
    assert autograder(course.root, "grade", NAME).returncode == 3
    assert json.loads(course.record(NAME, "ada").read_bytes())["key"] != key
