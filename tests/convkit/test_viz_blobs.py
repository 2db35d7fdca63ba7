"""Pictures of points that become blobs, and of kernels that are taken apart."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import signal

from convkit import viz
from convkit.viz.grids import cell_text

POINTS = [(1, 1), (3, 4), (4, 6), (5, 0), (3, 4)]
BELL = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
EVEN = np.arange(1, 9).reshape(2, 4)
CANVAS = np.zeros((6, 8))
np.add.at(CANVAS, tuple(np.transpose(POINTS)), 1)

FIGURES: dict[str, Callable[[], Figure]] = {
    "bell_profile": lambda: viz.bell_profile(13, 2),
    "bell_profile, wide": lambda: viz.bell_profile(61, 3),
    "bell_profile, one pixel": lambda: viz.bell_profile(1, 4),
    "blob_steps": lambda: viz.blob_steps((6, 8), POINTS, BELL).frame(3),
    "blob_steps, largest": lambda: viz.blob_steps((16, 16), [(0, 15)], BELL / 7).frame(0),
    "point_map": lambda: viz.point_map({"a": CANVAS, "b": 2 * CANVAS}, [(0, 7), (5, 0), (2, 3)]),
    "column_times_row": lambda: viz.column_times_row([1, 2, 1], [-1, 0, 1]).frame(1),
    "column_times_row, long": lambda: viz.column_times_row(range(16), range(16)).frame(-1),
    "two_passes": lambda: viz.two_passes(CANVAS, [1, 2, 1], [1, 2, 1]),
}


def numbers_in(ax: Axes) -> list[str]:
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


def window_of(ax: Axes) -> tuple[float, ...]:
    (frame,) = [patch for patch in ax.patches if patch.get_gid() == "window"]
    left, top = frame.get_xy()
    return top + 0.5, left + 0.5, frame.get_height(), frame.get_width()


def copy_of(ax: Axes) -> tuple[float, ...]:
    (line,) = [line for line in ax.lines if line.get_gid() == "copy"]
    (left, top), (right, bottom) = line.get_xydata().min(axis=0), line.get_xydata().max(axis=0)
    return top + 0.5, left + 0.5, bottom - top, right - left


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_settings_as_they_were(make: Callable) -> None:
    before = dict(mpl.rcParams)
    figure = make()
    figure.draw_without_rendering()
    texts = [t for ax in figure.axes for t in (*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label)]
    for text in [*texts, *figure.texts]:
        if text.get_text().strip():
            box = text.get_window_extent()
            assert box.x0 >= -1
            assert box.y0 >= -1
            assert box.x1 <= figure.bbox.width + 1
            assert box.y1 <= figure.bbox.height + 1
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(("size", "std"), [(13, 2.0), (6, 1.2), (1, 3.0)])
def test_a_stem_stands_at_every_pixel_and_is_as_high_as_the_bell(size: int, std: float) -> None:
    (ax,) = viz.bell_profile(size, std).axes
    lines = {line.get_gid(): line.get_xydata() for line in ax.lines}
    pixels, heights = lines["pixels"].T
    np.testing.assert_array_equal(pixels, range(size))
    np.testing.assert_allclose(heights, signal.windows.gaussian(size, std))
    assert lines["centre"][0, 0] == (size - 1) / 2
    places, curve = lines["curve"].T
    np.testing.assert_allclose(np.interp(pixels, places, curve), heights, atol=2e-3)


@pytest.mark.parametrize("kernel", [BELL, EVEN], ids=["odd", "even"])
def test_each_step_adds_the_copy_of_one_point(kernel: np.ndarray) -> None:
    steps = viz.blob_steps((6, 8), POINTS, kernel)
    assert len(steps) == len(POINTS)
    so_far = np.zeros((6, 8))
    for step, point in enumerate(POINTS):
        alone = np.zeros((6, 8))
        alone[point] = 1
        copy = signal.convolve2d(alone, kernel, mode="same")
        so_far += copy
        canvas, kernel_ax, image = steps.frame(step).axes
        assert numbers_in(canvas) == numbers_of(CANVAS)
        assert numbers_in(kernel_ax) == numbers_of(kernel)
        assert numbers_in(image) == numbers_of(so_far)
        assert window_of(canvas) == (*point, 1, 1)
        lit = np.argwhere(copy)
        (top, left), (rows, columns) = lit.min(axis=0), np.ptp(lit, axis=0) + 1
        assert copy_of(image) == (top, left, rows, columns)


def test_the_caption_says_how_much_of_a_copy_is_cut_off() -> None:
    steps = viz.blob_steps((6, 8), POINTS, BELL)
    captions = [steps.frame(step).texts[-1].get_text() for step in (0, 3)]
    assert captions == [
        "the point [1, 1]: its whole copy lies on the canvas",
        "the point [5, 0]: of its copy 4 entries of 9 lie on the canvas",
    ]


def test_canvases_share_a_scale_and_rings_stand_at_row_and_column() -> None:
    first, second = viz.point_map({"a": CANVAS, "b": 3 * CANVAS}, [(0, 7), (5, 2)]).axes
    assert [ax.get_title() for ax in (first, second)] == ["a", "b"]
    for ax, array in [(first, CANVAS), (second, 3 * CANVAS)]:
        np.testing.assert_array_equal(ax.images[0].get_array(), array)
        assert ax.images[0].get_clim() == (0, 6)
        assert [patch.center for patch in ax.patches] == [(7, 0), (2, 5)]
        assert [text.get_text() for text in ax.texts] == ["[0, 7]", "[5, 2]"]


def test_each_step_writes_one_row_of_the_table() -> None:
    column, row = [1, 2, -1], [3, 0, 5, 4]
    steps = viz.column_times_row(column, row)
    assert len(steps) == 3
    for step in range(3):
        row_ax, column_ax, table = steps.frame(step).axes
        assert numbers_in(row_ax) == numbers_of(np.array(row))
        assert numbers_in(column_ax) == numbers_of(np.array(column))
        assert window_of(column_ax) == (step, 0, 1, 1)
        assert numbers_in(table) == numbers_of(np.outer(column, row)[: step + 1])
    assert steps.frame(2).texts[-1].get_text() == "row 2 of the kernel: −1 times the row"


def test_the_second_pass_starts_from_the_first() -> None:
    column, row = np.array([1, 2, 3]), np.array([4, 0, -5, 1])
    axes = viz.two_passes(CANVAS, column, row).axes
    down = signal.convolve2d(CANVAS, column[:, None], mode="same")
    image = signal.convolve2d(CANVAS, np.outer(column, row), mode="same")
    shown = [numbers_in(ax) for ax in axes]
    assert shown == [numbers_of(each) for each in (CANVAS, column, down, down, row, image)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.bell_profile(0, 1), "size must be from 1 to 61, not 0"),
        (lambda: viz.bell_profile(62, 1), "not 62"),
        (lambda: viz.bell_profile(3, 0), "std must be positive"),
        (lambda: viz.blob_steps((3, 4), [], BELL), "at least one point"),
        (lambda: viz.blob_steps((3, 4), [(1, 1)], BELL[0]), r"not of shape \(3,\)"),
        (lambda: viz.blob_steps((17, 4), [(1, 1)], BELL), r"at most 16 .* got \(17, 4\)"),
        (lambda: viz.blob_steps((3, 4), [(1, 1)], np.ones((1, 17))), r"\(1, 17\)"),
        (lambda: viz.point_map({}, []), "at least one canvas"),
        (lambda: viz.point_map({"a": np.ones(3)}, []), r"'a' must have .* not \(3,\)"),
        (lambda: viz.column_times_row([[1]], [1]), r"column must be a vector .* \(1, 1\)"),
        (lambda: viz.column_times_row([1], np.ones(17)), r"row must be .* not of shape \(17,\)"),
        (lambda: viz.two_passes(np.ones((3, 17)), [1], [1]), r"image must be .* \(3, 17\)"),
        (lambda: viz.two_passes(CANVAS, [1], []), r"row must be a vector .* \(0,\)"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_a_point_outside_is_named() -> None:
    with pytest.raises(IndexError, match=r"point \(3, 0\) lies outside"):
        viz.blob_steps((3, 4), [(3, 0)], BELL)
