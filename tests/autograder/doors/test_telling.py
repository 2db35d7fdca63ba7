"""Faults in words, and the exit code that belongs to them."""

import errno

import pytest
import sqlalchemy.exc
from nbgrader.api import MissingEntry
from nbgrader.converters import NbGraderException

from autograder.core.errors import CourseError, GraderError, RefusedError, SandboxError
from autograder.core.outcome import Outcome
from autograder.doors import console
from autograder.doors.exits import ExitCode
from autograder.doors.telling import told
from autograder.judging.verdict import Verdict
from autograder.publishing.rows import SubmissionRow


def raised_from(error, cause):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


DATABASE = sqlalchemy.exc.DatabaseError("SELECT 1", {}, Exception("file is not a database"))
TOLD = {
    "a fault of the course": (CourseError("no such folder"), "no such folder", ExitCode.FAULT),
    "no room": (SandboxError("no room"), "no room", ExitCode.FAULT),
    "nbgrader's own": (
        raised_from(NbGraderException("see the log"), KeyError("worksheets")),
        "nbgrader: see the log (KeyError: 'worksheets')",
        ExitCode.FAULT,
    ),
    "an entry that is missing": (MissingEntry("no hw1"), "the gradebook: no hw1", ExitCode.FAULT),
    "a broken database": (DATABASE, "the gradebook: file is not a database", ExitCode.FAULT),
    "a full disk": (
        OSError(errno.ENOSPC, "No space left"),
        "[Errno 28] No space left. Nothing is lost. Make space, and run the same command again.",
        ExitCode.INFRA,
    ),
}


@pytest.mark.parametrize("case", TOLD)
def test_what_is_told_and_with_which_code(case):
    error, text, code = TOLD[case]
    assert told(error) == (text, code)


@pytest.mark.parametrize("error", [ValueError("?"), OSError(errno.ENOENT, "no such file")])
def test_what_nobody_foresaw_is_not_hidden(error):
    assert told(error) is None


def test_all_errors_of_the_engine_have_one_base():
    for kind in (CourseError, RefusedError, SandboxError):
        assert issubclass(kind, GraderError)


def test_an_escape_sequence_in_a_name_does_not_reach_the_terminal(capsys):
    verdict = Verdict("hw", "ada\x1b]0;x\x07", Outcome.REFUSED, (), ("read \x1b[2J",))
    console.class_table("hw", [SubmissionRow.of(verdict)])
    console.complaint("no submission from \x1b[2J")
    said = capsys.readouterr()
    assert "\\x1b]0;x\\x07" in said.out
    assert "\x1b" not in said.out + said.err
    assert "\x07" not in said.out
