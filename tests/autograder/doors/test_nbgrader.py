"""The plain nbgrader command line on a course of ours: same gradebook, same files."""

import csv
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.building.release import release
from autograder.core.course import Course
from autograder.grading.own import OwnClassroom
from autograder.sample import sample_class, submit_class
from autograder.settings import load_settings
from tests.autograder.entered import entered
from tests.course import COURSE, find_assignment, make_course

NAME = "02_convolution"
CHOSEN = (
    "wheat-1",
    "chaff-conv2d",
    "mixed",
    "unfinished-empty",
    "warns-on-stderr",
    "endless-loop",
    "exits",
    "broken-json",
    "tests-deleted",
    "tests-reordered",
    "forger-displayed-score",
    "forger-pre-run-cell",
)

DUE = "2026-02-03 12:00:00 UTC"
TIMES = {
    "wheat-1": "2026-02-03 11:00:00.000000 UTC",
    "mixed": "2026-02-03 13:00:00.000000 UTC",
    "exits": "2026-02-05 12:00:00.000000 UTC",
    "broken-json": "2026-02-05 12:00:00.000000 UTC",
}
"""When some have handed in; of the others no time is known."""

pytestmark = pytest.mark.slow


def members():
    """One member of the sample class of each kind."""
    return [each for each in sample_class(COURSE, find_assignment(NAME)) if each.student in CHOSEN]


def hand_in(course):
    """Have the class hand in, some late, in a course that has a policy for that."""
    submit_class(course, find_assignment(NAME), members())
    for student, time in TIMES.items():
        course.submission(NAME, student).with_name("timestamp.txt").write_text(time)
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=DUE)


def course_with_penalties(root):
    course = make_course(root)
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    return course


def nbgrader(root, *arguments, check=True):
    """Run nbgrader as a person does: from the course's folder, with no environment activated."""
    program = Path(sys.executable).parent / "nbgrader"
    environment = {**os.environ, "PATH": os.defpath}
    return subprocess.run(
        [program, *arguments],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=check,
        timeout=600,
    )


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """The sample class, graded through ``autograder grade``."""
    course = course_with_penalties(tmp_path_factory.mktemp("ours") / "course")
    assignment = find_assignment(NAME)
    config, room = load_settings(course)
    release(course, assignment, config)
    hand_in(course)
    for _ in OwnClassroom(course, assignment, room).grade(course.students(NAME)):
        pass
    return course


@pytest.fixture(scope="module")
def theirs(tmp_path_factory, ours):
    """The same class and the same secret, through nbgrader alone, in a course of its own."""
    course = course_with_penalties(tmp_path_factory.mktemp("theirs") / "course")
    (course.root / ".course-secret").write_text((ours.root / ".course-secret").read_text())
    (course.source / NAME).mkdir(parents=True)
    course.master(NAME).write_text(ours.master(NAME).read_text())
    nbgrader(course.root, "generate_assignment", NAME)
    hand_in(course)
    graded = nbgrader(course.root, "autograde", NAME, check=False)
    return course, graded


def test_both_front_doors_release_the_same_notebook(ours, theirs):
    course, _ = theirs
    assert course.released(NAME).read_bytes() == ours.released(NAME).read_bytes()


def test_both_front_doors_enter_the_same_in_every_column(ours, theirs):
    course, _ = theirs
    mine = entered(ours, NAME)
    assert len(mine) == len(members())
    assert entered(course, NAME) == mine
    lost = {who: row["submission"]["late_submission_penalty"] for who, row in mine.items()}
    assert {who for who, points in lost.items() if points} == {"mixed", "exits"}


def test_only_what_cannot_be_read_is_reported_by_nbgrader(theirs):
    _, graded = theirs
    assert graded.returncode != 0
    failed = [
        line for line in graded.stderr.splitlines() if "error processing assignment '" in line
    ]
    assert len(failed) == 1
    assert "broken-json" in failed[0]


def test_feedback_is_generated_with_the_verdicts_in_it(theirs):
    course, _ = theirs
    nbgrader(course.root, "generate_feedback", NAME, "--student", "chaff-conv2d")
    page = (course.feedback / "chaff-conv2d" / NAME / f"{NAME}.html").read_text()
    mistake = find_assignment(NAME).exercise("conv2d").misconceptions[0]
    assert mistake.says.split(".")[0] in page


def test_grades_are_exported(theirs):
    course, _ = theirs
    nbgrader(course.root, "export")
    with open(course.root / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["wheat-1"]["score"]) == sum(
        exercise.points for exercise in find_assignment(NAME).exercises
    )
    assert float(rows["unfinished-empty"]["score"]) == 0


def test_the_graded_notebook_is_valid_and_safe(theirs):
    course, _ = theirs
    notebook = nbformat.read(course.autograded / "wheat-1" / NAME / f"{NAME}.ipynb", 4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert set(output.get("data", {})) <= {"text/plain", "image/png", "image/jpeg"}


def test_both_doors_take_the_same_second_hand_in_with_marks_by_hand(ours, theirs, tmp_path):
    """One who was marked changes nothing, another all; the time due has moved."""
    courses = []
    for course in (ours, theirs[0]):
        root = shutil.copytree(course.root, tmp_path / course.root.parent.name)
        courses.append(Course(root))
    for course in courses:
        with closing(Gradebook(course.gradebook_url)) as gradebook:
            gradebook.update_or_create_assignment(NAME, duedate="2026-02-03 14:00:00 UTC")
            for student in ("mixed", "exits"):
                for cell, points in (("written-why_no_flip", 1.5), ("test-conv2d", 7.0)):
                    grade = gradebook.find_grade(cell, NAME, NAME, student)
                    grade.manual_score, grade.extra_credit = points, 0.25
                    grade.needs_manual_grade = False
                comment = gradebook.find_comment("written-why_no_flip", NAME, NAME, student)
                comment.manual_comment = "Say when."
            gradebook.db.commit()
        right = course.submission(NAME, "wheat-1").read_bytes()
        course.submission(NAME, "exits").write_bytes(right)
    mine, other = courses
    assignment, (_, room) = find_assignment(NAME), load_settings(mine)
    for _ in OwnClassroom(mine, assignment, room).grade(["mixed", "exits"]):
        pass
    for student in ("mixed", "exits"):
        nbgrader(other.root, "autograde", NAME, "--student", student, "--force")
    both = [entered(course, NAME) for course in courses]
    assert both[0] == both[1]
    asks = {who: both[0][who]["submission"]["needs_manual_grade"] for who in ("mixed", "exits")}
    lost = {who: both[0][who]["submission"]["late_submission_penalty"] for who in asks}
    assert asks == {"mixed": False, "exits": True}
    assert lost["mixed"] == 0 < lost["exits"] == both[0]["exits"]["submission"]["score"]
