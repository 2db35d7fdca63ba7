"""The notebooks that are committed: up to date, free of secrets, and able to run."""

import os
import re
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client import KernelManager
from nbformat.v4 import new_code_cell

from autograder.authoring.public_examples import public_examples
from autograder.building.clearing import find_leaks
from autograder.building.release import release
from autograder.building.text_notebook import build_source, solved_notebook
from autograder.core.cells import KEY
from autograder.settings import load_settings
from tests.course import ASSIGNMENTS, find_assignment, make_course

ROOT = Path(__file__).parent.parent
NAMES = [assignment.name for assignment in ASSIGNMENTS]


def committed(name):
    return ROOT / "notebooks" / name / f"{name}.ipynb"


def run(notebook, folder, kernel=None):
    """Execute a notebook, in a fresh kernel of this environment unless one is given."""
    client = nbclient.NotebookClient(
        notebook,
        km=kernel,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        allow_errors=True,
    )
    client.execute()
    return notebook


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel that has loaded what notebooks import."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=tmp_path_factory.mktemp("kernel"))
    yield manager
    manager.shutdown_kernel(now=True)


def errors(notebook):
    return [
        f"{cell.id}: {output.ename}: {output.evalue}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]


def texts(notebook):
    return "\n".join(
        output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """All assignments, built anew in a course of their own."""
    root = tmp_path_factory.mktemp("course")
    course = make_course(root)
    config, _ = load_settings(course)
    for assignment in ASSIGNMENTS:
        release(course, assignment, config)
    return course


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_release_is_up_to_date(built, name):
    assert committed(name).read_bytes() == built.released(name).read_bytes(), "run: make build"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_the_solution_is_released(built, name):
    source = nbformat.read(built.master(name), 4)
    assert list(find_leaks(source, nbformat.read(committed(name), 4))) == []
    text = committed(name).read_text().replace(f'"{KEY}": {{', "")
    for secret in ("hidden_tests", "MARK SCHEME", "autograder", "misconception", "BEGIN SOLUTION"):
        assert secret not in text


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_is_checked_and_nothing_else(name):
    text = (ROOT / "solutions" / f"{name}.py").read_text()
    asked = set(re.findall(r"\bcheck\(\s*[\"'](\w+)[\"']", text))
    assert asked == {exercise.name for exercise in find_assignment(name).exercises}


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_public_examples_are_up_to_date(name):
    path = ROOT / "convkit" / "check" / f"{name}.examples.json"
    assert path.read_bytes() == public_examples(find_assignment(name)), "run: make build"


@pytest.mark.parametrize("name", NAMES)
def test_a_release_is_small_and_carries_no_output(name):
    assert committed(name).stat().st_size < 1_000_000
    notebook = nbformat.read(committed(name), 4)
    assert all(not cell.get("outputs") for cell in notebook.cells)


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=NAMES)
def test_the_solved_notebook_runs_and_passes_its_own_checks(assignment, tmp_path):
    text = (ROOT / "solutions" / f"{assignment.name}.py").read_text()
    notebook = run(solved_notebook(build_source(text, assignment)), tmp_path)
    assert errors(notebook) == []
    assert not re.search(r"appears once|waits: your", texts(notebook))
    for exercise in assignment.exercises:
        (cell,) = [cell for cell in notebook.cells if cell.id == f"test-{exercise.name}"]
        said = str(cell.outputs)
        assert "not done yet" not in said, exercise.name
        assert not re.search(r"wrong|differ|raised", said), exercise.name
    assert len(nbformat.writes(notebook)) < 15_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_unsolved_release_runs_to_its_end(name, kernel, tmp_path):
    notebook = nbformat.read(committed(name), 4)
    notebook.cells.insert(0, new_code_cell("%reset -f", id="reset"))
    assert errors(run(notebook, tmp_path, kernel)) == []
    assert "not done yet" in str([cell.get("outputs") for cell in notebook.cells])


@pytest.mark.parametrize("folder", ["solutions", "notebooks"])
def test_every_folder_holds_the_same_assignments(folder):
    found = {path.stem for path in (ROOT / folder).rglob("[0-9]*") if path.is_file()}
    assert found == set(NAMES)
    assert os.path.isdir(ROOT / folder)
