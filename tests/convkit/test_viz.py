"""Pictures hold the right numbers, cost little, and leave matplotlib as they found it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import signal

from convkit import viz
from convkit.viz.grids import cell_text
from convkit.viz.style import INK

RNG = np.random.default_rng(20)
IMAGE = RNG.integers(-5, 10, (5, 6))
KERNEL = RNG.integers(-3, 4, (2, 3))
SIGNAL = RNG.integers(-5, 10, 9)

STEPS = {
    "plain": (lambda: viz.sliding_kernel(IMAGE, KERNEL), IMAGE, KERNEL, 1),
    "stride": (lambda: viz.sliding_kernel(IMAGE, KERNEL, stride=2), IMAGE, KERNEL, 2),
    "padding": (
        lambda: viz.sliding_kernel(IMAGE, KERNEL, stride=2, padding=1),
        np.pad(IMAGE, 1),
        KERNEL,
        2,
    ),
    "reflect": (
        lambda: viz.sliding_kernel(IMAGE, KERNEL, stride=3, padding=2, padding_mode="reflect"),
        np.pad(IMAGE, 2, mode="reflect"),
        KERNEL,
        3,
    ),
    "circular": (
        lambda: viz.sliding_kernel(IMAGE, KERNEL, stride=3, padding=1, padding_mode="circular"),
        np.pad(IMAGE, 1, mode="wrap"),
        KERNEL,
        3,
    ),
    "one dimension": (
        lambda: viz.sliding_kernel_1d(SIGNAL, KERNEL[0], stride=2, padding=1),
        np.pad(SIGNAL, 1)[None],
        KERNEL[:1],
        2,
    ),
    "replicate": (
        lambda: viz.sliding_kernel_1d(SIGNAL, KERNEL[0], padding=2, padding_mode="replicate"),
        np.pad(SIGNAL, 2, mode="edge")[None],
        KERNEL[:1],
        1,
    ),
}

FIGURES: dict[str, Callable[[], Figure]] = {
    "grid_rows": lambda: viz.grid_rows([viz.Panel(IMAGE, "x"), viz.Panel(KERNEL, "k")]),
    "padding_modes": lambda: viz.padding_modes(IMAGE, 2),
    "padding_modes 1-D": lambda: viz.padding_modes(SIGNAL, 3),
    "correlation_and_convolution": lambda: viz.correlation_and_convolution(np.ones((3, 5))),
    "channel_stacks": lambda: viz.channel_stacks((2, 7, 5, 3), (3, 2, 3, 12), 2, 1),
    "channel_sum": lambda: viz.channel_sum(RNG.normal(size=(4, 5, 3)), RNG.normal(size=(2, 3, 3))),
    "show_images": lambda: viz.show_images({"a": IMAGE, "b": -IMAGE}, signed=["b"]),
    "window_positions": lambda: viz.window_positions(8, 3, 2, 1),
    "sliding_kernel": lambda: viz.sliding_kernel(IMAGE, KERNEL).frame(0),
}


def numbers_in(ax: Axes) -> list[str]:
    """The numbers in the cells of a grid, row by row."""
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


def windows_of(padded: np.ndarray, kernel: np.ndarray, stride: int) -> np.ndarray:
    return signal.correlate2d(padded, kernel, mode="valid")[::stride, ::stride]


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_figures_are_drawn_and_change_no_setting(make: Callable[[], Figure]) -> None:
    before = dict(mpl.rcParams)
    figure = make()
    assert isinstance(figure, Figure)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_apart(make: Callable[[], Figure]) -> None:
    figure = make()
    figure.draw_without_rendering()
    texts = [t for ax in figure.axes for t in (*ax.texts, ax.title)] + list(figure.texts)
    boxes = [text.get_window_extent() for text in texts if text.get_text().strip()]
    width, height = figure.bbox.width, figure.bbox.height
    for box in boxes:
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= width + 1
        assert box.y1 <= height + 1
    titles = [ax.title.get_window_extent() for ax in figure.axes if ax.get_title()]
    overlaps = [(a, b) for n, a in enumerate(titles) for b in titles[:n] if a.overlaps(b)]
    assert not overlaps


@pytest.mark.parametrize(("make", "padded", "kernel", "stride"), STEPS.values(), ids=STEPS)
def test_sliding_kernel_shows_one_more_number_at_each_step(
    make: Callable[[], viz.Steps], padded: np.ndarray, kernel: np.ndarray, stride: int
) -> None:
    steps = make()
    output = windows_of(padded, kernel, stride)
    assert len(steps) == output.size
    for i in (0, output.size // 2, output.size - 1):
        x, k, y = steps.frame(i).axes
        assert numbers_in(x) == numbers_of(padded)
        assert numbers_in(k) == numbers_of(kernel)
        assert numbers_in(y) == numbers_of(output)[: i + 1]


@pytest.mark.parametrize(("make", "padded", "kernel", "stride"), STEPS.values(), ids=STEPS)
def test_the_window_and_the_dot_product_belong_to_the_step(
    make: Callable[[], viz.Steps], padded: np.ndarray, kernel: np.ndarray, stride: int
) -> None:
    steps = make()
    output = windows_of(padded, kernel, stride)
    for i, (row, column) in enumerate(np.ndindex(*output.shape)):
        figure = steps.frame(i)
        (frame,) = [p for p in figure.axes[0].patches if p.get_gid() == "window"]
        assert frame.get_xy() == (column * stride - 0.5, row * stride - 0.5)
        assert (frame.get_width(), frame.get_height()) == kernel.shape[::-1]
        (words,) = [text for text in figure.texts if text.get_gid() == "dot product"]
        terms, result = words.get_text().replace("−", "-").split("=")
        assert (
            eval(terms.replace("·", "*").replace("\n", " ")) == int(result) == output[row, column]
        )


@pytest.mark.parametrize(
    ("x", "k", "options"),
    [
        (np.ones((5, 6)), np.ones((3, 3)), {}),
        (RNG.normal(size=(8, 7)), RNG.normal(size=(3, 3)), {"padding": 1, "stride": 2}),
    ],
)
def test_the_player_works_offline_and_stays_small(x, k, options) -> None:
    steps = viz.sliding_kernel(x, k, **options)
    html = steps._repr_html_()
    assert len(html) < 1.5e6
    assert "anim-slider" in html
    assert re.search(r'aria-label="Play".*?▶', html, re.DOTALL)
    assert "http" not in html.replace("http://www.w3.org", "")
    frames = re.findall(r'frames\[\d+\] = "data:image/png;base64,', html)
    assert len(frames) == len(steps)
    still = re.search(r'<img alt="[^"]+" src="data:image/png;base64,([^"]+)"', html)
    assert still is not None
    assert base64.b64decode(still.group(1)).startswith(b"\x89PNG")


def test_players_can_be_shown_together() -> None:
    steps = viz.sliding_kernel_1d([1, 2, 3], [1, 1])
    ids = [re.findall(r'id="(_anim_img\w+)"', steps._repr_html_()) for _ in range(2)]
    assert ids[0] != ids[1]


@pytest.mark.parametrize("ending", [".html", ".gif"])
def test_steps_are_saved(tmp_path, ending: str) -> None:
    path = tmp_path / f"steps{ending}"
    viz.sliding_kernel_1d([1, 2, 3, 4], [1, 1]).save(path)
    assert path.stat().st_size > 1000


def test_player_leaves_settings_alone() -> None:
    before = dict(mpl.rcParams)
    viz.sliding_kernel_1d([1, 2, 3], [1, 1])._repr_html_()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize(
    ("mode", "numpy_mode"),
    [("zeros", "constant"), ("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")],
)
@pytest.mark.parametrize("x", [IMAGE, SIGNAL], ids=["image", "signal"])
def test_padding_modes_show_what_numpy_pads(x: np.ndarray, mode: str, numpy_mode) -> None:
    axes = {ax.get_title(): ax for ax in viz.padding_modes(x, 2).axes}
    assert numbers_in(axes[mode]) == numbers_of(np.pad(x, 2, mode=numpy_mode))


def test_a_border_cell_has_the_colour_of_its_source() -> None:
    axes = {ax.get_title(): ax for ax in viz.padding_modes(np.arange(12).reshape(3, 4), 1).axes}
    for mode in ("reflect", "replicate", "circular"):
        colors = np.asarray(axes[mode].images[0].get_array())
        values = np.array(numbers_in(axes[mode])).reshape(colors.shape[:2])
        for value in np.unique(values):
            assert len(np.unique(colors[values == value], axis=0)) == 1
        assert len(np.unique(colors.reshape(-1, 3), axis=0)) == 12


def test_correlation_and_convolution_of_an_unsymmetric_kernel() -> None:
    k = np.array([[1, 2, 3], [0, -1, 5], [7, 0, 2]])
    _, slides, correlation, _, turned, convolution = viz.correlation_and_convolution(k, IMAGE).axes
    assert numbers_in(slides) == numbers_of(k)
    assert numbers_in(turned) == numbers_of(np.rot90(k, 2))
    assert numbers_in(correlation) == numbers_of(signal.correlate2d(IMAGE, k, mode="same"))
    assert numbers_in(convolution) == numbers_of(signal.convolve2d(IMAGE, k, mode="same"))


@pytest.mark.parametrize(
    ("n", "kernel", "stride", "padding", "windows", "unread"),
    [(5, 3, 3, 0, 1, 2), (5, 3, 2, 0, 2, 0), (7, 3, 2, 1, 4, 0), (6, 4, 3, 1, 2, 1)],
)
def test_window_positions(n, kernel, stride, padding, windows, unread) -> None:
    (ax,) = viz.window_positions(n, kernel, stride, padding).axes
    bars = [patch for patch in ax.patches if patch.get_gid() == "window"]
    assert len(bars) == windows
    assert sum(text.get_gid() == "never read" for text in ax.texts) == unread


def test_channel_stacks_draw_a_plane_for_each_channel() -> None:
    (ax,) = viz.channel_stacks((2, 7, 5, 3), (3, 2, 3, 4), stride=2, padding=1).axes
    planes = [patch.get_gid() for patch in ax.patches]
    assert planes.count("input") == 3
    assert planes.count("kernel") == 3 * 4
    assert planes.count("output") == 4
    shapes = [text.get_text() for text in ax.texts if text.get_gid() == "shape"]
    assert shapes[2].endswith("(2, 4, 3, 4)")


def test_channel_sum_adds_the_channels() -> None:
    x, w = RNG.integers(-3, 5, (4, 5, 3)), RNG.integers(-3, 5, (2, 3, 3))
    figure = viz.channel_sum(x, w, at=(2, 1))
    total = (x[2:4, 1:4] * w).sum()
    assert figure.texts[-1].get_text().endswith(f"= {cell_text(total)}")


def test_images_of_a_kind_share_one_scale() -> None:
    figure = viz.show_images(
        {"dark": np.zeros((3, 4)), "bright": np.full((3, 4), 9.0), "map": [[-2.0, 1.0]]},
        signed=["map"],
    )
    limits = [ax.images[0].get_clim() for ax in figure.axes[:3]]
    assert limits == [(0, 9), (0, 9), (-2, 2)]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.sliding_kernel(SIGNAL, KERNEL), r"\(9,\) and \(2, 3\)"),
        (lambda: viz.sliding_kernel(IMAGE, np.ones((6, 2))), "does not fit"),
        (lambda: viz.sliding_kernel(IMAGE, KERNEL, stride=0), "stride must be at least 1"),
        (lambda: viz.sliding_kernel(IMAGE, KERNEL, padding_mode="mirror"), "replicate"),
        (lambda: viz.sliding_kernel(np.ones((20, 20)), KERNEL), "take a smaller array"),
        (lambda: viz.sliding_kernel_1d(IMAGE, KERNEL), "vectors"),
        (lambda: viz.padding_modes(IMAGE, 5), "less than every side"),
        (lambda: viz.padding_modes(np.ones((2, 3, 4)), 1), "shape"),
        (lambda: viz.correlation_and_convolution(np.ones((2, 3))), "odd sides"),
        (lambda: viz.channel_stacks((1, 5, 5, 3), (3, 3, 2, 1)), "3 channels"),
        (lambda: viz.channel_stacks((5, 5, 3), (3, 3, 3, 1)), "four positive numbers"),
        (lambda: viz.channel_sum(np.ones((3, 3, 1)), np.ones((2, 2, 1)), (2, 2)), "no window"),
        (lambda: viz.show_images({}), "at least one"),
        (lambda: viz.show_images({"a": np.ones((2, 2))}, signed=["b"]), "signed names"),
        (lambda: viz.show_images({"a": np.ones((2, 2, 4))}), "'a'"),
        (lambda: viz.window_positions(3, 5), "does not fit"),
        (lambda: viz.grid_rows([]), "at least one panel"),
        (lambda: viz.grid_rows([viz.Panel(np.ones((2, 2, 2)))]), "grid shows"),
        (lambda: viz.grid_rows([viz.Panel(IMAGE, role="red")]), "role must be"),
        (lambda: viz.sliding_kernel_1d([1, 2], [1]).save("steps.mp4"), ".gif"),
        (lambda: viz.grey_photograph(0), "at least 1"),
        (lambda: viz.impulse(4), "odd"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_there_is_no_step_after_the_last() -> None:
    steps = viz.sliding_kernel_1d([1, 2, 3], [1, 1])
    assert numbers_in(steps.frame(-1).axes[2]) == ["3", "5"]
    with pytest.raises(IndexError, match="2 steps"):
        steps.frame(2)


@pytest.mark.parametrize("role", viz.ROLES.values(), ids=viz.ROLES)
def test_numbers_can_be_read_on_every_fill(role: viz.Role) -> None:
    assert contrast(INK, role.fill) > 7


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.1; 7 is its highest demand on text."""
    rgb = [np.array(mpl.colors.to_rgb(color)) for color in (one, other)]
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in rgb]
    low, high = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("row", "texts"),
    [
        ([1.0, -2.0, 0.0], ["1", "−2", "0"]),
        ([1.234, -0.00255, 0.0], ["1.23", "−3e−03", "0"]),
        ([0.0123, -0.00456], ["0.0123", "−0.00456"]),
        ([np.nan, np.inf, -1.5], ["nan", "inf", "−1.5"]),
        ([True, False], ["1", "0"]),
    ],
)
def test_numbers_are_short_and_a_small_one_is_not_called_zero(row, texts) -> None:
    (ax,) = viz.grid_rows([viz.Panel(np.array(row))]).axes
    assert numbers_in(ax) == texts
