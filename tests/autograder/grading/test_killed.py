"""A run that is killed and started again ends as if nothing had happened.

``KILLS=200 pytest tests/autograder/grading/test_killed.py`` tries more moments than the usual few.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from autograder.sample.answers import fill_in, wheats, with_code
from tests.autograder.killed import POINTS
from tests.autograder.leftovers import shown_but_not_entered, state

ROOT = Path(__file__).parents[3]
KILLS = int(os.environ.get("KILLS", "12"))
SOURCES = {
    "right": "def double(x):\n    return 2 * x\n",
    "squares": "def double(x):\n    return x ** 2\n",
    "raises": "def double(x):\n    raise ValueError\n",
    "undone": None,
    "prints": "print('hello')\ndef double(x):\n    return 2 * x\n",
}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def course(_released_once, tiny, tmp_path_factory):
    """A course with a few submissions, not graded yet."""
    root = tmp_path_factory.mktemp("killed") / "course"
    shutil.copytree(_released_once, root)
    hand_in(root, tiny, SOURCES)
    (root / ".course-secret").write_text("5" * 64 + "\n")
    return root


def hand_in(root, tiny, sources):
    released = nbformat.read(root / "notebooks" / tiny.name / f"{tiny.name}.ipynb", 4)
    for student, source in sources.items():
        notebook = fill_in(released, wheats(tiny))
        if source is not None:
            notebook = with_code(notebook, "double", source)
        path = root / "submitted" / student / tiny.name / f"{tiny.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(nbformat.writes(notebook))


def start(root, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.autograder.killed", str(root), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def undisturbed(course, tiny, tmp_path_factory):
    """Courses to be graded, what a run leaves of each that nobody kills, and how long it takes.

    In one nobody has been graded yet; in the other everybody, and has handed in something else.
    """
    folder = tmp_path_factory.mktemp("undisturbed")
    begun = time.monotonic()
    first = grade(course, folder / "first")
    seconds = time.monotonic() - begun
    changed = folder / "changed"
    shutil.copytree(first, changed)
    hand_in(changed, tiny, dict(zip(SOURCES, reversed(SOURCES.values()), strict=True)))
    again = grade(changed, folder / "again")
    assert state(first)[1] != state(again)[1]
    return {"new": (course, state(first)), "changed": (changed, state(again))}, seconds


def grade(course, root):
    """Grade a copy of a course."""
    shutil.copytree(course, root)
    run = start(root)
    lines = run.communicate()[0].splitlines()
    assert run.returncode == 0
    assert len(lines) == 1 + len(SOURCES)
    return root


def finish_and_compare(root, expected):
    assert shown_but_not_entered(root) == []
    again = start(root)
    again.communicate()
    assert again.returncode == 0
    files, *entered = state(root)
    expected_files, *expected_entries = expected
    assert files.keys() == expected_files.keys()
    assert files == expected_files
    assert entered == expected_entries


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_at_a_point(undisturbed, tmp_path, number):
    """In the middle of a rename or of a database transaction, twice in a row."""
    chance = random.Random(number)
    root = tmp_path / "course"
    point = list(POINTS)[number % len(POINTS)]
    beginning, expected = undisturbed[0]["new" if number // len(POINTS) % 2 else "changed"]
    shutil.copytree(beginning, root)
    for _ in range(2):
        run = start(root, point, str(chance.randint(1, POINTS[point] * len(SOURCES))))
        run.communicate()
        assert run.returncode in (-signal.SIGKILL, 0)
        assert shown_but_not_entered(root) == []
    finish_and_compare(root, expected)


@pytest.mark.parametrize("number", range(KILLS // 2))
def test_killed_at_any_time(undisturbed, tmp_path, number):
    courses, seconds = undisturbed
    beginning, expected = courses["new" if number % 2 else "changed"]
    root = tmp_path / "course"
    shutil.copytree(beginning, root)
    run = start(root)
    run.stdout.readline()
    time.sleep(random.Random(number).uniform(0, seconds))
    run.kill()
    run.communicate()
    finish_and_compare(root, expected)
