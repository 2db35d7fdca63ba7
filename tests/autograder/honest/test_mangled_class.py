"""Right notebooks of the whole course, saved by ten editors, through the real command."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.building.release import release
from autograder.core.cells import test_id as id_of_test
from autograder.settings import load_settings
from tests.autograder.honest.editors import EDITORS, mangled
from tests.course import ASSIGNMENTS, make_course, right_notebook

BIN = Path(sys.executable).parent

pytestmark = pytest.mark.long


def habits(number):
    """One habit of each editor, another one for each assignment."""
    return {editor: each[number % len(each)] for editor, each in EDITORS.items()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("mangled") / "course")


@pytest.mark.parametrize("number", range(len(ASSIGNMENTS)), ids=[each.name for each in ASSIGNMENTS])
def test_all_points_whatever_editor_saved_it(course, number):
    assignment = ASSIGNMENTS[number]
    name = assignment.name
    config, _ = load_settings(course)
    release(course, assignment, config)
    right = right_notebook(course, assignment)
    for editor, habit in habits(number).items():
        place = course.submission(name, editor)
        place.parent.mkdir(parents=True)
        place.write_bytes(mangled(right, habit))
    done = subprocess.run(
        [BIN / "autograder", "grade", name, "--json"],
        cwd=course.root,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=900,
    )
    verdicts = {verdict["student"]: verdict for verdict in json.loads(done.stdout)}
    assert {student: verdict["outcome"] for student, verdict in verdicts.items()} == dict.fromkeys(
        EDITORS, "OK"
    ), verdicts
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        for submission in gradebook.assignment_submissions(name):
            grades = [grade for each in submission.notebooks for grade in each.grades]
            scores = {grade.name: grade.auto_score for grade in grades}
            full = {id_of_test(each.name): each.points for each in assignment.exercises}
            assert full.items() <= scores.items(), submission.student.id
