"""Correlation beside convolution: what turning the kernel does."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from scipy import signal

from convkit.viz.rows import STAR, Panel, place_rows
from convkit.viz.style import Picture, style


def impulse(size: int = 5) -> np.ndarray:
    """A black image with a one in its centre.

    Parameters
    ----------
    size : int
        Height and width; odd.

    Returns
    -------
    ndarray of shape (size, size)
        The image.

    Raises
    ------
    ValueError
        If `size` is not odd and positive.

    Examples
    --------
    >>> impulse(3)
    array([[0, 0, 0],
           [0, 1, 0],
           [0, 0, 0]])
    """
    if size < 1 or size % 2 == 0:
        raise ValueError(f"size must be odd and positive, so that there is a centre; not {size}")
    image = np.zeros((size, size), int)
    image[size // 2, size // 2] = 1
    return image


def correlation_and_convolution(k: Any, x: Any = None) -> Figure:
    """Show the correlation and the convolution of the same image with the same kernel.

    The output has the size of the image; zeros stand around the image.

    Parameters
    ----------
    k : array_like of shape (kh, kw)
        The kernel, with odd sides.
    x : array_like of shape (H, W), optional
        The image; by default an impulse, which makes the outputs copies of what slides.

    Returns
    -------
    Figure
        Two rows of image, sliding kernel and output: correlation above, convolution below.

    Raises
    ------
    ValueError
        If the arrays are not matrices, or a side of the kernel is even.

    Examples
    --------
    >>> picture = correlation_and_convolution([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    >>> len(picture.axes)
    6
    """
    k = np.asarray(k)
    if k.ndim != 2 or 0 in (k.shape[0] % 2, k.shape[1] % 2):
        raise ValueError(f"k must be a matrix with odd sides, not of shape {k.shape}")
    x = impulse(max(k.shape) + 2) if x is None else np.asarray(x)
    if x.ndim != 2:
        raise ValueError(f"x must be a matrix of shape (H, W), not of shape {x.shape}")
    turned = k[::-1, ::-1]
    correlation = signal.correlate2d(x, k, mode="same")
    convolution = signal.convolve2d(x, k, mode="same")
    rows = [
        _row(x, k, "kernel as it is", correlation, "correlation"),
        _row(x, turned, "kernel turned by 180°", convolution, "convolution"),
    ]
    with style():
        figure = Picture(figsize=(1, 1))
        place_rows(figure, rows, cell=0.42)
    return figure


def _row(x: np.ndarray, slides: np.ndarray, title: str, y: np.ndarray, name: str) -> list[Panel]:
    return [
        Panel(x, "image"),
        Panel(slides, title, role="kernel", before=STAR),
        Panel(y, name, role="output", before="="),
    ]
