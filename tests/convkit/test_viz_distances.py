"""Pictures of distances: the numbers, frames and marks that they draw."""

from __future__ import annotations

from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.spatial.distance import cdist

from convkit import viz
from convkit.data import Digits
from convkit.viz.grids import cell_text

RNG = np.random.default_rng(8)
TEST, TRAIN = RNG.integers(-9, 10, (2, 3)), RNG.integers(-9, 10, (4, 3))
DISTANCES = cdist(TEST, TRAIN, "cityblock")
GREY = mpl.colors.to_rgb(viz.ROLES["padding"].fill)


def some_digits(*labels: int) -> Digits:
    return Digits(RNG.uniform(size=(len(labels), 5, 4)), np.array(labels))


QUERIES, SEEN = some_digits(3, 7), some_digits(3, 7, 3, 8)
FAR = np.array([[4.0, 1.0, 2.0, 3.0], [0.5, 4.0, 3.0, 2.0]])

FIGURES: dict[str, Callable[[], Figure]] = {
    "two loops": lambda: viz.distance_steps(TEST, TRAIN, 2).frame(-1),
    "two loops, long rows": lambda: viz.distance_steps(-10 - np.ones((2, 6)) * TEST[0, 0],
                                                       np.full((2, 6), -0.25), 2).frame(0),
    "one loop": lambda: viz.distance_steps(TEST, TRAIN, 1).frame(0),
    "no loops, first": lambda: viz.distance_steps(TEST, TRAIN, 0).frame(0),
    "no loops, last": lambda: viz.distance_steps(TEST, TRAIN, 0).frame(-1),
    "broadcast_shapes": lambda: viz.broadcast_shapes((500, 1, 3072), (5000, 3072), ("a", "b")),
    "city_block": lambda: viz.city_block((10, 2), (-1, 12)),
    "nearest_neighbours": lambda: viz.nearest_neighbours(QUERIES, SEEN, FAR, 3),
    "accuracy_curve": lambda: viz.accuracy_curve({1: 0.9, 3: 0.95, 401: 0.8}),
}  # fmt: skip


def numbers_in(ax: Axes) -> list[str]:
    cells = [text for text in ax.texts if text.get_zorder() == 4]
    return [text.get_text() for text in sorted(cells, key=lambda t: t.get_position()[::-1])]


def numbers_of(array: np.ndarray) -> list[str]:
    return [cell_text(value) for value in np.ravel(array)]


def window_of(ax: Axes, gid: str = "window") -> tuple[float, ...]:
    (frame,) = [patch for patch in ax.patches if patch.get_gid() == gid]
    left, top = frame.get_xy()
    return top + 0.5, left + 0.5, frame.get_height(), frame.get_width()


@pytest.mark.parametrize("make", FIGURES.values(), ids=FIGURES)
def test_words_stay_inside_the_figure_and_settings_as_they_were(make: Callable) -> None:
    before = dict(mpl.rcParams)
    figure = make()
    figure.draw_without_rendering()
    texts = [t for ax in figure.axes for t in (*ax.texts, ax.title, ax.xaxis.label)]
    for text in [*texts, *figure.texts]:
        if text.get_text().strip():
            box = text.get_window_extent()
            assert box.x0 >= -1
            assert box.y0 >= -1
            assert box.x1 <= figure.bbox.width + 1
            assert box.y1 <= figure.bbox.height + 1
    assert dict(mpl.rcParams) == before


def test_with_two_loops_a_step_is_a_pair() -> None:
    steps = viz.distance_steps(TEST, TRAIN, loops=2)
    assert len(steps) == DISTANCES.size
    for step, (i, j) in enumerate(np.ndindex(DISTANCES.shape)):
        figure = steps.frame(step)
        test, train, table = figure.axes
        assert numbers_in(test) == numbers_of(TEST)
        assert numbers_in(train) == numbers_of(TRAIN)
        assert numbers_in(table) == numbers_of(DISTANCES)[: step + 1]
        assert window_of(test) == (i, 0, 1, 3)
        assert window_of(train) == (j, 0, 1, 3)
        assert window_of(table, "current") == (i, j, 1, 1)
        (words,) = [text.get_text() for text in figure.texts if text.get_gid() == "caption"]
        terms, total = words.replace("−", "-").split("=")
        parts = [abs(eval(term.replace("|", ""))) for term in terms.split(" + ")]
        assert parts == np.abs(TEST[i] - TRAIN[j]).tolist()
        assert sum(parts) == int(total) == DISTANCES[i, j]


def test_with_one_loop_a_step_is_a_row() -> None:
    steps = viz.distance_steps(TEST, TRAIN, loops=1)
    assert len(steps) == len(TEST)
    for i in range(len(TEST)):
        test, train, differences, table = steps.frame(i).axes
        assert window_of(test) == (i, 0, 1, 3)
        assert window_of(train) == (0, 0, 4, 3)
        assert numbers_in(differences) == numbers_of(np.abs(TEST[i] - TRAIN))
        assert numbers_in(table) == numbers_of(DISTANCES[: i + 1])
        assert window_of(table, "current") == (i, 0, 1, 4)


def test_without_loops_the_steps_are_those_of_the_broadcast() -> None:
    steps = viz.distance_steps(TEST, TRAIN, loops=0)
    planes = np.abs(TEST[:, None] - TRAIN)
    new_axes, stretched, subtracted, summed = (steps.frame(i).axes for i in range(4))
    assert [numbers_in(ax) for ax in new_axes] == [
        numbers_of(TEST[0]),
        numbers_of(TEST[1]),
        numbers_of(TRAIN),
    ]
    repeated = [np.tile(row, (4, 1)) for row in TEST]
    assert [numbers_in(ax) for ax in stretched] == [
        numbers_of(each) for each in (*repeated, TRAIN, TRAIN)
    ]
    assert [numbers_in(ax) for ax in subtracted[4:]] == [numbers_of(plane) for plane in planes]
    assert numbers_in(summed[-1]) == numbers_of(DISTANCES)


def test_what_a_broadcast_repeats_is_grey() -> None:
    axes = viz.distance_steps(TEST, TRAIN, loops=0).frame(1).axes
    grey = [
        np.isclose(np.asarray(ax.images[0].get_array()), GREY).all(axis=2).all(axis=1).tolist()
        for ax in axes
    ]
    assert grey == [[False, True, True, True]] * 2 + [[False] * 4, [True] * 4]


def test_the_shapes_of_a_broadcast_stand_over_its_blocks() -> None:
    figure = viz.distance_steps(TEST, TRAIN, loops=0).frame(0)
    words = " ".join(text.get_text() for text in figure.texts)
    assert "(2, 1, 3)" in words
    assert "(1, 4, 3)" in words
    words = " ".join(text.get_text() for text in viz.distance_steps(TEST, TRAIN, 0).frame(3).texts)
    assert words.count("(2, 4, 3)") == 3
    assert "(2, 4)" in words


@pytest.mark.parametrize(
    ("first", "second"),
    [((2, 1, 3), (1, 4, 3)), ((2, 1, 3), (4, 3)), ((3,), (2, 3)), ((), (2,)), ((1,), (1, 1))],
)
def test_shapes_are_lined_up_as_numpy_does(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    (ax,) = viz.broadcast_shapes(first, second).axes
    texts = {gid: [t.get_text() for t in ax.texts if t.get_gid() == gid] for gid in GIDS}
    wanted = np.broadcast_shapes(first, second)
    assert texts["result"] == [str(n) for n in wanted]
    ones = [
        n
        for shape in (first, second)
        for length, n in zip((1,) * (len(wanted) - len(shape)) + shape, wanted, strict=True)
        if length == 1 < n
    ]
    assert texts["stretched"] == [f"1 → {n}" for n in ones]


GIDS = ("result", "stretched", "length")


def test_shapes_that_do_not_fit_are_crossed_out() -> None:
    (ax,) = viz.broadcast_shapes((500, 3), (5000, 3)).axes
    assert [t.get_text() for t in ax.texts if t.get_gid() == "result"] == ["×", "3"]
    assert "do not fit" in [text.get_text() for text in ax.texts]


def test_both_ways_of_the_taxi_are_as_long_as_l1() -> None:
    (ax,) = viz.city_block((4, 7), (-1, 5)).axes
    round_the_corner, stairs, straight = (line.get_xydata() for line in ax.lines[:3])
    for way in (round_the_corner, stairs):
        np.testing.assert_array_equal(way[[0, -1]], [(4, 7), (-1, 5)])
        assert np.abs(np.diff(way, axis=0)).sum() == 7
        assert (np.diff(way, axis=0) == 0).any(axis=1).all()
    np.testing.assert_array_equal(straight, [(4, 7), (-1, 5)])
    lengths = [text.get_text() for text in ax.texts if text.get_gid() == "length"]
    assert lengths == ["L1 = |4 − (−1)| + |7 − 5| = 7", "L2 = 5.39"]


def test_neighbours_are_sorted_and_those_that_agree_are_green() -> None:
    axes = viz.nearest_neighbours(QUERIES, SEEN, FAR, 3).axes
    words = [ax.get_xlabel() for ax in axes]
    assert words == [
        *("test, a 3", "× 7  at 1", "3  at 2", "× 8  at 3"),
        *("test, a 7", "× 3  at 0.5", "× 8  at 2", "× 3  at 3"),
    ]
    for row, order in enumerate(([1, 2, 3], [0, 3, 2])):
        for ax, column in zip(axes[4 * row + 1 : 4 * row + 4], order, strict=True):
            np.testing.assert_array_equal(ax.images[0].get_array(), SEEN.images[column])
            agrees = SEEN.labels[column] == QUERIES.labels[row]
            role = viz.ROLES["output" if agrees else "kernel"]
            assert mpl.colors.same_color(ax.spines["left"].get_edgecolor(), role.line)


def test_the_best_number_of_neighbours_is_marked() -> None:
    (ax,) = viz.accuracy_curve({401: 0.8, 1: 0.9, 3: 0.95}).axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "3", "401"]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [0.9, 0.95, 0.8])
    (best,) = [line for line in ax.lines if line.get_gid() == "best"]
    assert best.get_xydata().tolist() == [[1, 0.95]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: viz.distance_steps(TEST, TRAIN, loops=3), "loops must be 0, 1 or 2"),
        (lambda: viz.distance_steps(TEST, TRAIN[:, :2]), r"\(2, 3\) and X_train \(4, 2\)"),
        (lambda: viz.distance_steps(TEST[0], TRAIN), r"X_test must have the shape \(rows, D\)"),
        (lambda: viz.distance_steps(np.ones((2, 7)), np.ones((2, 7))), "1 to 6"),
        (lambda: viz.broadcast_shapes((), ()), "axes of length 1 or more"),
        (lambda: viz.broadcast_shapes((2, 0), (1,)), "axes of length 1 or more"),
        (lambda: viz.city_block((0.5, 1), (2, 3)), "pairs of whole numbers"),
        (lambda: viz.city_block((0, 0), (13, 0)), "1 to 12 blocks apart, not 13"),
        (lambda: viz.city_block((1, 1), (1, 1)), "not 0"),
        (lambda: viz.nearest_neighbours(QUERIES, SEEN, FAR.T, 3), r"\(2, 4\).*not \(4, 2\)"),
        (lambda: viz.nearest_neighbours(QUERIES, SEEN, FAR, 5), "k must be from 1 to 4"),
        (lambda: viz.nearest_neighbours(some_digits(), SEEN, FAR), "1 to 6 test images, not 0"),
        (lambda: viz.accuracy_curve({1: 0.9}), "two or more"),
        (lambda: viz.accuracy_curve({1: 0.9, 3: 97.5}), "between 0 and 1"),
    ],
)
def test_bad_input_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
