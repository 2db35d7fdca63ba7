"""What nbgrader's log, and so formgrader, says of a submission that cannot be graded."""

import logging
from contextlib import closing

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.doors.stages.faults_in_words import say_faults_in_words
from autograder.publishing.marks.reading import saved_marks
from autograder.settings import load_settings


@pytest.fixture
def autograde(released, tiny, monkeypatch):
    """What formgrader's button does, and what its window shows."""
    for module in ("opening", "preprocessors"):
        monkeypatch.setattr(
            f"autograder.doors.stages.{module}.is_foreign", lambda _, name: name != tiny.name
        )
    monkeypatch.setattr("autograder.doors.stages.preprocessors.find_assignment", lambda *_: tiny)
    config, _ = load_settings(released)
    app = NbGrader(config=config)
    api = NbGraderAPI(CourseDirectory(config=config, parent=app), parent=app)

    def press(content):
        place = released.submission(tiny.name, "ada")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        return api.autograde(tiny.name, "ada")

    yield press
    NbGrader.clear_instance()


WHOLE = nbformat.writes(new_notebook(cells=[new_code_cell("1 + 1")])).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (WHOLE[:-40], "the file is not valid JSON"),
        (b"", "the file is not valid JSON"),
        (b"\x89PNG\r\n", "the file is not valid JSON"),
        (b"[1, 2]", "the file is not a Jupyter notebook"),
    ],
)
def test_a_broken_file_has_its_reason_in_one_line(autograde, content, reason):
    said = autograde(content)
    assert not said["success"]
    lines = [line for line in said["log"].splitlines() if reason in line]
    assert len(lines) == 1
    assert lines[0].startswith("[ERROR] ")
    assert "traceback" not in said["log"].lower()


def test_a_broken_file_by_nbgrader_has_a_page_and_loses_no_more_than_it_should(
    autograde, released, tiny
):
    with closing(Gradebook(released.gradebook_url)) as gradebook:
        gradebook.update_or_create_assignment(tiny.name, duedate="2026-02-03 12:00:00")
        gradebook.update_or_create_student("ada")
        late = "2026-02-03 13:00:00"
        submission = gradebook.update_or_create_submission(tiny.name, "ada", timestamp=late)
        submission.notebooks[0].late_submission_penalty = 4.0
        gradebook.db.commit()
    released.submission(tiny.name, "ada").parent.mkdir(parents=True)
    stamp = released.submission(tiny.name, "ada").with_name("timestamp.txt")
    stamp.write_text("2026-02-03 11:00:00 UTC")
    assert not autograde(WHOLE[:-40])["success"]
    marks = saved_marks(released.gradebook_url, tiny.name)["ada"]
    assert (marks.penalty, marks.handed_in.hour) == (0.0, 11)
    page = (released.feedback / "ada" / tiny.name / f"{tiny.name}.html").read_text()
    assert "Nothing of this file was graded." in page


def test_no_name_reaches_a_terminal_as_more_than_text(caplog):
    log = logging.getLogger("a log of nbgrader's")
    say_faults_in_words(log)
    log.warning("Updating %s:\n%s", "submitted/a\x1b]0;b\x07", "ünchanged")
    assert caplog.messages == ["Updating submitted/a\\x1b]0;b\\x07:\nünchanged"]


def test_what_nobody_foresaw_keeps_its_traceback(autograde, monkeypatch):
    def fails(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("autograder.doors.stages.preprocessors.rebuild", fails)
    log = autograde(WHOLE)["log"]
    assert "ZeroDivisionError" in log.split("Traceback", 1)[1]
    assert "see the the above traceback" in log
