"""Matrices as grids of numbers: the picture that nearly every other one is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from convkit.viz.style import INK, MUTED, SIGNED, get_role

LARGEST_WITH_NUMBERS = 16
"""Arrays with more rows or columns than this are drawn as shades."""

Window = tuple[int, int, int, int]
"""First row, first column, height, width."""


def cell_text(value: Any) -> str:
    """A number as it is written into a cell: short, and exact where it can be.

    Parameters
    ----------
    value : number or bool
        The entry of the array.

    Returns
    -------
    str
        At most three significant digits unless the number is whole.

    Examples
    --------
    >>> cell_text(3.0), cell_text(-0.12345), cell_text(float("nan"))
    ('3', '−0.123', 'nan')
    """
    if isinstance(value, complex | np.complexfloating):
        return f"{value:.2g}"
    number = float(value)
    if not np.isfinite(number):
        return str(number)
    whole = number == int(number) and abs(number) < 1e5
    text = str(int(number)) if whole else f"{number:.3g}"
    return text.replace("-", "−")


def as_rows(array: Any) -> np.ndarray:
    """A vector as a matrix of one row; a matrix as it is.

    Parameters
    ----------
    array : array_like of shape (W,) or (H, W)
        Numbers to draw.

    Returns
    -------
    ndarray of shape (H, W)
        The same numbers.

    Raises
    ------
    ValueError
        If the array has no entries, or more than two dimensions.

    Examples
    --------
    >>> as_rows([1, 2, 3]).shape
    (1, 3)
    """
    entries = np.atleast_1d(np.asarray(array))
    if entries.ndim > 2 or entries.size == 0:
        raise ValueError(
            "a grid shows an array of shape (W,) or (H, W) with at least one entry, "
            f"not one of shape {entries.shape}"
        )
    return entries.reshape(1, -1) if entries.ndim == 1 else entries


def draw_grid(
    ax: Axes,
    array: Any,
    *,
    role: str = "input",
    window: Window | None = None,
    labels: bool | tuple[Sequence[str], Sequence[str]] = False,
    hidden: np.ndarray | None = None,
    fills: np.ndarray | None = None,
    numbers: bool | Literal["auto"] = "auto",
    font_size: float = 13.0,
) -> None:
    """Draw a matrix as a grid of cells with its numbers in them.

    Row 0 is at the top. The centre of cell ``[i, j]`` has the coordinates ``(j, i)``.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    array : array_like of shape (H, W) or (W,)
        The numbers. A vector is drawn as one row.
    role : str
        What the array is; decides the colour.
    window : tuple of int, optional
        First row, first column, height and width of the cells to frame in the kernel's colour.
    labels : bool or pair of sequences of str
        Labels of the rows and columns; True writes their indices.
    hidden : ndarray of bool, shape (H, W), optional
        Cells to leave empty.
    fills : ndarray of shape (H, W, 3), optional
        Colour of every cell, instead of the role's.
    numbers : bool or "auto"
        Whether to write the numbers; "auto" leaves them out of large arrays and shades instead.
    font_size : float
        Size of the numbers in points; long numbers are written smaller.

    Raises
    ------
    ValueError
        If the array cannot be drawn as a grid or the role is unknown.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> draw_grid(ax, [[1, 2], [3, 4]], role="kernel")
    >>> [text.get_text() for text in ax.texts]
    ['1', '2', '3', '4']
    """
    matrix = as_rows(array)
    rows, columns = matrix.shape
    if numbers == "auto":
        numbers = max(rows, columns) <= LARGEST_WITH_NUMBERS
    blank = np.zeros(matrix.shape, bool) if hidden is None else as_rows(hidden)
    _draw_cells(ax, matrix, role, blank, fills, bool(numbers))
    if numbers:
        _write_numbers(ax, matrix, blank, font_size)
    if window is not None:
        _frame(ax, window)
    ax.set_xlim(-0.56, columns - 0.44)
    ax.set_ylim(rows - 0.44, -0.56)
    ax.set_aspect("equal")
    ax.spines[:].set_visible(False)
    _label(ax, rows, columns, labels)


def _draw_cells(
    ax: Axes,
    matrix: np.ndarray,
    role: str,
    blank: np.ndarray,
    fills: np.ndarray | None,
    numbers: bool,
) -> None:
    colors = get_role(role)
    rows, columns = matrix.shape
    if fills is None and not numbers:
        shades = np.ma.masked_array(np.abs(matrix).astype(float), blank)
        ax.imshow(shades, cmap=colors.cmap, aspect="equal")
        return
    if fills is None:
        fills = np.tile(to_rgb(colors.fill), (rows, columns, 1))
    fills = np.where(blank[..., None], 1.0, fills)
    ax.imshow(fills, aspect="equal")
    across = [[(-0.5, i - 0.5), (columns - 0.5, i - 0.5)] for i in range(rows + 1)]
    down = [[(j - 0.5, -0.5), (j - 0.5, rows - 0.5)] for j in range(columns + 1)]
    ax.add_collection(LineCollection(across + down, colors=colors.line, linewidths=1.0, zorder=2))


def _write_numbers(ax: Axes, matrix: np.ndarray, blank: np.ndarray, font_size: float) -> None:
    two_decimals = _has_large_fractions(matrix)
    texts = {
        index: cell_text(value) if not two_decimals else _short(value)
        for index, value in np.ndenumerate(matrix)
    }
    size = font_size * min(1.0, 3.4 / max(map(len, texts.values())))
    for (i, j), text in texts.items():
        if not blank[i, j]:
            ax.text(j, i, text, ha="center", va="center_baseline", size=size, color=INK, zorder=4)


def _has_large_fractions(matrix: np.ndarray) -> bool:
    """Whether two decimals say enough, which keeps the numbers short."""
    return matrix.dtype.kind == "f" and bool(
        np.abs(matrix).max(initial=0.0, where=np.isfinite(matrix)) >= 0.1
    )


def _short(value: float) -> str:
    """A number with two decimals; a small one does not become 0."""
    rounded = round(float(value), 2)
    if rounded == 0 != value:
        return f"{value:.0e}".replace("-", "−")
    return cell_text(rounded)


def _frame(ax: Axes, window: Window) -> None:
    row, column, height, width = window
    kernel = get_role("kernel")
    corner = (column - 0.5, row - 0.5)
    ax.add_patch(
        Rectangle(corner, width, height, facecolor=kernel.fill, edgecolor="none", zorder=1.5)
    )
    ax.add_patch(
        Rectangle(
            corner, width, height, fill=False, edgecolor=kernel.line, lw=3.5, zorder=5, gid="window"
        )
    )


def _label(
    ax: Axes, rows: int, columns: int, labels: bool | tuple[Sequence[str], Sequence[str]]
) -> None:
    ax.tick_params(length=0, labelsize=9.5, labelcolor=MUTED, pad=2)
    ax.xaxis.tick_top()
    if labels is False:
        ax.set_xticks([])
        ax.set_yticks([])
        return
    names = ([str(i) for i in range(rows)], [str(j) for j in range(columns)])
    row_labels, column_labels = names if labels is True else labels
    ax.set_xticks(range(columns), column_labels)
    ax.set_yticks(range(rows), row_labels)


def signed_fills(matrix: np.ndarray) -> np.ndarray:
    """Colour cells by sign and size: orange below zero, white at zero, blue above.

    Parameters
    ----------
    matrix : ndarray of shape (H, W)
        The numbers; entries that are not finite are left white.

    Returns
    -------
    ndarray of shape (H, W, 3)
        Light enough for dark numbers on top.
    """
    finite = np.where(np.isfinite(matrix), matrix, 0.0).astype(float)
    largest = np.abs(finite).max() or 1.0
    return np.asarray(SIGNED(0.5 + 0.13 * finite / largest))[..., :3]
