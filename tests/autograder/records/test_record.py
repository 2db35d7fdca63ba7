from dataclasses import replace

import pytest

from autograder.records.record import VERSION, Record, RecordError, load_record, save_record

RECORD = Record("99_tiny", "ada", "key", timestamp="2026-02-03 04:05:06 UTC", restarts=1)


def test_a_record_comes_back_as_it_was_saved(tmp_path):
    save_record(RECORD, tmp_path / "ada.json")
    assert load_record(tmp_path / "ada.json") == RECORD


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1])
def test_a_record_of_another_version_has_to_be_made_again(tmp_path, version):
    save_record(replace(RECORD, version=version), tmp_path / "ada.json")
    with pytest.raises(RecordError, match=f"is of version {version}, not {VERSION}"):
        load_record(tmp_path / "ada.json")


@pytest.mark.parametrize("content", [None, b"", b"{}", b"5", b'{"assignment": "99_tiny"}'])
def test_what_is_no_record_has_to_be_made_again(tmp_path, content):
    if content is not None:
        (tmp_path / "ada.json").write_bytes(content)
    with pytest.raises(RecordError, match="cannot be read as a record"):
        load_record(tmp_path / "ada.json")
