"""Pictures of convolution as a matrix: the right numbers, at the right places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from scipy import linalg, signal

from convkit import viz
from convkit.viz.grids import cell_text

RNG = np.random.default_rng(4)
SIGNAL, TAPS = np.array([2, 0, 3, 1, 4]), np.array([1, -2, 3])
IMAGE = RNG.integers(-5, 10, (4, 5, 2))
KERNEL = np.array([[1, 2, 3], [4, 5, 6]])
GRADIENT = RNG.integers(-3, 4, (2, 3))

FIGURES: dict[str, Callable[[], Figure]] = {
    "toeplitz_rows": lambda: viz.toeplitz_rows(SIGNAL, TAPS, padding=2).frame(0),
    "toeplitz_rows of one window": lambda: viz.toeplitz_rows(TAPS, TAPS).frame(0),
    "toeplitz_rows of one tap": lambda: viz.toeplitz_rows(SIGNAL, [0.125]).frame(2),
    "doubly_blocked": lambda: viz.doubly_blocked(KERNEL, (4, 4)),
    "doubly_blocked, large": lambda: viz.doubly_blocked(np.ones((3, 3)), (8, 8)),
    "doubly_blocked, one pixel": lambda: viz.doubly_blocked([[3]], (1, 2)),
    "kernel_stamps": lambda: viz.kernel_stamps(GRADIENT, KERNEL, stride=2).frame(0),
    "kernel_stamps of a number": lambda: viz.kernel_stamps([[1]], [[2]]).frame(0),
    "im2col_rows": lambda: viz.im2col_rows(IMAGE, 2, padding=1, stride=2).frame(0),
    "im2col_rows, three channels": lambda: viz.im2col_rows(np.ones((3, 3, 3)), (2, 3)).frame(0),
    "im2col_rows of one window": lambda: viz.im2col_rows([[1, 2]], (1, 2)).frame(0),
}


def numbers_in(ax: Axes) -> list[str]:
    """The numbers in the cells of a grid, row by row."""
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


def frame_in(ax: Axes) -> tuple[float, ...]:
    """First row, first column, height and width of the framed cells."""
    (frame,) = [patch for patch in ax.patches if patch.get_gid() == "window"]
    column, row = frame.get_xy()
    return row + 0.5, column + 0.5, frame.get_height(), frame.get_width()


def fill_at(ax: Axes, row: int, column: int) -> tuple[float, ...]:
    return tuple(np.asarray(ax.images[0].get_array())[row, column])


def place_of(ax: Axes, column: float, row: float) -> np.ndarray:
    """Where a point of a grid lies in the figure, in pixels."""
    ax.apply_aspect()
    return ax.transData.transform((column, row))


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_nothing_is_cut_off_and_titles_do_not_overlap(make: Callable[[], Figure]) -> None:
    figure = make()
    figure.canvas.draw()
    texts = [t for ax in figure.axes for t in (*ax.texts, ax.title)] + list(figure.texts)
    texts += [label for ax in figure.axes for label in ax.get_xticklabels() + ax.get_yticklabels()]
    boxes = [text.get_window_extent() for text in texts if text.get_text().strip()]
    for box in boxes:
        assert min(box.x0, box.y0) >= -1
        assert box.x1 <= figure.bbox.width + 1
        assert box.y1 <= figure.bbox.height + 1
    titles = [ax.title.get_window_extent() for ax in figure.axes if ax.get_title()]
    assert not [(a, b) for n, a in enumerate(titles) for b in titles[:n] if a.overlaps(b)]


def test_toeplitz_rows_shows_a_row_for_each_window() -> None:
    picture = viz.toeplitz_rows(SIGNAL, TAPS, padding=1)
    padded = np.pad(SIGNAL, 1)
    T = linalg.toeplitz([1, 0, 0, 0, 0], [1, -2, 3, 0, 0, 0, 0])
    assert len(picture) == 5
    for i in (0, 2, 4):
        above, matrix, column, output = picture.frame(i).axes
        assert numbers_in(above) == numbers_in(column) == numbers_of(padded)
        assert numbers_in(matrix) == numbers_of(T[: i + 1])
        assert numbers_in(output) == numbers_of(signal.correlate(padded, TAPS, "valid")[: i + 1])
        assert frame_in(above) == (0, i, 1, 3)
        assert frame_in(matrix) == (i, i, 1, 3)


def test_the_signal_lies_over_the_columns_of_the_matrix() -> None:
    above, matrix, _, output = viz.toeplitz_rows(SIGNAL, TAPS, padding=1).frame(3).axes
    for column in (0, 6):
        np.testing.assert_allclose(place_of(above, column, 0)[0], place_of(matrix, column, 0)[0])
    for row in (0, 4):
        np.testing.assert_allclose(place_of(matrix, 0, row)[1], place_of(output, 0, row)[1])


def test_toeplitz_rows_writes_the_dot_product_and_shades_padding_and_taps() -> None:
    figure = viz.toeplitz_rows(SIGNAL, TAPS, padding=1).frame(1)
    assert figure.texts[-1].get_text() == "y[1] = 1·2 + (−2)·0 + 3·3 = 11"
    _, matrix, column, _ = figure.axes
    assert fill_at(column, 0, 0) == to_rgb(viz.ROLES["padding"].fill)
    assert fill_at(column, 1, 0) == to_rgb(viz.ROLES["input"].fill)
    assert fill_at(matrix, 1, 1) == to_rgb(viz.ROLES["kernel"].fill)
    assert fill_at(matrix, 1, 0) == (1, 1, 1)


def test_doubly_blocked_shows_the_matrix_with_a_tint_for_each_row_of_the_kernel() -> None:
    kernel, matrix = viz.doubly_blocked(KERNEL, (3, 4)).axes
    first, second = linalg.toeplitz([1, 0], [1, 2, 3, 0]), linalg.toeplitz([4, 0], [4, 5, 6, 0])
    none = np.zeros((2, 4), int)
    right = np.block([[first, second, none], [none, first, second]])
    assert numbers_in(kernel) == numbers_of(KERNEL)
    assert numbers_in(matrix) == numbers_of(right)
    tints = [fill_at(kernel, row, 0) for row in (0, 1)]
    assert len({*tints, (1, 1, 1)}) == 3
    for i, j in np.ndindex(*right.shape):
        value = right[i, j]
        assert fill_at(matrix, i, j) == ((1, 1, 1) if value == 0 else tints[int(value > 3)])


def test_a_zero_in_the_kernel_is_still_a_tap() -> None:
    _, matrix = viz.doubly_blocked([[0, 2]], (1, 3)).axes
    assert fill_at(matrix, 0, 0) == fill_at(matrix, 0, 1) != (1, 1, 1)


def test_doubly_blocked_names_its_blocks_and_draws_lines_between_them() -> None:
    _, matrix = viz.doubly_blocked(KERNEL, (3, 4)).axes
    assert [label.get_text() for label in matrix.get_xticklabels()] == [
        "image row 0",
        "image row 1",
        "image row 2",
    ]
    assert [label.get_text() for label in matrix.get_yticklabels()] == [
        "output row 0",
        "output row 1",
    ]
    lines = [line for line in matrix.lines if line.get_gid() == "block"]
    places = {tuple(map(tuple, line.get_xydata())) for line in lines}
    upright = {x for (x, _), (other, _) in places if x == other}
    level = {y for (_, y), (_, other) in places if y == other}
    assert upright == {-0.5, 3.5, 7.5, 11.5}
    assert level == {-0.5, 1.5, 3.5}


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_kernel_stamps_add_up_to_the_full_convolution(stride: int) -> None:
    picture = viz.kernel_stamps(GRADIENT, KERNEL, stride)
    spread = np.zeros((stride + 1, 2 * stride + 1), int)
    spread[::stride, ::stride] = GRADIENT
    assert len(picture) == 6
    dy, kernel, so_far = picture.frame(-1).axes
    assert numbers_in(dy) == numbers_of(GRADIENT)
    assert numbers_in(kernel) == numbers_of(KERNEL)
    assert numbers_in(so_far) == numbers_of(signal.convolve2d(spread, KERNEL))


def test_kernel_stamps_frame_the_entry_and_its_stamp() -> None:
    picture = viz.kernel_stamps([[1, 2], [3, 4]], KERNEL, stride=2)
    dy, _, so_far = picture.frame(1).axes
    assert frame_in(dy) == (0, 1, 1, 1)
    assert frame_in(so_far) == (0, 2, 2, 3)
    assert numbers_in(so_far)[:5] == ["1", "2", "5", "4", "6"]
    assert picture.frame(2).texts[-1].get_text().endswith("its corner at [2, 0]")


def test_im2col_rows_shows_a_row_for_each_window() -> None:
    picture = viz.im2col_rows(IMAGE, (3, 2), stride=2, padding=1)
    padded = np.pad(IMAGE, ((1, 1), (1, 1), (0, 0)))
    corners = [(i, j) for i in (0, 2) for j in (0, 2, 4)]
    rows = [padded[i : i + 3, j : j + 2].ravel() for i, j in corners]
    assert len(picture) == 6
    for number in (0, 2, 5):
        first, second, matrix = picture.frame(number).axes
        assert [numbers_in(ax) for ax in (first, second)] == [
            numbers_of(padded[..., channel]) for channel in (0, 1)
        ]
        assert frame_in(first) == frame_in(second) == (*corners[number], 3, 2)
        assert frame_in(matrix) == (number, 0, 1, 12)
        assert numbers_in(matrix) == numbers_of(np.array(rows[: number + 1]))


def test_im2col_rows_labels_windows_and_taps() -> None:
    matrix = viz.im2col_rows(IMAGE, (1, 2), stride=3).frame(0).axes[-1]
    labels = [label.get_text() for label in matrix.get_xticklabels()]
    assert labels == ["0,0,0", "0,0,1", "0,1,0", "0,1,1"]
    assert [label.get_text() for label in matrix.get_yticklabels()] == [
        "[0, 0]",
        "[0, 1]",
        "[1, 0]",
        "[1, 1]",
    ]
    plain = viz.im2col_rows(IMAGE[..., 0], (2, 1)).frame(0).axes[-1]
    assert [label.get_text() for label in plain.get_xticklabels()] == ["0,0", "1,0"]


def test_im2col_rows_keep_the_tint_of_their_channel_and_the_grey_of_the_padding() -> None:
    first, second, matrix = viz.im2col_rows(IMAGE, 2, padding=1).frame(-1).axes
    tints = [fill_at(ax, 1, 1) for ax in (first, second)]
    grey = to_rgb(viz.ROLES["padding"].fill)
    assert len({*tints, grey}) == 3
    assert [fill_at(matrix, 0, j) for j in range(8)] == [grey] * 6 + tints
    assert [fill_at(matrix, 7, j) for j in range(8)] == tints * 4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.toeplitz_rows(IMAGE, TAPS), r"vectors .* \(4, 5, 2\)"),
        (lambda: viz.toeplitz_rows(TAPS, SIGNAL), "length 5 does not fit into 3"),
        (lambda: viz.toeplitz_rows(SIGNAL, TAPS, padding=-1), "padding must be at least 0"),
        (lambda: viz.toeplitz_rows(SIGNAL, []), "length 0 does not fit"),
        (lambda: viz.toeplitz_rows(np.ones(15), TAPS, padding=1), "17 columns"),
        (lambda: viz.doubly_blocked(TAPS, (3, 4)), r"shape \(3,\)"),
        (lambda: viz.doubly_blocked(KERNEL, (3, 4, 1)), "two numbers"),
        (lambda: viz.doubly_blocked(KERNEL, (9, 8)), "72 columns"),
        (lambda: viz.doubly_blocked(KERNEL, (1, 4)), "larger than the padded input"),
        (lambda: viz.kernel_stamps(TAPS, KERNEL), r"\(3,\) and \(2, 3\)"),
        (lambda: viz.kernel_stamps(KERNEL, KERNEL, stride=0), "stride must be at least 1"),
        (lambda: viz.im2col_rows(np.ones((3, 3, 4)), 2), "up to 3 channels"),
        (lambda: viz.im2col_rows(SIGNAL, 2), r"\(5,\)"),
        (lambda: viz.im2col_rows(IMAGE, (5, 2)), "5×2 does not fit into an image of 4×5"),
        (lambda: viz.im2col_rows(IMAGE, 0), "does not fit"),
        (lambda: viz.im2col_rows(IMAGE, 2, stride=0), "stride must be at least 1"),
        (lambda: viz.im2col_rows(IMAGE, 4), "32 columns"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
