"""Pictures of pooling show what was pooled, where, and what comes back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit import viz
from convkit.viz.grids import cell_text

RNG = np.random.default_rng(40)
IMAGE = RNG.permutation(np.arange(-15, 15)).reshape(5, 6)
UPSTREAM = RNG.integers(1, 9, (2, 2)) * 9

FIGURES: dict[str, Callable[[], Figure]] = {
    "sliding_pool": lambda: viz.sliding_pool(IMAGE, 3, 2, padding=1).frame(2),
    "sliding_pool average": lambda: viz.sliding_pool(IMAGE, 3, kind="average").frame(0),
    "pooling_gradient": lambda: viz.pooling_gradient(UPSTREAM, IMAGE, 3, 2).frame(0),
    "six_poolings": lambda: viz.six_poolings(IMAGE),
    "six_poolings photograph": lambda: viz.six_poolings(RNG.random((40, 30)), 5),
    "lp_norms": lambda: viz.lp_norms([2, -6, 3]),
    "adaptive_windows": lambda: viz.adaptive_windows(10, 4),
}


def numbers_in(ax: Axes) -> list[str]:
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


def marked(ax: Axes, gid: str) -> tuple[int, int, int, int]:
    """Row, column, height and width of a frame."""
    (frame,) = [patch for patch in ax.patches if patch.get_gid() == gid]
    column, row = frame.get_xy()
    height, width = frame.get_height(), frame.get_width()
    return int(row + 0.5), int(column + 0.5), int(height), int(width)


def words_in(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts if text.get_gid() == "in words"]


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_apart(make: Callable[[], Figure]) -> None:
    figure = make()
    figure.draw_without_rendering()
    words = [text for ax in figure.axes for text in ax.texts if text.get_zorder() != 4]
    words += [ax.title for ax in figure.axes] + [ax._left_title for ax in figure.axes]
    boxes = [text.get_window_extent() for text in (*words, *figure.texts) if text.get_text()]
    assert boxes
    for box in boxes:
        assert min(box.x0, box.y0) >= -1
        assert box.x1 <= figure.bbox.width + 1
        assert box.y1 <= figure.bbox.height + 1
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if a.overlaps(b)]


@pytest.mark.parametrize(
    ("kind", "outside", "value"), [("max", -np.inf, np.max), ("average", 0.0, np.mean)]
)
def test_sliding_pool_shows_each_window_and_what_is_made_of_it(kind, outside, value) -> None:
    steps = viz.sliding_pool(IMAGE, 3, 2, padding=1, kind=kind)
    padded = np.pad(IMAGE.astype(float), 1, constant_values=outside)
    right = [value(padded[i : i + 3, j : j + 3]) for i in (0, 2, 4) for j in (0, 2, 4)]
    assert len(steps) == len(right) == 9
    for k in (0, 4, 8):
        x, y = steps.frame(k).axes
        i, j = divmod(k, 3)
        assert marked(x, "window") == (2 * i, 2 * j, 3, 3)
        assert marked(y, "current") == (i, j, 1, 1)
        assert [number.replace("−", "-") for number in numbers_in(x)] == [
            "-∞" if np.isinf(v) else f"{v:.0f}" for v in padded.flat
        ]
        assert numbers_in(y) == [cell_text(round(float(v), 2)) for v in right[: k + 1]]
        assert words_in(steps.frame(k))[1].endswith(f" {cell_text(right[k])}")


def test_the_winner_is_framed_and_padding_is_grey() -> None:
    ax = viz.sliding_pool([[-5, -3], [-2, -9]], 3, 1, padding=1).frame(0).axes[0]
    assert marked(ax, "winner") == (2, 1, 1, 1)
    fills = np.asarray(ax.images[0].get_array())
    np.testing.assert_allclose(fills[0, 0], to_rgb(viz.ROLES["padding"].fill))
    np.testing.assert_allclose(fills[1, 1], to_rgb(viz.ROLES["input"].fill))


def test_an_average_is_written_out() -> None:
    steps = viz.sliding_pool([[1, -2], [3, 6]], 2, kind="average")
    assert words_in(steps.frame(0)) == ["output[0, 0]", "(1 + (−2) + 3 + 6) / 4 = 2"]


def test_the_way_back_adds_up_window_by_window() -> None:
    steps = viz.pooling_gradient(UPSTREAM, IMAGE, 3, 2)
    through_max, through_average = np.zeros((2, *IMAGE.shape))
    for k, (i, j) in enumerate(np.ndindex(2, 2)):
        part = slice(2 * i, 2 * i + 3), slice(2 * j, 2 * j + 3)
        row, column = np.unravel_index(np.argmax(IMAGE[part]), (3, 3))
        winner = (2 * i + int(row), 2 * j + int(column))
        through_max[winner] += UPSTREAM[i, j]
        through_average[part] += UPSTREAM[i, j] / 9
        figure = steps.frame(k)
        x, dy, by_max, by_average = figure.axes
        assert numbers_in(x) == numbers_of(IMAGE)
        assert numbers_in(dy) == numbers_of(UPSTREAM)
        assert numbers_in(by_max) == numbers_of(through_max)
        assert numbers_in(by_average) == numbers_of(through_average)
        assert marked(x, "window") == marked(by_average, "shares") == (2 * i, 2 * j, 3, 3)
        assert marked(x, "winner") == marked(by_max, "winner") == (*winner, 1, 1)
        assert marked(dy, "current") == (i, j, 1, 1)
        assert words_in(figure)[0].endswith(f"[{winner[0]}, {winner[1]}]")
        assert f"/ 9 = {UPSTREAM[i, j] // 9} " in words_in(figure)[1]


def test_a_gradient_of_zero_still_has_a_winner() -> None:
    figure = viz.pooling_gradient([[0]], [[1, 2], [4, 3]], 2).frame(0)
    assert marked(figure.axes[2], "winner") == (1, 0, 1, 1)


def test_six_poolings_of_a_small_image() -> None:
    figure = viz.six_poolings(IMAGE, 2, (4, 5), p=1)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    windows = np.lib.stride_tricks.sliding_window_view(IMAGE, (2, 2))[::2, ::2]
    assert titles[0] == "one channel"
    axes = dict(zip(titles, figure.axes, strict=True))
    assert numbers_in(axes["MaxPool2d"]) == numbers_of(windows.max(axis=(2, 3)))
    assert numbers_in(axes["AvgPool2d"]) == numbers_of(windows.mean(axis=(2, 3)).round(1))
    assert numbers_in(axes["LPPool2d"]) == numbers_of(abs(windows).sum(axis=(2, 3)))
    rows = [slice(0, 2), slice(1, 3), slice(2, 4), slice(3, 5)]
    columns = [slice(0, 2), slice(1, 3), slice(2, 4), slice(3, 5), slice(4, 6)]
    for name, value in [("AdaptiveMaxPool2d", np.max), ("AdaptiveAvgPool2d", np.mean)]:
        right = np.array([[value(IMAGE[row, column]) for column in columns] for row in rows])
        assert numbers_in(axes[name]) == numbers_of(right.round(1))
    assert len(numbers_in(axes["FractionalMaxPool2d"])) == 20


@pytest.mark.parametrize("image", [IMAGE, RNG.random((40, 30))], ids=["numbers", "photograph"])
def test_a_name_covers_no_other_layer(image: np.ndarray) -> None:
    figure = viz.six_poolings(image)
    figure.draw_without_rendering()
    for ax in figure.axes:
        name = ax._left_title.get_window_extent()
        assert not [other for other in figure.axes if name.overlaps(other.get_window_extent())]


def test_photographs_share_a_scale_except_for_norms() -> None:
    photograph = RNG.random((40, 30))
    limits = {
        ax.get_title(loc="left"): ax.images[0].get_clim()
        for ax in viz.six_poolings(photograph, 5).axes
    }
    scale = (photograph.min(), photograph.max())
    assert [name for name, clim in limits.items() if clim != scale] == ["LPPool2d"]


def test_the_norm_falls_from_the_sum_to_the_largest_absolute_value() -> None:
    (ax,) = viz.lp_norms([2, -6, 3, 0], largest=50).axes
    (curve,) = [line for line in ax.lines if line.get_gid() == "norm"]
    exponents, norms = curve.get_data()
    right = [sum(abs(v) ** p for v in (2.0, -6.0, 3.0)) ** (1 / p) for p in exponents]
    np.testing.assert_allclose(norms, right)
    assert (norms[0], round(norms[-1], 6)) == (11, 6)


def test_the_largest_pixel_has_a_line_of_its_own_only_where_it_is_not_the_limit() -> None:
    (ax,) = viz.lp_norms([2, 6]).axes
    assert [text.get_text() for text in ax.texts] == ["sum of |x| = 8", "max of |x| = 6"]


@pytest.mark.parametrize(
    ("n", "windows", "spans", "shared"),
    [
        (6, 3, ["0 to 1", "2 to 3", "4 to 5"], []),
        (7, 3, ["0 to 2", "2 to 4", "4 to 6"], [2, 4]),
        (5, 3, ["0 to 1", "1 to 3", "3 to 4"], [1, 3]),
        (3, 3, ["0", "1", "2"], []),
    ],
)
def test_adaptive_windows(n: int, windows: int, spans: list[str], shared: list[int]) -> None:
    (ax,) = viz.adaptive_windows(n, windows).axes
    assert [text.get_text() for text in ax.texts if text.get_gid() == "window"] == spans
    dark = [patch.get_x() + 0.5 for patch in ax.patches if patch.get_gid() == "shared"]
    assert dark == shared


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.sliding_pool(IMAGE[0], 2), "x must be a matrix"),
        (lambda: viz.sliding_pool(IMAGE, 2, kind="median"), "'max' or 'average'"),  # type: ignore[arg-type]
        (lambda: viz.sliding_pool(IMAGE, 7), "7"),
        (lambda: viz.sliding_pool(IMAGE, 2, 0), "stride"),
        (lambda: viz.sliding_pool(np.ones((20, 20)), 2), "take a smaller array"),
        (lambda: viz.pooling_gradient([[1, 2, 3]], IMAGE, 3, 2), "dy"),
        (lambda: viz.pooling_gradient([1], IMAGE, 3, 2), "dy must be a matrix"),
        (lambda: viz.six_poolings(np.ones((2, 3, 4))), "x must be a matrix"),
        (lambda: viz.six_poolings(IMAGE, 9), "9"),
        (lambda: viz.lp_norms([]), "0 pixels"),
        (lambda: viz.lp_norms([1, 2], largest=1), "largest=1"),
        (lambda: viz.adaptive_windows(4, 0), "windows=0"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
