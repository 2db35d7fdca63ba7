"""Adaptive pooling: the number of windows is given, and their places follow.

Along an axis of n pixels, window i of m reaches from ``floor(i n / m)`` to ``ceil((i + 1) n / m)``,
as in torch. Where m does not divide n, neighbouring windows overlap.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntOrPair,
    as_float_array,
    as_pair,
    check_shape,
    to_common_dtype,
)


def adaptive_max_pool2d(x: ArrayLike, output_size: IntOrPair) -> FloatArray:
    """Return the maxima of as many windows as asked for.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    output_size : int or pair of int
        Number of windows down and across. More than pixels are possible: then pixels repeat.

    Returns
    -------
    ndarray of shape (N, *output_size, C)
        Maxima.

    Raises
    ------
    ValueError
        If `output_size` is not positive.

    Examples
    --------
    Five pixels in two windows share the one in the middle:

    >>> x = np.array([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1)
    >>> adaptive_max_pool2d(x, (1, 2)).ravel()
    array([9., 9.])
    """
    x = as_float_array(x, "x", "N H W C")
    rows, columns = _windows(x, output_size)
    down = np.stack([x[:, row].max(axis=1) for row in rows], axis=1)
    return np.stack([down[:, :, column].max(axis=2) for column in columns], axis=2)


def adaptive_avg_pool2d(x: ArrayLike, output_size: IntOrPair) -> FloatArray:
    """Return the means of as many windows as asked for.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    output_size : int or pair of int
        Number of windows down and across. 1 is the mean of the whole image ("global average
        pooling").

    Returns
    -------
    ndarray of shape (N, *output_size, C)
        Means.

    Raises
    ------
    ValueError
        If `output_size` is not positive.

    Examples
    --------
    >>> x = np.array([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1)
    >>> adaptive_avg_pool2d(x, (1, 2)).ravel()
    array([4., 6.])
    """
    x = as_float_array(x, "x", "N H W C")
    rows, columns = _windows(x, output_size)
    down = np.stack([x[:, row].mean(axis=1) for row in rows], axis=1)
    return np.stack([down[:, :, column].mean(axis=2) for column in columns], axis=2)


def adaptive_max_pool2d_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return the gradient to the images of an adaptive max pooling.

    Parameters
    ----------
    dy : array_like of shape (N, Ho, Wo, C)
        Upstream gradient; it tells the number of windows.
    x : array_like of shape (N, H, W, C)
        Images, as in the forward pass.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to `x`. Of equal pixels in a window, the first takes all.

    Raises
    ------
    ValueError
        If `dy` and `x` differ in N or C.

    Examples
    --------
    >>> x = np.array([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1)
    >>> adaptive_max_pool2d_backward(np.array([10, 20]).reshape(1, 1, 2, 1), x).ravel()
    array([ 0.,  0., 30.,  0.,  0.])
    """
    dy, x = _checked(dy, x)
    rows, columns = _windows(x, dy.shape[1:3])
    dx = np.zeros_like(x)
    image, channel = np.ogrid[: len(x), : x.shape[3]]
    for (i, row), (j, column) in product(enumerate(rows), enumerate(columns)):
        window = x[:, row, column]
        height, width = window.shape[1:3]
        # (N, h, w, C) -> (N, h * w, C)
        winner = window.reshape(len(x), height * width, x.shape[3]).argmax(axis=1)
        down, across = np.divmod(winner, width)
        dx[image, row.start + down, column.start + across, channel] += dy[:, i, j]
    return dx


def adaptive_avg_pool2d_backward(dy: ArrayLike, x: ArrayLike) -> FloatArray:
    """Return the gradient to the images of an adaptive average pooling.

    Parameters
    ----------
    dy : array_like of shape (N, Ho, Wo, C)
        Upstream gradient; it tells the number of windows.
    x : array_like of shape (N, H, W, C)
        Images, as in the forward pass; their shape matters, their values do not.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to `x`: each window hands an equal share to each of its pixels.

    Raises
    ------
    ValueError
        If `dy` and `x` differ in N or C.

    Examples
    --------
    >>> dy = np.array([3, 6]).reshape(1, 1, 2, 1)
    >>> adaptive_avg_pool2d_backward(dy, np.zeros((1, 1, 5, 1))).ravel()
    array([1., 1., 3., 2., 2.])
    """
    dy, x = _checked(dy, x)
    rows, columns = _windows(x, dy.shape[1:3])
    across = np.zeros((len(x), len(rows), *x.shape[2:]), x.dtype)
    for j, column in enumerate(columns):
        across[:, :, column] += dy[:, :, j, None] / (column.stop - column.start)
    dx = np.zeros_like(x)
    for i, row in enumerate(rows):
        dx[:, row] += across[:, i, None] / (row.stop - row.start)
    return dx


def _checked(dy: ArrayLike, x: ArrayLike) -> tuple[FloatArray, ...]:
    dy, x = as_float_array(dy, "dy", "N Ho Wo C"), as_float_array(x, "x", "N H W C")
    wanted = (len(x), *dy.shape[1:3], x.shape[3])
    check_shape(dy, "dy", wanted, f"pooling x of shape {x.shape} to {dy.shape[1:3]}")
    return to_common_dtype(dy, x)


def _windows(x: FloatArray, output_size: IntOrPair) -> tuple[list[slice], list[slice]]:
    rows, columns = (
        [slice(i * n // m, -(-(i + 1) * n // m)) for i in range(m)]
        for n, m in zip(x.shape[1:3], as_pair(output_size, "output_size", minimum=1), strict=True)
    )
    return rows, columns
