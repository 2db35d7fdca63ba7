"""Padding of images, and its transpose: what flows back into the image from its border."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntOrPair,
    PaddingMode,
    Pair,
    Sides,
    as_float_array,
    as_pair,
    check_padding_mode,
)

NUMPY_MODE: dict[PaddingMode, Literal["constant", "reflect", "edge", "wrap"]] = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
"""What `numpy.pad` calls the modes."""


def pad2d(x: ArrayLike, padding: IntOrPair, mode: PaddingMode = "zeros") -> FloatArray:
    """Return images with a border around them.

    Parameters
    ----------
    x : array_like of shape (H, W), (H, W, C) or (N, H, W, C)
        One image or a batch.
    padding : int or pair of int
        Rows above and below, columns left and right.
    mode : {"zeros", "reflect", "replicate", "circular"}, default "zeros"
        What the border shows: nothing; the image mirrored at its outermost pixels, which are not
        repeated; the outermost pixels again; the opposite side of the image.

    Returns
    -------
    ndarray
        A new array, 2 * padding larger in height and width.

    Raises
    ------
    ValueError
        If the image is too small: reflect needs a padding below the size, circular at most the
        size.

    Notes
    -----
    The names are torch's. ``numpy.pad`` calls them constant, reflect, edge and wrap.

    Examples
    --------
    >>> x = [[1.0, 2.0, 3.0]]
    >>> for mode in ("zeros", "reflect", "replicate", "circular"):
    ...     print(pad2d(x, (0, 2), mode)[0])
    [0. 0. 1. 2. 3. 0. 0.]
    [3. 2. 1. 2. 3. 2. 1.]
    [1. 1. 1. 2. 3. 3. 3.]
    [2. 3. 1. 2. 3. 1. 2.]
    """
    array = as_float_array(x, "x", "H W", "H W C", "N H W C")
    vertical, horizontal = as_pair(padding, "padding", minimum=0)
    sides = ((vertical, vertical), (horizontal, horizontal))
    batch = array.ndim == 4
    check_padding_mode(mode, sides, array.shape[1:3] if batch else array.shape[:2], "mode")
    padded = pad_batch(array if batch else array[np.newaxis], sides, mode)
    padded = padded.copy() if np.shares_memory(padded, array) else padded
    return padded if batch else padded[0]


def pad_batch(x: FloatArray, sides: Sides, mode: PaddingMode) -> FloatArray:
    """Pad axes 1 and 2 of a batch; without any padding, return the batch itself."""
    if not np.any(sides):
        return np.ascontiguousarray(x)
    rest = [(0, 0)] * (x.ndim - 3)
    return np.pad(x, [(0, 0), *sides, *rest], mode=NUMPY_MODE[mode])


def fold_padding(dx: FloatArray, sides: Sides, mode: PaddingMode) -> FloatArray:
    """Return the gradient to the image, given the gradient to the padded image.

    A pixel that was copied into the border gets back what each of its copies received: the
    transpose of padding.

    Parameters
    ----------
    dx : ndarray of shape (N, H + top + bottom, W + left + right, C)
        Gradient to the padded batch.
    sides : tuple of ((int, int), (int, int))
        ((top, bottom), (left, right)).
    mode : {"zeros", "reflect", "replicate", "circular"}
        How the batch was padded.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to the batch; for zeros it is a view.
    """
    (top, bottom), (left, right) = sides
    height, width = dx.shape[1] - top - bottom, dx.shape[2] - left - right
    if mode != "zeros":
        dx = dx.copy()
        for to, source in _border(height, top, bottom, mode):
            dx[:, source] += dx[:, to]
        for to, source in _border(width, left, right, mode):
            dx[:, :, source] += dx[:, :, to]
    return dx[:, top : top + height, left : left + width]


def _border(length: int, before: int, after: int, mode: PaddingMode) -> Iterator[Pair]:
    """Yield each index of the border, and the index of the pixel that is copied there."""
    source = np.pad(np.arange(length), (before, after), mode=NUMPY_MODE[mode])
    for to in (*range(before), *range(before + length, before + length + after)):
        yield to, before + int(source[to])
