import contextlib
import json
import os
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.errors import RefusedError
from autograder.running.read import (
    MAX_CELLS,
    MAX_FILE_BYTES,
    MAX_SOURCE_CHARACTERS,
    parse_submission,
    read_submission,
)

BROKEN = {
    "no JSON": (b"{", "not valid JSON"),
    "not UTF-8": (b'{"cells": "\xff"}', "not UTF-8"),
    "NaN": (b'{"cells": [], "nbformat": NaN}', "not valid JSON"),
    "no notebook": (b"[1, 2]", "not a Jupyter notebook"),
    "nothing in it": (b"{}", "not a Jupyter notebook"),
    "a number": (b"5", "not a Jupyter notebook"),
    "format 3": (b'{"worksheets": [], "nbformat": 3}', "format 3"),
    "format 99": (b'{"cells": [], "nbformat": 99}', "99"),
    "cell is a number": (b'{"cells": [7], "nbformat": 4}', "cell 1"),
    "source is a number": (
        b'{"cells": [{"cell_type": "code", "source": 7}], "nbformat": 4}',
        "cell 1 has no text",
    ),
    "lone surrogate": (
        b'{"cells": [{"cell_type": "code", "source": "\\ud800"}], "nbformat": 4}',
        "no text can hold",
    ),
    "too deep": (b"[" * 200_000, "not valid JSON|nested too deeply"),
    "too much text in all cells together": (
        json.dumps(
            {
                "cells": [{"cell_type": "code", "source": "x" * (MAX_SOURCE_CHARACTERS // 2 + 1)}]
                * 2,
                "nbformat": 4,
            }
        ).encode(),
        "the cells hold more than 200,000 characters",
    ),
    "too many cells": (
        json.dumps({"cells": [{"cell_type": "raw"}] * (MAX_CELLS + 1), "nbformat": 4}).encode(),
        "cells",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_refused_with_the_reason(case):
    content, said = BROKEN[case]
    with pytest.raises(RefusedError, match=said):
        parse_submission(content)


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(content):
    with contextlib.suppress(RefusedError):
        parse_submission(content)


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "student" / "02"
    folder.mkdir(parents=True)
    return folder / "02.ipynb"


def test_a_plain_file_is_read(place):
    place.write_bytes(b"{}")
    assert read_submission(place) == b"{}"


def _link(place):
    (place.parent / "elsewhere").write_text("{}")
    place.symlink_to(place.parent / "elsewhere")


def _hard_link(place):
    (place.parent / "elsewhere").write_text("{}")
    os.link(place.parent / "elsewhere", place)


def _linked_folder(place):
    real = place.parent.rename(place.parent.with_name("real"))
    (real / place.name).write_text("{}")
    place.parent.symlink_to(real)


def _large(place):
    with open(place, "wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)


PLACES = {
    "missing": (lambda place: None, r"02\.ipynb is missing$"),
    "missing folder": (lambda place: place.parent.rmdir(), r"02\.ipynb is missing$"),
    "other name": (
        lambda place: (place.parent / "final.ipynb").write_text("{}"),
        "missing; there is 'final.ipynb'",
    ),
    "folder": (lambda place: place.mkdir(), "not a regular file"),
    "fifo": (os.mkfifo, "not a regular file"),
    "symbolic link": (_link, "not a regular file"),
    "hard link": (_hard_link, "other names"),
    "linked folder": (_linked_folder, "symbolic link"),
    "too large": (_large, "larger than"),
}


@pytest.mark.parametrize("case", PLACES)
def test_only_a_plain_file_of_bearable_size_is_opened(place, case):
    prepare, said = PLACES[case]
    prepare(place)
    with pytest.raises(RefusedError, match=said):
        read_submission(place)


def test_a_name_that_is_not_utf8_is_told(place):
    path = place.parents[2] / "ada\\xff" / "02" / "02.ipynb"
    with pytest.raises(RefusedError, match=r"the folder ada\\xff is not UTF-8 text; rename it"):
        read_submission(path)


@pytest.fixture
def lying(monkeypatch, tmp_path):
    """`os.lstat` takes everything for a plain file, as if it were exchanged right afterwards."""
    plain = tmp_path / "plain"
    plain.write_text("{}")
    seen = plain.lstat()
    monkeypatch.setattr(os, "lstat", lambda path: seen)


def test_a_link_put_in_place_of_the_file_is_not_followed(place, lying):
    _link(place)
    with pytest.raises(RefusedError, match="cannot be opened"):
        read_submission(place)


def test_a_pipe_put_in_place_of_the_file_is_not_waited_for(place, lying):
    os.mkfifo(place)

    def waited(number, frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(10)
    try:
        with pytest.raises(RefusedError, match="not a regular file"):
            read_submission(place)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def test_a_hard_link_put_in_place_of_the_file_is_not_read(place, lying):
    _hard_link(place)
    with pytest.raises(RefusedError, match="other names"):
        read_submission(place)
