"""Pictures of batch normalization hold the right numbers, colours and words."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from convkit import viz
from convkit.viz.grids import cell_text

RNG = np.random.default_rng(21)
VECTORS = RNG.integers(-5, 10, (5, 3))
IMAGES = RNG.integers(0, 9, (2, 2, 3, 3))
GAMMA, BETA = np.array([0.5, 2.0, 1.0]), np.array([1.0, -3.0, 0.0])

FIGURES: dict[str, Callable[[], Figure]] = {
    "vectors": lambda: viz.shared_statistics(VECTORS),
    "vectors, rows": lambda: viz.shared_statistics(VECTORS, axes=(1,)),
    "vectors, all": lambda: viz.shared_statistics(VECTORS, axes=(0, 1)),
    "images": lambda: viz.shared_statistics(IMAGES),
    "one channel": lambda: viz.shared_statistics(IMAGES[..., :1]),
    "images, instance": lambda: viz.shared_statistics(IMAGES, axes=(1, 2)),
    "steps": lambda: viz.normalization_steps(VECTORS, GAMMA, BETA).frame(3),
    "distributions": lambda: viz.feature_distributions(VECTORS, VECTORS * 7),
    "running": lambda: viz.running_estimate([1, 2, 3], [1, 1.5, 2], 2.5),
}


def numbers_in(ax: Axes) -> list[str]:
    """The numbers in the cells of a grid, row by row."""
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def colors_of(ax: Axes) -> np.ndarray:
    return np.asarray(ax.images[0].get_array(), dtype=float)


def notes_of(figure: Figure) -> dict[str, str]:
    """What stands under each grid."""
    notes = {
        ax.get_title(): [text.get_text() for text in ax.texts if text.get_zorder() != 4]
        for ax in figure.axes
    }
    return {title: "".join(texts) for title, texts in notes.items()}


def drawn(ax: Axes, gid: str) -> list[np.ndarray]:
    """Horizontal places of all lines of one kind, from the top feature down."""
    lines = [line for line in ax.lines if line.get_gid() == gid]
    return [np.asarray(line.get_xdata()) for line in lines]


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_settings_as_they_were(
    make: Callable[[], Figure],
) -> None:
    before = dict(mpl.rcParams)
    figure = make()
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert dict(mpl.rcParams) == before
    drawn_box, (width, height) = figure.get_tightbbox(), figure.get_size_inches()
    assert min(drawn_box.x0, drawn_box.y0) >= -0.01
    assert drawn_box.x1 <= width + 0.01
    assert drawn_box.y1 <= height + 0.01


def test_the_numbers_and_statistics_of_vectors_are_shown() -> None:
    x = np.array([[1, 30], [1, 10], [5, 10], [5, 30]])
    batch, mean, variance = viz.shared_statistics(x).axes
    assert numbers_in(batch) == ["1", "30", "1", "10", "5", "10", "5", "30"]
    assert numbers_in(mean) == ["3", "20"]
    assert numbers_in(variance) == ["4", "100"]


@pytest.mark.parametrize("axes", [None, (0,), (1,), (0, 1)])
def test_vectors_share_a_colour_where_they_share_a_mean(axes) -> None:
    batch, mean, _ = viz.shared_statistics(VECTORS, axes).axes
    colors, shared = colors_of(batch), colors_of(mean)
    assert (colors == np.broadcast_to(shared, colors.shape)).all()
    groups = len(np.unique(shared.reshape(-1, 3), axis=0))
    assert groups == {None: 3, (0,): 3, (1,): 5, (0, 1): 1}[axes]


@pytest.mark.parametrize(
    ("axes", "words", "colors"),
    [
        (None, "12 numbers share each mean: 3 means, 3 variances", 3),
        ((1, 2), "6 numbers share each mean: 6 means, 6 variances", 6),
        ((1, 2, 3), "18 numbers share each mean: 2 means, 2 variances", 2),
        ((0, 1, 2, 3), "36 numbers share each mean: 1 mean, 1 variance", 1),
    ],
)
def test_images_say_how_many_numbers_share_a_mean(axes, words: str, colors: int) -> None:
    figure = viz.shared_statistics(IMAGES, axes)
    assert figure.texts[-1].get_text() == words
    fills = np.concatenate([colors_of(ax).reshape(-1, 3) for ax in figure.axes])
    assert len(np.unique(fills, axis=0)) == colors


def test_a_channel_has_its_statistics_under_its_last_image() -> None:
    notes = notes_of(viz.shared_statistics(IMAGES))
    for channel in range(3):
        values = IMAGES[..., channel]
        mean, variance = (cell_text(round(value, 2)) for value in (values.mean(), values.var()))
        assert notes[f"image 0, channel {channel}"] == ""
        assert notes[f"image 1, channel {channel}"] == f"mean {mean}\nvariance {variance}"


def test_pixels_with_a_mean_of_their_own_have_no_common_note() -> None:
    figure = viz.shared_statistics(IMAGES, axes=(0,))
    assert set(notes_of(figure).values()) == {""}
    same = [colors_of(ax) for ax in figure.axes]
    assert (same[0] == same[3]).all()
    assert not (same[0] == same[1]).all()


def test_steps_show_the_five_stages() -> None:
    steps = viz.normalization_steps(VECTORS, GAMMA, BETA)
    z = (VECTORS - VECTORS.mean(0)) / VECTORS.std(0)
    stages = [VECTORS, VECTORS - VECTORS.mean(0), z, GAMMA * z, GAMMA * z + BETA]
    assert len(steps) == 5
    titles = ["batch", "mean away", "root of variance + eps", "gamma", "beta"]
    for i, stage in enumerate(stages):
        (ax,) = steps.frame(i).axes
        assert ax.get_title(loc="left").endswith(titles[i])
        np.testing.assert_allclose(np.transpose(drawn(ax, "now")), stage, atol=1e-7)
        np.testing.assert_allclose(
            [line[0] for line in drawn(ax, "mean")], stage.mean(0), atol=1e-7
        )
        widths = [np.ptp(line) for line in drawn(ax, "spread")]
        np.testing.assert_allclose(widths, 2 * stage.std(0), atol=1e-7)
        before = np.transpose(drawn(ax, "before"))
        np.testing.assert_allclose(before, stages[i - 1] if i else np.empty((0,)), atol=1e-7)


def test_steps_of_images_take_pixels_together_and_name_channels() -> None:
    steps = viz.normalization_steps(IMAGES, GAMMA, BETA)
    (ax,) = steps.frame(0).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == [f"channel {c}" for c in "012"]
    np.testing.assert_allclose(np.transpose(drawn(ax, "now")), IMAGES.reshape(-1, 3))


def test_eps_keeps_a_constant_feature_drawable() -> None:
    (ax,) = viz.normalization_steps(np.ones((4, 1)), [1], [0]).frame(2).axes
    np.testing.assert_allclose(drawn(ax, "now"), [np.zeros(4)])


def test_distributions_share_a_scale_and_count_every_number() -> None:
    before, after = RNG.normal(size=(200, 2)), 3 + RNG.normal(size=(100, 2))
    left, right = viz.feature_distributions(before, after, bins=20).axes
    assert left.get_xlim() == right.get_xlim()
    for ax, values in ((left, before), (right, after)):
        said = [text.get_text() for text in ax.texts if text.get_gid() == "statistics"]
        assert said[0].startswith("mean ")
        np.testing.assert_allclose([line[0] for line in drawn(ax, "mean")], values.mean(0))
        outlines = [patch for patch in ax.patches if patch.get_facecolor()[3] > 0]
        heights = outlines[0].get_data().baseline - outlines[0].get_data().values
        counts, _ = np.histogram(values[:, 0], outlines[0].get_data().edges)
        assert counts.sum() == len(values)
        np.testing.assert_allclose(heights / heights.max(), counts / counts.max())


def test_features_have_the_colours_of_their_groups() -> None:
    (ax,) = viz.normalization_steps(VECTORS, GAMMA, BETA).frame(0).axes
    dots = [line for line in ax.lines if line.get_gid() == "now"]
    for line, role in zip(dots, ("input", "kernel", "output"), strict=True):
        assert to_rgb(line.get_markeredgecolor()) == to_rgb(viz.ROLES[role].line)
    assert len({line.get_marker() for line in dots}) == 3


def test_running_estimate_draws_batches_running_value_and_target() -> None:
    (ax,) = viz.running_estimate([4, 2, 3], [1, 1.5, 2], 2.5, "variance").axes
    batches, running, target = ax.lines
    assert list(batches.get_ydata()) == [4, 2, 3]
    assert list(running.get_ydata()) == [1, 1.5, 2]
    assert list(target.get_ydata()) == [2.5, 2.5]
    assert ax.get_legend().get_texts()[1].get_text() == "running variance"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.shared_statistics(np.ones(3)), r"\(3,\)"),
        (lambda: viz.shared_statistics(np.ones((0, 3))), "with entries"),
        (lambda: viz.shared_statistics(IMAGES, axes=(4,)), r"some of \(0, 1, 2, 3\)"),
        (lambda: viz.shared_statistics(IMAGES, axes=()), "some of"),
        (lambda: viz.shared_statistics(np.ones((8, 8, 8, 3))), "show a part"),
        (lambda: viz.shared_statistics(np.ones((30, 3))), r"x\[:8, :8\]"),
        (lambda: viz.normalization_steps(np.ones((2, 7)), 1, 0), "at most 6"),
        (lambda: viz.normalization_steps(VECTORS, GAMMA[:2], BETA), r"gamma .* \(3,\), not \(2,\)"),
        (lambda: viz.normalization_steps(VECTORS, GAMMA, 0.0), "beta"),
        (lambda: viz.normalization_steps(np.ones((2, 3, 4)), 1, 0), r"\(2, 3, 4\)"),
        (lambda: viz.feature_distributions(VECTORS, VECTORS[:, :2]), "3 features and after has 2"),
        (lambda: viz.feature_distributions(VECTORS, VECTORS, bins=0), "bins"),
        (lambda: viz.running_estimate([1, 2], [1], 0), r"\(2,\) and \(1,\)"),
        (lambda: viz.running_estimate([], [], 0), "one length"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
