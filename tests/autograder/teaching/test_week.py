"""A week of a course, by the commands and buttons that its people use."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.utils import get_username

from autograder.building.text_notebook import solved_notebook
from autograder.core.notebooks import read_notebook
from autograder.publishing.marks.place import gradebook_url
from autograder.publishing.marks.reading import saved_marks
from autograder.sample import make_course, sample_class, submit_class
from autograder.settings import load_settings
from tests.autograder.teaching.formgrader import Formgrader, chromium, server
from tests.course import COURSE, find_assignment

NAME = "02_convolution"
STUDENT = get_username()  # The exchange knows people by whom the machine takes them for.
QUESTION = "written-why_no_flip"
GUIDE = "learned kernels are not"
COMMENT = "Which kernel is given, and not learned?"
DUE = "2020-01-01 12:00:00 UTC"
OTHERS = {"model": "2020-01-01 11:00:00 UTC", "chaff": "2020-01-03 12:00:00 UTC"}
"""Who has handed in at another machine, and when: one in time, one late."""

pytestmark = [pytest.mark.long, pytest.mark.browser]


def run(program, *words, folder):
    """Give a command as a person does, from a folder and with no environment activated."""
    environment = {**os.environ, "PATH": os.defpath}
    done = subprocess.run(
        [Path(sys.executable).parent / program, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{program} {words}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture
def course(tmp_path):
    """This course, with an exchange that everybody may write to."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    course = make_course(COURSE, tmp_path / "course")
    settings = f"c.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'conv'\n"
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(f"{settings}c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}")
    return course


def hand_in(course, folder, like):
    """Fetch, do the work of a member of the sample class, and hand in."""
    run("nbgrader", "fetch_assignment", NAME, "--course", "conv", folder=folder)
    (member,) = (m for m in sample_class(course, find_assignment(NAME)) if m.student == like)
    solved = solved_notebook(read_notebook(course.master(NAME)))
    notebook = folder / NAME / f"{NAME}.ipynb"
    fetched = notebook.read_text(encoding="utf-8")
    assert GUIDE not in fetched
    notebook.write_bytes(member.make(read_notebook(notebook), solved))
    run("nbgrader", "submit", NAME, "--course", "conv", folder=folder)


def collect_others(course):
    """Lay down what the exchange would bring from other people."""
    members = [m for m in sample_class(course, find_assignment(NAME)) if m.student in OTHERS]
    submit_class(course, find_assignment(NAME), members)
    for student, time in OTHERS.items():
        course.submission(NAME, student).with_name("timestamp.txt").write_text(time)


def test_a_week_of_the_course(course, tmp_path):
    with chromium() as browser:
        if browser is None:
            pytest.skip("no chromium on the PATH: the week was not played")
        run("autograder", "build", NAME, folder=course.root)
        due = f"--duedate={DUE}"
        run("nbgrader", "db", "assignment", "add", NAME, due, folder=course.root)
        with server(course, tmp_path) as address:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            play(course, tmp_path / "mine", Formgrader(page, address))


def play(course, folder, formgrader):
    """Everything from the release to the export."""
    assert "Successfully released" in formgrader.press_for_assignment(NAME, "release")
    hand_in(course, folder, like="model")
    assert "Successfully collected" in formgrader.press_for_assignment(NAME, "collect")
    collect_others(course)
    formgrader.picture("collected")

    said = formgrader.press(NAME, STUDENT, "autograde")
    assert "Successfully autograded" in said
    assert "seconds late" in said
    run("autograder", "grade", NAME, folder=course.root)
    everyone = {STUDENT, *OTHERS}
    assert {each["student"] for each in formgrader.ask(f"submissions/{NAME}")} >= everyone
    assert formgrader.status(NAME, STUDENT)[0] == "needs manual grading"
    formgrader.picture("graded")
    before = entered(course)
    assert before.keys() == everyone
    assert before["model"].penalty == 0.0
    for late in (STUDENT, "chaff"):
        assert before[late].penalty == before[late].score > 0

    formgrader.open_submission(NAME, STUDENT)
    assert GUIDE in formgrader.beside(QUESTION)
    formgrader.mark(QUESTION, 1.5, COMMENT)
    formgrader.picture("marked")
    assert formgrader.status(NAME, STUDENT)[0] == "graded"

    change_the_rubric(course)
    run("autograder", "build", NAME, folder=course.root)
    run("autograder", "regrade", NAME, folder=course.root)
    formgrader.open_submission(NAME, STUDENT)
    assert formgrader.marks(QUESTION) == ("1.5", COMMENT)
    formgrader.picture("regraded")
    after = entered(course)
    assert {student: marks.points for student, marks in after.items()} == {
        student: marks.points + 1 for student, marks in before.items()
    }
    assert after["model"].total == before["model"].total + 1
    assert after[STUDENT].score == before[STUDENT].score + 1 + 1.5
    assert after[STUDENT].penalty == after[STUDENT].score
    assert formgrader.status(NAME, STUDENT)[0] == "graded"
    assert formgrader.status(NAME, "model")[0] == "needs manual grading"

    for button, done in (("generate", "generated"), ("release", "released")):
        said = formgrader.press(NAME, STUDENT, f"{button}-feedback")
        assert f"Successfully {done} feedback" in said
    formgrader.picture("released-feedback")
    run("nbgrader", "fetch_feedback", NAME, "--course", "conv", folder=folder)
    (got,) = folder.rglob(f"feedback/**/{NAME}.html")
    text = got.read_text(encoding="utf-8")
    assert COMMENT in text
    assert GUIDE not in text

    run("nbgrader", "export", folder=course.root)
    with open(course.root / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    for student, marks in entered(course).items():
        assert float(rows[student]["raw_score"]) == marks.score
        assert float(rows[student]["late_submission_penalty"]) == marks.penalty
        assert float(rows[student]["score"]) == marks.total
        assert float(rows[student]["max_score"]) == marks.points


def entered(course):
    """What the gradebook holds of everybody."""
    config, _ = load_settings(course)
    return saved_marks(gradebook_url(config, course.root), NAME)


def change_the_rubric(course):
    """One line of an exercise is worth a point more."""
    place = course.exercises / "convolution" / "convolve1d.py"
    text = place.read_text(encoding="utf-8")
    changed = re.sub(
        r'(RubricLine\("\w+", )(\d+)', lambda found: f"{found[1]}{int(found[2]) + 1}", text, count=1
    )
    assert changed != text
    place.write_text(changed, encoding="utf-8")
