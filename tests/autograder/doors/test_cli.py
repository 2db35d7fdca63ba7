"""The command line as people and programs meet it: real processes, exit codes, output."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.building.release import release
from autograder.doors import cli
from autograder.sample import submit_class
from autograder.settings import load_settings
from tests.course import COURSE, find_assignment, make_course

NAME = "02_convolution"
PROGRAM = Path(sys.executable).parent / "autograder"


def autograder(root, *arguments):
    return subprocess.run(
        [PROGRAM, *arguments], cwd=root, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A released course with the sample class handed in, not graded yet."""
    course = make_course(tmp_path_factory.mktemp("cli") / "course")
    config, _ = load_settings(course)
    release(course, find_assignment(NAME), config)
    submit_class(course, find_assignment(NAME))
    return course


@pytest.fixture(scope="module")
def graded(course):
    """Three students, graded: one right, one wrong, one broken."""
    chosen = ("wheat-1", "chaff-conv2d", "broken-json")
    options = [word for student in chosen for word in ("--student", student)]
    return autograder(course.root, "grade", NAME, "--json", *options)


def test_help_names_every_command_and_the_exit_codes(tmp_path):
    done = autograder(tmp_path, "--help")
    assert done.returncode == 0
    commands = [
        "new",
        "check",
        "build",
        "grade",
        "regrade",
        "report",
        "doctor",
        "table",
        "syllabus",
        "demo",
    ]
    for word in (*commands, "Exit codes"):
        assert word in done.stdout
    said = " ".join(done.stdout.replace("│", " ").split())
    assert (
        "5 the records of some do not fit any more: autograder grade NAME runs just those" in said
    )


def test_versions_are_told_without_a_course(tmp_path):
    done = autograder(tmp_path, "--version")
    assert done.returncode == 0
    told = dict(line.split() for line in done.stdout.splitlines())
    assert {"autograder", "python", "numpy"} <= told.keys()


def test_json_is_for_programs_and_the_exit_code_tells_of_the_refused(graded):
    assert graded.returncode == 3
    verdicts = {verdict["student"]: verdict for verdict in json.loads(graded.stdout)}
    assert verdicts["wheat-1"]["score"] == verdicts["wheat-1"]["points"] == 48
    assert verdicts["broken-json"]["score"] is None
    wrong = verdicts["chaff-conv2d"]["exercises"]
    (named,) = [exercise for exercise in wrong if exercise["misconception"]]
    assert named["exercise"] == "conv2d"
    assert {line["score"] for line in named["lines"]} == {0.0}


def test_regrading_gives_the_same_without_running(course, graded):
    again = autograder(course.root, "regrade", NAME, "--json")
    assert again.returncode == 5
    told = json.loads(again.stdout)
    assert [each for each in told if each["outcome"]] == json.loads(graded.stdout)
    left = [each for each in told if not each["outcome"]]
    assert {each["student"] for each in told} == set(course.students(NAME))
    assert {(each["score"], *each["remarks"]) for each in left} == {
        (None, "it has not been run yet")
    }
    head, names, remedy = [line for line in again.stderr.splitlines() if line.strip()][-3:]
    assert head == f"Not judged again, with scores and pages as before ({len(left)}):"
    assert names.startswith("  it has not been run yet: ")
    assert set(names.partition(": ")[2].split(", ")) == {each["student"] for each in left}
    assert remedy == f"To run just those: autograder grade {NAME}"


def test_the_table_is_for_people(course, graded):
    done = autograder(course.root, "grade", NAME, "--student", "wheat-1")
    assert done.returncode == 0
    assert "wheat-1" in done.stdout
    assert "report.html" in done.stdout


UNSOUND = """

import dataclasses


def no_oracle(*args, **kwargs):
    raise ValueError("no stride yet")


_line = dataclasses.replace(EXERCISE.rubric[0], points=0)
EXERCISE = dataclasses.replace(EXERCISE, oracle=no_oracle, rubric=(_line, *EXERCISE.rubric[1:]))
"""


@pytest.mark.parametrize("command", ["build", "grade", "regrade", "table"])
def test_an_unsound_assignment_is_refused_with_a_line_for_each_fault(tmp_path, course, command):
    shutil.copy(course.root / "nbgrader_config.py", tmp_path)
    shutil.copytree(course.exercises, tmp_path / "exercises")
    (tmp_path / "public-examples").mkdir()
    for part in ("notebooks", "submitted", "solutions"):
        (tmp_path / part).symlink_to(course.root / part)
    with open(tmp_path / "exercises" / "convolution" / "correlate1d.py", "a") as file:
        file.write(UNSOUND)
    done = autograder(tmp_path, command, NAME)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.strip()]
    assert said[-4] == f"autograder: {NAME} cannot be used as it stands:"
    assert said[-3].startswith("  correlate1d: 0 points for ")
    raises = "raises? ValueError: no stride yet [(]exercises/convolution/correlate1d.py:[0-9]+[)]"
    assert re.match(f"  correlate1d: its public example 1 makes its oracle {raises}$", said[-2])
    assert re.match(f"  correlate1d: its oracle {raises} on a case of the group", said[-1])
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "records").exists()


@pytest.mark.parametrize(
    ("command", "why", "remedy"),
    [
        ("build", "has no text notebooks to build from", "nbgrader generate_assignment NAME"),
        ("table", "has no exercises", "autograder new"),
        ("check", "has no exercises", "autograder new"),
        ("demo", "has no exercises", "autograder new"),
    ],
)
def test_nothing_is_made_in_somebody_elses_course(
    tmp_path, monkeypatch, capsys, command, why, remedy
):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "week1.py").write_text("raise SystemExit('this was run')\n")
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["autograder", command])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = " ".join(capsys.readouterr().err.split())
    assert (ended.value.code, said.count("autograder: ")) == (1, 1)
    assert f"the course {tmp_path} {why}" in said
    assert remedy in said
    assert sorted(tmp_path.rglob("*")) == before


def test_the_report_is_written_from_below_the_course_too(course, graded):
    done = autograder(course.submitted, "report")
    assert done.returncode == 0
    assert Path(done.stdout.strip()).read_text().startswith("<!DOCTYPE html>")


def test_the_report_writes_what_was_marked_since_into_the_pages(course, graded):
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        question = ("written-why_no_flip", NAME, NAME, "wheat-1")
        gradebook.find_grade(*question).manual_score = 1.5
        gradebook.find_comment(*question).manual_comment = "Which kernel is given?"
        gradebook.db.commit()
    place = course.feedback / "wheat-1" / NAME / f"{NAME}.html"
    assert "Which kernel is given?" not in place.read_text()
    assert autograder(course.root, "report").returncode == 0
    assert "Which kernel is given?" in place.read_text()
    assert "49.5 of 50 points" in place.read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["grade", "2_convolution"], 1, "there are: 01_shapes, 02_convolution"),
        (["grade", NAME, "--student", "nobody"], 1, "no submission of 02_convolution from nobody"),
        (["grade", NAME, "--sandbox", "paper"], 2, "no-namespaces"),
        (["grade"], 2, "NAME"),
        (["grade", NAME, "--workers", "0"], 2, "workers"),
    ],
)
def test_wrong_use_is_told_in_words(course, arguments, code, said):
    done = autograder(course.root, *arguments)
    assert done.returncode == code
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_outside_of_a_course_it_says_where_to_go(tmp_path):
    done = autograder(tmp_path, "grade", NAME)
    assert done.returncode == 1
    assert "--course" in done.stderr


def test_a_folder_with_other_things_in_it_is_not_made_a_sample_course(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    done = autograder(tmp_path, "demo", "--into", ".", "--course", str(COURSE.root))
    assert done.returncode == 1
    assert "left alone" in done.stderr
    assert (tmp_path / "thesis.txt").exists()


def test_the_doctor_tells_programs_what_held():
    done = subprocess.run(
        [PROGRAM, "doctor", "--json"], capture_output=True, text=True, timeout=300
    )
    guarantees = json.loads(done.stdout)
    assert {guarantee["name"] for guarantee in guarantees} >= {"reads", "writes", "network", "end"}
    assert done.returncode == (0 if all(g["held"] for g in guarantees) else 1)


COVERING = """\
from autograder.authoring.declare import value
from autograder.authoring.exercise import Assignment

ASSIGNMENT = Assignment("x")
EXERCISE = value("total", "a sum", lambda: 3, covers=("sums",))
"""


def test_the_syllabus_is_printed_or_written_and_refused_with_a_line_for_each_fault(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "x.py").write_text(COVERING)
    table = tmp_path / "exercises" / "syllabus.md"
    table.write_text("| Row | What |\n| --- | --- |\n| sums | adding up |\n")
    page = tmp_path / "page.md"
    printed = autograder(tmp_path, "syllabus")
    assert printed.returncode == 0
    assert printed.stdout.splitlines()[-1] == "| sums | adding up | x: `total` |"
    written = autograder(tmp_path / "exercises", "syllabus", "--write", page)
    assert (written.returncode, written.stdout) == (0, "")
    assert page.read_text() == printed.stdout
    table.write_text("| Row | What |\n| --- | --- |\n| sum | adding up |\n")
    refused = autograder(tmp_path, "syllabus", "--write", page)
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        "autograder: the exercises do not fit the syllabus:",
        "  exercises/syllabus.md: nothing covers the row 'sum'",
        "  x: total covers 'sums', which the syllabus lacks; did you mean 'sum'?",
    ]
    assert page.read_text() == printed.stdout


def write_course_that_covers_another_row(root):
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    for folder, name, text in (
        ("exercises", "x.py", COVERING),
        ("exercises", "syllabus.md", "| Row | What |\n| --- | --- |\n| sum | adding up |\n"),
        ("solutions", "x.py", "# %% value total\ntotal = 2\n\n# %% test total\ntotal\n"),
    ):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / name).write_text(text)


def test_a_whole_build_is_refused_where_the_syllabus_is_not_covered(tmp_path):
    write_course_that_covers_another_row(tmp_path)
    done = autograder(tmp_path, "build")
    assert done.returncode == 1
    assert "  exercises/syllabus.md: nothing covers the row 'sum'" in done.stderr.splitlines()
    assert not (tmp_path / "notebooks").exists()


@pytest.mark.parametrize("words", [["x"], ["x", "total"]])
def test_a_check_of_a_part_looks_at_the_rows_that_it_covers(tmp_path, words):
    write_course_that_covers_another_row(tmp_path)
    done = autograder(tmp_path, "check", *words)
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line == "x: total covers 'sums', which the syllabus lacks; did you mean 'sum'?"
