"""Matrices side by side and under each other, with cells of one size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from convkit.viz.grids import Window, as_rows, draw_grid
from convkit.viz.style import MUTED, Picture, style

STAR = "⋆"
"""The sign of a correlation."""

_SIDE = 0.25
_GAP = 0.45
_SIGN = 0.65
_LINE = 0.24
_TITLE_SIZE = 13.0
_NOTE_SIZE = 11.0
_CENTERED: dict[str, Any] = {"ha": "center", "va": "center"}


@dataclass(frozen=True)
class Panel:
    """One matrix of a row of matrices.

    Attributes
    ----------
    array : ndarray of shape (H, W) or (W,)
        The numbers. A vector is drawn as one row.
    title : str
        Text above the matrix.
    role : str
        What the matrix is (see `convkit.viz.style.ROLES`); decides its colour.
    window : tuple of int, optional
        First row, first column, height and width of the cells to frame.
    note : str
        Text below the matrix.
    before : str
        Sign between the matrix on the left and this one, such as ``"="``.
    hidden : ndarray of bool, optional
        Cells whose number is not shown.
    fills : ndarray of shape (H, W, 3), optional
        Colour of every cell, instead of the role's.

    Examples
    --------
    >>> from convkit.viz import grid_rows
    >>> figure = grid_rows([Panel(np.eye(3), "I"), Panel(np.ones((2, 2)), "F", role="kernel")])
    >>> [ax.get_title() for ax in figure.axes]
    ['I', 'F']
    """

    array: np.ndarray
    title: str = ""
    role: str = "input"
    window: Window | None = None
    note: str = ""
    before: str = ""
    hidden: np.ndarray | None = None
    fills: np.ndarray | None = None


@lru_cache(maxsize=1024)
def _text_width(text: str, size: float) -> float:
    """Width in inches of the widest line of a text."""
    lines = [TextPath((0, 0), line, size=size) for line in text.split("\n") if line.strip()]
    return max((line.get_extents().width for line in lines), default=0) / 72


@dataclass(frozen=True)
class _Table:
    """Where panels stand, in inches from the lower left corner.

    Attributes
    ----------
    centers, spaces : tuple of float
        For each column of panels, its centre, and the middle of the space to its left.
    middles : tuple of float
        For each row of panels, the height of its middle.
    """

    width: float
    height: float
    centers: tuple[float, ...]
    spaces: tuple[float, ...]
    middles: tuple[float, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[Panel]], cell: float, labels: float) -> _Table:
        if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
            raise ValueError("there must be at least one panel, and as many in every row")
        left, centers, spaces = 0.0, [], []
        for column in zip(*rows, strict=True):
            space = labels + (_SIGN if any(panel.before for panel in column) else _GAP)
            room = max(_panel_width(panel, cell) for panel in column)
            spaces.append(left + space / 2)
            centers.append(left + space + room / 2)
            left += space + room
        top, middles = 0.0, []
        for row in rows:
            head = 0.14 + labels + max(_lines_height(panel.title) for panel in row)
            tall = max(as_rows(panel.array).shape[0] for panel in row) * cell
            middles.append(top + head + tall / 2)
            top += head + tall + 0.15 + max(_lines_height(panel.note) for panel in row)
        from_below = tuple(top - middle for middle in middles)
        return cls(left + _SIDE, top, tuple(centers), tuple(spaces), from_below)


def _panel_width(panel: Panel, cell: float) -> float:
    words = max(_text_width(panel.title, _TITLE_SIZE), _text_width(panel.note, _NOTE_SIZE))
    columns: int = as_rows(panel.array).shape[1]
    return max(columns * cell, words)


def _lines_height(text: str) -> float:
    return _LINE * (text.count("\n") + 1) if text else 0.0


def grid_rows(
    *rows: Sequence[Panel],
    cell: float = 0.5,
    labels: bool = False,
    font_size: float = 13.0,
) -> Figure:
    """Draw matrices side by side and under each other, with cells of one size.

    Parameters
    ----------
    *rows : sequence of Panel
        Rows of matrices from the top down, as many in each; in a row from left to right.
    cell : float
        Width and height of a cell in inches.
    labels : bool
        Whether to write the indices of rows and columns.
    font_size : float
        Size of the numbers in points.

    Returns
    -------
    Figure
        With one Axes for each panel, row by row.

    Raises
    ------
    ValueError
        If there is no panel, one row is longer than another, or a panel is no matrix or vector.

    Examples
    --------
    >>> row = [Panel(np.eye(2), "I"), Panel(np.array([[1, -1], [0, 2]]), "F", role="kernel")]
    >>> picture = grid_rows(row)
    >>> [ax.get_title() for ax in picture.axes]
    ['I', 'F']
    """
    with style():
        figure = Picture(figsize=(1, 1))
        place_rows(figure, rows, cell=cell, labels=labels, font_size=font_size)
    return figure


def place_rows(
    figure: Figure,
    rows: Sequence[Sequence[Panel]],
    *,
    cell: float = 0.5,
    labels: bool = False,
    font_size: float = 13.0,
    below: float = 0.0,
    min_width: float = 0.0,
) -> list[Axes]:
    """Draw rows of matrices into a figure, which is given the size that it needs.

    Panels of equal place in their rows stand under each other.

    Parameters
    ----------
    figure : Figure
        Where to draw; its size is changed.
    rows : sequence of sequence of Panel
        The matrices: rows from the top down, in them from left to right.
    cell : float
        Width and height of a cell in inches.
    labels : bool
        Whether to write the indices of rows and columns.
    font_size : float
        Size of the numbers in points.
    below, min_width : float
        Room to leave free under the last row, and the least width of the figure, in inches.

    Returns
    -------
    list of Axes
        One for each panel, row by row.

    Raises
    ------
    ValueError
        If there is no panel, or one row is longer than another.
    """
    table = _Table.of(rows, cell, 0.22 if labels else 0.0)
    width = max(table.width, min_width)
    height = table.height + below
    figure.set_size_inches(width, height)
    numbers = font_size * min(1.0, cell / 0.5)

    axes = []
    for row, middle in zip(rows, table.middles, strict=True):
        for panel, space, center in zip(row, table.spaces, table.centers, strict=True):
            x, y = center + (width - table.width) / 2, middle + below
            grid = as_rows(panel.array)
            size = (grid.shape[1] * cell, grid.shape[0] * cell)
            box = ((x - size[0] / 2) / width, (y - size[1] / 2) / height)
            ax = figure.add_axes((*box, size[0] / width, size[1] / height))
            _draw_panel(ax, panel, labels=labels, font_size=numbers, inch=1 / size[1])
            if panel.before:
                at = (space + (width - table.width) / 2) / width, y / height
                figure.text(*at, panel.before, size=_sign_size(panel.before), **_CENTERED)
            axes.append(ax)
    return axes


def _sign_size(sign: str) -> float:
    """The star of a correlation is a small glyph."""
    return 42.0 if sign == STAR else 24.0


def _draw_panel(ax: Axes, panel: Panel, *, labels: bool, font_size: float, inch: float) -> None:
    draw_grid(
        ax,
        panel.array,
        role=panel.role,
        window=panel.window,
        labels=labels,
        hidden=panel.hidden,
        fills=panel.fills,
        font_size=font_size,
    )
    ax.set_title(panel.title, pad=6)
    if panel.note:
        below: dict[str, Any] = {"transform": ax.transAxes, "ha": "center", "va": "top"}
        ax.text(0.5, -0.1 * inch, panel.note, color=MUTED, fontsize=_NOTE_SIZE, **below)
