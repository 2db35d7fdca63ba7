"""Computational graphs: values that flow forward, gradients that flow back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle
from matplotlib.path import Path

from convkit.viz._flow import Flow, Graph, arriving, as_held, both_passes, read_graph
from convkit.viz._layers import Layout, Point, place_in_layers
from convkit.viz.grids import cell_text
from convkit.viz.player import Steps
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_MOST_CELLS = 4
"""Arrays with more rows or columns are drawn as one cell that says their shape."""

_CELL = (0.74, 0.34)
_SHAPE_CELL = (1.3, 0.5)
_CIRCLE = 0.21
_HEAD = 0.3
_MARGIN = 0.4
_SIGNS = {"*": "×", "-": "−", "sum": "Σ", "neg": "−", "/": "÷"}

_RULES = {
    "+": (
        "adds its two operands.",
        "passes its gradient on to both, unchanged.",
    ),
    "-": (
        "subtracts the second from the first.",
        "passes its gradient to the first, and with the sign turned to the second.",
    ),
    "*": (
        "multiplies entry by entry.",
        "sends to each operand its gradient times the value of the other one.",
    ),
    "@": (
        "multiplies matrices.",
        "sends dY·Bᵀ to the left operand A, and Aᵀ·dY to the right operand B.",
    ),
    "sum": (
        "adds all entries up.",
        "sends a copy of its gradient to every entry.",
    ),
}
_OTHER_RULE = (
    "computes its value.",
    "multiplies its gradient by each local derivative and passes it on.",
)


def computational_graph(result: Any, names: Mapping[str, Any] | None = None) -> Figure:
    """Draw the graph of all that a node was computed from.

    After ``result.backward()`` the gradients that the nodes hold are drawn too, and on every
    arrow what goes back along it. Where a node holds something else than what arrives at it, the
    picture says so.

    Parameters
    ----------
    result : node
        The last node of the graph: a `convkit.Node`, or any object with `value`, `grad`,
        `children` (a sequence of such objects) and `operation` (such as ``"+"``).
    names : mapping from str to node, optional
        Names to write above nodes.

    Returns
    -------
    Figure
        Leaves in blue, results in green, gradients in pink below the values.

    Raises
    ------
    ValueError
        If something in the graph is no node.

    Examples
    --------
    >>> from convkit import Node
    >>> W, x = Node([[1, 2], [3, -4]], name="W"), Node([0.5, 1], name="x")
    >>> q = W @ x
    >>> f = (q * q).sum()
    >>> f.backward()
    >>> picture = computational_graph(f, names={"q": q, "f": f})
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "name"]
    ['W', 'x', 'q', 'f']
    """
    drawing = _Drawing.of(read_graph(result, names), caption=False)
    with style():
        figure = Picture()
        drawing.draw(figure, as_held(drawing.graph))
    return figure


def graph_steps(result: Any, names: Mapping[str, Any] | None = None) -> Steps:
    """Step through the forward and the backward pass of a graph.

    The gradients are worked out by the rules of the operations. `backward` is not called, and
    nothing in the nodes is changed.

    Parameters
    ----------
    result : node
        The last node of the graph, which holds a single number; see `computational_graph`.
    names : mapping from str to node, optional
        Names to write above nodes.

    Returns
    -------
    Steps
        The leaves, one step for each operation, the gradient of the result, and one step for
        each operation on the way back.

    Raises
    ------
    ValueError
        If something in the graph is no node, the result is not a single number, or an operation
        is not known.

    Examples
    --------
    >>> from convkit import Node
    >>> a, b = Node(2.0, name="a"), Node(3.0, name="b")
    >>> u = a * b
    >>> picture = graph_steps((u + a) * u, names={"u": u})
    >>> len(picture)
    8
    """
    graph = read_graph(result, names)
    last = len(graph.nodes) - 1
    if graph.value(last).size != 1:
        raise ValueError(
            f"backward starts at a single number, and the last node has the shape "
            f"{graph.value(last).shape}: add it up first, for example with .sum()"
        )
    drawing, flows = _Drawing.of(graph, caption=True), both_passes(graph)

    def draw(figure: Figure, step: int) -> None:
        drawing.draw(figure, flows[step], _caption(graph, flows, step))

    return Steps(draw, len(flows), title="values flow forward, gradients flow back", seconds=2.0)


def _caption(graph: Graph, flows: list[Flow], step: int) -> tuple[str, str, str]:
    """Role, heading and explanation of a step."""
    count, at = len(graph.computed), flows[step].at
    if step == 0 or at is None:
        return "input", "before the start", "Only the leaves hold values."
    operation = graph.operation(at)
    sign = _SIGNS.get(operation, operation)
    rule = _RULES.get(operation, _OTHER_RULE)
    if step <= count:
        return "output", f"forward {step} of {count}", f"{sign}  {rule[0]}"
    if step == count + 1:
        return "gradient", "backward starts", "The gradient of the result to itself is 1."
    return "gradient", f"backward {step - count - 1} of {count}", f"{sign}  {rule[1]}"


@dataclass(frozen=True)
class _Drawing:
    """A graph with a place for everything; it can be drawn at any step."""

    graph: Graph
    layout: Layout
    caption: bool

    @classmethod
    def of(cls, graph: Graph, caption: bool) -> _Drawing:
        boxes = [_box_size(graph, number) for number in range(len(graph.nodes))]
        widest = max(
            (_text_width(graph.value(child)) for mine in graph.operands for child in mine),
            default=0.0,
        )
        return cls(graph, place_in_layers(graph.operands, boxes, (widest + 0.62, 0.3)), caption)

    def draw(self, figure: Figure, flow: Flow, caption: tuple[str, str, str] | None = None) -> None:
        width = max(self.layout.width + 2 * _MARGIN, 7.6 if self.caption else 3.0)
        height = self.layout.height + 2 * _MARGIN + (0.75 if self.caption else 0.0)
        figure.set_size_inches(width, height)
        ax = figure.add_axes((0, 0, 1, 1))
        left = (width - self.layout.width) / 2
        ax.set_xlim(-left, width - left)
        ax.set_ylim(height - _MARGIN, -_MARGIN)
        ax.set_axis_off()
        for user, mine in enumerate(self.graph.operands):
            for operand in range(len(mine)):
                self._draw_arrow(ax, flow, user, operand)
        for number in range(len(self.graph.nodes)):
            self._draw_node(ax, flow, number)
        if caption is not None:
            role, heading, text = caption
            middle, top = width / 2 - left, self.layout.height + 0.2
            centered: dict[str, Any] = {"ha": "center", "va": "top"}
            color = get_role(role).line
            ax.text(middle, top, heading, size=13, weight="bold", color=color, **centered)
            ax.text(middle, top + 0.3, text, size=12.5, color=INK, gid="caption", **centered)

    def _draw_node(self, ax: Axes, flow: Flow, number: int) -> None:
        graph, (x, y) = self.graph, self.layout.centers[number]
        width, height = _box_size(graph, number)
        rows, cell = _cells(graph.value(number))
        circle = 2 * _CIRCLE if graph.operands[number] else 0.0
        left, top = x - width / 2 + circle, y - height / 2 + _HEAD
        role = "output" if graph.operands[number] else "input"
        middle = left + (width - circle) / 2
        if graph.names[number]:
            ax.text(
                middle, top - 0.06, graph.names[number], ha="center", va="bottom", size=13,
                weight="bold", color=get_role(role).line, gid="name",
            )  # fmt: skip
        shown = graph.value(number) if number in flow.known else None
        _draw_cells(ax, (left, top), rows, cell, shown, role, whole=True)
        below = top + len(rows) * cell[1] + 0.04
        whole = number in flow.complete
        _draw_cells(ax, (left, below), rows, cell, flow.arrived.get(number), "gradient", whole)
        self._draw_doubt(ax, flow, number, (middle, below + len(rows) * cell[1]))
        if graph.operands[number]:
            active = flow.at == number
            line = get_role("gradient" if flow.arrived else "output").line
            ax.add_patch(
                Circle(
                    self._entry(number), _CIRCLE, facecolor=line if active else "#ffffff",
                    edgecolor=line if active else MUTED, lw=1.6, zorder=4,
                )
            )  # fmt: skip
            operation = graph.operation(number)
            sign = _SIGNS.get(operation, operation)
            ax.text(
                *self._entry(number), sign, ha="center", va="center", zorder=5, gid="sign",
                size=14 if len(sign) == 1 else 8.5, color="#ffffff" if active else INK,
                weight="bold",
            )  # fmt: skip

    def _draw_doubt(self, ax: Axes, flow: Flow, number: int, at: Point) -> None:
        """Say so if a node holds another gradient than what has arrived at it."""
        held, comes = flow.arrived.get(number), arriving(self.graph, flow, number)
        if held is None or comes is None or number not in flow.complete:
            return
        if not np.allclose(held, comes, rtol=1e-5, atol=1e-8):
            what = cell_text(comes) if comes.ndim == 0 else "other numbers"
            ax.text(
                at[0], at[1] + 0.04, f"but {what} arrive{'s' * (comes.ndim == 0)}", ha="center",
                va="top", size=11, weight="bold", color=get_role("kernel").line, gid="doubt",
            )  # fmt: skip

    def _draw_arrow(self, ax: Axes, flow: Flow, user: int, operand: int) -> None:
        """Draw from an operand to its user, or back where a gradient has gone."""
        back = flow.sent.get((user, operand))
        points = self._way(user, operand)
        if back is not None:
            points = points[::-1]
        now = flow.at == user and (back is not None or not flow.arrived)
        strong = get_role("output" if back is None else "gradient").line
        faint = "#b9c0c7" if back is None else "#d9a3c2"
        ax.add_patch(
            FancyArrowPatch(
                path=_smooth(points), arrowstyle="-|>", mutation_scale=14, shrinkA=0, shrinkB=0,
                lw=2.6 if now else 1.6, color=strong if now or back is not None else faint,
                zorder=1, gid="arrow back" if back is not None else "arrow",
            )
        )  # fmt: skip
        if back is not None:
            x, y = _on_the_way(points[-2:], 0.4 if self._slot(user, operand) % 2 else 0.6)
            ax.text(
                x, y, _as_text(back), ha="center", va="center", size=10.5,
                color=strong, zorder=3, gid="sent", family="DejaVu Sans Mono", linespacing=1.0,
                bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.2},
            )  # fmt: skip

    def _way(self, user: int, operand: int) -> list[Point]:
        """From the right side of the operand to the circle of its user."""
        graph, mine = self.graph, self.graph.operands[user]
        child, slot = mine[operand], self._slot(user, operand)
        shift = (slot - (len(mine) - 1) / 2) * 2
        twice = mine.count(child) > 1
        x, y = self.layout.centers[child]
        width, _ = _box_size(graph, child)
        start = (x + width / 2 + 0.03, y + _HEAD / 2 + shift * (0.3 if twice else 0.08))
        entry = self._entry(user)
        end = (entry[0] - _CIRCLE * 0.87, entry[1] + shift * _CIRCLE * 0.5)
        return [start, *self.layout.bends[user, operand], end]

    def _slot(self, user: int, operand: int) -> int:
        """Which arrow from above this one is at its user: by height where the order is free."""
        if self.graph.operation(user) not in ("+", "*"):
            return operand
        mine = range(len(self.graph.operands[user]))
        return sorted(mine, key=lambda each: self._comes_from(user, each)).index(operand)

    def _comes_from(self, user: int, operand: int) -> float:
        """The height from which an arrow reaches its user."""
        bends = self.layout.bends[user, operand]
        return (bends[-1] if bends else self.layout.centers[self.graph.operands[user][operand]])[1]

    def _entry(self, number: int) -> Point:
        """Centre of the circle that holds the sign of the operation."""
        x, y = self.layout.centers[number]
        return x - _box_size(self.graph, number)[0] / 2 + _CIRCLE - 0.06, y + _HEAD / 2


def _cells(value: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """The rows of cells that a value is drawn with, and the size of a cell; vectors stand."""
    rows = value.reshape(-1, 1) if value.ndim < 2 else value
    if rows.ndim > 2 or max(rows.shape) > _MOST_CELLS or rows.size == 0:
        return np.full((1, 1), np.nan), _SHAPE_CELL
    return rows, _CELL


def _box_size(graph: Graph, number: int) -> tuple[float, float]:
    rows, (width, height) = _cells(graph.value(number))
    circle = 2 * _CIRCLE if graph.operands[number] else 0.0
    return circle + rows.shape[1] * width, _HEAD + 2 * len(rows) * height + 0.04


def _draw_cells(
    ax: Axes,
    corner: Point,
    rows: np.ndarray,
    cell: tuple[float, float],
    value: np.ndarray | None,
    role: str,
    whole: bool,
) -> None:
    """Draw a block of cells: empty without a value, with a broken frame while it is growing."""
    colors, known = get_role(role), value is not None
    filled = known and whole
    width, height = rows.shape[1] * cell[0], len(rows) * cell[1]
    ax.add_patch(
        Rectangle(
            corner, width, height, zorder=2, facecolor=colors.fill if filled else "#ffffff",
            edgecolor=colors.line if known else "#d3d8dd", lw=1.6 if known else 1.0,
            linestyle="-" if whole or not known else (0, (3, 2)), gid=role,
        )
    )  # fmt: skip
    if value is None:
        return
    if cell == _SHAPE_CELL:
        numbers = {(0, 0): f"shape\n{value.shape}"}
    else:
        numbers = {at: cell_text(entry) for at, entry in np.ndenumerate(value.reshape(rows.shape))}
    for (i, j), text in numbers.items():
        ax.text(
            corner[0] + (j + 0.5) * cell[0], corner[1] + (i + 0.5) * cell[1], text, ha="center",
            va="center", size=11 if cell == _SHAPE_CELL else 12.5, color=INK, zorder=3,
            gid=f"{role} number",
        )  # fmt: skip


def _as_text(gradient: np.ndarray) -> str:
    """What is written on an arrow: the numbers if they are few, else the shape."""
    rows, cell = _cells(gradient)
    if cell == _SHAPE_CELL:
        return str(gradient.shape)
    texts = [[cell_text(entry) for entry in row] for row in rows]
    longest = max(len(text) for row in texts for text in row)
    lines = [" ".join(text.rjust(longest) for text in row) for row in texts]
    if gradient.ndim == 0:
        return lines[0]
    if len(lines) == 1:
        return f"[{lines[0]}]"
    sides = ["⎡⎤", *["⎢⎥"] * (len(lines) - 2), "⎣⎦"]
    return "\n".join(side[0] + line + side[1] for side, line in zip(sides, lines, strict=True))


def _text_width(value: np.ndarray) -> float:
    """Room for what is written on an arrow, in inches; a gradient has at most six characters."""
    rows, cell = _cells(value)
    return 0.9 if cell == _SHAPE_CELL else 0.58 * rows.shape[1] + 0.15 * (value.ndim > 0)


def _smooth(points: list[Point]) -> Path:
    """A curve that leaves and arrives level, through all points."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        vertices += [(middle, y0), (middle, y1), (x1, y1)]
        codes += [Path.CURVE4] * 3
    return Path(vertices, codes)


def _on_the_way(points: list[Point], share: float) -> Point:
    """A point of the smooth curve between two points."""
    (x0, y0), (x1, y1) = points
    start, end = (1 - share) ** 2 * (1 + 2 * share), share**2 * (3 - 2 * share)
    bow = 1.5 * share * (1 - share)
    across = (1 - share) ** 3 * x0 + bow * (x0 + x1) + share**3 * x1
    return across, start * y0 + end * y1
