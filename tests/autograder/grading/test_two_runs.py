"""Two programs work on one course at the same time, through their real command lines."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.building.release import release
from autograder.sample import submit_class
from autograder.settings import load_settings
from tests.autograder.leftovers import comments, grades, state
from tests.course import find_assignment, make_course

NAME = "01_shapes"
OTHER = "08_distances"
BUSY = "always-busy"
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose class has handed in two assignments."""
    course = make_course(tmp_path_factory.mktemp("two") / "course")
    config, _ = load_settings(course)
    for name in (NAME, OTHER):
        release(course, find_assignment(name), config)
        submit_class(course, find_assignment(name))
    (course.root / ".course-secret").write_text("5" * 64 + "\n")
    return course.root


def start(root, program, *arguments):
    return subprocess.Popen(
        [BIN / program, *arguments],
        cwd=root,
        env={**os.environ, "PATH": os.defpath},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(*runs):
    """Wait for all of them; none may say that anything went wrong."""
    for run in runs:
        _, errors = run.communicate(timeout=600)
        assert run.returncode == 0, errors[-6000:]
        assert "Traceback" not in errors


@pytest.fixture(scope="module")
def undisturbed(course, tmp_path_factory):
    """The same course, graded by one program after the other."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(course, root)
    done(start(root, "autograder", "grade", NAME))
    done(start(root, "nbgrader", "autograde", OTHER))
    return root


def keep_busy(root):
    """Hand in something that takes longer to run than two other programs take to start."""
    notebook = nbformat.read(root / "submitted" / "model" / NAME / f"{NAME}.ipynb", 4)
    notebook.cells += [new_code_cell("import time; time.sleep(2)") for _ in range(12)]
    path = root / "submitted" / BUSY / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(notebook))


def without_busy(left):
    files, *entries = left
    return {name: files[name] for name in files if BUSY not in name}, *(
        [entry for entry in table if entry[0] != BUSY] for table in entries
    )


def test_a_second_run_says_so_and_leaves_the_first_alone(course, undisturbed, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    keep_busy(root)
    first = start(root, "autograder", "grade", NAME)
    while first.poll() is None and not any((root / "records").glob(f"{NAME}/[!.]*.json")):
        time.sleep(0.02)
    seconds = [start(root, "autograder", word, NAME) for word in ("grade", "regrade")]
    for second in seconds:
        said, errors = second.communicate(timeout=60)
        assert (second.returncode, said) == (1, "")
        assert "another run is grading this course" in " ".join(errors.split())
    assert first.poll() is None
    done(first)
    done(start(root, "nbgrader", "autograde", OTHER))
    busy = json.loads((root / "results" / NAME / f"{BUSY}.json").read_text())
    assert busy["verdict"]["outcome"] == "OK"
    assert without_busy(state(root)) == without_busy(state(undisturbed))


def test_nbgrader_beside_it_loses_no_entry(course, undisturbed, tmp_path):
    root = shutil.copytree(course, tmp_path / "course")
    done(
        start(root, "autograder", "grade", NAME),
        start(root, "nbgrader", "autograde", OTHER),
    )
    assert grades(root / "gradebook.db") == grades(undisturbed / "gradebook.db")
    assert comments(root / "gradebook.db") == comments(undisturbed / "gradebook.db")


def test_nbgrader_beside_it_on_the_same_assignment_loses_no_entry(course, undisturbed, tmp_path):
    """Both enter the same students, in opposite order of who is first."""
    root = shutil.copytree(course, tmp_path / "course")
    done(start(root, "nbgrader", "autograde", OTHER))
    done(
        start(root, "autograder", "grade", NAME),
        start(root, "nbgrader", "autograde", NAME),
    )
    assert grades(root / "gradebook.db") == grades(undisturbed / "gradebook.db")
    assert comments(root / "gradebook.db") == comments(undisturbed / "gradebook.db")
