"""Pictures of 10_nonlinearity: they show the right numbers, in the right places, and fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit import viz
from convkit.viz.grids import cell_text

RNG = np.random.default_rng(10)
MATRIX = RNG.integers(-4, 5, (6, 3))
LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2])
SAID = np.array([0, 0, 2, 1, 1, 0, 0, 2])
IMAGES = RNG.uniform(size=(4, 5, 6))
FALLING = {"plain": [2.0, 1.0, 0.5], "with ReLU": [2.2, 0.9, 0.2, 0.1]}

FIGURES: dict[str, Callable[[], Figure]] = {
    "first pixel": lambda: viz.matrix_by_pixels(MATRIX, (2, 3)).frame(0),
    "many pixels": lambda: viz.matrix_by_pixels(RNG.normal(size=(16, 5)), (4, 4)).frame(-1),
    "losses": lambda: viz.loss_curves(FALLING, floor=("a level", 0.7)),
    "equal ends": lambda: viz.loss_curves({name: [2.0, 1.0] for name in "abcd"}),
    "a long name": lambda: viz.loss_curves({"a network of three linear layers": [3.0, 2.5]}),
    "confusion": lambda: viz.confusion(LABELS, SAID, classes=10),
    "few classes": lambda: viz.confusion(LABELS, SAID),
    "images": lambda: viz.image_rows(
        {"grey": IMAGES, "signed": -IMAGES}, signed=["signed"], captions={"grey": "abcd"}
    ),
}


def numbers_in(ax: Axes) -> list[str]:
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_apart(make: Callable[[], Figure]) -> None:
    figure = make()
    figure.draw_without_rendering()
    texts = [t for ax in figure.axes for t in (*ax.texts, ax.title, ax.xaxis.label)]
    texts += figure.texts
    boxes = [text.get_window_extent() for text in texts if text.get_text().strip()]
    for box in boxes:
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.width + 1
        assert box.y1 <= figure.bbox.height + 1
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if a.overlaps(b)]


def test_each_lit_pixel_writes_its_row() -> None:
    steps = viz.matrix_by_pixels(MATRIX, (2, 3))
    assert len(steps) == 6
    for i in range(6):
        image, added, matrix = steps.frame(i).axes
        assert numbers_in(image) == numbers_of(np.eye(6, dtype=int)[i])
        assert numbers_in(added) == numbers_of(MATRIX[i])
        assert numbers_in(matrix) == numbers_of(MATRIX[: i + 1])
        (frame,) = [patch for patch in matrix.patches if patch.get_gid() == "window"]
        assert frame.get_xy() == (-0.5, i - 0.5)
        assert (frame.get_width(), frame.get_height()) == (3, 1)


def test_curves_hold_the_losses_and_end_at_their_names() -> None:
    (ax,) = viz.loss_curves(FALLING, steps="step", floor=("a level", 0.7)).axes
    for name, losses in FALLING.items():
        (line,) = [line for line in ax.lines if line.get_gid() == name]
        np.testing.assert_array_equal(line.get_ydata(), losses)
        (text,) = [text for text in ax.texts if text.get_text() == name]
        assert text.get_color() == line.get_color()
        assert text.get_position()[0] > len(losses) - 1
        assert text.get_position()[1] == pytest.approx(losses[-1])
    level = ax.lines[-1]
    assert set(level.get_ydata()) == {0.7}
    assert ax.get_xlabel() == "step"
    assert all(tick == int(tick) for tick in ax.get_xticks())


def test_curves_differ_in_more_than_colour() -> None:
    (ax,) = viz.loss_curves({name: [2.0, 1.0] for name in "abcd"}).axes
    assert len({line.get_linestyle() for line in ax.lines}) == 4


def test_confusion_counts_labels_by_row_and_predictions_by_column() -> None:
    (ax,) = viz.confusion(LABELS, SAID).axes
    assert numbers_in(ax) == ["2", "1", "2", "2", "1"]
    places = {t.get_position(): t.get_text() for t in ax.texts if t.get_zorder() == 4}
    assert places == {(0, 0): "2", (2, 0): "1", (1, 1): "2", (0, 2): "2", (2, 2): "1"}
    assert ax.get_title() == "5 of 8 are right: 62.5 %"
    fills = np.asarray(ax.images[0].get_array())
    assert tuple(fills[0, 0]) == pytest.approx(to_rgb(viz.ROLES["output"].fill))
    assert tuple(fills[0, 1]) == (1, 1, 1)
    assert fills[2, 0, 2] < fills[0, 2, 2] < 1


def test_the_share_that_is_right_is_never_rounded_up() -> None:
    (ax,) = viz.confusion(np.zeros(3000, int), np.r_[1, np.zeros(2999, int)]).axes
    assert ax.get_title().endswith("99.9 %")


def test_image_rows_show_ink_on_paper_and_signs_around_white() -> None:
    figure = FIGURES["images"]()
    grey, signed = figure.axes[:4], figure.axes[4:]
    for ax, image in zip(grey, IMAGES, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), image)
        assert ax.images[0].get_clim() == (0, 1)
    for ax, image in zip(signed, IMAGES, strict=True):
        assert ax.images[0].get_clim() == (-image.max(), image.max())
    assert [ax.get_xlabel() for ax in figure.axes] == [*"abcd", "", "", "", ""]
    assert [text.get_text() for text in figure.texts] == ["grey", "signed"]
    assert grey[0].get_position().y0 > signed[0].get_position().y1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.matrix_by_pixels(MATRIX, (2, 2)), r"4 rows, not one of shape \(6, 3\)"),
        (lambda: viz.matrix_by_pixels(np.ones((20, 2)), (4, 5)), "at most 16 pixels"),
        (lambda: viz.loss_curves({}), "1 to 4 curves, not 0"),
        (lambda: viz.loss_curves({"a": [1.0, 0.0]}), "'a' must be a vector of numbers above 0"),
        (lambda: viz.loss_curves({"a": [[1.0]]}), "'a' must be a vector"),
        (lambda: viz.loss_curves({"a": [1.0]}, floor=("b", -1.0)), "floor must be above 0"),
        (lambda: viz.confusion(LABELS, SAID[:3]), r"\(8,\) and \(3,\)"),
        (lambda: viz.confusion(LABELS, SAID / 2), "whole numbers"),
        (lambda: viz.confusion(LABELS, SAID, classes=2), "class 2 is none of 2"),
        (lambda: viz.confusion(LABELS, SAID - 1), "must not be negative"),
        (lambda: viz.image_rows({}), "at least one row"),
        (lambda: viz.image_rows({"a": IMAGES[0]}), r"'a' must have the shape \(N, H, W\)"),
        (lambda: viz.image_rows({"a": IMAGES}, signed=["b"]), "no row 'b'"),
        (lambda: viz.image_rows({"a": IMAGES}, captions={"a": ["x"]}), "4 images and 1 captions"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
