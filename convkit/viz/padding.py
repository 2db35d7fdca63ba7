"""The four ways to fill the border of an image."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit._arguments import PaddingMode
from convkit.pad import NUMPY_MODE
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK, Picture, get_role, style


def padding_modes(x: Any, padding: int) -> Figure:
    """Show the four padding modes side by side.

    Every cell of the border has the colour of the cell that it is copied from; zeros are grey.

    Parameters
    ----------
    x : array_like of shape (H, W) or (W,)
        A small image. A vector is padded at its two ends only.
    padding : int
        Cells on each side, less than the height and the width.

    Returns
    -------
    Figure
        One Axes for each of zeros, reflect, replicate and circular.

    Raises
    ------
    ValueError
        If the padding is negative or too large for reflection.

    Examples
    --------
    >>> picture = padding_modes([[1, 2, 3], [4, 5, 6]], 1)
    >>> [ax.get_title() for ax in picture.axes]
    ['zeros', 'reflect', 'replicate', 'circular']
    """
    x = np.asarray(x)
    if x.ndim not in (1, 2):
        raise ValueError(f"x must have the shape (H, W) or (W,), not {x.shape}")
    if not 0 <= padding < min(x.shape):
        raise ValueError(
            f"padding must be at least 0 and less than every side of x, {x.shape}; not {padding}"
        )
    panels = [_padded_panel(x, padding, mode) for mode in NUMPY_MODE]
    with style():
        figure = Picture(figsize=(1, 1))
        rows = [panels[:2], panels[2:]] if panels[0].array.shape[-1] > 5 else [panels]
        axes = place_rows(figure, rows, cell=0.42)
        for ax in axes:
            _outline_original(ax, x, padding)
    return figure


def _padded_panel(x: np.ndarray, padding: int, mode: PaddingMode) -> Panel:
    padded = np.pad(x, padding, mode=NUMPY_MODE[mode])
    source = np.pad(np.arange(x.size).reshape(x.shape), padding, mode=NUMPY_MODE[mode])
    fills = _place_colors(x.shape)[source]
    if mode == "zeros":
        inside = np.pad(np.ones(x.shape, bool), padding)
        fills[~inside] = to_rgb(get_role("padding").fill)
    return Panel(padded, mode, role="neutral", fills=np.atleast_3d(fills).reshape(*_2d(padded), 3))


def _2d(array: np.ndarray) -> tuple[int, int]:
    return (1, array.size) if array.ndim == 1 else (array.shape[0], array.shape[1])


def _place_colors(shape: tuple[int, ...]) -> np.ndarray:
    """A light colour for every place: blue at the left to orange at the right, paler downwards.

    Blue and orange stay apart in every common form of colour blindness.
    """
    rows, columns = (1, *shape) if len(shape) == 1 else shape
    across = np.linspace(0, 1, columns)[None, :, None]
    down = np.linspace(0, 1, rows)[:, None, None] if rows > 1 else np.zeros((1, 1, 1))
    blue, orange, white = (np.array(to_rgb(color)) for color in ("#7db8e0", "#f5b25a", "#ffffff"))
    middle = np.array(to_rgb("#f3efc9"))
    left = blue + (middle - blue) * np.minimum(2 * across, 1)
    hue = left + (orange - middle) * np.maximum(2 * across - 1, 0)
    colors: np.ndarray = hue + (white - hue) * 0.72 * down
    return colors.reshape(-1, 3)


def _outline_original(ax: Axes, x: np.ndarray, padding: int) -> None:
    rows, columns = _2d(x)
    top = padding if x.ndim == 2 else 0
    corner = (padding - 0.5, top - 0.5)
    ax.add_patch(
        Rectangle(corner, columns, rows, fill=False, edgecolor=INK, lw=2.8, zorder=5, gid="image")
    )
