"""The rules for notebooks of other courses, one by one."""

import json
import logging
import os
import sys
from pathlib import Path

import foreign_course
import nbformat
import public_courses
import pytest
from jupyter_client.kernelspec import NoSuchKernel
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader import utils

from autograder.core.beside import files_beside
from autograder.core.course import Course
from autograder.core.errors import CourseError
from autograder.core.outcome import Outcome
from autograder.foreign import (
    JUDGED_BY_ITSELF,
    RefusedError,
    WalledExecute,
    links_in,
    mark,
    python_kernel,
)
from autograder.foreign.assignment import ForeignAssignment, GradebookEntry, OwnTest
from autograder.foreign.course import ForeignCourse
from autograder.foreign.verdict import verdict_of
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Limits

POINTS = 2
ERROR = new_output("error", ename="AssertionError", evalue="", traceback=[])
WARNING = new_output("stream", name="stderr", text="careful\n")
PRINTED = new_output("stream", name="stdout", text="1.0\n")


def result(text):
    return new_output("execute_result", {"text/plain": text})


def graded_cell(*outputs, kind=new_code_cell, **metadata):
    metadata = {"grade": True, "solution": False, "grade_id": "a", "points": POINTS} | metadata
    cell = kind("pass", metadata={"nbgrader": metadata})
    if kind is new_code_cell:
        cell.outputs = list(outputs)
    return cell


LIKE_NBGRADER = {
    "no output": ((), 2),
    "printed": ((PRINTED,), 2),
    "an error": ((ERROR,), 0),
    "printed, then an error": ((PRINTED, ERROR), 0),
    "part of the points": ((result("0.5"),), 0.5),
    "no points": ((result("0"),), 0),
    "a result that is no number": ((result("'fine'"),), 2),
    "a negative result": ((result("-1"),), 2),
    "the first of two results": ((result("1"), result("2")), 1),
    "an error, then a result": ((ERROR, result("2")), 0),
}
PUT_RIGHT = {
    "a warning": ((WARNING,), 2),
    "a warning, then part of the points": ((WARNING, result("0.5")), 0.5),
    "a warning, then an error": ((WARNING, ERROR), 0),
    "a result, then an error": ((result("2"), ERROR), 0),
    "a result larger than the points": ((result("5"),), None),
    "a result without text": ((new_output("execute_result", {"text/html": "2"}),), None),
}


@pytest.mark.parametrize(("outputs", "score"), LIKE_NBGRADER.values(), ids=LIKE_NBGRADER)
def test_most_tests_are_marked_as_by_nbgrader(outputs, score):
    cell = graded_cell(*outputs)
    assert mark(cell) == utils.determine_grade(cell)[0] == score


@pytest.mark.parametrize(("outputs", "score"), PUT_RIGHT.values(), ids=PUT_RIGHT)
def test_what_nbgrader_marks_wrong_is_put_right(outputs, score):
    assert mark(graded_cell(*outputs)) == score


@pytest.mark.parametrize("kind", [new_code_cell, new_markdown_cell])
def test_answers_that_a_person_marks_are_left_to_that_person(kind):
    cell = graded_cell(kind=kind, solution=True, checksum="of the stub")
    assert mark(cell) is None
    cell.metadata["nbgrader"]["checksum"] = utils.compute_checksum(cell)
    assert mark(cell) == 0


def test_a_result_that_is_no_score_is_logged(caplog):
    mark(graded_cell(result("5")), logging.getLogger("marks"))
    assert "somebody has to look" in caplog.text


def test_plain_files_are_found_and_nothing_else(tmp_path):
    folder = tmp_path / "submission"
    (folder / "data").mkdir(parents=True)
    (folder / "helper.py").write_bytes(b"a = 1")
    (folder / "data" / "one.csv").write_bytes(b"1,2")
    (folder / "other.ipynb").write_bytes(b"{}")
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "linked-folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    assert files_beside(folder, 100) == {
        name: folder / name for name in ("helper.py", "data/one.csv")
    }


def test_too_many_bytes_beside_the_notebook_are_refused(tmp_path):
    (tmp_path / "one").write_bytes(bytes(2 << 20))
    (tmp_path / "two").write_bytes(bytes(1 << 20))
    assert len(files_beside(tmp_path, 3 << 20)) == 2
    said = r"take 3\.0 MB together, and 2\.0 MB are taken; set c\.LockedRoom\.data_bytes"
    with pytest.raises(RefusedError, match=said):
        files_beside(tmp_path, 2 << 20)


def test_links_are_found_wherever_they_are(tmp_path):
    folder = tmp_path / "student" / "hw1"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "plain").touch()
    assert links_in(folder) == []
    (folder / "data" / "to-nowhere").symlink_to("nowhere")
    (folder / "to-folder").symlink_to(tmp_path)
    assert links_in(folder) == ["data/to-nowhere", "to-folder"]
    (tmp_path / "other").symlink_to(tmp_path / "student")
    assert "other" in links_in(tmp_path / "other" / "hw1")


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make a kernel known to Jupyter."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    def install(name, language, program):
        folder = tmp_path / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": [program], "display_name": name, "language": language}
        (folder / "kernel.json").write_text(json.dumps(spec))

    return install


@pytest.mark.parametrize("name", ["", "python", "python3"])
def test_the_usual_names_of_python_are_taken(name):
    assert python_kernel(name).language == "python"


def test_a_kernel_of_another_language_is_refused(install):
    install("octave", "octave", "octave")
    with pytest.raises(RefusedError, match="'octave' runs octave"):
        python_kernel("octave")


def test_a_kernel_that_is_missing_is_named():
    with pytest.raises(NoSuchKernel, match="julia-9"):
        python_kernel("julia-9")


@pytest.mark.parametrize(
    ("program", "warns"), [("python", False), (sys.executable, False), ("/opt/x/bin/python", True)]
)
def test_another_interpreter_is_warned_of(install, caplog, program, warns):
    install("own", "python", program)
    execute = WalledExecute(zygote=None, limits=Limits())
    execute.log = logging.getLogger("kernels")
    execute._require_python("own")
    assert ("/opt/x/bin/python" in caplog.text) == warns


@pytest.mark.parametrize(
    ("timeout", "cell", "whole"), [(None, 20, 180), (-1, 20, 180), (7, 7, 180), (100, 100, 1000)]
)
def test_nbgraders_time_for_a_cell_counts(timeout, cell, whole):
    execute = WalledExecute(zygote=None, limits=Limits(), timeout=timeout)
    limits = execute._own_limits(steps=10)
    assert (limits.cell_seconds, limits.submission_seconds) == (cell, whole)
    assert limits.output_bytes > Limits().output_bytes


@pytest.fixture(scope="module")
def zygote():
    with Zygote() as zygote:
        yield zygote


CELLS = {
    "a module beside the notebook": ("from helper import six\nassert six == 6", None),
    "a file in a folder": ("assert open('data/one.csv').read() == '1,2'", None),
    "the environment": ("import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'", None),
    "an error": ("1 / 0", "ZeroDivisionError"),
    "an error that is not shown": (
        "get_ipython().showtraceback = lambda *a, **k: None\n1 / 0",
        "ZeroDivisionError",
    ),
    "the end of the process": ("import os\nos._exit(0)", "DeadKernelError"),
    "an interrupt that is caught": (
        "try:\n    while True: pass\nexcept KeyboardInterrupt: pass",
        "CellTimeoutError",
    ),
    "a flood": ("print('x' * 10_000_000)", "OutputError"),
}


@pytest.mark.parametrize(("source", "error"), CELLS.values(), ids=CELLS)
def test_a_cell_gives_the_outputs_that_it_would_in_a_kernel(
    zygote, tmp_path, monkeypatch, source, error
):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    (tmp_path / "helper.py").write_text("six = 6")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "one.csv").write_text("1,2")
    cells = [new_markdown_cell("text"), new_code_cell(source), new_code_cell("'next'")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    execute = WalledExecute(zygote=zygote, limits=Limits(), timeout=2)
    execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    nbformat.validate(notebook)
    errors = [output.ename for output in cells[1].outputs if output.output_type == "error"]
    assert errors[-1:] == ([error] if error else [])
    assert cells[2].outputs[0].data["text/plain"] == "'next'"


def test_displays_are_made_harmless_and_a_result_keeps_its_text(zygote, tmp_path):
    source = (
        "from IPython.display import *\n"
        "display(SVG('<svg><script>x</script></svg>'))\n"
        "class Half:\n"
        "    def _repr_html_(self): return '<script>x</script><b>half</b>'\n"
        "    def __repr__(self): return '0.5'\n"
        "Half()"
    )
    notebook = nbformat.v4.new_notebook(cells=[new_code_cell(source)])
    WalledExecute(zygote=zygote, limits=Limits()).preprocess(
        notebook, {"metadata": {"path": str(tmp_path)}}
    )
    drawing, result = (output.data for output in notebook.cells[0].outputs)
    assert set(drawing) == {"text/html", "text/plain"}
    assert drawing["text/html"].startswith('<img src="data:image/svg+xml;base64,')
    assert result == {"text/html": "<b>half</b>", "text/plain": "0.5"}


@pytest.mark.parametrize(
    ("metadata", "runs"),
    [({}, False), ({"nbgrader": {"grade": True}}, True), ({"nbgrader": {"grade": False}}, False)],
)
def test_only_graded_cells_run_in_spite_of_their_tag(zygote, tmp_path, metadata, runs):
    cell = new_code_cell("1", metadata={"tags": ["skip-execution"], **metadata})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    execute = WalledExecute(zygote=zygote, limits=Limits())
    execute.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    assert bool(cell.outputs) == runs


TWO_TESTS = ForeignAssignment(
    "hw", (OwnTest.of("a", "p", "a", POINTS), OwnTest.of("b", "p", "b", POINTS)), (), ("p",)
)
VERDICTS = {
    "all points": ({"a": 2, "b": 2}, {}, False, "OK", ""),
    "part of the points": ({"a": 2, "b": 0.5}, {}, False, "WRONG", "b: 0.5 of 2 points"),
    "no points": ({"a": 2, "b": 0}, {}, False, "WRONG", "b: wrong"),
    "nothing done": ({"a": 0, "b": 0}, {}, True, "UNDONE", "not done: a, b"),
    "a result that is no score": ({"a": 2, "b": None}, {}, False, "WRONG", "somebody has to look"),
    "a test that was stopped": ({"a": 2, "b": 0}, {"b": "TIMEOUT"}, False, "TIMEOUT", "b: TIMEOUT"),
    "another cell that was": ({"a": 2, "b": 2}, {"c": "CRASH"}, False, "CRASH", "c: CRASH"),
}


@pytest.mark.parametrize(
    ("scores", "stopped", "untouched", "outcome", "remark"), VERDICTS.values(), ids=VERDICTS
)
def test_the_verdict_is_read_from_the_scores(scores, stopped, untouched, outcome, remark):
    verdict = verdict_of(
        TWO_TESTS,
        "ann",
        GradebookEntry({("p", cell): score for cell, score in scores.items()}, untouched=untouched),
        stopped={("p", cell): Outcome(how) for cell, how in stopped.items()},
    )
    assert verdict.outcome == outcome
    assert verdict.earned == sum(score or 0 for score in scores.values())
    assert verdict.remarks[0] == JUDGED_BY_ITSELF
    assert remark in verdict.remark


def test_what_was_put_right_is_told():
    verdict = verdict_of(
        TWO_TESTS,
        "ann",
        GradebookEntry({("p", "a"): 2.0, ("p", "b"): 2.0}, penalty=1.5),
        stopped={},
        repairs=("a: its points had been changed (put right)",),
        missing=("q",),
    )
    assert verdict.outcome is Outcome.TAMPERED
    assert verdict.remarks == (
        JUDGED_BY_ITSELF,
        "late: 1.5 points off",
        "q.ipynb is missing",
        "a: its points had been changed (put right)",
    )


def test_no_gradebook_is_made_by_looking_for_one(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("")
    foreign = ForeignCourse.load(Course(tmp_path))
    with pytest.raises(CourseError, match="'ps1'; there are: none"):
        foreign.find("ps1")
    assert sorted(tmp_path.iterdir()) == [tmp_path / "nbgrader_config.py"]


@pytest.mark.parametrize("layout", ["{nbgrader_step}/{student_id}", "{student_id}/{nbgrader_step}"])
def test_students_are_those_that_nbgrader_would_grade(tmp_path, layout):
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.directory_structure = '{layout}/{{assignment_id}}'\n"
        "c.CourseDirectory.student_id_exclude = 'bob,eve'\n"
    )
    for student in ("ann", "bob", "cyd", "a+b", ".trash"):
        path = layout.format(nbgrader_step="submitted", student_id=student)
        (tmp_path / path / ("hw2" if student == "cyd" else "hw1")).mkdir(parents=True)
    assert ForeignCourse.load(Course(tmp_path)).students("hw1") == ["a+b", "ann"]


def test_the_documented_differences_are_those_that_are_tried():
    page = Path(__file__).parents[3] / "docs" / "foreign-courses.md"
    rows = [line for line in page.read_text().splitlines() if line.startswith("| ")][1:]
    documented = [row.split("|")[1].strip() for row in rows]
    tried = {foreign_course.WARNED, foreign_course.SKIPPED, foreign_course.FORGED}
    tried |= {foreign_course.EXITED, public_courses.LINKS, public_courses.ENDLESS}
    tried |= {public_courses.NO_SCORE, public_courses.NO_ANSWER, public_courses.WINDOWS}
    tried |= {public_courses.COPIED, public_courses.STRANGER, public_courses.NO_TEST}
    tried |= {public_courses.LOST, public_courses.OLD_FORM}
    assert sorted(documented) == sorted(tried)
