"""Courses that know nothing of ours: nbgrader's own scores, but for those that are wrong."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import nbformat
import pytest
from foreign_course import (
    DIFFERENCES,
    ENDLESS,
    NAME,
    STUDENTS,
    UNKNOWN_LANGUAGE,
    make_course,
    submit,
)
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from autograder.foreign import JUDGED_BY_ITSELF

pytestmark = pytest.mark.long

QUICKSTART = "ps1"
USER_GUIDE = Path(str(files("nbgrader") / "docs" / "source" / "user_guide"))
UPSTREAM = Path(str(files("nbgrader") / "tests" / "apps" / "files"))
BIN = Path(sys.executable).parent
STOCK = "c = get_config()\nc.Execute.timeout = 3\n"
OURS = STOCK + "from autograder.settings import lock\nlock(c)\n"
MANY = 20


def nbgrader(root, *arguments, check=True):
    """Run nbgrader as a person does, with no configuration but the course's."""
    environment = os.environ | {
        "PATH": os.pathsep.join([str(BIN), os.defpath]),
        "JUPYTER_CONFIG_DIR": str(root / "nothing"),
    }
    return subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=check,
        timeout=600,
    )


def release(root, *assignments, header="", footer=""):
    config = Config()
    config.CourseDirectory.root = str(root)
    config.IncludeHeaderFooter.header = header and str(root / header)
    config.IncludeHeaderFooter.footer = footer and str(root / footer)
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader starts alembic from the PATH.
        patch.setenv("PATH", str(BIN), prepend=os.pathsep)
        api = NbGraderAPI(config=config)
        for name in assignments:
            done = api.generate_assignment(name)
            assert done["success"], done


def grades(root):
    """(student, assignment, cell) -> automatic score, and whether a person has to look."""
    with closing(Gradebook(f"sqlite:///{root / 'gradebook.db'}")) as gradebook:
        return {
            (submission.student.id, assignment.name, grade.name): (
                grade.auto_score,
                grade.needs_manual_grade,
            )
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def comments(root):
    """(student, assignment, cell) -> what is said of an answer automatically."""
    with closing(Gradebook(f"sqlite:///{root / 'gradebook.db'}")) as gradebook:
        return {
            (submission.student.id, assignment.name, comment.name): comment.auto_comment
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for comment in notebook.comments
        }


def graded_notebook(root, student, assignment=NAME, name="problems"):
    return nbformat.read(root / "autograded" / student / assignment / f"{name}.ipynb", 4)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """nbgrader's quickstart course and one of ours in one, released and submitted."""
    root = tmp_path_factory.mktemp("foreign") / "course"
    shutil.copytree(USER_GUIDE / "source" / QUICKSTART, root / "source" / QUICKSTART)
    shutil.copy(USER_GUIDE / "source" / "header.ipynb", root / "source")
    shutil.copytree(USER_GUIDE / "submitted", root / "submitted")
    make_course(root)
    release(root, QUICKSTART, header="source/header.ipynb")
    release(root, NAME, UNKNOWN_LANGUAGE)
    for student, answers in STUDENTS.items():
        submit(root, NAME, student, answers)
    submit(root, UNKNOWN_LANGUAGE, "honest", {})
    return root


@pytest.fixture(scope="module")
def stock(course):
    """The course as nbgrader grades it."""
    root = shutil.copytree(course, course.parent / "stock")
    (root / "nbgrader_config.py").write_text(STOCK)
    return root, nbgrader(root, "autograde", "*", check=False)


@pytest.fixture(scope="module")
def ours(course):
    """The course as nbgrader grades it with our preprocessors, and two students more."""
    root = shutil.copytree(course, course.parent / "ours")
    (root / "nbgrader_config.py").write_text(OURS)
    submit(root, NAME, "endless", ENDLESS)
    submit(root, NAME, "links", {})
    (root.parent / "secret").write_text("the answers of all others")
    (root / "submitted" / "links" / NAME / "data" / "link").symlink_to(root.parent / "secret")
    return root, nbgrader(root, "autograde", "*", check=False)


def test_scores_are_nbgraders_own_but_for_those_that_are_wrong(stock, ours):
    theirs, mine = grades(stock[0]), grades(ours[0])
    different = {
        (student, cell): (score, mine[student, assignment, cell][0])
        for (student, assignment, cell), (score, _) in theirs.items()
        if mine[student, assignment, cell][0] != score
    }
    assert different == {place: tuple(scores) for place, (_, *scores) in DIFFERENCES.items()}


def test_a_person_has_to_look_at_the_same_cells(stock, ours):
    theirs, mine = grades(stock[0]), grades(ours[0])
    for (student, assignment, cell), (_, by_hand) in theirs.items():
        if (student, cell) not in DIFFERENCES:
            assert mine[student, assignment, cell][1] == by_hand, (student, assignment, cell)


def test_the_same_answers_are_said_to_be_missing(stock, ours):
    theirs, mine = comments(stock[0]), comments(ours[0])
    assert {place: mine[place] for place in theirs if place[0] != "exits"} == {
        place: said for place, said in theirs.items() if place[0] != "exits"
    }
    assert set(theirs.values()) == {None, "No response."}


def test_the_quickstart_course_has_scores_of_all_kinds(stock):
    scores = {score for (_, name, _), score in grades(stock[0]).items() if name == QUICKSTART}
    assert scores >= {(0.0, False), (1.0, False), (0.5, False), (None, True)}


def test_a_language_without_a_kernel_is_graded_by_neither(stock, ours):
    for root, run in (stock, ours):
        assert run.returncode != 0
        assert "No such kernel named octave" in run.stderr
        assert (
            f"error processing assignment '{UNKNOWN_LANGUAGE}' for student 'honest'" in run.stderr
        )
        assert not (root / "autograded" / "honest" / UNKNOWN_LANGUAGE).exists()


def test_a_submission_with_links_is_refused_and_nothing_of_it_copied(ours):
    root, run = ours
    assert "links in place of files: data/link" in run.stderr
    assert not (root / "autograded" / "links" / NAME).exists()


def test_graded_notebooks_say_how_they_were_judged(ours):
    root, run = ours
    for path in root.glob("autograded/*/*/*.ipynb"):
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        assert notebook.metadata["autograder"] == {"judged": JUDGED_BY_ITSELF}
        assert JUDGED_BY_ITSELF in notebook.cells[-1].source
    assert f"honest, problems: {JUDGED_BY_ITSELF}" in run.stderr


def test_feedback_says_so_too_and_runs_no_script_that_a_student_displayed(ours):
    root, _ = ours
    nbgrader(root, "generate_feedback", NAME, "--student", "honest")
    page = (root / "feedback" / "honest" / NAME / "problems.html").read_text()
    assert "were judged in the student" in page
    assert "<b>A sketch</b>" in page
    assert "alert('sketch')</script>" not in page


def test_endless_cells_are_stopped_and_cost_only_themselves(ours):
    root, _ = ours
    scores = {
        cell: score
        for (student, _, cell), (score, _) in grades(root).items()
        if student == "endless" and score is not None
    }
    assert scores == {"half_test": 2, "half_partial": 4, "table_test": 0, "noisy_test": 0}
    outputs = [
        output
        for cell in graded_notebook(root, "endless").cells
        for output in cell.get("outputs", [])
    ]
    stopped = [output for output in outputs if output.get("ename") == "CellTimeoutError"]
    assert len(stopped) == 2
    assert sum(len(output.get("text", "")) for output in outputs) < 100_000


def test_many_students_share_an_sqlite_gradebook(tmp_path):
    source = tmp_path / "source" / "ps1" / "p1.ipynb"
    source.parent.mkdir(parents=True)
    shutil.copy(UPSTREAM / "submitted-unchanged.ipynb", source)
    release(tmp_path, "ps1")
    (tmp_path / "nbgrader_config.py").write_text(OURS)
    for number in range(MANY):
        folder = tmp_path / "submitted" / f"student{number:03d}" / "ps1"
        folder.mkdir(parents=True)
        shutil.copy(UPSTREAM / "submitted-changed.ipynb", folder / "p1.ipynb")
    nbgrader(tmp_path, "autograde", "ps1")
    found = grades(tmp_path)
    assert len({student for student, _, _ in found}) == MANY
    one = {cell: grade for (student, _, cell), grade in found.items() if student == "student000"}
    assert {score for score, _ in one.values()} == {None, 1.0}
    assert all(grade == one[cell] for (_, _, cell), grade in found.items())
