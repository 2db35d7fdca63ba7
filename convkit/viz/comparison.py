"""Two gradients of the same thing: where they differ, and whether that is rounding."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from convkit.viz.grids import as_rows, cell_text
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import SIGNED, Picture, style

_ROUNDING = 1e-5
"""Largest difference that is taken for rounding, as a share of the largest entry."""


def gradient_comparison(gradient: Any, numerical: Any) -> Figure:
    """Show a gradient, the numerical one, and their difference.

    Parameters
    ----------
    gradient : array_like of shape (H, W) or (W,)
        The gradient to check.
    numerical : array_like of the same shape
        The gradient by central differences.

    Returns
    -------
    Figure
        Three matrices. The difference is coloured by sign and size, measured by the largest
        entry of `numerical`: rounding stays white, and a frame marks the worst entry of anything
        larger.

    Raises
    ------
    ValueError
        If the two have different shapes, or are not matrices or vectors.

    Examples
    --------
    >>> numerical = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, 1.5]])
    >>> wrong = numerical.copy()
    >>> wrong[1, 1] = 2.0
    >>> picture = gradient_comparison(wrong, numerical)
    >>> [ax.get_title() for ax in picture.axes]
    ['by formula', 'by nudging', 'difference']
    """
    gradient, numerical = (np.asarray(array, float) for array in (gradient, numerical))
    if gradient.shape != numerical.shape:
        raise ValueError(
            f"gradient of shape {gradient.shape} and numerical of shape {numerical.shape} "
            "must have the same shape"
        )
    difference = as_rows(gradient - numerical)
    scale = float(np.abs(numerical).max()) or 1.0
    sizes = np.abs(difference)
    worst = np.unravel_index(np.argmax(sizes), sizes.shape)
    agrees = sizes[worst] <= _ROUNDING * scale
    colors = SIGNED(0.5 + 0.13 * difference / max(sizes[worst], 0.01 * scale))
    row, column = (int(at) for at in worst)
    panels = [
        Panel(_without_dust(gradient, scale), "by formula", role="gradient"),
        Panel(_without_dust(numerical, scale), "by nudging", role="gradient"),
        Panel(
            _one_digit(difference),
            "difference",
            role="neutral",
            window=None if agrees else (row, column, 1, 1),
            note=_note(sizes[worst], None if agrees else (row, column)),
            fills=np.asarray(colors)[..., :3],
        ),
    ]
    with style():
        figure = Picture(figsize=(1, 1))
        place_rows(figure, [panels], cell=0.7, font_size=16)
    return figure


def _without_dust(array: np.ndarray, scale: float) -> np.ndarray:
    """Entries that are zero but for rounding as zeros, so that the numbers stay short."""
    return np.where(np.abs(array) < _ROUNDING * scale, 0.0, array)


def _one_digit(array: np.ndarray) -> np.ndarray:
    return np.array([float(f"{value:.0e}") for value in array.flat]).reshape(array.shape)


def _note(size: float, worst: tuple[int, int] | None) -> str:
    text = f"at most {cell_text(float(f'{size:.1g}'))}"
    return f"{text}: rounding" if worst is None else f"{text}, at [{worst[0]}, {worst[1]}]"
