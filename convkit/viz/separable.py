"""Separable kernels: a column times a row, and the two thin passes that this allows."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from convkit.correlate import convolve2d
from convkit.viz.blobs import shaded
from convkit.viz.canvas import Canvas
from convkit.viz.grids import LARGEST_WITH_NUMBERS, cell_text, signed_fills
from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK, Picture, style


def column_times_row(column: Any, row: Any) -> Steps:
    """Show a column times a row as a multiplication table, one row a step.

    Parameters
    ----------
    column : array_like of shape (kh,)
        The column.
    row : array_like of shape (kw,)
        The row.

    Returns
    -------
    Steps
        One step for each entry of the column; it makes one row of the table.

    Raises
    ------
    ValueError
        If one of the two is no vector, or too long to be read.

    Examples
    --------
    >>> picture = column_times_row([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])
    >>> picture.frame(2).texts[-1].get_text()
    'row 2 of the kernel: 6 times the row'
    """
    column, row = _vector(column, "column"), _vector(row, "row")
    table = np.outer(column, row)

    def draw(figure: Figure, step: int) -> None:
        hidden = np.zeros(table.shape, bool)
        hidden[step + 1 :] = True
        cell = min(0.6, 5.0 / len(row), 4.2 / len(column))
        left = max(0.35 + 1.9 * cell, 1.5)
        width = max(left + len(row) * cell + 0.4, 5.4)
        top = 0.5 + 1.9 * cell
        canvas = Canvas(figure, width, top + len(column) * cell + 0.75, cell)
        canvas.grid(row, left, 0.45, title="row", role="kernel")
        canvas.grid(
            column[:, None], left - 1.6 * cell, top, role="kernel", window=(step, 0, 1, 1)
        ).set_title("column", x=0.3)
        canvas.grid(
            table,
            left,
            top,
            role="kernel",
            hidden=hidden,
            fills=_fills(table, "kernel", float(table.max())),
        )
        words = f"row {step} of the kernel: {cell_text(column[step])} times the row"
        canvas.write(words, width / 2, canvas.height - 0.3, size=12.5, color=INK)

    return Steps(draw, len(column), title=f"a column of {len(column)} times a row of {len(row)}")


def _vector(array: Any, name: str) -> np.ndarray:
    vector = np.asarray(array)
    if vector.ndim != 1 or not 1 <= vector.size <= LARGEST_WITH_NUMBERS:
        raise ValueError(
            f"{name} must be a vector of 1 to {LARGEST_WITH_NUMBERS} entries, "
            f"not of shape {vector.shape}"
        )
    return vector


def two_passes(image: Any, column: Any, row: Any) -> Figure:
    """Show a convolution with a column, and then one of its result with a row.

    Parameters
    ----------
    image : array_like of shape (H, W)
        What the first pass starts from.
    column : array_like of shape (kh,)
        The kernel of the first pass.
    row : array_like of shape (kw,)
        The kernel of the second pass.

    Returns
    -------
    Figure
        Each pass on a line of its own. Both keep the size of the image; zeros stand around it.

    Raises
    ------
    ValueError
        If the image is no matrix or too large to be read, or a kernel is no vector.

    Examples
    --------
    >>> canvas = np.zeros((7, 8), int)
    >>> canvas[2, 2] = canvas[4, 5] = 1
    >>> picture = two_passes(canvas, [1, 2, 1], [1, 2, 1])
    >>> [ax.get_title() for ax in picture.axes]
    ['canvas', 'column', 'after the first pass', 'after the first pass', 'row', 'image']
    """
    image = np.asarray(image)
    column, row = _vector(column, "column"), _vector(row, "row")
    if image.ndim != 2 or not 1 <= max(image.shape, default=0) <= LARGEST_WITH_NUMBERS:
        raise ValueError(
            f"image must be a matrix of at most {LARGEST_WITH_NUMBERS} rows and columns, "
            f"not of shape {image.shape}"
        )
    first = convolve2d(image, column[:, None], mode="same")
    second = convolve2d(first, row[None, :], mode="same")
    largest = float(np.abs(second).max())
    between = Panel(
        first,
        "after the first pass",
        role="output",
        before="=",
        fills=_fills(first, "output", largest),
    )
    lines = [
        [
            Panel(image, "canvas", fills=_fills(image, "input", float(np.abs(image).max()))),
            Panel(column[:, None], "column", role="kernel", before="∗"),
            between,
        ],
        [
            Panel(first, between.title, role="output", fills=between.fills),
            Panel(row, "row", role="kernel", before="∗"),
            Panel(
                second, "image", role="output", before="=", fills=_fills(second, "output", largest)
            ),
        ],
    ]
    columns = 2 * image.shape[1] + len(row)
    with style():
        figure = Picture(figsize=(1, 1))
        place_rows(figure, lines, cell=min(0.42, 7.2 / columns))
    return figure


def _fills(array: np.ndarray, role: str, largest: float) -> np.ndarray:
    return signed_fills(array) if (array < 0).any() else shaded(array, role, largest)
