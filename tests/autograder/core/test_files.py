import errno
import os

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
