"""What students are told by `nbgrader validate`, and by the Validate button of JupyterLab."""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import load_assignments
from autograder.building.new_course import write_course
from autograder.building.release import release
from autograder.core.cells import marker_of
from autograder.sample.answers import with_code
from autograder.settings import load_settings
from tests.course import COURSE, find_assignment, right_notebook

BIN = Path(sys.executable).parent
SUCCESS = "Success! Your notebook passes all the tests."

pytestmark = pytest.mark.long


class Handout:
    """A release, and copies of it on a student's machine."""

    def __init__(self, course, assignment: Assignment, wrong: str, folder: Path) -> None:
        self.assignment = assignment
        self.wrong = wrong
        self._course = course
        self._folder = folder

    @property
    def empty(self) -> nbformat.NotebookNode:
        return nbformat.read(self._course.released(self.assignment.name), 4)

    @property
    def right(self) -> nbformat.NotebookNode:
        return self.with_a_sentence(right_notebook(self._course, self.assignment))

    def with_a_sentence(self, notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        for cell in notebook.cells:
            if marker_of(cell).kind == "written":
                cell.source = "Because that is how it is defined."
        return notebook

    @property
    def wrong_in_one(self) -> nbformat.NotebookNode:
        return with_code(self.right, self.wrong, f"{self.wrong} = lambda *args, **options: 'wrong'")

    def save(self, notebook: nbformat.NotebookNode) -> Path:
        """Save a notebook where a student has it, with what was handed out beside it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._course.released(self.assignment.name).parent, self._folder)
        path = self._folder / f"{self.assignment.name}.ipynb"
        nbformat.write(notebook, path)
        return path


def first_course(folder: Path) -> Handout:
    """The course that `autograder new` writes."""
    course = write_course(folder / "course")
    (assignment,) = load_assignments(course)
    release(course, assignment, load_settings(course)[0])
    return Handout(course, assignment, "solve", folder / "student")


def this_course(folder: Path) -> Handout:
    return Handout(COURSE, find_assignment("08_distances"), "knn_predict", folder / "student")


@pytest.fixture(scope="module", params=[first_course, this_course])
def handout(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("validate"))


def validated(path: Path) -> str:
    done = subprocess.run(
        [BIN / "nbgrader", "validate", path.name],
        cwd=path.parent,
        env={**os.environ, "HOME": str(path.parent.parent)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def named(told: str) -> list[str]:
    """The exercises that Validate speaks of, in order."""
    return re.findall(r"^    \[(?:to do|not right yet)\] (\w+): ", told, re.MULTILINE)


def names(handout: Handout) -> list[str]:
    return [exercise.name for exercise in handout.assignment.exercises]


def test_an_empty_notebook_fails_and_every_exercise_is_named(handout):
    told = validated(handout.save(handout.empty))
    assert named(told) == names(handout)
    assert "VALIDATION FAILED ON" in told
    assert "You did not provide a response." in told
    assert "Traceback" not in told
    assert max(map(len, told.split("\n"))) <= 90
    assert "..." not in told.replace("` ...`", "")


def test_one_sentence_is_not_a_notebook(handout):
    told = validated(handout.save(handout.with_a_sentence(handout.empty)))
    assert named(told) == names(handout)
    assert SUCCESS not in told


def test_only_what_is_wrong_is_named(handout):
    told = validated(handout.save(handout.wrong_in_one))
    assert named(told) == [handout.wrong]
    assert re.search(r"VALIDATION FAILED ON 1\s+CELL\(S\)", told)


def test_a_notebook_that_is_right_passes(handout):
    assert validated(handout.save(handout.right)) == f"{SUCCESS}\n"


def test_a_value_that_is_complete_passes_be_it_right_or_not(handout):
    value = next(each for each in handout.assignment.exercises if each.kind == "value")
    right = handout.right
    cell = next(
        cell
        for cell in right.cells
        if marker_of(cell).kind == "value" and f"{value.name} = " in cell.source
    )
    wrong = cell.source + f"\n{value.name} = np.multiply({value.name}, 0).tolist()"
    assert validated(handout.save(with_code(right, cell.id, wrong))) == f"{SUCCESS}\n"


@contextlib.contextmanager
def jupyter_server(folder: Path):
    """A real server, as JupyterLab has one; gives a function that posts to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [BIN / "jupyter-server", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--IdentityProvider.token=secret", f"--ServerApp.root_dir={folder}"]
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "HOME": str(folder.parent)},
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"

    def ask(path: str, data: dict[str, str] | None = None, timeout: float = 300):
        request = urllib.request.Request(
            f"{address}{path}",
            None if data is None else json.dumps(data).encode(),
            {"Authorization": "token secret", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            return json.load(reply)

    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                ask("/api/status", timeout=5)
                break
            time.sleep(0.25)
        yield ask
    finally:
        process.terminate()
        process.wait(30)


def test_the_button_of_jupyterlab_is_told_the_same(tmp_path):
    handout = first_course(tmp_path)
    path = handout.save(handout.with_a_sentence(handout.empty))
    with jupyter_server(path.parent) as ask:
        reply = ask("/assignments/validate", {"path": path.name})
        failed = reply["value"]["failed"]
        assert reply["success"] is True
        assert [named(f"    {each['raw_error']}") for each in failed] == [
            [name] for name in names(handout)
        ]
        nbformat.write(handout.right, path)
        assert ask("/assignments/validate", {"path": path.name}) == {"success": True, "value": {}}
