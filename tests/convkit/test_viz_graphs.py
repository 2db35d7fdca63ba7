"""Graphs are laid out without collisions, and show what flows through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from convkit import Node, viz
from convkit.viz._flow import both_passes, read_graph
from convkit.viz._layers import place_in_layers
from convkit.viz.grids import cell_text
from convkit.viz.style import ROLES


class Plain:
    """A node as a student may write it: no class of convkit's."""

    def __init__(self, value: Any, children: Any = (), operation: str = "") -> None:
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children, self.operation = children, operation


def squared_length(kind: Callable[..., Any] = Node) -> dict[str, Any]:
    """The graph of the squared length of W x, by name."""
    W, x = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([0.5, 1.0])
    nodes = {"W": kind(W), "x": kind(x)}
    if kind is Node:
        nodes["q"] = nodes["W"] @ nodes["x"]
        nodes["s"] = nodes["q"] * nodes["q"]
        nodes["f"] = nodes["s"].sum()
    else:
        q = W @ x
        nodes["q"] = kind(q, [nodes["W"], nodes["x"]], "@")
        nodes["s"] = kind(q * q, [nodes["q"], nodes["q"]], "*")
        nodes["f"] = kind(np.sum(q * q), [nodes["s"]], "sum")
    return nodes


def diamond() -> dict[str, Node]:
    """u is used by v and by f."""
    a = Node(3.0)
    u = a * a
    v = u + a
    return {"a": a, "u": u, "v": v, "f": u * v}


def texts(figure: Figure, gid: str) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts if text.get_gid() == gid]


def blocks(figure: Figure, gid: str) -> list[Rectangle]:
    return [p for p in figure.axes[0].patches if isinstance(p, Rectangle) and p.get_gid() == gid]


def numbers(*arrays: Any) -> list[str]:
    return sorted(cell_text(value) for array in arrays for value in np.ravel(array))


@pytest.mark.parametrize("kind", [Node, Plain])
def test_steps_show_one_more_value_and_then_one_more_gradient(kind: Callable[..., Any]) -> None:
    nodes = squared_length(kind)
    steps = viz.graph_steps(nodes["f"], names=nodes)
    assert len(steps) == 1 + 3 + 1 + 3
    W, x, q = (nodes[name].value for name in "Wxq")
    assert sorted(texts(steps.frame(0), "input number")) == numbers(W, x)
    shown = [sorted(texts(steps.frame(i), "output number")) for i in range(4)]
    assert shown == [[], numbers(q), numbers(q, q * q), numbers(q, q * q, np.sum(q * q))]
    assert texts(steps.frame(3), "gradient number") == []
    arrived = [sorted(texts(steps.frame(i), "gradient number")) for i in range(4, 8)]
    dq, ones = 2 * q, np.ones(2)
    assert arrived == [
        numbers(1),
        numbers(1, ones),
        numbers(1, ones, dq),
        numbers(1, ones, dq, np.outer(dq, x), W.T @ dq),
    ]


def test_nothing_in_the_nodes_is_changed() -> None:
    nodes = squared_length()
    steps = viz.graph_steps(nodes["f"])
    steps.frame(-1)
    assert all(not node.grad.any() for node in nodes.values())


def test_a_gradient_that_is_still_growing_has_a_broken_frame() -> None:
    steps = viz.graph_steps(diamond()["f"])
    first, second = steps.frame(5), steps.frame(6)
    assert sorted(texts(first, "gradient number")) == ["1", "12", "9"]
    assert [b.get_linestyle() for b in blocks(first, "gradient")].count("-") == 3  # one is empty
    assert sorted(texts(second, "gradient number")) == ["1", "21", "9", "9"]
    (growing,) = (b for b in blocks(first, "gradient") if b.get_linestyle() != "-")
    assert growing.get_facecolor() == mpl.colors.to_rgba("#ffffff")
    assert sorted(texts(steps.frame(7), "gradient number")) == ["1", "135", "21", "9"]


def test_what_goes_back_stands_on_the_arrows() -> None:
    steps = viz.graph_steps(diamond()["f"])
    assert texts(steps.frame(4), "sent") == []
    assert sorted(texts(steps.frame(5), "sent")) == ["12", "9"]
    assert sorted(texts(steps.frame(7), "sent")) == sorted(["12", "9", "9", "9", "63", "63"])
    matrix = viz.graph_steps(squared_length()["f"]).frame(-1)
    assert "⎡ 2.5    5⎤\n⎣−2.5   −5⎦" in texts(matrix, "sent")


def test_arrows_turn_round_when_a_gradient_goes_back() -> None:
    steps = viz.graph_steps(diamond()["f"])

    def across(step: int, gid: str) -> list[float]:
        """How far to the right each arrow runs."""
        arrows = [p for p in steps.frame(step).axes[0].patches if p.get_gid() == gid]
        ways = [arrow._path_original.vertices for arrow in arrows]
        return [way[-1, 0] - way[0, 0] for way in ways]

    assert len(across(3, "arrow")) == 6
    assert min(across(3, "arrow")) > 0
    assert len(across(5, "arrow")) == 4
    assert len(across(5, "arrow back")) == 2
    assert max(across(7, "arrow back")) < 0


def test_the_caption_says_what_happens() -> None:
    steps = viz.graph_steps(squared_length()["f"])
    captions = [texts(steps.frame(i), "caption")[0] for i in range(len(steps))]
    assert captions[1].startswith("@  multiplies matrices")
    assert captions[4] == "The gradient of the result to itself is 1."
    assert captions[5].startswith("Σ  sends a copy")
    headings = [text.get_text() for text in steps.frame(6).axes[0].texts]
    assert "backward 2 of 3" in headings


def test_the_operation_whose_turn_it_is_is_filled() -> None:
    steps = viz.graph_steps(squared_length()["f"])

    def filled(step: int) -> list[tuple[float, ...]]:
        circles = [p for p in steps.frame(step).axes[0].patches if isinstance(p, Circle)]
        return [c.get_facecolor() for c in circles if c.get_facecolor()[:3] != (1, 1, 1)]

    assert filled(0) == []
    assert filled(1) == [mpl.colors.to_rgba(ROLES["output"].line)]
    assert filled(5) == [mpl.colors.to_rgba(ROLES["gradient"].line)]


def test_a_graph_shows_gradients_only_when_there_are_some() -> None:
    nodes = squared_length()
    before = viz.computational_graph(nodes["f"], names=nodes)
    assert texts(before, "gradient number") == texts(before, "sent") == []
    assert texts(before, "name") == ["W", "x", "q", "s", "f"]
    nodes["f"].backward()
    after = viz.computational_graph(nodes["f"], names=nodes)
    held = [node.grad for node in nodes.values()]
    assert sorted(texts(after, "gradient number")) == numbers(*held)
    assert texts(after, "doubt") == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda nodes: nodes["a"].grad.fill(9.0), "but 135 arrives"),
        (lambda nodes: setattr(nodes["a"], "grad", None), "but 135 arrives"),
        (lambda nodes: setattr(nodes["a"], "grad", np.ones(3)), "but 135 arrives"),
    ],
)
def test_a_gradient_that_is_not_what_arrives_is_called_out(change: Any, says: str) -> None:
    nodes = diamond()
    nodes["f"].backward()
    change(nodes)
    assert texts(viz.computational_graph(nodes["f"]), "doubt") == [says]


def test_every_operation_of_the_engine_can_be_stepped_through() -> None:
    x = Node([[0.5, 1.0], [1.5, 2.0]])
    f = ((-x).exp().sum(axis=0) / x.log().relu().mean() - x**3).sum()
    last = both_passes(read_graph(f))[-1]
    f.backward()
    np.testing.assert_allclose(last.arrived[0], x.grad)


def test_operations_of_other_classes_that_are_not_known() -> None:
    odd = Plain(1.0, [Plain(2.0)], "wiggle")
    with pytest.raises(ValueError, match=r"operation 'wiggle' is not known; known are \+, -"):
        viz.graph_steps(odd)
    odd.grad += 1
    assert texts(viz.computational_graph(odd), "sent") == []


@pytest.mark.parametrize(
    ("thing", "says"),
    [
        (3.0, "float has no value"),
        (Plain(1.0, [np.ones(2)], "+"), "ndarray has no value"),
    ],
)
def test_what_is_no_graph_is_refused(thing: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        viz.computational_graph(thing)


def test_steps_start_at_a_single_number() -> None:
    with pytest.raises(ValueError, match=r"the last node has the shape \(2,\).*\.sum\(\)"):
        viz.graph_steps(Node([1.0, 2.0]) + Node([1.0, 2.0]))


def test_large_arrays_are_drawn_as_their_shape() -> None:
    f = (Node(np.ones((20, 3))) @ Node(np.ones(3))).sum()
    figure = viz.graph_steps(f).frame(-1)
    shapes = texts(figure, "input number") + texts(figure, "output number")
    assert "shape\n(20, 3)" in shapes
    assert "shape\n(20,)" in shapes
    assert "(20, 3)" in texts(figure, "sent")


GRAPHS: dict[str, Callable[[], Node]] = {
    "leaf": lambda: Node(1.0),
    "squared length": lambda: squared_length()["f"],
    "diamond": lambda: diamond()["f"],
    "long way round": lambda: (lambda a, b: ((a * b) * b - b) * (b + a) + a)(Node(2.0), Node(3.0)),
    "wide": lambda: sum((Node(float(i)) * Node(2.0) for i in range(1, 5)), start=Node(0.0)),
}


def extents(ax: Axes) -> list[tuple[float, float, float, float]]:
    """Left, right, top and bottom of every pair of value and gradient."""
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    return [
        (*(b.get_x(), b.get_x() + b.get_width()), *(b.get_y(), b.get_y() + b.get_height()))
        for b in boxes
    ]


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_no_box_covers_another_and_all_words_are_inside(make: Callable[[], Node]) -> None:
    before = dict(mpl.rcParams)
    figure = viz.graph_steps(make()).frame(-1)
    assert dict(mpl.rcParams) == before
    figure.draw_without_rendering()
    boxes = extents(figure.axes[0])
    for n, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:n]:
            apart = right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top
            assert apart
    for text in figure.axes[0].texts:
        extent = text.get_window_extent()
        assert extent.x0 >= 0
        assert extent.y0 >= 0
        assert extent.x1 <= figure.bbox.width
        assert extent.y1 <= figure.bbox.height


def test_operands_stand_level_with_what_they_are_used_for() -> None:
    """Leaves 0 and 1 make node 4, leaves 2 and 3 make node 5, but they come mixed."""
    operands = [(), (), (), (), (0, 2), (1, 3), (4, 5)]
    layout = place_in_layers(operands, [(1.0, 1.0)] * 7, (1.0, 0.3))
    heights = [y for _, y in layout.centers]
    upper, lower = sorted([(heights[4], (0, 2)), (heights[5], (1, 3))])
    assert max(heights[leaf] for leaf in upper[1]) < min(heights[leaf] for leaf in lower[1])


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_arrows_run_from_left_to_right(make: Callable[[], Node]) -> None:
    graph = read_graph(make())
    layout = place_in_layers(graph.operands, [(1.0, 1.0)] * len(graph.nodes), (1.0, 0.3))
    for user, mine in enumerate(graph.operands):
        for operand, child in enumerate(mine):
            way = [layout.centers[child], *layout.bends[user, operand], layout.centers[user]]
            across = [x for x, _ in way]
            assert across == sorted(set(across))
    assert all(0.49 < x < layout.width - 0.49 for x, _ in layout.centers)
    assert all(0.49 < y < layout.height - 0.49 for _, y in layout.centers)
