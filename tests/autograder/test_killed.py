"""A run that is killed and started again ends as if nothing had happened.

``KILLS=200 pytest tests/autograder/test_killed.py`` tries more moments than the usual few.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from autograder.sample.answers import fill_in, wheats, with_code
from tests.autograder.killed import POINTS

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("KILLS", "12"))
SOURCES = {
    "right": "def double(x):\n    return 2 * x\n",
    "squares": "def double(x):\n    return x ** 2\n",
    "raises": "def double(x):\n    raise ValueError\n",
    "undone": None,
    "prints": "print('hello')\ndef double(x):\n    return 2 * x\n",
}
OF_THE_RUN = ("seconds", "cpu_seconds", "peak_bytes", "restarts")

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def course(_released_once, tiny, tmp_path_factory):
    """A course with a few submissions, not graded yet."""
    root = tmp_path_factory.mktemp("killed") / "course"
    shutil.copytree(_released_once, root)
    released = nbformat.read(root / "notebooks" / tiny.name / f"{tiny.name}.ipynb", 4)
    for student, source in SOURCES.items():
        notebook = fill_in(released, wheats(tiny))
        if source is not None:
            notebook = with_code(notebook, "double", source)
        path = root / "submitted" / student / tiny.name / f"{tiny.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(nbformat.writes(notebook))
    (root / ".course-secret").write_text("5" * 64 + "\n")
    return root


def start(root, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.autograder.killed", str(root), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def state(root):
    """All that a run leaves behind, without what differs from run to run."""
    files = {}
    for folder in ("records", "results", "feedback", "autograded"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.name != ".lock":
                name = str(path.relative_to(root))
                files[name] = path.read_bytes()
                if path.suffix == ".json":
                    files[name] = without_times(json.loads(files[name]))
    with sqlite3.connect(root / "gradebook.db") as database:
        rows = database.execute(
            "SELECT student_id, base_cell.name, auto_score, manual_score, needs_manual_grade "
            "FROM grade JOIN base_cell ON cell_id = base_cell.id "
            "JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id "
            "JOIN submitted_assignment ON submitted_notebook.assignment_id"
            " = submitted_assignment.id"
        )
        return files, sorted(rows, key=repr)


def without_times(data):
    if isinstance(data, dict):
        return {key: without_times(value) for key, value in data.items() if key not in OF_THE_RUN}
    return [without_times(item) for item in data] if isinstance(data, list) else data


@pytest.fixture(scope="module")
def undisturbed(course, tmp_path_factory):
    """What a run leaves that nobody kills, and how long it takes."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(course, root)
    begun = time.monotonic()
    run = start(root)
    lines = run.communicate()[0].splitlines()
    assert run.returncode == 0
    assert len(lines) == 1 + len(SOURCES)
    return state(root), time.monotonic() - begun


def finish_and_compare(root, undisturbed):
    again = start(root)
    again.communicate()
    assert again.returncode == 0
    files, grades = state(root)
    expected_files, expected_grades = undisturbed
    assert files.keys() == expected_files.keys()
    assert files == expected_files
    assert grades == expected_grades


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_a_point(course, undisturbed, tmp_path, number):
    """In the middle of a rename or of a database transaction, twice in a row."""
    chance = random.Random(number)
    root = tmp_path / "course"
    shutil.copytree(course, root)
    for _ in range(2):
        point = POINTS[number % len(POINTS)]
        most = 4 * len(SOURCES) if "rename" in point else len(SOURCES)
        run = start(root, point, str(chance.randint(1, most)))
        run.communicate()
        assert run.returncode in (-signal.SIGKILL, 0)
    finish_and_compare(root, undisturbed[0])


@pytest.mark.parametrize("number", range(KILLS // 2))
def test_killed_at_any_time(course, undisturbed, tmp_path, number):
    root = tmp_path / "course"
    shutil.copytree(course, root)
    run = start(root)
    run.stdout.readline()
    time.sleep(random.Random(number).uniform(0, undisturbed[1]))
    run.kill()
    run.communicate()
    finish_and_compare(root, undisturbed[0])
