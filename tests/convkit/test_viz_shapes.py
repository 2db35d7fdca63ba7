"""The pictures of 01_shapes: what is drawn where, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.colors import to_hex

import convkit
from convkit import viz
from convkit.viz.receptive import seen_above

STACKS = {
    "unit strides": [(3, 1), (3, 1), (2, 1)],
    "strides": [(3, 1), (3, 2), (3, 1), (2, 2)],
    "pointwise": [(4, 2), (1, 1), (3, 1)],
    "one layer": [(5, 3)],
}

NAMES = ["input", "conv", "pool", "scores"]
SHAPES = [(9, 7, 3), (8, 6, 5), (4, 3, 5), (10,)]
PARAMETERS = [0, 65, 0, 610]
MULTIPLICATIONS = [0, 2880, 0, 600]


def small_ledger():
    return viz.shape_ledger(NAMES, SHAPES, PARAMETERS, MULTIPLICATIONS)


def texts(ax, gid):
    return [text.get_text() for text in ax.texts if text.get_gid() == gid]


def patches(ax, gid):
    return [patch for patch in ax.patches if patch.get_gid() == gid]


@pytest.mark.parametrize("layers", STACKS.values(), ids=STACKS)
def test_as_many_input_cells_are_coloured_as_the_receptive_field_is_long(layers) -> None:
    steps = viz.receptive_field_growth(layers)
    assert len(steps) == len(layers) + 1
    for i in range(1, len(steps)):
        (ax,) = steps.frame(i).axes
        bottom = min(cell.get_y() for cell in patches(ax, "seen"))
        on_input = [cell for cell in patches(ax, "seen") if cell.get_y() == bottom]
        field = convkit.receptive_field(layers[:i])
        assert len(on_input) == field
        left = min(cell.get_x() for cell in on_input)
        right = max(cell.get_x() + cell.get_width() for cell in on_input)
        (marked,) = patches(ax, "marked")
        assert marked.get_x() + marked.get_width() / 2 == pytest.approx((left + right) / 2)
        assert texts(ax, "sees")[-1] == f"sees {field}"


@pytest.mark.parametrize("layers", STACKS.values(), ids=STACKS)
def test_a_step_has_a_cone_for_each_layer_below_the_marked_output(layers) -> None:
    steps = viz.receptive_field_growth(layers)
    for i in range(len(steps)):
        (ax,) = steps.frame(i).axes
        assert sum(patch.get_gid() == "cone" for patch in ax.patches) == i


@pytest.mark.parametrize("layers", STACKS.values(), ids=STACKS)
def test_the_sums_under_the_picture_are_right(layers) -> None:
    steps = viz.receptive_field_growth(layers)
    for i in range(1, len(steps)):
        words = steps.frame(i).texts[-1].get_text().translate(str.maketrans("−·", "-*"))
        added, seen = (part.split("=") for part in words.partition("adds ")[2].split("pixel"))
        assert eval(added[0]) == int(added[1])
        assert eval(seen[0].partition("sees ")[2]) == int(seen[1])
        assert int(seen[1]) == convkit.receptive_field(layers[:i])


def test_the_marked_output_stands_in_the_middle() -> None:
    (ax,) = viz.receptive_field_growth([(3, 1), (3, 2)]).frame(2).axes
    (marked,) = patches(ax, "marked")
    beside = [cell.get_x() for cell in patches(ax, "unseen") if cell.get_y() == marked.get_y()]
    assert sum(x < marked.get_x() for x in beside) == sum(x > marked.get_x() for x in beside) > 0


def test_a_cone_ends_at_the_cells_that_a_window_reads() -> None:
    assert seen_above({4, 5, 6}, (3, 2)) == (2, 2)
    assert seen_above({6, 7, 8, 9, 10}, (3, 2)) == (3, 4)


@pytest.mark.parametrize(("inputs", "kernel"), [(8, 3), (5, 2), (4, 4), (12, 1)])
def test_weight_sharing_draws_a_line_for_each_product_and_counts_parameters(
    inputs: int, kernel: int
) -> None:
    outputs = inputs - kernel + 1
    axes = viz.weight_sharing(inputs, kernel).axes
    lines = [len(ax.lines) for ax in axes]
    assert lines == [outputs * inputs] + [outputs * kernel] * 2 + [2 * outputs * kernel]
    counts = [int(ax.get_title().split(": ")[1].split()[0]) for ax in axes]
    assert counts == [
        convkit.linear_parameters(inputs, outputs),
        outputs * convkit.conv_parameters((1, kernel), 1, 1),
        convkit.conv_parameters((1, kernel), 1, 1),
        convkit.conv_parameters((1, kernel), 1, 2),
    ]


def test_lines_that_share_a_weight_look_alike_and_others_do_not() -> None:
    for ax in viz.weight_sharing(7, 3).axes[2:]:
        looks = {(line.get_color(), str(line._unscaled_dash_pattern)) for line in ax.lines}
        assert len(looks) == len(ax.lines) // 5


def test_a_ledger_writes_shapes_costs_and_sums() -> None:
    (ax,) = small_ledger().axes
    assert texts(ax, "shape") == ["9 × 7 × 3", "8 × 6 × 5", "4 × 3 × 5", "10"]
    assert texts(ax, "parameters") == ["–", "65", "–", "610"]
    assert texts(ax, "multiplications") == ["–", "2,880", "–", "600"]
    assert texts(ax, "sum") == ["675", "3,480"]


@pytest.mark.parametrize(
    ("gid", "costs"),
    [("bar of parameters", PARAMETERS), ("bar of multiplications", MULTIPLICATIONS)],
)
def test_bars_are_as_long_as_what_they_stand_for(gid: str, costs: list[int]) -> None:
    (ax,) = small_ledger().axes
    widths = np.array([bar.get_width() for bar in patches(ax, gid)])
    np.testing.assert_allclose(widths / widths.max(), np.array(costs) / max(costs))
    assert max(bar.get_x() + bar.get_width() for bar in patches(ax, gid)) < ax.get_xlim()[1]


def test_blocks_are_higher_for_higher_maps_and_thicker_for_more_channels() -> None:
    (ax,) = small_ledger().axes
    blocks = patches(ax, "block")
    assert np.argsort([block.get_height() for block in blocks]).tolist() == [3, 2, 1, 0]
    thick = [round(block.get_width(), 6) for block in blocks]
    assert thick[0] < thick[1] == thick[2] < thick[3]
    roles = [viz.ROLES[name].fill for name in ("input", "output", "padding", "output")]
    assert [to_hex(block.get_facecolor()) for block in blocks] == roles


@pytest.mark.parametrize(
    "make",
    [
        small_ledger,
        lambda: viz.weight_sharing(12, 4),
        lambda: viz.receptive_field_growth(STACKS["strides"]).frame(4),
        lambda: viz.receptive_field_growth([(11, 4)]).frame(1),
    ],
)
def test_words_stay_inside_and_do_not_overlap(make: Callable) -> None:
    figure = make()
    figure.draw_without_rendering()
    words = [text for ax in figure.axes for text in (*ax.texts, ax.title)] + list(figure.texts)
    boxes = [text.get_window_extent() for text in words if text.get_text().strip()]
    for n, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0
        assert box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:n])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.receptive_field_growth([]), "at least one layer"),
        (lambda: viz.receptive_field_growth([(3, 0)]), r"\(3, 0\)"),
        (lambda: viz.receptive_field_growth([(3, 1, 1)]), r"\(kernel, stride\)"),
        (lambda: viz.receptive_field_growth([(11, 4), (3, 2), (5, 1)]), "sees 51 pixels"),
        (lambda: viz.weight_sharing(8, 5), "kernel must be 1 to 4"),
        (lambda: viz.weight_sharing(2, 3), "inputs must be 3"),
        (lambda: viz.weight_sharing(13, 3), "to 12"),
        (lambda: viz.shape_ledger([], [], [], []), "one entry for each layer"),
        (lambda: viz.shape_ledger(["a"], [(3,)], [1, 2], [1]), "1, 1, 2 and 1"),
        (lambda: viz.shape_ledger(["a"], [(3, 4)], [1], [1]), r"not \(3, 4\)"),
        (lambda: viz.shape_ledger(["a"], [(0, 4, 1)], [1], [1]), "positive"),
        (lambda: viz.shape_ledger(["a"], [(4,)], [-1], [1]), "at least 0"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
