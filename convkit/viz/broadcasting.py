"""How the table of L1 distances fills: pair by pair, row by row, and by one broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit.viz.grids import cell_text, draw_grid
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_CELL = 0.5
_SPACE = 0.75
_MOST_FEATURES = 6

_Plane = tuple[np.ndarray, np.ndarray | None]
"""Numbers, and which of their rows are copies."""

_Block = tuple[str, str, list[_Plane], str]
"""Title, role, planes, and the sign to the left."""


def distance_steps(X_test: Any, X_train: Any, loops: int = 2) -> Steps:
    """Show how a table of L1 distances fills, with two, one or no loops.

    Parameters
    ----------
    X_test : array_like of shape (num_test, D)
        A few short rows.
    X_train : array_like of shape (num_train, D)
        A few rows of the same length, at most 6.
    loops : {0, 1, 2}
        With 2 a step is one pair, with 1 it is one test row; with 0 the steps are those of the
        broadcast.

    Returns
    -------
    Steps
        ``num_test * num_train``, ``num_test`` or 4 steps.

    Raises
    ------
    ValueError
        If the arrays are not matrices with rows of one length from 1 to 6, or `loops` is not 0,
        1 or 2.

    Examples
    --------
    >>> picture = distance_steps([[3, 1, 0], [0, 2, 6]], [[1, 1, 4], [5, 2, 0], [0, 2, 6]], loops=0)
    >>> [len(distance_steps([[1, 2]], [[3, 5], [0, 4]], loops)) for loops in (2, 1, 0)]
    [2, 1, 4]
    """
    test, train = _matrix(X_test, "X_test"), _matrix(X_train, "X_train")
    if test.shape[1] != train.shape[1] or not 1 <= test.shape[1] <= _MOST_FEATURES:
        raise ValueError(
            f"rows must have one length, from 1 to {_MOST_FEATURES}; X_test has shape "
            f"{test.shape} and X_train {train.shape}"
        )
    kinds = {2: _Pairs, 1: _Rows, 0: _Broadcast}
    if loops not in kinds:
        raise ValueError(f"loops must be 0, 1 or 2, not {loops!r}")
    return kinds[loops](test, train).steps()


def _matrix(value: Any, name: str) -> np.ndarray:
    matrix = np.asarray(value)
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(f"{name} must have the shape (rows, D), not {matrix.shape}")
    return matrix.astype(float) if matrix.dtype.kind == "f" else matrix.astype(int)


class _Table:
    """Two sets of rows, all their absolute differences, and the table of their sums."""

    loops = ""

    def __init__(self, test: np.ndarray, train: np.ndarray) -> None:
        self.test, self.train = test, train
        self.differences = np.abs(test[:, None] - train[None])
        self.distances: np.ndarray = self.differences.sum(axis=2)

    @property
    def count(self) -> int:
        raise NotImplementedError

    def draw(self, figure: Figure, step: int) -> None:
        raise NotImplementedError

    def steps(self) -> Steps:
        rows, columns = self.distances.shape
        title = f"a {rows}×{columns} table of L1 distances with {self.loops}"
        return Steps(self.draw, self.count, title=title)

    def table(self, shown: int) -> Panel:
        """The table with its first `shown` entries."""
        hidden = np.arange(self.distances.size).reshape(self.distances.shape) >= shown
        return Panel(self.distances, "distances", role="output", before="→", hidden=hidden)


class _Pairs(_Table):
    loops = "two loops"

    @property
    def count(self) -> int:
        return self.distances.size

    def draw(self, figure: Figure, step: int) -> None:
        i, j = divmod(step, self.distances.shape[1])
        features = self.test.shape[1]
        panels = [
            Panel(self.test, "X_test", window=(i, 0, 1, features)),
            Panel(self.train, "X_train", window=(j, 0, 1, features)),
            self.table(step + 1),
        ]
        pairs = zip(self.test[i], self.train[j], strict=True)
        terms = " + ".join(f"|{in_brackets(a)} − {in_brackets(b)}|" for a, b in pairs)
        line = f"{terms} = {cell_text(self.distances[i, j])}"
        _place(figure, panels, (i, j, 1, 1), f"distances[{i}, {j}]", line)


class _Rows(_Table):
    loops = "one loop"

    @property
    def count(self) -> int:
        return len(self.test)

    def draw(self, figure: Figure, step: int) -> None:
        features, columns = self.test.shape[1], len(self.train)
        panels = [
            Panel(self.test, "X_test", window=(step, 0, 1, features)),
            Panel(self.train, "X_train", window=(0, 0, columns, features)),
            Panel(self.differences[step], "|differences|", role="neutral", before="→"),
            self.table((step + 1) * columns),
        ]
        line = f"row {step} of X_test against every row of X_train, then one sum for each row"
        _place(figure, panels, (step, 0, 1, columns), f"distances[{step}, :]", line)


class _Broadcast(_Table):
    """The blocks have one plane for each test row; planes stand under each other."""

    loops = "no loop"

    @property
    def count(self) -> int:
        return 4

    def draw(self, figure: Figure, step: int) -> None:
        blocks = self._blocks(step)
        height, width = self._size()
        figure.set_size_inches(width, height)
        left = 0.45
        for number, (title, role, planes, sign) in enumerate(blocks):
            cells = self.train.shape[0] if number == 3 else self.test.shape[1]
            if planes:
                self._draw_block(figure, left, cells, title, role, planes)
            if sign and planes:
                at = (left - _SPACE / 2) / width, self._middle() / height
                figure.text(*at, sign, ha="center", va="center", size=22)
            left += cells * _CELL + _SPACE
        heading, line = self._words()[step]
        _caption(figure, heading, line)

    def _blocks(self, step: int) -> list[_Block]:
        (rows, features), columns = self.test.shape, len(self.train)
        full = (rows, columns, features)
        test: list[_Plane] = [(row[None], None) for row in self.test]
        train: list[_Plane] = [(self.train, None)]
        differences: list[_Plane] = []
        table: list[_Plane] = []
        shapes = [(rows, 1, features), (1, columns, features)]
        if step >= 1:
            copies = np.arange(columns) > 0
            test = [(np.tile(row, (columns, 1)), copies) for row in self.test]
            train = [(self.train, np.full(columns, plane > 0)) for plane in range(rows)]
            shapes = [full, full]
        if step >= 2:
            differences = [(plane, None) for plane in self.differences]
        if step >= 3:
            table = [(self.distances, None)]
        return [
            (f"X_test[:, None, :]\n{shapes[0]}", "input", test, ""),
            (f"X_train[None, :, :]\n{shapes[1]}", "input", train, "−"),
            (f"|differences|\n{full}", "neutral", differences, "→"),
            (f"distances\n{(rows, columns)}", "output", table, "→"),
        ]

    def _words(self) -> list[tuple[str, str]]:
        (rows, features), columns = self.test.shape, len(self.train)
        return [
            ("new axes of length 1", "the numbers are the same, only the shapes have changed"),
            ("stretched", "each axis of length 1 is repeated (grey) until both shapes agree"),
            ("subtracted", f"{rows} · {columns} · {features} = {self.differences.size} "
             "absolute differences, all at once"),
            ("summed over the last axis", "a plane becomes a row of the table"),
        ]  # fmt: skip

    def _plane(self) -> float:
        return len(self.train) * _CELL + 0.25

    def _size(self) -> tuple[float, float]:
        cells = 3 * self.test.shape[1] + len(self.train)
        return 0.75 + len(self.test) * self._plane() + 0.7, 0.9 + cells * _CELL + 3 * _SPACE

    def _middle(self) -> float:
        return 0.7 + len(self.test) * self._plane() / 2 + 0.125

    def _draw_block(
        self,
        figure: Figure,
        left: float,
        cells: int,
        title: str,
        role: str,
        planes: list[_Plane],
    ) -> None:
        height, width = self._size()
        top = height - 0.75
        is_table = role == "output"
        for number, (array, copies) in enumerate(planes):
            tall = len(array) * _CELL
            low = self._middle() - tall / 2 if is_table else top - number * self._plane() - tall
            # draw_grid leaves a margin of 0.06 cells on each side.
            margin = 0.06 * _CELL
            size = ((cells * _CELL + 2 * margin) / width, (tall + 2 * margin) / height)
            ax = figure.add_axes(((left - margin) / width, (low - margin) / height, *size))
            draw_grid(ax, array, role=role, fills=_fills(array, role, copies))
        x = (left + cells * _CELL / 2) / width
        figure.text(x, 1 - 0.12 / height, title, ha="center", va="top", size=11.5, color=INK)


def _fills(array: np.ndarray, role: str, copies: np.ndarray | None) -> np.ndarray | None:
    """Grey for the rows that are copies."""
    if copies is None:
        return None
    fills = np.tile(to_rgb(get_role(role).fill), (*array.shape, 1))
    fills[copies] = to_rgb(get_role("padding").fill)
    return fills


def in_brackets(value: Any) -> str:
    """A number as it is written after a minus: a negative one in brackets.

    Examples
    --------
    >>> in_brackets(3), in_brackets(-3)
    ('3', '(−3)')
    """
    text = cell_text(value)
    return f"({text})" if text.startswith("−") else text


def _place(
    figure: Figure,
    panels: list[Panel],
    current: tuple[int, int, int, int],
    heading: str,
    line: str,
) -> None:
    """Draw the panels of a step, the last of which is the table, and the words under them."""
    wide = max(7.5, 0.5 + 0.095 * len(line))
    axes = place_rows(figure, [panels], cell=_CELL, labels=True, below=0.75, min_width=wide)
    _mark(axes[-1], current)
    _caption(figure, heading, line)


def _mark(ax: Axes, cells: tuple[int, int, int, int]) -> None:
    """Frame the entries that a step has filled."""
    row, column, height, width = cells
    frame: dict[str, Any] = {"fill": False, "lw": 3.5, "zorder": 5, "gid": "current"}
    corner = (column - 0.5, row - 0.5)
    ax.add_patch(Rectangle(corner, width, height, edgecolor=get_role("output").line, **frame))


def _caption(figure: Figure, heading: str, line: str) -> None:
    height = figure.get_size_inches()[1]
    centered: dict[str, Any] = {"ha": "center", "va": "top", "size": 12}
    color = get_role("output").line
    figure.text(0.5, 0.62 / height, heading, color=color, weight="bold", **centered)
    figure.text(0.5, 0.34 / height, line, color=INK, gid="caption", **centered)


def broadcast_shapes(
    first: Sequence[int],
    second: Sequence[int],
    names: tuple[str, str] = ("first", "second"),
) -> Figure:
    """Show how NumPy lines up two shapes, which axes it stretches, and what comes out.

    Shapes are lined up at their last axis. An axis that is missing counts as 1, and an axis of
    length 1 is stretched. Where two lengths differ and neither is 1, there is no result.

    Parameters
    ----------
    first, second : sequence of int
        The shapes of two arrays.
    names : pair of str
        What the arrays are called.

    Returns
    -------
    Figure
        A row of boxes for each shape, and one for the result.

    Raises
    ------
    ValueError
        If a length is less than 1, or there is no axis at all.

    Examples
    --------
    >>> picture = broadcast_shapes((4, 1, 3), (5, 3), ("x[:, None, :]", "y"))
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "result"]
    ['4', '5', '3']
    """
    shapes = tuple(int(n) for n in first), tuple(int(n) for n in second)
    axes = max(map(len, shapes))
    if not axes or min(map(min, filter(None, shapes))) < 1:
        raise ValueError(f"shapes need axes of length 1 or more; got {shapes[0]} and {shapes[1]}")
    filled = [(1,) * (axes - len(shape)) + shape for shape in shapes]
    result = [max(a, b) if a == b or 1 in (a, b) else 0 for a, b in zip(*filled, strict=True)]
    with style():
        figure = Picture(figsize=(3.1 + 1.25 * axes, 2.5))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set_xlim(0, 3.1 + 1.25 * axes)
        ax.set_ylim(2.5, 0)
        ax.set_axis_off()
        for row, (name, shape, lengths) in enumerate(zip(names, shapes, filled, strict=True)):
            _label_row(ax, row, name)
            for axis, length in enumerate(lengths):
                missing = axis < axes - len(shape)
                _draw_axis(ax, row, axis, length, result[axis], missing)
        _label_row(ax, 2, "together" if all(result) else "do not fit")
        for axis, length in enumerate(result):
            _draw_result(ax, axis, length)
    return figure


def _label_row(ax: Axes, row: int, name: str) -> None:
    ax.text(2.6, 0.45 + 0.8 * row, name, ha="right", va="center", size=12.5, color=INK)


def _draw_axis(ax: Axes, row: int, axis: int, length: int, wanted: int, missing: bool) -> None:
    stretched = length == 1 and wanted > 1
    role = get_role("kernel" if stretched else "input")
    text = f"1 → {wanted}" if stretched else str(length)
    _box(ax, row, axis, role.fill, role.line, dashed=missing)
    _box_text(ax, row, axis, text, "stretched" if stretched else "length")


def _draw_result(ax: Axes, axis: int, length: int) -> None:
    role = get_role("output" if length else "padding")
    _box(ax, 2, axis, role.fill, role.line)
    _box_text(ax, 2, axis, str(length) if length else "×", "result")


def _box(ax: Axes, row: int, axis: int, fill: str, line: str, *, dashed: bool = False) -> None:
    corner = (2.8 + 1.25 * axis, 0.15 + 0.8 * row)
    pattern = "--" if dashed else "-"
    ax.add_patch(Rectangle(corner, 1.15, 0.6, facecolor=fill, edgecolor=line, lw=1.8, ls=pattern))


def _box_text(ax: Axes, row: int, axis: int, text: str, gid: str) -> None:
    at = (2.8 + 1.25 * axis + 0.575, 0.45 + 0.8 * row)
    color = MUTED if text == "×" else INK
    ax.text(*at, text, ha="center", va="center", size=12.5, color=color, gid=gid)
