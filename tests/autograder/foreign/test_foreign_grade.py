"""``autograder grade`` on courses that know nothing of ours: what nbgrader itself would give."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing

import nbformat
import pytest
from foreign_course import (
    ENDLESS,
    NAME,
    PAIR,
    STUDENTS,
    UNKNOWN_LANGUAGE,
    make_course,
    make_pair,
    submit,
    submit_pair,
)
from nbgrader.api import Gradebook
from test_foreign_courses import BIN, OURS, STOCK, nbgrader, release

from autograder.core.course import Course
from autograder.core.errors import SandboxError
from autograder.core.outcome import Outcome
from autograder.doors.stages.style import STYLE
from autograder.foreign import JUDGED_BY_ITSELF
from autograder.foreign.classroom import ForeignClassroom
from autograder.foreign.course import ForeignCourse
from autograder.sandbox.outside.zygote import Zygote

pytestmark = pytest.mark.long

LATE = """\
from nbgrader.plugins import BasePlugin

class TwoOff(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2
"""
CONFIG = OURS + "c.AssignLatePenalties.plugin_class = 'latepolicy.TwoOff'\n"
IN_TIME = "2024-03-01 12:00:00.000000 UTC"
TOO_LATE = "2024-03-03 12:00:00.000000 UTC"
# How much an endless loop gets printed before it is stopped differs from run to run.
OF_THE_MOMENT = f"autograded/endless/{NAME}/problems.ipynb"
PAIRS = {
    "full": ({"first": "3", "second": "5"}, IN_TIME),
    "part": ({"first": "1", "second": "'none'"}, IN_TIME),
    "late": ({"first": "3", "second": "1"}, TOO_LATE),
    "half": ({"first": "3"}, ""),
    "other": ({"first": "3", "second": "5"}, IN_TIME),
}


def autograder(root, *arguments, **options):
    """Run the command line as a person does."""
    environment = os.environ | {
        "PATH": os.defpath,
        "JUPYTER_CONFIG_DIR": str(root / "nothing"),
    }
    return subprocess.run(
        [BIN / "autograder", *arguments],
        cwd=options.pop("cwd", root),
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def verdicts(done):
    return {verdict["student"]: verdict for verdict in json.loads(done.stdout)}


def gradebook(root):
    return closing(Gradebook(f"sqlite:///{root / 'gradebook.db'}"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A released course with three assignments and a class that has handed in."""
    root = tmp_path_factory.mktemp("foreign-grade") / "course"
    make_course(root)
    make_pair(root)
    release(root, NAME, UNKNOWN_LANGUAGE, PAIR)
    with gradebook(root) as book:
        book.update_or_create_assignment(PAIR, duedate="2024-03-02 12:00:00 UTC")
    for student, answers in STUDENTS.items():
        submit(root, NAME, student, answers)
    submit(root, NAME, "endless", ENDLESS)
    submit(root, UNKNOWN_LANGUAGE, "honest", {})
    for student, (values, timestamp) in PAIRS.items():
        submit_pair(root, student, values, timestamp)
    (root / "submitted" / "other" / PAIR / "unknown.ipynb").write_text("no notebook at all")
    (root / "latepolicy.py").write_text(LATE)
    (root / "nbgrader_config.py").write_text(CONFIG)
    return root


@pytest.fixture(scope="module")
def by_nbgrader(course):
    """The course as ``nbgrader autograde`` grades it with our preprocessors."""
    root = shutil.copytree(course, course.parent / "by-nbgrader")
    for name in (NAME, UNKNOWN_LANGUAGE, PAIR):
        nbgrader(root, "autograde", name, check=False)
    return root


@pytest.fixture(scope="module")
def by_us(course):
    """The course as ``autograder grade`` does it, and how the commands ended."""
    root = shutil.copytree(course, course.parent / "by-us")
    names = (NAME, UNKNOWN_LANGUAGE, PAIR)
    return root, {name: autograder(root, "grade", name, "--json") for name in names}


@pytest.fixture
def pair(course, tmp_path):
    """A copy of the course with nothing graded."""
    return shutil.copytree(course, tmp_path / "course")


def entered(root):
    """All that a run leaves in the gradebook of a submission."""
    with gradebook(root) as book:
        return {
            (submission.student.id, submission.assignment.name, notebook.name): (
                str(submission.timestamp),
                notebook.late_submission_penalty,
                sorted((g.name, g.auto_score, g.needs_manual_grade) for g in notebook.grades),
                sorted((c.name, c.auto_comment) for c in notebook.comments),
            )
            for assignment in book.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            if assignment.name != UNKNOWN_LANGUAGE
        }


def files(root):
    """What is in the folder of graded notebooks, with permissions; ids made at random left out."""
    found = {}
    for path in sorted((root / "autograded").rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        if path.suffix == ".ipynb":
            notebook = nbformat.reads(content.decode(), 4)
            notebook.cells[-1].pop("id", None)
            content = json.dumps(notebook, sort_keys=True)
        mode = path.stat().st_mode if path.is_file() else 0
        found[str(path.relative_to(root))] = (mode, content)
    return found


def test_the_gradebook_is_the_same_as_by_nbgrader_autograde(by_nbgrader, by_us):
    theirs, ours = entered(by_nbgrader), entered(by_us[0])
    assert ours == theirs
    assert {student for student, _, _ in ours} == {*STUDENTS, *PAIRS, "endless"}


def test_the_files_are_the_same_as_by_nbgrader_autograde(by_nbgrader, by_us):
    theirs, ours = files(by_nbgrader), files(by_us[0])
    assert sorted(ours) == sorted(theirs)
    different = {name for name in ours if ours[name] != theirs[name]}
    assert different <= {OF_THE_MOMENT}


def test_what_a_cell_shows_has_the_number_of_the_cell(by_us):
    path = by_us[0] / "autograded" / "honest" / NAME / "problems.ipynb"
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    shown = [
        (cell.execution_count, output.execution_count)
        for cell in cells
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    assert shown[0] == (2, 2)
    assert all(cell == output for cell, output in shown)


def test_scores_outcomes_and_remarks_are_told(by_us):
    _, done = by_us
    assert done[NAME].returncode == done[PAIR].returncode == 0
    hw1, pair = verdicts(done[NAME]), verdicts(done[PAIR])
    got = {s: (v["outcome"], v["score"]) for s, v in (hw1 | pair).items()}
    assert got == {
        "honest": ("OK", 8),
        "halfway": ("WRONG", 4),
        "skips": ("WRONG", 2),
        "forges": ("WRONG", 2),
        "exits": ("CRASH", 7),
        "endless": ("TIMEOUT", 6),
        "full": ("OK", 8),
        "part": ("WRONG", 1),
        "late": ("WRONG", 4),
        "half": ("WRONG", 3),
        "other": ("OK", 8),
    }
    assert all(v["remarks"][0] == JUDGED_BY_ITSELF for v in (*hw1.values(), *pair.values()))
    assert "late: 3 points off" in pair["late"]["remarks"]
    assert "second.ipynb is missing" in pair["half"]["remarks"]
    assert [e["exercise"] for e in pair["full"]["exercises"]] == [
        "first/value_test",
        "second/value_test",
    ]


def test_a_kernel_of_another_language_is_named_and_ends_nothing(by_us):
    root, done = by_us
    assert done[UNKNOWN_LANGUAGE].returncode == 3
    (verdict,) = verdicts(done[UNKNOWN_LANGUAGE]).values()
    assert (verdict["outcome"], verdict["score"]) == ("REFUSED", None)
    assert "No such kernel named octave" in verdict["remarks"][0]
    assert not (root / "autograded" / "honest" / UNKNOWN_LANGUAGE).exists()


def test_the_report_says_how_it_was_judged(by_us):
    page = (by_us[0] / "report.html").read_text()
    assert "All points were judged in the student&#39;s process." in page
    for name in (NAME, UNKNOWN_LANGUAGE, PAIR):
        assert f'<h2 id="{name}">' in page
    assert 'href="feedback/' not in page
    assert "Rooms like these were attacked from inside on" in page


def test_feedback_pages_fit_a_phone(by_us, tmp_path):
    root = shutil.copytree(by_us[0], tmp_path / "course")
    nbgrader(root, "generate_feedback", PAIR, "--student", "late")
    for name in ("first", "second"):
        page = (root / "feedback" / "late" / PAIR / f"{name}.html").read_text()
        assert page.count(STYLE) == 1
        assert "Late submission penalty" in page


def test_what_is_graded_is_left_alone_until_it_is_newer_or_forced(by_us, tmp_path):
    root = shutil.copytree(by_us[0], tmp_path / "course")
    graded = {s: root / "autograded" / s / PAIR / "first.ipynb" for s in ("full", "part", "late")}
    before = {student: path.stat().st_ino for student, path in graded.items()}

    def again(*options):
        done = autograder(root, "grade", PAIR, "--json", *options)
        changed = {s for s, path in graded.items() if path.stat().st_ino != before[s]}
        return verdicts(done), changed

    assert again() == (verdicts(by_us[1][PAIR]), set())
    submit_pair(root, "part", {"first": "2", "second": "5"}, TOO_LATE)
    found, changed = again()
    assert (found["part"]["score"], changed) == (7, {"part"})
    found, changed = again("--force", "--student", "full")
    assert (list(found), changed) == (["full"], {"part", "full"})


def penalties(root):
    with gradebook(root) as book:
        submission = book.find_submission(PAIR, "late")
        return [notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks]


def due(root, when):
    with gradebook(root) as book:
        book.update_or_create_assignment(PAIR, duedate=when)


LATER = "2024-03-04 12:00:00 UTC"


def test_a_due_date_that_moved_is_followed_without_a_run(by_us, tmp_path):
    root = shutil.copytree(by_us[0], tmp_path / "course")
    before = files(root)
    told = {}
    for when, lost in ((LATER, 0.0), ("2024-03-02 12:00:00 UTC", 3.0)):
        due(root, when)
        told[when] = verdicts(autograder(root, "grade", PAIR, "--json"))
        assert sum(penalties(root)) == lost
        remarks = told[when]["late"]["remarks"]
        assert [each for each in remarks if "late" in each] == ["late: 3 points off"] * bool(lost)
        assert files(root) == before
    assert told[when] == verdicts(by_us[1][PAIR])


@pytest.mark.parametrize("door", ["autograder", "nbgrader"])
@pytest.mark.parametrize("broken", ["not JSON", "a link beside it"])
def test_a_file_that_is_refused_is_charged_by_the_due_date_of_now(by_us, tmp_path, broken, door):
    root = shutil.copytree(by_us[0], tmp_path / "course")
    due(root, LATER)
    submit_pair(root, "late", {"first": "3", "second": "1"}, "2024-03-03 13:00:00.000000 UTC")
    folder = root / "submitted" / "late" / PAIR
    if broken == "not JSON":
        (folder / "first.ipynb").write_text("{")
    else:
        (folder / "data").symlink_to("/etc/hostname")
    if door == "autograder":
        done = autograder(root, "grade", PAIR, "--json", "--student", "late")
        assert verdicts(done)["late"]["outcome"] == "REFUSED"
    else:
        assert nbgrader(root, "autograde", PAIR, "--student", "late", check=False).returncode
    assert penalties(root) == [0.0, 0.0]


def test_what_nbgrader_has_graded_is_told_from_its_gradebook(by_nbgrader, by_us, tmp_path):
    root = shutil.copytree(by_nbgrader, tmp_path / "course")
    found = verdicts(autograder(root, "grade", PAIR, "--json"))
    assert found == verdicts(by_us[1][PAIR])


def test_what_a_person_has_given_survives_grading_again(by_us, tmp_path):
    root = shutil.copytree(by_us[0], tmp_path / "course")
    with gradebook(root) as book:
        for cell, score in (("value_test", 2.5), ("why", 1.5)):
            grade = book.find_grade(cell, "first", PAIR, "full")
            grade.manual_score, grade.needs_manual_grade = score, False
        book.find_comment("why", "first", PAIR, "full").manual_comment = "Well said."
        book.db.commit()
    place = root / "submitted" / "full" / PAIR / "first.ipynb"
    notebook = nbformat.read(place, 4)
    (why,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "why"]
    for changed in (False, True):
        why.source += " And more." * changed
        nbformat.write(notebook, place)
        assert autograder(root, "grade", PAIR, "--student", "full", "--force").returncode == 0
        with gradebook(root) as book:
            grades = {g: book.find_grade(g, "first", PAIR, "full") for g in ("value_test", "why")}
            manual = {name: (g.manual_score, g.needs_manual_grade) for name, g in grades.items()}
            assert manual == {"value_test": (2.5, False), "why": (1.5, changed)}
            assert grades["value_test"].auto_score == 3
    with gradebook(root) as book:
        assert book.find_comment("why", "first", PAIR, "full").comment == "Well said."
        assert book.find_grade("why", "second", PAIR, "full").manual_score is None


def test_a_cell_that_was_released_later_is_entered_too(by_us, tmp_path):
    root = shutil.copytree(by_us[0], tmp_path / "course")
    with gradebook(root) as book:
        submitted = book.find_submission_notebook("first", PAIR, "full")
        book.db.delete(next(g for g in submitted.grades if g.name == "value_test"))
        book.db.delete(next(c for c in submitted.comments if c.name == "value"))
        book.db.commit()
    done = autograder(root, "grade", PAIR, "--force", "--student", "full")
    assert done.returncode == 0
    assert entered(root) == entered(by_us[0])


def test_broken_submissions_end_nothing(pair):
    folder = pair / "submitted"
    names = {"json", "links", "pipe", "empty", "stamp", "unknown", "metadata", "kind", "a-file"}
    garbled = {"number": {"grade_id": 7}, "text": "lost", "nothing": {}}
    for student in (*names, *garbled):
        submit_pair(pair, student, {"first": "3", "second": "5"}, IN_TIME)
    (folder / "json" / PAIR / "first.ipynb").write_text('{"cells": [')
    (folder / "links" / PAIR / "data").symlink_to("/etc/hostname")
    (folder / "pipe" / PAIR / "second.ipynb").unlink()
    os.mkfifo(folder / "pipe" / PAIR / "second.ipynb")
    shutil.rmtree(folder / "empty" / PAIR)
    (folder / "empty" / PAIR).mkdir()
    (folder / "stamp" / PAIR / "timestamp.txt").write_text("the day after")
    for name in ("first", "second"):
        (folder / "unknown" / PAIR / f"{name}.ipynb").rename(
            folder / "unknown" / PAIR / f"my-{name}.ipynb"
        )
    notebook = nbformat.read(folder / "metadata" / PAIR / "first.ipynb", 4)
    notebook.cells[0].metadata["nbgrader"]["schema_version"] = 9
    (folder / "metadata" / PAIR / "first.ipynb").write_text(json.dumps(notebook))
    for student, metadata in garbled.items():
        notebook = nbformat.read(folder / student / PAIR / "first.ipynb", 4)
        notebook.cells[0].metadata["nbgrader"] = metadata
        (folder / student / PAIR / "first.ipynb").write_text(json.dumps(notebook))
    notebook = nbformat.read(folder / "kind" / PAIR / "first.ipynb", 4)
    notebook.cells[1].metadata["nbgrader"]["solution"] = True
    nbformat.write(notebook, folder / "kind" / PAIR / "first.ipynb")
    shutil.rmtree(folder / "a-file" / PAIR)
    (folder / "a-file" / PAIR).write_text("a file")
    not_text = os.fsencode(folder) + b"/caf\xe9"
    shutil.copytree(os.fsencode(folder / "full"), not_text)
    done = autograder(pair, "grade", PAIR, "--json")
    found = verdicts(done)
    assert done.returncode == 3
    refused = {s: v["remarks"][0] for s, v in found.items() if v["outcome"] == "REFUSED"}
    assert set(refused) == names | {"caf\\xe9"}
    for student, why in {
        "json": "first.ipynb cannot be read as a notebook",
        "links": "links in place of files: data",
        "pipe": "pipes or devices in place of files: second.ipynb",
        "empty": "first.ipynb, second.ipynb is missing",
        "stamp": "timestamp.txt holds no time",
        "unknown": "is missing; there is 'my-first.ipynb', 'my-second.ipynb'",
        "metadata": "nbgrader cannot read it",
        "kind": "Inconsistent checksums",
        "a-file": f"{PAIR} is not a folder",
        "caf\\xe9": "not UTF-8 text; rename it",
    }.items():
        assert why in refused[student]
    remarks = {s: v["remarks"][-1] for s, v in found.items() if s in garbled}
    assert set(remarks.values()) == {"first.ipynb: cells whose metadata was lost: value; put back"}
    assert {s: v["score"] for s, v in found.items() if s in PAIRS or s in garbled} == {
        **dict.fromkeys(garbled, 8),
        "full": 8,
        "part": 1,
        "late": 4,
        "half": 3,
        "other": 8,
    }
    assert not list((pair / "autograded").glob(".*"))
    assert {p.parent.name for p in (pair / "autograded").glob(f"*/{PAIR}")} == {*PAIRS, *garbled}


def test_a_fault_of_the_sandbox_writes_no_score(pair, monkeypatch, capsys):
    from autograder.doors import cli

    run = Zygote.run

    def run_or_fail(self, steps, *rest):
        if any("value = 1" in step.source for step in steps):
            raise SandboxError("no room today")
        return run(self, steps, *rest)

    monkeypatch.setattr(Zygote, "run", run_or_fail)
    monkeypatch.setattr(sys, "argv", ["autograder", "grade", PAIR, "--json", "--course", str(pair)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == cli.ExitCode.INFRA
    shown = {v["student"]: v for v in json.loads(capsys.readouterr().out)}
    faults = {s: v["remarks"] for s, v in shown.items() if v["outcome"] == "INFRA"}
    assert faults == {"part": ["no room today"], "late": ["no room today"]}
    scores = {
        where: {name: score for name, score, _ in found[2]}
        for where, found in entered(pair).items()
    }
    assert scores["full", PAIR, "first"] == {"value_test": 3, "why": None}
    assert scores["late", PAIR, "first"] == scores["late", PAIR, "second"]
    assert scores["late", PAIR, "first"] == {"value_test": None, "why": None}
    assert not (pair / "autograded" / "late").exists()
    monkeypatch.undo()
    again = autograder(pair, "grade", PAIR, "--json")
    assert (again.returncode, verdicts(again)["late"]["score"]) == (0, 4)


KILLED = """\
import os, signal, sys
from autograder.doors.cli import main
left, moment, name = int(sys.argv[1]), sys.argv[2], sys.argv[3]
rename = os.rename
def rename_and_die(source, target):
    global left
    left -= 1
    if moment == "before" and left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    rename(source, target)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
os.rename = rename_and_die
sys.argv = ["autograder", "grade", name]
main()
"""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", ["1", "3"])
def test_a_run_that_was_killed_is_simply_started_again(pair, by_us, moment, number):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, number, moment, PAIR],
        cwd=pair,
        env=os.environ | {"JUPYTER_CONFIG_DIR": str(pair / "nothing")},
        capture_output=True,
        timeout=600,
    )
    assert done.returncode == -signal.SIGKILL
    complete = {path.parent.name for path in (pair / "autograded").glob(f"*/{PAIR}")}
    assert len(complete) == int(number) - (moment == "before")
    again = verdicts(autograder(pair, "grade", PAIR, "--json"))
    assert again == verdicts(by_us[1][PAIR])
    pairs = {where: found for where, found in entered(by_us[0]).items() if where[1] == PAIR}
    assert entered(pair) == pairs
    assert not list((pair / "autograded").glob(".*"))


def test_a_second_run_at_once_says_so(pair):
    submit(pair, NAME, "endless", ENDLESS)
    first = subprocess.Popen(
        [BIN / "autograder", "grade", NAME], cwd=pair, stdout=subprocess.DEVNULL
    )
    try:
        while not (pair / "autograded").exists():
            assert first.poll() is None
            time.sleep(0.05)
        second = autograder(pair, "grade", PAIR)
    finally:
        first.wait(timeout=600)
    assert second.returncode == 1
    assert "another run is grading this course" in " ".join(second.stderr.split())


def test_what_is_no_assignment_is_told_with_those_that_there_are(course):
    for arguments in (["grade", "hw9"], ["regrade", "hw9"], ["report", "hw9"]):
        done = autograder(course, *arguments)
        said = " ".join(done.stderr.split())
        assert done.returncode == 1
        assert f"no assignment is called 'hw9'; there are: {NAME}" in said
        assert PAIR in said
        assert "Traceback" not in done.stderr


def test_regrading_says_that_there_is_nothing_to_judge_again(course):
    done = autograder(course, "regrade", NAME)
    assert done.returncode == 1
    assert f"run: autograder grade {NAME} --force" in " ".join(done.stderr.split())


def test_a_name_that_no_file_of_ours_could_have_is_left_out_with_a_word(pair):
    everyone = ForeignCourse.load(Course(pair)).students(PAIR)
    long = "x" * 251
    shutil.copytree(pair / "submitted" / everyone[0] / PAIR, pair / "submitted" / long / PAIR)
    foreign = ForeignCourse.load(Course(pair))
    assert foreign.students(PAIR) == everyone
    assert foreign.left_out(PAIR) == {
        long: "its name takes 251 bytes; rename it to one of at most 250"
    }
    classroom = ForeignClassroom(foreign, foreign.find(PAIR), foreign.room)
    assert classroom.left_out == foreign.left_out(PAIR)


def test_where_nobody_has_handed_in_it_says_where_it_has_looked(course):
    done = autograder(course, "grade", PAIR, "--student", "nobody")
    assert (done.returncode, "from nobody" in done.stderr) == (1, True)
    with gradebook(course) as book:
        book.update_or_create_assignment("hw4")
    done = autograder(course, "grade", "hw4")
    assert done.returncode == 1
    assert f"there is no submission of hw4 in {course / 'submitted'}" in "".join(
        done.stderr.splitlines()
    )


def test_the_course_s_own_names_and_gradebook_are_used_from_below_it(pair, by_us):
    (pair / "handed-in").mkdir()
    for student in PAIRS:
        (pair / "handed-in" / PAIR).mkdir(exist_ok=True)
        (pair / "submitted" / student / PAIR).rename(pair / "handed-in" / PAIR / student)
    (pair / "books").mkdir()
    (pair / "gradebook.db").rename(pair / "books" / "grades.db")
    (pair / "nbgrader_config.py").write_text(
        STOCK
        + "c.AssignLatePenalties.plugin_class = 'latepolicy.TwoOff'\n"
        + "c.CourseDirectory.db_url = 'sqlite:///books/grades.db'\n"
        + "c.CourseDirectory.submitted_directory = 'handed-in'\n"
        + "c.CourseDirectory.autograded_directory = 'graded'\n"
        + "c.CourseDirectory.directory_structure = "
        + "'{nbgrader_step}/{assignment_id}/{student_id}'\n"
        + "c.CourseDirectory.student_id_exclude = 'other'\n"
    )
    (pair / "source" / PAIR).rename(pair / "source" / "moved")
    (pair / "source" / PAIR).mkdir()
    (pair / "source" / "moved").rename(pair / "source" / PAIR / ".")
    done = autograder(pair, "grade", PAIR, "--json", cwd=pair / "handed-in")
    expected = verdicts(by_us[1][PAIR])
    del expected["other"]
    assert verdicts(done) == expected
    assert (pair / "graded" / PAIR / "full" / "first.ipynb").exists()
    assert not (pair / "gradebook.db").exists()
    assert str(pair / "books" / "grades.db") in "".join(
        autograder(pair, "grade", PAIR).stdout.splitlines()
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']", "lock("),
        ("c.CourseDirectory.notebook_id = 'first'", "takes whole submissions"),
        ("1 / 0", "division by zero"),
    ],
)
def test_a_configuration_that_cannot_be_kept_is_told(pair, line, said):
    (pair / "nbgrader_config.py").write_text(STOCK + line + "\n")
    done = autograder(pair, "grade", PAIR)
    assert done.returncode == 1
    assert said in " ".join(done.stderr.split())
    assert not (pair / "autograded").exists()


def test_without_walls_it_stands_on_the_report(pair):
    done = autograder(pair, "grade", PAIR, "--sandbox", "none", "--workers", "1")
    assert done.returncode == 0
    assert f"{len(PAIRS)} submissions ran without walls" in (pair / "report.html").read_text()


def test_a_gradebook_that_is_locked_too_long_costs_no_score(pair, monkeypatch):
    monkeypatch.setattr("autograder.publishing.marks.reading._PATIENCE", 0.2)
    foreign = ForeignCourse.load(Course(pair))
    assignment = foreign.find(PAIR)
    run = Zygote.run

    def lock_and_run(self, *rest):
        report = run(self, *rest)
        if not held.in_transaction():
            held.exec_driver_sql("BEGIN IMMEDIATE")
        return report

    with closing(Gradebook(f"sqlite:///{pair / 'gradebook.db'}")) as other:
        held = other.engine.connect()
        monkeypatch.setattr(Zygote, "run", lock_and_run)
        results = list(ForeignClassroom(foreign, assignment, foreign.room).grade(["full"]))
        held.rollback()
        held.close()
    assert [r.verdict.outcome for r in results] == [Outcome.INFRA]
    assert "locked" in results[0].verdict.remark
    assert not (pair / "autograded" / "full").exists()
