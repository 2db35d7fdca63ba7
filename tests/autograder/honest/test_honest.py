"""A class of honest students, through the real commands, by both doors."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.building.release import release
from autograder.core.cells import test_id as id_of_test
from autograder.settings import load_settings
from tests.autograder.honest.cases import ASSIGNMENT, CLASS
from tests.course import find_assignment, make_course, right_notebook

BIN = Path(sys.executable).parent
POINTS = {exercise.name: exercise.points for exercise in find_assignment(ASSIGNMENT).exercises}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course with the whole class in it, not graded."""
    course = make_course(tmp_path_factory.mktemp("honest") / "course")
    assignment = find_assignment(ASSIGNMENT)
    config, _ = load_settings(course)
    release(course, assignment, config)
    right = right_notebook(course, assignment)
    for member in CLASS:
        folder = course.submitted / member.student / ASSIGNMENT
        folder.mkdir(parents=True)
        member.hand_in(folder, nbformat.from_dict(right))
    return course


def ran(root, *command):
    done = subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=root,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=900,
    )
    return done


@pytest.fixture(scope="module")
def by_autograder(handed_in, tmp_path_factory):
    root = tmp_path_factory.mktemp("autograder") / "course"
    shutil.copytree(handed_in.root, root)
    done = ran(root, "autograder", "grade", ASSIGNMENT, "--json")
    verdicts = {verdict["student"]: verdict for verdict in json.loads(done.stdout)}
    return verdicts, scores(root)


@pytest.fixture(scope="module")
def by_nbgrader(handed_in, tmp_path_factory):
    root = tmp_path_factory.mktemp("nbgrader") / "course"
    shutil.copytree(handed_in.root, root)
    ran(root, "nbgrader", "autograde", ASSIGNMENT)
    return scores(root)


def scores(root):
    """(student, cell) -> automatic score."""
    with closing(Gradebook(f"sqlite:///{root / 'gradebook.db'}")) as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def deserved(member):
    return {
        (member.student, id_of_test(name)): 0.0 if name in member.lost else points
        for name, points in POINTS.items()
    }


@pytest.mark.parametrize("member", CLASS, ids=lambda member: member.student)
def test_each_gets_what_it_deserves(by_autograder, member):
    verdicts, entered = by_autograder
    verdict = verdicts[member.student]
    got = {cell: score for cell, score in entered.items() if cell[0] == member.student}
    assert deserved(member).items() <= got.items(), (verdict["outcome"], verdict["remarks"])
    assert verdict["outcome"] == member.outcome
    assert re.search(member.remark, "\n".join(verdict["remarks"]))
    if not member.remark and member.outcome == "OK":
        assert verdict["remarks"] == []


@pytest.mark.parametrize(
    "member",
    [member for member in CLASS if member.found_by_nbgrader],
    ids=lambda member: member.student,
)
def test_nbgraders_own_command_gives_the_same(by_autograder, by_nbgrader, member):
    ours, theirs = (
        {cell: score for cell, score in entered.items() if cell[0] == member.student}
        for entered in (by_autograder[1], by_nbgrader)
    )
    assert theirs == ours


def test_an_answer_beside_its_prompt_waits_for_a_person(by_autograder):
    assert by_autograder[1]["a3-written-below", "written-why_no_flip"] is None
