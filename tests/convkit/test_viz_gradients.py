"""Pictures of gradients hold the right numbers, and say clearly what they cannot draw."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from scipy import signal

from convkit import viz
from convkit.viz.grids import cell_text
from convkit.viz.style import ROLES

RNG = np.random.default_rng(66)
IMAGE = RNG.integers(-5, 10, (4, 6))
KERNEL = RNG.integers(-3, 4, (2, 3))
UPSTREAM = RNG.integers(-4, 5, (3, 4))
SURE, UNSURE = [0.1, 0.7, 0.2], [0.5, 0.05, 0.45]

# What makes the steps, the matrix below, the one that slides, and the colour of what slides.
STEPS: dict[str, tuple[Callable[[], viz.Steps], np.ndarray, np.ndarray, str]] = {
    "kernel": (lambda: viz.filter_gradient_steps(UPSTREAM, IMAGE), IMAGE, UPSTREAM, "gradient"),
    "image": (
        lambda: viz.input_gradient_steps(UPSTREAM, KERNEL),
        np.pad(UPSTREAM, ((1, 1), (2, 2))),
        np.rot90(KERNEL, 2),
        "kernel",
    ),
    "image, kernel larger than the output": (
        lambda: viz.input_gradient_steps(KERNEL, UPSTREAM),
        np.pad(KERNEL, ((2, 2), (3, 3))),
        np.rot90(UPSTREAM, 2),
        "kernel",
    ),
}

FIGURES: dict[str, Callable[[], Figure]] = {
    "filter_gradient_steps": lambda: viz.filter_gradient_steps(UPSTREAM, IMAGE).frame(0),
    "input_gradient_steps": lambda: viz.input_gradient_steps(UPSTREAM, KERNEL).frame(8),
    "five terms in a row": lambda: viz.filter_gradient_steps(np.ones((2, 5)), IMAGE).frame(0),
    "pixel_influence": lambda: viz.pixel_influence(KERNEL, (4, 6), (1, 2)),
    "gradient_comparison": lambda: viz.gradient_comparison(
        RNG.normal(size=(3, 4)), np.ones((3, 4))
    ),
    "adversarial_example": lambda: viz.adversarial_example(
        np.zeros((8, 6)), np.full((8, 6), 0.2), SURE, UNSURE, ["cat", "dog", "no animal"]
    ),
}


def numbers_in(ax: Axes) -> list[str]:
    """The numbers in the cells of a grid, row by row."""
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


def frame_of(ax: Axes, gid: str):
    (frame,) = [patch for patch in ax.patches if patch.get_gid() == gid]
    return frame


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_titles_apart(make: Callable[[], Figure]) -> None:
    figure = make()
    figure.draw_without_rendering()
    texts = [t for ax in figure.axes for t in (*ax.texts, ax.title, ax.xaxis.label)]
    boxes = [t.get_window_extent() for t in (*texts, *figure.texts) if t.get_text().strip()]
    for box in boxes:
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.width + 1
        assert box.y1 <= figure.bbox.height + 1
    titles = [ax.title.get_window_extent() for ax in figure.axes if ax.get_title()]
    assert not [(a, b) for n, a in enumerate(titles) for b in titles[:n] if a.overlaps(b)]


@pytest.mark.parametrize(("make", "below", "slides", "role"), STEPS.values(), ids=STEPS)
def test_steps_slide_one_matrix_over_the_other(make, below, slides, role) -> None:
    steps = make()
    gradient = signal.correlate2d(below, slides, mode="valid")
    assert len(steps) == gradient.size
    for step in (0, gradient.size // 2, gradient.size - 1):
        still, moving, result = steps.frame(step).axes
        assert numbers_in(still) == numbers_of(below)
        assert numbers_in(moving) == numbers_of(slides)
        assert numbers_in(result) == numbers_of(gradient)[: step + 1]
        i, j = divmod(step, gradient.shape[1])
        window = frame_of(still, "window")
        assert window.get_xy() == (j - 0.5, i - 0.5)
        assert (window.get_height(), window.get_width()) == slides.shape
        assert to_rgb(window.get_edgecolor()) == to_rgb(ROLES[role].line)
        assert frame_of(result, "current").get_xy() == (j - 0.5, i - 0.5)


@pytest.mark.parametrize(("make", "below", "slides", "role"), STEPS.values(), ids=STEPS)
def test_every_step_says_the_chain_rule(make, below, slides, role) -> None:
    """With names and with numbers; the names stand for the arrays of the forward pass."""
    steps = make()
    gradient = signal.correlate2d(below, slides, mode="valid")
    arrays = {"X": IMAGE, "dY": UPSTREAM, "K": KERNEL}
    if "larger" in next(name for name, row in STEPS.items() if row[0] is make):
        arrays = {"dY": KERNEL, "K": UPSTREAM}
    for step, (i, j) in enumerate(np.ndindex(*gradient.shape)):
        (words,) = [text for text in steps.frame(step).texts if text.get_gid() == "chain rule"]
        text = words.get_text().replace("−", "-").replace("·", "*").replace("\n", " ")
        name, by_name, by_number, result = text.split("=")
        assert name.strip() in (f"dK[{i},{j}]", f"dX[{i},{j}]")
        assert eval(by_name, {}, arrays) == eval(by_number) == int(result) == gradient[i, j]


def test_zeros_of_the_border_are_grey_and_in_no_sum() -> None:
    first = viz.input_gradient_steps(UPSTREAM, KERNEL).frame(0)
    colors = np.asarray(first.axes[0].images[0].get_array())
    assert np.allclose(colors[0, 0], to_rgb(ROLES["padding"].fill))
    assert np.allclose(colors[1, 2], to_rgb(ROLES["gradient"].fill))
    assert re.findall(r"dY\[\d,\d\]·K\[\d,\d\]", first.texts[-1].get_text()) == ["dY[0,0]·K[0,0]"]


def test_a_long_row_of_terms_is_cut_short() -> None:
    words = FIGURES["five terms in a row"]().texts[-1].get_text()
    assert words.count("…") == 4
    assert "X[0,2]·dY[0,2] + …" in words


@pytest.mark.parametrize("pixel", [(0, 0), (1, 2), (3, 5), (2, 0)])
def test_pixel_influence_is_the_derivative_by_a_pixel(pixel: tuple[int, int]) -> None:
    nudge = np.zeros((4, 6), int)
    nudge[pixel] = 1
    image, kernel, output = viz.pixel_influence(KERNEL, (4, 6), pixel).axes
    assert numbers_in(image) == numbers_of(nudge)
    assert numbers_in(kernel) == numbers_of(KERNEL)
    assert numbers_in(output) == numbers_of(signal.correlate2d(nudge, KERNEL, mode="valid"))
    assert frame_of(image, "pixel").get_xy() == (pixel[1] - 0.5, pixel[0] - 0.5)


def test_outputs_that_a_pixel_reaches_are_marked_even_where_the_kernel_is_zero() -> None:
    colors = viz.pixel_influence(np.zeros((2, 2)), (3, 4), (1, 1)).axes[2].images[0].get_array()
    reached = np.all(np.isclose(np.asarray(colors), to_rgb(ROLES["kernel"].fill)), axis=-1)
    assert reached.tolist() == [[True, True, False], [True, True, False]]


def test_gradient_comparison_frames_the_worst_entry() -> None:
    numerical = np.arange(6.0).reshape(2, 3)
    wrong = numerical + np.array([[0, 0.5, 0], [0, 0, -2]])
    given, nudged, difference = viz.gradient_comparison(wrong, numerical).axes
    assert numbers_in(given) == numbers_of(wrong)
    assert numbers_in(nudged) == numbers_of(numerical)
    assert numbers_in(difference) == ["0", "0.5", "0", "0", "0", "−2"]
    assert frame_of(difference, "window").get_xy() == (1.5, 0.5)
    assert "at most 2, at [1, 2]" in [text.get_text() for text in difference.texts]


def test_gradient_comparison_takes_rounding_for_rounding() -> None:
    numerical = np.array([3.0, -1.0, 0.0])
    given, _, difference = viz.gradient_comparison(numerical + 2e-10, numerical).axes
    assert numbers_in(given) == ["3", "−1", "0"]
    assert not difference.patches
    assert np.allclose(np.asarray(difference.images[0].get_array()), 1.0, atol=0.01)
    assert "at most 2e−10: rounding" in [text.get_text() for text in difference.texts]


def test_adversarial_example_shows_images_change_and_guesses() -> None:
    before = np.linspace(0.1, 0.7, 20).reshape(4, 5)
    after = before + 0.25
    figure = viz.adversarial_example(before, after, SURE, UNSURE, ["cat", "dog", "cow"])
    first, change, second, bars = figure.axes
    for ax, image in [(first, before), (change, after - before), (second, after)]:
        np.testing.assert_allclose(np.asarray(ax.images[0].get_array()), image)
    assert change.images[0].get_clim() == pytest.approx((-0.25, 0.25))
    assert first.images[0].get_clim() == second.images[0].get_clim() == (0, 1)
    assert [ax.get_xlabel() for ax in (first, change, second)] == [
        "“dog”, 70% sure",
        "at most ±0.25 a pixel",
        "“cat”, 50% sure",
    ]
    np.testing.assert_allclose([bar.get_height() / 100 for bar in bars.patches], SURE + UNSURE)
    assert [tick.get_text() for tick in bars.get_xticklabels()] == ["cat", "dog", "cow"]
    hatches = [bar.get_hatch() for bar in bars.patches]
    assert len(set(hatches[:3])) == len(set(hatches[3:])) == 1
    assert hatches[0] != hatches[3]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: viz.filter_gradient_steps([1, 2], [[1, 2]]), r"dy must be a matrix.*\(2,\)"),
        (lambda: viz.filter_gradient_steps(np.ones((3, 1)), np.ones((2, 5))), "does not fit"),
        (lambda: viz.input_gradient_steps([["a"]], [[1]]), "dy must be a matrix of numbers"),
        (lambda: viz.input_gradient_steps([[1]], np.ones((0, 2))), "k must be a matrix"),
        (lambda: viz.input_gradient_steps(np.ones((7, 7)), np.ones((3, 3))), "1 to 50 steps"),
        (lambda: viz.pixel_influence(np.ones((3, 3)), (2, 5), (0, 0)), "does not fit"),
        (lambda: viz.pixel_influence(np.ones((2, 2)), (4, 5), (4, 0)), "lies outside"),
        (lambda: viz.pixel_influence(np.ones((2, 2)), (4, 5), (-1, 0)), "lies outside"),
        (lambda: viz.gradient_comparison([1, 2], [[1, 2]]), "must have the same shape"),
        (lambda: viz.gradient_comparison(np.ones((2, 2, 2)), np.ones((2, 2, 2))), "a grid shows"),
        (
            lambda: viz.adversarial_example(np.ones((2, 3)), np.ones((3, 2)), SURE, UNSURE),
            "images of one shape",
        ),
        (
            lambda: viz.adversarial_example([[1]], [[1]], [0.5, 1.5], [0, 1]),
            "between 0 and 1",
        ),
        (
            lambda: viz.adversarial_example([[1]], [[1]], SURE, [1]),
            "two vectors of one length",
        ),
        (
            lambda: viz.adversarial_example([[1]], [[1]], SURE, UNSURE, ["one"]),
            "3 probabilities but 1 classes",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()
