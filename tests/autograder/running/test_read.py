import codecs
import contextlib
import dataclasses
import hashlib
import json
import os
import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.errors import RefusedError
from autograder.core.sizes import Sizes
from autograder.running.read import SubmittedFile, parse_submission, read_submission

SMALL = Sizes(notebook_bytes=100_000, text_bytes=20_000, code_characters=10_000, cells=20)


def parsed(content, sizes=SMALL):
    return parse_submission(SubmittedFile.of([content], sizes), sizes)


def notebook(*cells, **rest):
    return {"cells": list(cells), "nbformat": 4, "nbformat_minor": 5, "metadata": {}, **rest}


def code(source, **rest):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], **rest}


def markdown(source, **rest):
    return {"cell_type": "markdown", "source": source, "metadata": {}, **rest}


BROKEN = {
    "no JSON": (b"{", "not valid JSON"),
    "not UTF-8, and nothing in it": (b'{"cells": "\xff"}', "not a Jupyter notebook"),
    "NaN": (b'{"cells": [], "nbformat": NaN}', "no known format"),
    "a conflict that Git left": (
        b'{"cells": [\n<<<<<<< HEAD\n{},\n=======\n[],\n>>>>>>> other\n], "nbformat": 4}',
        "both sides of a conflict",
    ),
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
    "too deep": (b"[" * 15_000, "not valid JSON|nested too deeply"),
    "too much code in all cells together": (
        json.dumps(notebook(*[code("x" * 5_001)] * 2)).encode(),
        r"more than 10000 characters \(c\.LockedRoom\.code_characters\); keep data in files",
    ),
    "too much text": (
        json.dumps(notebook(markdown("x" * 20_000))).encode(),
        r"more than 20000 bytes \(c\.LockedRoom\.text_bytes\); take pasted pictures",
    ),
    "too large": (
        json.dumps(notebook(code("", outputs=["x" * 100_000]))).encode(),
        r"larger than 100000 bytes \(c\.LockedRoom\.notebook_bytes\); clear its outputs",
    ),
    "too many cells": (
        json.dumps(notebook(*[{"cell_type": "raw"}] * 21)).encode(),
        r"more than 20 cells \(c\.LockedRoom\.cells\); remove",
    ),
    "too many brackets in its outputs": (
        b'{"cells": [{"cell_type": "code", "outputs": ['
        + b"[]," * 1_100_000
        + b'0]}], "nbformat": 4}',
        "too many parts; clear its outputs",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_cannot_be_read_is_refused_with_the_reason(case):
    content, said = BROKEN[case]
    sizes = dataclasses.replace(SMALL, notebook_bytes=10**7) if "parts" in said else SMALL
    with pytest.raises(RefusedError, match=said):
        parsed(content, sizes)


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_be_refused(content):
    with contextlib.suppress(RefusedError):
        parsed(content)


WRITTEN = json.dumps(notebook(code("ä = 1\nb = 2"), markdown("why \u2013 so")), ensure_ascii=False)
AS = {
    "as Jupyter does": WRITTEN.encode(),
    "with a byte order mark": b"\xef\xbb\xbf" + WRITTEN.encode(),
    "in UTF-16, as PowerShell does": WRITTEN.encode("utf-16"),
    "in UTF-16 of the other order": codecs.BOM_UTF16_BE + WRITTEN.encode("utf-16-be"),
    "with the line ends of Windows": WRITTEN.replace("\\n", "\\r\\n").encode(),
    "with the line ends of an old Mac": WRITTEN.replace("\\n", "\\r").encode(),
    "with NaN in an output": WRITTEN.replace(
        '"outputs": []', '"outputs": [NaN, Infinity]'
    ).encode(),
    "with NaN in its metadata": WRITTEN.replace(
        '"metadata": {}', '"metadata": {"a": NaN}'
    ).encode(),
    "with sources as lists": WRITTEN.replace('"ä = 1\\nb = 2"', '["ä = 1\\n", "b = 2"]').encode(),
}


@pytest.mark.parametrize("way", AS)
def test_however_it_was_saved_the_cells_are_the_same(way):
    submission = parsed(AS[way])
    assert [cell.source for cell in submission.cells] == ["ä = 1\nb = 2", "why \u2013 so"]
    assert submission.remarks == ()


def test_what_is_not_utf8_is_read_as_windows_writes_it():
    submission = parsed(WRITTEN.encode("cp1252"))
    assert [cell.source for cell in submission.cells] == ["ä = 1\nb = 2", "why \u2013 so"]
    assert submission.remarks == ("the file is not UTF-8; it was read as Windows-1252",)


def test_a_lone_surrogate_becomes_a_question_mark():
    (cell,) = parsed(
        b'{"cells": [{"cell_type": "code", "source": "a\\ud800"}], "nbformat": 4}'
    ).cells
    assert cell.source == "a?"


def test_outputs_are_passed_over_however_large():
    large = json.dumps(notebook(code("a = 1", outputs=[{"data": "x" * 90_000}]))).encode()
    file = SubmittedFile.of([large[i : i + 999] for i in range(0, len(large), 999)], SMALL)
    assert len(file.text) < 200
    assert parse_submission(file, SMALL).cells[0].source == "a = 1"


def test_pictures_that_were_pasted_are_kept():
    picture = {
        "a b.png": {"image/png": ["iVBO\n", "Rw0KGgo="]},
        "x.svg": {"image/svg+xml": "<svg/>"},
    }
    bad = {"b.png": {"image/png": 'x" onerror="'}, "c.png": {"image/png": 7}, "d": []}
    bad["no picture.png"] = {"image/png": "aGVsbG8="}
    (cell,) = parsed(json.dumps(notebook(markdown("", attachments=picture | bad))).encode()).cells
    assert cell.pictures == {"a b.png": "data:image/png;base64,iVBORw0KGgo="}


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "student" / "02"
    folder.mkdir(parents=True)
    return folder / "02.ipynb"


def test_a_plain_file_is_read(place):
    place.write_bytes(b"{}")
    file = read_submission(place)
    assert (file.text, file.remarks) == (b"{}", ())
    assert file.digest == hashlib.sha256(b"{}").digest()


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
        file.truncate(Sizes().notebook_bytes + 1)


PLACES = {
    "missing": (lambda place: None, r"02\.ipynb is missing$"),
    "missing folder": (lambda place: place.parent.rmdir(), r"02\.ipynb is missing$"),
    "two other names": (
        lambda place: [(place.parent / f"{name}.ipynb").write_text("{}") for name in "ab"],
        "missing; there are 'a.ipynb', 'b.ipynb', and which",
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
