"""A course whose rubric, texts and questions change, through the real commands."""

import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.authoring.loading import find_assignment
from autograder.building.new_course import write_course
from autograder.sample import submit_class

NAME = "01_linear"
PROGRAM = Path(sys.executable).parent / "autograder"
CHANGED = "the questions have changed"


class CommandLine:
    """The commands of a course, with what they answered last."""

    def __init__(self, course):
        self.course = course

    def __call__(self, *arguments, code=0):
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=self.course.root, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stderr
        return done

    def verdicts(self, command, code=0):
        told = json.loads(self(command, NAME, "--json", code=code).stdout)
        return {each["student"]: each for each in told}

    def change(self, path, old, new):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def scores(self):
        with closing(Gradebook(self.course.gradebook_url)) as gradebook:
            found = gradebook.assignment_submissions(NAME)
            return {each.student.id: (each.score, each.max_score) for each in found}

    def records(self):
        folder = self.course.records / NAME
        return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


@pytest.fixture
def line(tmp_path):
    course = write_course(tmp_path / "course")
    run = CommandLine(course)
    run("build")
    submit_class(course, find_assignment(course, NAME))
    return run


@pytest.mark.long
def test_rubric_texts_and_questions_change_in_a_week(line):
    solve = line.course.exercises / "linear" / "solve.py"
    at_first = line.verdicts("grade", code=3)
    outcomes = {student: each["outcome"] for student, each in at_first.items()}
    scored = {student for student, each in at_first.items() if each["score"] is not None}
    records = line.records()
    whole = at_first["wheat-1"]["points"]
    assert at_first["wheat-1"]["score"] == whole

    # A rubric line is raised, and regraded: points and maxima follow.
    line.change(solve, 'RubricLine("wide", 2, ', 'RubricLine("wide", 5, ')
    dearer = line.verdicts("regrade", code=3)
    assert dearer["wheat-1"]["score"] == dearer["wheat-1"]["points"] == whole + 3
    assert {student: each["outcome"] for student, each in dearer.items()} == outcomes
    assert {most for _, most in line.scores().values()} == {whole + 3 + 2}
    assert all(score <= most for score, most in line.scores().values())

    # Points and a text are released, and graded: nobody is run, nobody is accused.
    line.change(line.course.text(NAME), "How long is the vector", "What length has the vector")
    line("build")
    assert line.verdicts("grade", code=3) == dearer
    assert line.records().keys() == records.keys()
    for student, record in line.records().items():
        assert record["seconds"] == records[student]["seconds"]
        assert record["cells"] == records[student]["cells"]
    assert "What length" in json.dumps(line.records()["wheat-1"]["notebook"])

    # A question changes: nobody is judged by answers to another one.
    before = line.scores()
    line.change(solve, '("wide", 2, 4)', '("wide", 2, 5)')
    done = line("regrade", NAME, "--json", code=5)
    left = {each["student"]: each["remarks"] for each in json.loads(done.stdout)}
    assert {tuple(left[student]) for student in scored} == {(CHANGED,)}
    assert line.scores() == before
    assert re.search(rf"{CHANGED}: .*wheat-1", done.stderr)
    assert f"To run just those: autograder grade {NAME}" in done.stderr.splitlines()
    again = line.verdicts("grade", code=3)
    assert {student: each["outcome"] for student, each in again.items()} == outcomes
    assert line.verdicts("regrade", code=3) == again
