"""``autograder watch`` as a process: what arrives gets a page, and a signal stops it cleanly."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import pytest

from autograder.authoring.loading import find_assignment
from autograder.building.new_course import write_course
from autograder.building.release import release
from autograder.core.course import Course
from autograder.settings import load_settings

NAME = "01_linear"
BIN = Path(sys.executable).parent
ANSWERS = {
    "solve": "def solve(A, b):\n    return np.linalg.pinv(A) @ b",
    "value-length": "length_by_hand = 7",
}
SECONDS = 120
"""How long a test waits for a line before it gives up; a busy machine may need a while."""


class Command:
    """The running command, and the lines that it has printed."""

    def __init__(self, course, *options):
        self.process = subprocess.Popen(
            [BIN / "autograder", "watch", NAME, *options],
            cwd=course.root,
            env={**os.environ, "PATH": os.defpath},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self):
        """The next line."""
        return self._lines.get(timeout=SECONDS)

    def ends(self, *signals):
        """Stop it; gives exit code, lines that nobody has read, and what it said of errors."""
        for number in signals:
            self.process.send_signal(number)
        self.process.wait(timeout=SECONDS)
        errors = self.process.stderr.read()
        left = []
        while not self._lines.empty():
            left.append(self._lines.get())
        return self.process.returncode, left, errors


@pytest.fixture(scope="session")
def _built(tmp_path_factory):
    course = write_course(tmp_path_factory.mktemp("watched") / "course")
    config, _ = load_settings(course)
    release(course, find_assignment(course, NAME), config)
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write("c.Watch.between_seconds = 0\nc.Watch.patience_seconds = 1\n")
    return course.root


@pytest.fixture
def course(_built, tmp_path):
    return Course(shutil.copytree(_built, tmp_path / "course"))


@pytest.fixture
def start(course):
    """Start the command; whatever still runs at the end of the test is killed."""
    commands = []

    def started(*options):
        commands.append(Command(course, *options))
        return commands[-1]

    yield started
    for command in commands:
        command.process.kill()
        command.process.wait()


def notebook(course, **sources):
    """The released notebook with answers."""
    found = nbformat.read(course.released(NAME), 4)
    for cell in found.cells:
        cell.source = sources.get(cell.id, ANSWERS.get(cell.id, cell.source))
    return nbformat.writes(found)


def hand_in(course, student, text):
    place = course.submission(NAME, student)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


def page(course, student):
    return (course.feedback / student / NAME / f"{NAME}.html").read_text()


def test_a_course_is_watched(course, start):
    """What is there, what arrives, what cannot be read; a second run; the end."""
    hand_in(course, "early", notebook(course))
    command = start()
    assert command.line() == f"watching {NAME} in {course.root}"
    assert command.line().startswith(f"{NAME} early UNDONE 5/8 in ")
    assert "solve" in page(course, "early")
    hand_in(course, "late", notebook(course, **{"value-length": "length_by_hand = 49"}))
    assert command.line().startswith(f"{NAME} late WRONG 4/8 in ")
    hand_in(course, "late", notebook(course))
    assert command.line().startswith(f"{NAME} late UNDONE 5/8 in ")
    hand_in(course, "torn", notebook(course)[:-20])
    assert command.line().startswith(f"{NAME} torn REFUSED in ")
    for words in (["grade", NAME], ["regrade", NAME], ["report"], ["watch", NAME]):
        second = subprocess.run(
            [BIN / "autograder", *words], cwd=course.root, capture_output=True, text=True
        )
        assert second.returncode == 1, second
        assert second.stdout == ""
        assert second.stderr.startswith("autograder: a watcher is running in this course (process")
        assert len(second.stderr.splitlines()) == 1
    assert command.ends(signal.SIGTERM) == (0, ["stopped; left for the next start: 0"], "")
    assert (course.root / "report.html").is_file()


def test_programs_read_lines_of_json(course, start):
    hand_in(course, "ada", notebook(course))
    command = start("--json")
    data = json.loads(command.line())
    assert (data["student"], data["outcome"], data["score"]) == ("ada", "UNDONE", 5)
    assert data["seconds"]["took"] > 0
    code, lines, errors = command.ends(signal.SIGINT)
    assert (code, lines, errors) == (0, [], "")


@pytest.mark.long
def test_what_runs_too_long_at_the_end_is_left_for_the_next(course, start):
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write("c.Watch.stop_seconds = 0.5\n")
    hand_in(course, "slow", notebook(course, solve="import time\ntime.sleep(25)"))
    command = start()
    command.line()
    hand_in(course, "other", notebook(course))
    assert command.line().startswith(f"{NAME} other UNDONE 5/8")
    code, lines, errors = command.ends(signal.SIGTERM)
    assert (code, lines, errors) == (0, ["stopped; left for the next start: 1"], "")
    assert not course.result(NAME, "slow").exists()
    hand_in(course, "slow", notebook(course))
    again = start()
    lines = {again.line().rpartition(" in ")[0] for _ in range(3)}
    assert f"{NAME} slow UNDONE 5/8" in lines
