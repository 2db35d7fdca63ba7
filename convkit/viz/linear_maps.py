"""A stack of linear layers as one matrix: a row for each pixel, found by lighting it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from convkit.viz.player import Steps
from convkit.viz.rows import Panel, place_rows
from convkit.viz.style import INK

MAX_PIXELS = 16
"""Larger images make more steps than anybody watches."""


def matrix_by_pixels(matrix: Any, input_shape: tuple[int, int]) -> Steps:
    """Show how a linear map is read off: light one pixel, write down what it adds.

    Parameters
    ----------
    matrix : array_like of shape (H * W, outputs)
        Row i is what pixel i adds to the outputs when it is 1.
    input_shape : tuple of int
        Height and width of the image.

    Returns
    -------
    Steps
        One step for each pixel.

    Raises
    ------
    ValueError
        If the matrix has not one row for each pixel, or the image has more than 16.

    Examples
    --------
    >>> matrix = np.array([[1, 0], [2, 1], [0, 2], [3, 0], [1, 3], [0, 1]])
    >>> picture = matrix_by_pixels(matrix, (2, 3))
    >>> picture
    <a matrix of 6 rows, one for each pixel: 6 steps; .frame(i) is one of them>
    """
    weights = np.asarray(matrix)
    height, width = input_shape
    pixels = height * width
    if weights.ndim != 2 or len(weights) != pixels:
        raise ValueError(
            f"an image of shape {(height, width)} needs a matrix of {pixels} rows, "
            f"not one of shape {weights.shape}"
        )
    if pixels > MAX_PIXELS:
        raise ValueError(f"at most {MAX_PIXELS} pixels can be lit one by one, not {pixels}")

    def draw(figure: Figure, step: int) -> None:
        image = np.zeros((height, width), int)
        image.flat[step] = 1
        later = np.repeat(np.arange(pixels)[:, None] > step, weights.shape[1], axis=1)
        panels = [
            Panel(image, f"pixel {step} is lit", window=(*divmod(step, width), 1, 1)),
            Panel(weights[step], "what it adds", role="output", before="→"),
            Panel(
                weights,
                "the matrix",
                role="kernel",
                window=(step, 0, 1, weights.shape[1]),
                hidden=later,
            ),
        ]
        cell = 0.5 if pixels <= 8 else 0.36
        place_rows(figure, [panels], cell=cell, below=0.5, min_width=7.0)
        words = f"row {step} of the matrix is the answer to pixel {step} alone"
        low = 0.12 / figure.get_size_inches()[1]
        figure.text(0.5, low, words, ha="center", va="bottom", size=12, color=INK)

    return Steps(draw, pixels, title=f"a matrix of {pixels} rows, one for each pixel")
