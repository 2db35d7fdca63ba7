"""Max pooling."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntOrPair,
    Padding,
    as_float_array,
    check_shape,
    to_common_dtype,
)
from convkit.pool._windows import Windows, blocks, combine, find_windows


def max_pool2d_naive(
    x: ArrayLike,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
) -> FloatArray:
    """Return the maximum of each window, one window at a time.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    size : int or pair of int
        Height and width of a window.
    stride : int or pair of int, optional
        From one window to the next; `size` by default.
    padding : int or pair of int, default 0
        Rows above and below, columns left and right, filled with minus infinity.

    Returns
    -------
    ndarray of shape (N, Ho, Wo, C)
        Maxima.

    See Also
    --------
    max_pool2d : The same, fast.

    Examples
    --------
    >>> x = np.array([[109, 92, 72], [108, 85, 74], [110, 74, 79]]).reshape(1, 3, 3, 1)
    >>> max_pool2d_naive(x, size=2, stride=1)[0, :, :, 0]
    array([[109.,  92.],
           [110.,  85.]])
    """
    x = as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride, padding)
    (kh, kw), (sh, sw), (height, width) = windows.size, windows.stride, windows.shape
    padded = np.pad(x, [(0, 0), *windows.sides, (0, 0)], constant_values=-np.inf)
    y = np.empty((len(x), height, width, x.shape[3]), x.dtype)
    for i in range(height):
        for j in range(width):
            window = padded[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            y[:, i, j, :] = window.max(axis=(1, 2))
    return y


def max_pool2d(
    x: ArrayLike,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
    *,
    dilation: IntOrPair = 1,
) -> FloatArray:
    """Return the maximum of each window.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    size : int or pair of int
        Height and width of a window.
    stride : int or pair of int, optional
        From one window to the next; `size` by default. Windows that do not fit at the end are
        left out.
    padding : int, pair of int, "valid" or "same", default 0
        Rows above and below, columns left and right, filled with minus infinity, so that they
        never win.
    dilation : int or pair of int, default 1
        Distance between neighbouring pixels of a window.

    Returns
    -------
    ndarray of shape (N, Ho, Wo, C)
        Maxima. NaN where a window holds a NaN.

    Raises
    ------
    ValueError
        If there is no room for a window, or if one would hold nothing but padding.

    Examples
    --------
    Padding with zeros would give 0 here:

    >>> x = np.full((1, 2, 2, 1), -5)
    >>> max_pool2d(x, size=2, stride=2, padding=1).ravel()
    array([-5., -5., -5., -5.])
    """
    x = as_float_array(x, "x", "N H W C")
    return combine(x, find_windows(x.shape[1:3], size, stride, padding, dilation), np.maximum)


def max_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
    *,
    dilation: IntOrPair = 1,
) -> FloatArray:
    """Return the gradient to the images of a max pooling.

    Parameters
    ----------
    dy : array_like of shape (N, Ho, Wo, C)
        Upstream gradient.
    x : array_like of shape (N, H, W, C)
        Images, as in the forward pass.
    size, stride, padding, dilation : int or pair of int
        As in the forward pass.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to `x`.

    Raises
    ------
    ValueError
        If `dy` has not the shape of the output.

    Notes
    -----
    Each window hands its gradient to the pixel that won. Of equal pixels the first wins, row by
    row, and takes all, as in torch. A NaN beats every number. A pixel that wins in several
    windows adds up what they hand it.

    Examples
    --------
    >>> x = np.array([[1, 7, 7], [2, 3, 4]]).reshape(1, 2, 3, 1)
    >>> dy = np.array([10, 20]).reshape(1, 1, 2, 1)
    >>> max_pool2d_backward(dy, x, size=2, stride=1)[0, :, :, 0]
    array([[ 0., 30.,  0.],
           [ 0.,  0.,  0.]])
    """
    dy, x = as_float_array(dy, "dy", "N Ho Wo C"), as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride, padding, dilation)
    check_pooled(dy, x, windows)
    dy, x = to_common_dtype(dy, x)
    return backward_to_winners(dy, x, windows)


def check_pooled(dy: FloatArray, x: FloatArray, windows: Windows) -> None:
    """Raise ValueError if `dy` is not of the shape that pooling `x` gives."""
    wanted = (len(x), *windows.shape, x.shape[3])
    check_shape(
        dy,
        "dy",
        wanted,
        f"pooling x of shape {x.shape} with size {windows.size} and stride {windows.stride}",
    )


def backward_to_winners(dy: FloatArray, x: FloatArray, windows: Windows) -> FloatArray:
    """Hand each window's gradient to its first maximum."""
    dx = np.zeros_like(x)
    for block in blocks(x):
        _add_to_winners(dx[block], dy[block], x[block], windows)
    return dx


def _add_to_winners(dx: FloatArray, dy: FloatArray, x: FloatArray, windows: Windows) -> None:
    y = combine(x, windows, np.maximum)
    some_nan = bool(np.isnan(y).any())
    finite = bool(np.isfinite(dy).all())
    free = np.ones(y.shape, bool)
    for places, pixels in windows.taps():
        tap, unclaimed, upstream = x[pixels], free[places], dy[places]
        wins = tap == y[places]
        if some_nan:
            wins |= np.isnan(tap)
        wins &= unclaimed
        unclaimed ^= wins
        # The product is ten times as fast, but would turn infinity times False into NaN.
        dx[pixels] += upstream * wins if finite else np.where(wins, upstream, 0)
