"""Cells that are copied, deleted or stripped, tests of no points: by nbgrader and by both doors."""

import copy
import json
import shutil

import nbformat
import pytest
from foreign_course import _cell, write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.apps import NbGraderAPI
from public_courses import COPIED, LOST, NO_ANSWER, NO_TEST, OLD_FORM, STRANGER, WINDOWS
from test_foreign_courses import OURS, comments, grades, nbgrader, release
from test_foreign_grade import autograder, gradebook, verdicts
from traitlets.config import Config

pytestmark = pytest.mark.long

NAME = "hw"
UNGRADED = "reading"
HALF = "def half(x):\n    return x / 2"
KERNEL = {"name": "python3", "display_name": "python3", "language": "python"}
FULL = {"half_test": 2, "more_test": 1, "free_test": 0, "essay": None, "note": None}
REFUSED = "refused"


def source():
    """Points of every kind, none among them."""
    answer = "def half(x):\n    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION"
    hidden = "### BEGIN HIDDEN TESTS\nassert half(5) == 2.5\n### END HIDDEN TESTS"
    return new_notebook(
        metadata={"kernelspec": KERNEL},
        cells=[
            _cell(new_code_cell, "setup", "import math"),
            _cell(new_code_cell, "half", answer, solution=True),
            new_code_cell("half(3)"),
            _cell(new_code_cell, "half_test", f"assert half(4) == 2\n{hidden}", points=2),
            _cell(new_code_cell, "free_test", "assert half(math.pi)", points=0),
            _cell(new_markdown_cell, "essay", "YOUR ANSWER HERE", points=3, solution=True),
            _cell(new_markdown_cell, "note", "YOUR ANSWER HERE", points=0, solution=True),
            _cell(new_markdown_cell, "task", "Measure something.", points=0, task=True),
            _cell(new_code_cell, "more_test", "half(2)", points=1),
        ],
    )


def at(notebook, name):
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return names.index(name)


def copied(*names, to=None):
    def change(notebook):
        for name in names:
            cell = copy.deepcopy(notebook.cells[at(notebook, name)])
            notebook.cells.insert(len(notebook.cells) if to is None else to, cell)

    return change


def deleted(*names):
    def change(notebook):
        for name in names:
            del notebook.cells[at(notebook, name)]

    return change


def retyped(notebook):
    notebook.cells[at(notebook, "half")] = new_code_cell(HALF)


def stripped(notebook):
    for cell in notebook.cells:
        cell.metadata = {}
        del cell["id"]
    notebook.nbformat_minor = 4


def of_schema(version):
    def change(notebook):
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader["schema_version"] = version
                cell.metadata.nbgrader.pop("task")

        del notebook.cells[at(notebook, "task")]

    return change


def with_line_ends_of_windows(notebook):
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")


def with_a_cell_of_another_assignment(notebook):
    notebook.cells.append(_cell(new_code_cell, "elsewhere", "assert 0", points=5))


def with_wrong_answer(notebook):
    notebook.cells[at(notebook, "half")].source = "def half(x):\n    return x // 2"


UNTESTED = {"half_test": None}
ALL_UNTESTED = {"half_test": None, "more_test": None, "free_test": None}
# student -> what was done, how the scores of nbgrader differ from FULL, what is said, which row.
CASES = {
    "plain": (None, {}, "", ""),
    "answer-twice": (copied("half"), REFUSED, "cells that were copied: half;", COPIED),
    "test-thrice": (copied("half_test", "half_test"), REFUSED, "copied: half_test;", COPIED),
    "test-in-front": (copied("half_test", to=0), REFUSED, "copied: half_test;", COPIED),
    "setup-twice": (copied("setup"), REFUSED, "copied: setup;", COPIED),
    "task-twice": (copied("task"), REFUSED, "copied: task;", COPIED),
    "no-test": (deleted("half_test"), UNTESTED, "missing: half_test; put back", NO_TEST),
    "no-tests": (
        deleted("half_test", "more_test", "free_test"),
        ALL_UNTESTED,
        "missing: half_test, free_test, more_test; put back",
        NO_TEST,
    ),
    "no-essay": (deleted("essay"), {}, "answers that are missing: essay;", NO_ANSWER),
    "retyped": (retyped, {}, "whose metadata was lost: half; put back", LOST),
    "stripped": (stripped, ALL_UNTESTED, "cells whose metadata was lost", LOST),
    "schema-1": (of_schema(1), REFUSED, "missing: task", OLD_FORM),
    "schema-2": (of_schema(2), REFUSED, "missing: task", OLD_FORM),
    "windows": (with_line_ends_of_windows, {}, "", WINDOWS),
    "stranger": (with_a_cell_of_another_assignment, REFUSED, "names: elsewhere;", STRANGER),
    "wrong": (with_wrong_answer, {"half_test": 0}, "", ""),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("foreign-inputs") / "course"
    write(root / "source" / NAME / "problems.ipynb", source())
    plain = new_notebook(metadata={"kernelspec": KERNEL}, cells=[new_code_cell("1 / 0")])
    write(root / "source" / UNGRADED / "text.ipynb", plain)
    release(root, NAME, UNGRADED)
    for student, (change, *_) in CASES.items():
        notebook = nbformat.read(root / "release" / NAME / "problems.ipynb", 4)
        notebook.cells[at(notebook, "half")].source = HALF
        for name in ("essay", "note"):
            notebook.cells[at(notebook, name)].source = f"My {name}."
        if change:
            change(notebook)
        path = root / "submitted" / student / NAME / "problems.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))
    folder = root / "submitted" / "plain" / UNGRADED
    shutil.copytree(root / "release" / UNGRADED, folder)
    return root


@pytest.fixture(scope="module")
def by_stock(course):
    root = shutil.copytree(course, course.parent / "stock")
    config = Config()
    config.CourseDirectory.root = str(root)
    api = NbGraderAPI(config=config)
    for student in CASES:
        # One after the other: a notebook that nbgrader cannot read ends the run for all.
        api.autograde(NAME, student)
    return root


@pytest.fixture(scope="module")
def by_nbgrader(course):
    root = shutil.copytree(course, course.parent / "by-nbgrader")
    (root / "nbgrader_config.py").write_text(OURS)
    nbgrader(root, "autograde", "*")
    return root


@pytest.fixture(scope="module")
def by_us(course):
    root = shutil.copytree(course, course.parent / "by-us")
    (root / "nbgrader_config.py").write_text(OURS)
    return root, [autograder(root, "grade", name, "--json") for name in (NAME, UNGRADED)]


def scores(root, student):
    if not (root / "autograded" / student / NAME).exists():
        return REFUSED
    found = {cell: score for (who, _, cell), (score, _) in grades(root).items() if who == student}
    return {cell: found[cell] for cell in FULL}


@pytest.mark.parametrize("student", CASES)
def test_scores(by_stock, by_nbgrader, by_us, student):
    _, theirs, _, documented = CASES[student]
    expected = theirs if theirs == REFUSED else FULL | theirs
    assert scores(by_stock, student) == expected
    ours = FULL if documented or student == "plain" else expected
    assert scores(by_nbgrader, student) == scores(by_us[0], student) == ours


@pytest.mark.parametrize("student", CASES)
def test_remarks_say_what_was_done_and_accuse_nobody(by_us, student):
    done = by_us[1][0]
    assert done.returncode == 0, done.stderr
    verdict = verdicts(done)[student]
    said, remarks = CASES[student][2], verdict["remarks"][1:]
    assert bool(said) == bool(remarks)
    assert said in "; ".join(remarks)
    assert verdict["outcome"] == ("WRONG" if student == "wrong" else "OK")


def test_a_person_is_told_to_look_for_a_missing_answer(by_us):
    (score,) = (g for place, g in grades(by_us[0]).items() if place == ("no-essay", NAME, "essay"))
    assert score == (None, True)
    assert "was missing" in comments(by_us[0])["no-essay", NAME, "essay"]


def test_tests_of_no_points_end_no_report(by_us):
    root, (_, ungraded) = by_us
    assert ungraded.returncode == 0
    assert verdicts(ungraded)["plain"]["points"] == 0
    for arguments in (["report"], ["grade", NAME, "--student", "plain", "--force"]):
        done = autograder(root, *arguments)
        assert done.returncode == 0, done.stderr
    page = (root / "report.html").read_text()
    assert f'<h2 id="{NAME}">' in page
    assert f'<h2 id="{UNGRADED}">' in page


def test_graded_notebooks_are_valid(by_nbgrader, by_us):
    for root in (by_nbgrader, by_us[0]):
        paths = list(root.glob(f"autograded/*/{NAME}/*.ipynb"))
        assert len(paths) == len(CASES)
        for path in paths:
            nbformat.validate(nbformat.read(path, 4))


def test_both_doors_enter_the_same(by_nbgrader, by_us):
    assert grades(by_nbgrader) == grades(by_us[0])
    assert comments(by_nbgrader) == comments(by_us[0])
    with gradebook(by_us[0]) as book:
        assert book.find_submission(NAME, "plain").needs_manual_grade


@pytest.fixture
def plain(course, tmp_path):
    """The course with one submission, and data beside it."""
    root = shutil.copytree(course, tmp_path / "course")
    for folder in (root / "submitted").iterdir():
        if folder.name != "plain":
            shutil.rmtree(folder)
    (root / "submitted" / "plain" / NAME / "data.bin").write_bytes(bytes(2 << 20))
    return root


def test_data_are_bounded_by_a_setting_that_the_refusal_names(plain):
    (plain / "nbgrader_config.py").write_text(OURS + "c.LockedRoom.data_bytes = 1 << 20\n")
    done = autograder(plain, "grade", NAME, "--json")
    verdict = verdicts(done)["plain"]
    assert (done.returncode, verdict["outcome"]) == (3, "REFUSED")
    assert "take 2.0 MB together" in verdict["remarks"][0]
    assert "set c.LockedRoom.data_bytes in nbgrader_config.py" in verdict["remarks"][0]


@pytest.mark.parametrize("sandbox", ["auto", "no-namespaces"])
def test_a_server_in_a_notebook_takes_a_setting_and_a_network_of_its_own(plain, sandbox):
    (plain / "nbgrader_config.py").write_text(OURS + "c.LockedRoom.loopback = True\n")
    path = plain / "submitted" / "plain" / NAME / "problems.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells[at(notebook, "half")].source = (
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        f"socket.create_connection(server.getsockname()).close()\n{HALF}"
    )
    nbformat.write(notebook, path)
    done = autograder(plain, "grade", NAME, "--json", "--sandbox", sandbox)
    if sandbox == "auto":
        verdict = verdicts(done)["plain"]
        assert (verdict["outcome"], verdict["score"]) == ("OK", 3)
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert "c.LockedRoom.loopback is set" in " ".join(done.stderr.split())
