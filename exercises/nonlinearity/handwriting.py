"""Digits written anew: turned, stretched, moved and drawn with another pen, each a little.

No table of images knows them, not even one of all that earlier runs have shown; a reader that has
learned what digits look like hardly notices the change.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from .held_back import held_back
from .network import on_grid

TURN: Final = np.deg2rad(5)
STRETCH: Final = 0.04
PEN: Final = 0.2
"""Exponents of the brightness lie between 2 to the power of minus this and of this."""

MARGIN: Final = 6
ORDER: Final = 2
"""Of the splines between the pixels."""


@lru_cache(maxsize=1)
def _sheet() -> tuple[np.ndarray, np.ndarray]:
    """All digits held back on one sheet, as coefficients of splines; where each begins."""
    # Whoever grades another notebook should not wait for it.
    from scipy import ndimage

    padded = np.pad(held_back().images, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    count, height, width = padded.shape
    sheet = padded.reshape(count * height, width)
    return ndimage.spline_filter(sheet, ORDER), np.arange(count) * height + MARGIN


def rewritten(rng: np.random.Generator, order: np.ndarray, size: int, reach: float) -> np.ndarray:
    """Write digits that are held back anew, each on a canvas of its own.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws what is done to each digit.
    order : ndarray of shape (N,)
        Which of the digits.
    size : int
        Height and width of the canvas.
    reach : float
        How many pixels a digit may be away from the middle, in height and in width.

    Returns
    -------
    ndarray of shape (N, size, size, 1)
        Multiples of 1/64, from 0 to 1.
    """
    from scipy import ndimage

    sheet, begins = _sheet()
    count, side = len(order), sheet.shape[1] - 2 * MARGIN
    turns = rng.uniform(-TURN, TURN, count)
    rotations = np.array([[np.cos(turns), -np.sin(turns)], [np.sin(turns), np.cos(turns)]])
    stretches = 1 + rng.uniform(-STRETCH, STRETCH, (2, 1, count))
    moves = rng.uniform(-reach, reach, (2, 1, count))
    pixels = np.indices((size, size)).reshape(2, -1, 1) - (size - 1) / 2
    places = np.einsum("ijn,jpn->inp", rotations, pixels - moves) / stretches.transpose(0, 2, 1)
    rows, columns = places + (side - 1) / 2
    places = begins[order, None] + rows, columns + MARGIN
    ink = ndimage.map_coordinates(sheet, places, order=ORDER, prefilter=False).clip(0, 1)
    ink **= 2.0 ** rng.uniform(-PEN, PEN, (count, 1))
    return on_grid(ink.reshape(count, size, size, 1))


def noisy(rng: np.random.Generator, canvases: np.ndarray, deviation: float) -> np.ndarray:
    """The same with normal noise in every pixel, in multiples of 1/64."""
    return on_grid(canvases + deviation * rng.standard_normal(canvases.shape))
