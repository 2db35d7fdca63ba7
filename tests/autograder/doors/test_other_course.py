"""A course that is not this one, in an environment that has the grader's wheel and nothing else."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.course import COURSE

pytestmark = pytest.mark.long

NAME = "01_linear"
THIEF = """
import os
for folder, _, files in os.walk({root!r}):
    print(folder, files)
for path in ("exercises/linear/solve.py", "solutions/01_linear.py", ".course-secret"):
    try: print(open({root!r} + "/" + path).read(20))
    except OSError: pass
from check import check
check("solve", solve)
"""


class Elsewhere:
    """An environment of its own, away from the checkout."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "environment" / "bin"
        self.folder = folder
        copy = folder / "copy"
        git = ["git", "-C", COURSE.root, "checkout-index", "--all", f"--prefix={copy}/"]
        subprocess.run(git, check=True)
        wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        wheel += ["--no-build-isolation", "--wheel-dir", folder, copy / "autograder"]
        subprocess.run(wheel, check=True, capture_output=True)
        subprocess.run([sys.executable, "-m", "venv", folder / "environment"], check=True)
        install = [self.bin / "pip", "install", "--quiet", "--constraint"]
        install += [COURSE.root / "constraints.txt", *folder.glob("lockedroom-*.whl")]
        subprocess.run(install, check=True, capture_output=True, cwd=folder)
        shutil.rmtree(copy)

    def run(self, *command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        program, *arguments = command
        path = os.pathsep.join([str(self.bin), "/usr/bin", "/bin"])
        environment = {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8"}
        return subprocess.run(
            [self.bin / str(program), *map(str, arguments)],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def must(self, *command: object, cwd: Path) -> str:
        done = self.run(*command, cwd=cwd)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    # Rooms of ordinary users must be able to read the environment.
    for place in (folder, folder.parent, folder.parent.parent):
        place.chmod(0o755)
    return Elsewhere(folder)


@pytest.fixture(scope="module")
def course(elsewhere):
    """The first course, built."""
    root = elsewhere.folder / "a course"
    elsewhere.must("autograder", "new", root, cwd=elsewhere.folder)
    elsewhere.must("autograder", "build", cwd=root)
    return root


def solved(course, *, thief=False):
    """A notebook with everything solved."""
    notebook = nbformat.read(course / "notebooks" / NAME / f"{NAME}.ipynb", 4)
    answers = {
        "solve": "def solve(A, b):\n    return np.linalg.pinv(A) @ b",
        "Projector": "class Projector:\n    def __init__(self, A):\n        self.A = A\n\n"
        "    def __call__(self, v):\n        return self.A @ np.linalg.pinv(self.A) @ v",
        "value-length": "length_by_hand = 7",
    }
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    if thief:
        cell = nbformat.v4.new_code_cell(THIEF.format(root=str(course)), id="thief")
        notebook.cells.insert(len(notebook.cells) - 2, cell)
    return nbformat.writes(notebook)


def hand_in(course, **students):
    for student, text in students.items():
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{NAME}.ipynb").write_text(text)


def scores(course):
    """Each cell's score of each student."""
    with closing(Gradebook(f"sqlite:///{course}/gradebook.db")) as gradebook:
        return {
            (submission.student.id, grade.cell.name): grade.score
            for submission in gradebook.assignment_submissions(NAME)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_the_environment_has_no_library_and_no_pictures(elsewhere):
    for name in ("convkit", "matplotlib", "scipy", "exercises"):
        done = elsewhere.run("python", "-c", f"import {name}", cwd=elsewhere.folder)
        assert f"No module named '{name}'" in done.stderr


def test_the_first_course_is_sound_and_its_class_gets_what_it_deserves(elsewhere, course):
    assert "all as they should be" in elsewhere.must("autograder", "check", cwd=course)
    said = elsewhere.must("autograder", "demo", cwd=course)
    assert "submissions got the outcome, and the points, that they deserve" in said
    assert (course / "demo" / "report.html").is_file()


def test_the_table_is_this_courses(elsewhere, course):
    said = elsewhere.must("autograder", "table", cwd=course)
    assert NAME in said
    assert "conv" not in said


def test_nothing_that_is_there_is_overwritten(elsewhere, course):
    done = elsewhere.run("autograder", "new", course, cwd=course)
    assert done.returncode == 1
    assert "is not empty; it is left alone" in done.stderr


def test_students_get_the_check_and_no_secret(course):
    released = course / "notebooks" / NAME
    names = sorted(path.name for path in released.iterdir())
    assert names == [f"{NAME}.examples.json", f"{NAME}.ipynb", "check.py"]
    for path in released.iterdir():
        text = path.read_text()
        for secret in ("pinv", "lstsq", "hidden_tests", "BEGIN SOLUTION", "misconception"):
            assert secret not in text, path.name


def test_rooms_show_the_check_and_nothing_else_of_the_course(elsewhere, course):
    hand_in(course, thief=solved(course, thief=True))
    graded = elsewhere.must("autograder", "grade", NAME, "--student", "thief", "--json", cwd=course)
    (verdict,) = json.loads(graded)
    assert (verdict["outcome"], verdict["score"], verdict["points"]) == ("OK", 8, 8)
    record = json.loads((course / "records" / NAME / "thief.json").read_text())
    printed = "".join(
        output.get("text", "") for cell in record["cells"] for output in cell["outputs"]
    )
    assert printed == "[right] solve: all 2 public examples are right.\n"
    again = elsewhere.must("autograder", "regrade", NAME, "--json", cwd=course)
    assert [(each["student"], each["score"]) for each in json.loads(again)] == [("thief", 8)]
    assert str(course / "report.html") in elsewhere.must("autograder", "report", cwd=course)


def test_nbgrader_grades_the_same(elsewhere, course):
    hand_in(
        course, right=solved(course), empty=(course / f"notebooks/{NAME}/{NAME}.ipynb").read_text()
    )
    elsewhere.run("autograder", "grade", NAME, cwd=course)
    ours = scores(course)
    assert {student for student, _ in ours} >= {"right", "empty"}
    other = course.parent / "other"
    ignored = shutil.ignore_patterns("autograded", "records", "results", "feedback", "demo")
    shutil.copytree(course, other, ignore=ignored)
    (other / "gradebook.db").unlink()
    for command in (
        ["generate_assignment", NAME, "--force"],
        ["autograde", NAME],
        ["generate_feedback", NAME],
        ["export"],
    ):
        elsewhere.must("nbgrader", *command, cwd=other)
    assert scores(other) == ours
    assert "right" in (other / "grades.csv").read_text()
