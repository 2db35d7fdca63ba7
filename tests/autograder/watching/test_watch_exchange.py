"""Students submit to nbgrader's exchange and fetch their feedback there; nobody gives a command."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import get_username

from tests.autograder.watching.test_watch_command import NAME, Command, _built, course, start

__all__ = ["_built", "course", "start"]

STUDENT = get_username()

pytestmark = pytest.mark.long


def run(*words, folder):
    done = subprocess.run(
        [Path(sys.executable).parent / "nbgrader", *words],
        cwd=folder,
        env={**os.environ, "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def student(course, tmp_path):
    """A student's folder, with the assignment in it; the course has an exchange."""
    exchange, folder = tmp_path / "exchange", tmp_path / "mine"
    exchange.mkdir()
    exchange.chmod(0o777)
    folder.mkdir()
    settings = f"c.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'lin'\n"
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(settings)
    (folder / "nbgrader_config.py").write_text(f"c = get_config()\n{settings}")
    run("release_assignment", NAME, folder=course.root)
    run("fetch_assignment", NAME, "--course", "lin", folder=folder)
    return folder


def submit(folder, length):
    place = folder / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(place, 4)
    (value,) = (cell for cell in notebook.cells if cell.id == "value-length")
    value.source = f"length_by_hand = {length}"
    nbformat.write(notebook, place)
    run("submit", NAME, "--course", "lin", folder=folder)


def fetched(folder):
    """The pages that have been fetched, the oldest hand-in first."""
    run("fetch_feedback", NAME, "--course", "lin", folder=folder)
    pages = sorted(folder.rglob(f"feedback/**/{NAME}.html"))
    return [page.read_text(encoding="utf-8") for page in pages]


def test_what_is_submitted_has_its_feedback_released(course, student, start):
    command: Command = start("--collect", "--release")
    assert command.line().startswith("watching")
    submit(student, length=49)
    line = command.line()
    assert line.startswith(f"{NAME} {STUDENT} WRONG 0/8 in ")
    assert line.endswith("; released")
    (first,) = fetched(student)
    assert first == (course.feedback / STUDENT / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    submit(student, length=7)
    assert command.line().startswith(f"{NAME} {STUDENT} UNDONE 1/8 in ")
    assert fetched(student)[0] == first
    assert fetched(student)[1] != first
    other = course.submission(NAME, "by-mail")
    other.parent.mkdir(parents=True)
    other.write_bytes(course.submission(NAME, STUDENT).read_bytes())
    assert command.line().endswith("; not released, it did not come through the exchange")
