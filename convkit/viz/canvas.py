"""Matrices and words at chosen places of a figure, where rows of panels are not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from convkit.viz.grids import as_rows, draw_grid

_RIM = 0.06
"""What `draw_grid` leaves free around the cells, in cells."""


@dataclass(frozen=True)
class Canvas:
    """A figure of a fixed size; places are inches from its upper left corner.

    Attributes
    ----------
    figure : Figure
        Where to draw; its size is changed.
    width, height : float
        Its size.
    cell : float
        Width and height of a cell of a matrix.

    Examples
    --------
    >>> canvas = Canvas(Figure(), width=4.0, height=2.0, cell=0.5)
    >>> ax = canvas.grid([[1, 2], [3, 4]], left=1.0, top=0.5)
    >>> upper_left = canvas.figure.transFigure.inverted().transform(
    ...     ax.transData.transform((-0.5, -0.5))
    ... )
    >>> upper_left.round(3).tolist()
    [0.25, 0.75]
    """

    figure: Figure
    width: float
    height: float
    cell: float

    def __post_init__(self) -> None:
        self.figure.set_size_inches(self.width, self.height)

    def grid(
        self,
        array: Any,
        left: float,
        top: float,
        *,
        title: str = "",
        role: str = "input",
        window: tuple[int, int, int, int] | None = None,
        labels: bool | tuple[Sequence[str], Sequence[str]] = False,
        hidden: np.ndarray | None = None,
        fills: np.ndarray | None = None,
    ) -> Axes:
        """Draw a matrix with its upper left corner at a place.

        Parameters
        ----------
        array : array_like of shape (H, W) or (W,)
            The numbers.
        left, top : float
            The place.
        title : str
            Text above the matrix.
        role, window, labels, hidden, fills
            As for `convkit.viz.draw_grid`.

        Returns
        -------
        Axes
            Where the matrix was drawn.
        """
        rows, columns = as_rows(array).shape
        size = (columns + 2 * _RIM) * self.cell, (rows + 2 * _RIM) * self.cell
        left, top = left - _RIM * self.cell, top - _RIM * self.cell
        corner = left / self.width, 1 - (top + size[1]) / self.height
        ax = self.figure.add_axes((*corner, size[0] / self.width, size[1] / self.height))
        draw_grid(
            ax,
            array,
            role=role,
            window=window,
            labels=labels,
            hidden=hidden,
            fills=fills,
            font_size=13.0 * min(1.0, self.cell / 0.5),
        )
        ax.set_title(title, pad=6)
        return ax

    def write(self, text: str, x: float, y: float, **looks: Any) -> Text:
        """Write a text at a place.

        Parameters
        ----------
        text : str
            The words.
        x, y : float
            The place; by default it is the middle of the text.
        **looks
            Settings of the text, such as ``size`` or ``color``.

        Returns
        -------
        Text
            What was written.
        """
        looks = {"ha": "center", "va": "center", **looks}
        return self.figure.text(x / self.width, 1 - y / self.height, text, **looks)
