"""Pictures of arrays: what is drawn of them, and how much."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.publishing.page.drawing import (
    MOST_ACROSS,
    Cells,
    heat_map,
    largest,
    outline,
    view,
)

FLOATS = npst.arrays(np.float64, npst.array_shapes(min_dims=1, max_dims=5, max_side=40))


def drawn(grid, wrong=None, title="an answer"):
    wrong = np.zeros(grid.shape, bool) if wrong is None else wrong
    return heat_map(grid, title, wrong, Cells.of([grid]), largest(grid))


def marks(picture, name):
    """How many boxes a path of some class is made of."""
    return sum(path.count("M") for path in re.findall(f'class="{name}"[^>]*? d="([^"]*)"', picture))


@given(FLOATS, st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_drawn_is_small_and_holds_the_first_wrong_entry(array, data):
    first = tuple(data.draw(st.integers(0, size - 1)) for size in array.shape)
    seen = view(array.shape, first)
    marked = np.zeros(array.shape, bool)
    marked[first] = True
    grid, wrong = seen.of(array), seen.of(marked)
    assert max(grid.shape) <= MOST_ACROSS
    assert wrong.sum() == 1
    assert (seen.words == "") == (grid.size == array.size and array.ndim <= 2)
    picture = drawn(grid, wrong)
    ElementTree.fromstring(picture)
    assert marks(picture, "wrong") == 1


def test_of_a_batch_of_images_one_image_and_channel_are_drawn():
    seen = view((2, 3, 4, 5), (1, 0, 2, 3))
    array = np.arange(120.0).reshape(2, 3, 4, 5)
    assert np.array_equal(seen.of(array), array[1, :, :, 3])
    assert seen.words == "[1, :, :, 3]"


def test_rows_and_columns_of_a_part_keep_their_numbers():
    grid = np.ones((50, 3))
    seen = view(grid.shape, (40, 1))
    assert seen.starts == (32, 0)
    picture = heat_map(
        seen.of(grid), "x", seen.of(grid > 2), Cells.of([seen.of(grid)]), 1.0, seen.starts
    )
    ticks = re.findall('class="tick"[^>]*>([0-9]+)<', picture)
    assert ticks[:2] == ["32", "33"]
    assert ticks[-3:] == ["0", "1", "2"]


def test_numbers_stand_in_the_cells_where_there_is_room():
    assert ">0.3333<" in drawn(np.full((2, 3), 1 / 3))
    wide = np.full((2, 16), 1 / 3)
    assert not Cells.of([wide]).has_numbers
    assert "0.3333" not in drawn(wide)


def test_what_is_above_and_below_zero_has_its_own_colour():
    picture = drawn(np.array([[1.0, -2.0, 0.0], [3.0, -4.0, -1.0]]))
    assert (marks(picture, "above"), marks(picture, "below")) == (2, 3)


def test_what_is_no_number_is_crossed_out_or_named():
    odd = np.array([[np.nan, np.inf, -np.inf, 1.0]])
    assert [word in drawn(odd) for word in (">nan<", ">inf<", ">-inf<")] == [True] * 3
    wide = np.tile(np.array([[np.nan, -0.0123]]), 8)
    picture = drawn(wide)
    assert picture.count('class="cross"') == 1
    assert largest(np.full((1, 2), np.nan)) == 0.0


def test_a_title_is_text():
    picture = drawn(np.ones((1, 1)), title='<script>"&')
    root = ElementTree.fromstring(picture)
    assert root.get("aria-label") == root[0].text == '<script>"&'


@pytest.mark.parametrize("shape", [(), (3,), (0, 4), (10**15, 2), (2, 5, 7, 3), (1, 2, 3)])
def test_outlines_have_a_bound(shape):
    picture = ElementTree.fromstring(outline(shape, (3, 4), "x"))
    assert int(picture.get("width")) <= 200
    assert int(picture.get("height")) <= 200
