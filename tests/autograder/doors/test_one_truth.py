"""Times, penalties, marks by hand and pages are the same whichever command wrote last."""

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
from nbgrader.apps.api import NbGraderAPI

from autograder.core.course import Course
from autograder.settings import load_settings

BIN = Path(sys.executable).parent
NAME = "01_linear"
DOORS = {
    "autograder": ("autograder", "grade", NAME),
    "nbgrader": ("nbgrader", "autograde", NAME, "--force"),
}
STAMP = "2026-02-03 13:00:00.000000 UTC"
BEFORE, AFTER = "2026-02-03 12:00:00 UTC", "2026-02-03 14:00:00 UTC"
ANSWERS = {
    "solve": "def solve(A, b):\n    return np.linalg.pinv(A) @ b",
    "value-length": "length_by_hand = 49",
    "written-how_many": "Where there are more columns than rows.",
}

pytestmark = pytest.mark.long


def run(root, program, *arguments):
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=root,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The first course with late penalties; one student has a stamp, the other has none."""
    root = tmp_path_factory.mktemp("truth") / "course"
    run(root.parent, "autograder", "new", root)
    with open(root / "nbgrader_config.py", "a") as file:
        file.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    run(root, "autograder", "build")
    notebook = nbformat.read(root / "notebooks" / NAME / f"{NAME}.ipynb", 4)
    for cell in notebook.cells:
        cell.source = ANSWERS.get(cell.id, cell.source)
    for student in ("stamped", "unstamped"):
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(nbformat.writes(notebook))
    (root / "submitted" / "stamped" / NAME / "timestamp.txt").write_text(STAMP)
    return root


@pytest.fixture
def root(built, tmp_path):
    return shutil.copytree(built, tmp_path / "course")


def gradebook(root):
    return closing(Gradebook(f"sqlite:///{root}/gradebook.db"))


def due(root, when):
    with gradebook(root) as book:
        book.update_or_create_assignment(NAME, duedate=when)


def page(root, student="stamped"):
    return (root / "feedback" / student / NAME / f"{NAME}.html").read_text()


def penalty(root):
    with gradebook(root) as book:
        found = book.find_submission(NAME, "stamped")
        return found.late_submission_penalty, found.score


@pytest.mark.parametrize("door", DOORS)
def test_formgrader_calls_them_graded_with_and_without_a_stamp(root, door):
    run(root, *DOORS[door])
    config, _ = load_settings(Course(root))
    api = NbGraderAPI(config=config)
    seen = {student: api.get_submission(NAME, student) for student in ("stamped", "unstamped")}
    assert {student: each["autograded"] for student, each in seen.items()} == {
        "stamped": True,
        "unstamped": True,
    }
    assert seen["stamped"]["timestamp"] == "2026-02-03T13:00:00"
    assert seen["unstamped"]["timestamp"] is None


def test_penalties_follow_the_due_date_by_every_door(root):
    right = ("--student", "stamped")
    due(root, BEFORE)
    run(root, *DOORS["autograder"])
    lost, score = penalty(root)
    assert lost == score > 0
    due(root, AFTER)
    run(root, *DOORS["nbgrader"], *right)
    assert penalty(root) == (0.0, score)
    due(root, BEFORE)
    run(root, *DOORS["nbgrader"], *right)
    assert penalty(root) == (score, score)
    due(root, AFTER)
    run(root, "autograder", "regrade", NAME)
    assert penalty(root) == (0.0, score)


def test_marks_by_hand_reach_the_page_and_stay_by_every_door(root):
    run(root, *DOORS["autograder"])
    assert "Not marked yet" in page(root)
    with gradebook(root) as book:
        grade = book.find_grade("written-how_many", NAME, NAME, "stamped")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.25, False
        comment = book.find_comment("written-how_many", NAME, NAME, "stamped")
        comment.manual_comment = "And the rank?"
        book.db.commit()
    run(root, "nbgrader", "generate_feedback", NAME)
    theirs = page(root)
    assert "1.75 of 2 points" in theirs
    assert "And the rank?" in theirs
    assert "This is the sum of the squares." in theirs
    run(root, "autograder", "regrade", NAME)
    assert page(root) == theirs
    run(root, *DOORS["nbgrader"])
    assert page(root) == theirs
    run(root, "nbgrader", "generate_feedback", NAME)
    assert page(root) == theirs
    with gradebook(root) as book:
        assert not book.find_submission(NAME, "stamped").needs_manual_grade
        assert book.find_submission(NAME, "unstamped").needs_manual_grade
    told = {row["student"]: row["gradebook"] for row in json.loads(regraded(root))}
    assert told["stamped"]["by_hand"] == 1.75
    assert told["stamped"]["not_marked_yet"] == 0
    assert told["unstamped"]["not_marked_yet"] == 1
    said = run(root, "autograder", "regrade", NAME)
    assert "By hand" in said
    assert "Not marked yet: 1" in said
    report = (root / "report.html").read_text()
    assert "By hand" in report
    assert "Not marked yet: 1" in report


def test_cases_wait_for_the_time_due_by_every_door(root):
    with open(root / "nbgrader_config.py", "a") as file:
        file.write('c.FeedbackPage.shows = "case-after-due"\n')
    doors = [
        ("autograder", "regrade", NAME),
        ("nbgrader", "generate_feedback", NAME),
        ("autograder", "report"),
    ]
    seen = {}
    for when in ("2200-02-03 12:00:00 UTC", BEFORE):
        due(root, when)
        run(root, *DOORS["autograder"])
        seen[when] = page(root)
        for door in doors:
            run(root, *door)
            assert page(root) == seen[when], door
    due(root, "2200-02-03 12:00:00 UTC")
    for door in (*doors, DOORS["nbgrader"]):
        due(root, BEFORE)
        run(root, *door)
        assert "<!--case-->" in page(root)
        due(root, "2200-02-03 12:00:00 UTC")
        run(root, *door)
        assert "<!--case-->" not in page(root)


def test_a_wrong_setting_is_told_in_a_line_and_writes_no_page(root):
    run(root, *DOORS["autograder"])
    with open(root / "nbgrader_config.py", "a") as file:
        file.write('c.FeedbackPage.assignments = {"01_liner": "nothing"}\n')
    shutil.rmtree(root / "feedback")
    for door in (DOORS["autograder"], ("nbgrader", "generate_feedback", NAME)):
        done = subprocess.run([BIN / door[0], *door[1:]], cwd=root, capture_output=True, text=True)
        assert done.returncode
        assert "names 01_liner, which is no assignment" in " ".join(done.stderr.split())
        assert "Traceback" not in done.stderr
    assert not list((root / "feedback").rglob("*.html"))


def regraded(root):
    return run(root, "autograder", "regrade", NAME, "--json")
