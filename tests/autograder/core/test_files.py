import errno
import fcntl
import os
import subprocess
import sys

import pytest

from autograder.core.files import remove_leftovers, stage, write_atomically


def test_a_staged_file_is_not_seen_until_it_is_published(tmp_path):
    path = tmp_path / "new" / "page.html"
    staged = stage(path, "after")
    assert not path.exists()
    staged.publish()
    assert path.read_text() == "after"
    assert [found.name for found in path.parent.iterdir()] == ["page.html"]


def test_a_discarded_file_leaves_the_old_one(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("before")
    staged = stage(path, "after")
    staged.discard()
    staged.discard()
    assert path.read_text() == "before"
    assert [found.name for found in tmp_path.iterdir()] == ["page.html"]


def test_a_staged_file_can_be_read_and_rewritten_and_stays_locked(tmp_path):
    staged = stage(tmp_path / "page.html", "a long beginning: ä")
    assert staged.read() == "a long beginning: ä"
    staged.rewrite("short")
    assert staged.read() == "short"
    tidy = "import sys, pathlib; from autograder.core.files import remove_leftovers; "
    tidy += "remove_leftovers(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", tidy, tmp_path], check=True)
    staged.publish()
    assert (tmp_path / "page.html").read_text() == "short"


def test_discarding_a_published_file_does_nothing(tmp_path):
    staged = stage(tmp_path / "page.html", "after")
    staged.publish()
    staged.discard()
    assert (tmp_path / "page.html").read_text() == "after"


def test_what_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def no_space(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "page.html", b"after")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_has_staged_is_removed(tmp_path):
    stage(tmp_path / "page.html", "half of it")
    (tmp_path / ".hidden").write_text("somebody else's")
    remove_leftovers(tmp_path)
    assert [found.name for found in tmp_path.iterdir()] == [".hidden"]


ANOTHER_PROGRAM = """\
import sys
from pathlib import Path
from autograder.core.files import stage
staged = stage(Path(sys.argv[1]), "after")
print("staged", flush=True)
input()
staged.publish()
"""


def test_what_another_program_has_staged_stays_until_it_is_killed(tmp_path):
    path = tmp_path / "page.html"

    def start():
        other = subprocess.Popen(
            [sys.executable, "-c", ANOTHER_PROGRAM, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert other.stdout.readline() == "staged\n"
        return other

    with start() as killed, start() as other:
        remove_leftovers(tmp_path)
        assert len(list(tmp_path.iterdir())) == 2
        killed.kill()
        killed.wait()
        remove_leftovers(tmp_path)
        assert len(list(tmp_path.iterdir())) == 1
        other.communicate("\n")
    assert [found.read_text() for found in tmp_path.iterdir()] == ["after"]


def test_a_file_that_is_taken_for_a_leftover_at_once_is_staged_again(tmp_path, monkeypatch):
    lock, taken = fcntl.lockf, []

    def lock_too_late(file, how):
        if not taken:
            taken.extend(tmp_path.iterdir())
            taken[0].unlink()
        lock(file, how)

    monkeypatch.setattr("fcntl.lockf", lock_too_late)
    stage(tmp_path / "page.html", "after").publish()
    assert taken
    assert [found.name for found in tmp_path.iterdir()] == ["page.html"]
