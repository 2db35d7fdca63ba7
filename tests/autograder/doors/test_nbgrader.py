"""The plain nbgrader command line on a course of ours: same scores, same files."""

import csv
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.building.release import release
from autograder.grading.own import OwnClassroom
from autograder.sample import sample_class, submit_class
from autograder.settings import load_settings
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

pytestmark = pytest.mark.slow


def members():
    """One member of the sample class of each kind."""
    return [each for each in sample_class(COURSE, find_assignment(NAME)) if each.student in CHOSEN]


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
    course = make_course(tmp_path_factory.mktemp("ours") / "course")
    assignment = find_assignment(NAME)
    config, room = load_settings(course)
    release(course, assignment, config)
    submit_class(course, assignment, members())
    for _ in OwnClassroom(course, assignment, room).grade(course.students(NAME)):
        pass
    return course


@pytest.fixture(scope="module")
def theirs(tmp_path_factory, ours):
    """The same class and the same secret, through nbgrader alone, in a course of its own."""
    course = make_course(tmp_path_factory.mktemp("theirs") / "course")
    (course.root / ".course-secret").write_text((ours.root / ".course-secret").read_text())
    (course.source / NAME).mkdir(parents=True)
    course.master(NAME).write_text(ours.master(NAME).read_text())
    nbgrader(course.root, "generate_assignment", NAME)
    submit_class(course, find_assignment(NAME), members())
    graded = nbgrader(course.root, "autograde", NAME, check=False)
    return course, graded


def scores(course):
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        return {
            submission.student.id: {
                grade.name: (grade.auto_score, grade.needs_manual_grade)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(NAME)
        }


def test_both_front_doors_release_the_same_notebook(ours, theirs):
    course, _ = theirs
    assert course.released(NAME).read_bytes() == ours.released(NAME).read_bytes()


def test_both_front_doors_give_the_same_scores(ours, theirs):
    course, _ = theirs
    mine = scores(ours)
    assert len(mine) == len(members())
    assert scores(course) == mine


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
