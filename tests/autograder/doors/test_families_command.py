"""``autograder families`` and ``autograder name`` in a course on disk."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.loading import find_assignment
from autograder.building.new_course import write_course
from autograder.sample.answers import fill_in, wheats, with_code

NAME = "01_linear"
PROGRAM = Path(sys.executable).parent / "autograder"
WRONG = "def solve(A, b):\n    return [3.5 * each for each in b]\n"

pytestmark = pytest.mark.long


@pytest.fixture
def run(tmp_path):
    course = write_course(tmp_path / "course")

    def command(*arguments):
        return subprocess.run(
            [PROGRAM, *arguments], cwd=course.root, capture_output=True, text=True, timeout=300
        )

    command("build")
    assignment = find_assignment(course, NAME)
    released = nbformat.read(course.released(NAME), 4)
    for student, source in (("ada", WRONG), ("bea\x1b[31m", WRONG), ("cem", "")):
        notebook = fill_in(released, wheats(assignment))
        path = course.submitted / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(with_code(notebook, "solve", source) if source else notebook, path)
    command("grade", NAME)
    return command


def test_a_mistake_is_listed_named_and_told(run):
    listed = run("families", NAME)
    assert listed.returncode == 0
    assert "2 students" in listed.stdout
    assert "3.5 * each" in listed.stdout
    assert "\x1b" not in listed.stdout
    (family,) = json.loads(run("families", NAME, "--json").stdout)
    assert family["id"] in listed.stdout
    assert family["students"] == ["ada", "bea\x1b[31m"]

    assert run("name", NAME, family["id"]).returncode == 2
    unknown = run("name", NAME, "solve-0", "A sentence.")
    assert (unknown.returncode, family["id"] in unknown.stderr) == (1, True)
    named = run("name", NAME, family["id"], "You scale b.\nA plays no part.")
    assert named.stdout.startswith("2 students will read it after: autograder regrade 01_linear")
    assert run("name", NAME).stdout == f"{family['id']}  You scale b. A plays no part.\n"
    assert (
        run("families", NAME).stdout == "There is no family of 2 students or more without a name.\n"
    )
    again = {each["student"]: each for each in json.loads(run("regrade", NAME, "--json").stdout)}
    told = [name for name in ("ada", "cem") if family["id"] in json.dumps(again[name])]
    assert told == ["ada"]

    gone = run("name", NAME, family["id"], "--forget")
    assert (gone.returncode, run("name", NAME).stdout) == (0, "")
    assert run("name", NAME, family["id"], "--forget").returncode == 1
