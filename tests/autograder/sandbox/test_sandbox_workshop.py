"""Workshops of dead graders are swept away; those of living ones in any container are not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import pytest

from autograder.sandbox.outside import workshop

OTHER_GRADER = """\
import sys
from autograder.sandbox.outside import workshop
print(workshop.open_new().path, flush=True)
sys.stdin.read()
"""
LONG_AGO = 1_000_000_000


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield tmp_path
    tempfile.tempdir = None


def test_only_the_workshop_of_a_dead_grader_is_swept_away(temporary):
    mine = workshop.open_new()
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_GRADER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        theirs = other.stdout.readline().strip()
        for path in (mine.path, theirs):
            assert os.path.dirname(path) == str(temporary)
            os.utime(path, (LONG_AGO, LONG_AGO))
        workshop.sweep()
        assert os.path.isdir(mine.path)
        assert os.path.isdir(theirs)
        other.kill()
        other.wait()
        os.utime(theirs, (LONG_AGO, LONG_AGO))
        workshop.sweep()
    assert os.path.isdir(mine.path)
    assert not os.path.exists(theirs)
    mine.remove()
    assert not list(temporary.iterdir())


def test_what_is_young_or_a_link_is_left_alone(temporary):
    young = temporary / "room-young"
    young.mkdir()
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    os.utime(elsewhere, (LONG_AGO, LONG_AGO))
    (temporary / "room-link").symlink_to(elsewhere)
    workshop.sweep()
    assert young.is_dir()
    assert elsewhere.is_dir()
