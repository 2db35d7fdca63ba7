"""A room does what a kernel does, but for what the walls demand: `docs/as-a-kernel.md`."""

import pytest

from tests.autograder.sandbox.kernel_rows import ROWS
from tests.autograder.sandbox.kernel_runs import in_a_kernel, in_a_room
from tests.autograder.sandbox.write_kernel_table import DOCUMENT, page


@pytest.mark.long
def test_a_room_does_what_a_kernel_does(strong):
    in_both = [row for row in ROWS if not row.for_the_room_alone]
    in_room = in_a_room(in_both, strong)
    in_kernel = in_a_kernel(in_both)
    differ = {
        row.what: {"cells": row.cells, "kernel": kernel, "room": room}
        for row, kernel, room in zip(in_both, in_kernel, in_room, strict=True)
        if kernel != room
    }
    meant = {row.what for row in in_both if row.why}
    assert {what: both for what, both in differ.items() if what not in meant} == {}
    assert meant - differ.keys() == set()
    for row, room in zip(in_both, in_room, strict=True):
        assert row.shows in repr(room[-1])


def test_what_would_end_a_kernel_ends_no_room(strong):
    alone = [row for row in ROWS if row.for_the_room_alone]
    for row, room in zip(alone, in_a_room(alone, strong), strict=True):
        assert row.shows in repr(room[-1])


def test_every_difference_has_a_reason_and_words_for_both():
    for row in ROWS:
        assert len({bool(each) for each in (row.why, row.kernel, row.room, row.shows)}) == 1
        assert row.why or not row.for_the_room_alone


def test_the_page_is_that_of_the_rows():
    assert DOCUMENT.read_text() == page()
