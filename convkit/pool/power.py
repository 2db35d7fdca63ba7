"""LP pooling: the p-norm of each window."""

from __future__ import annotations

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import FloatArray, IntOrPair, as_float_array, to_common_dtype
from convkit.pool._windows import Windows, blocks, combine, find_windows
from convkit.pool.maximum import backward_to_winners, check_pooled


def lp_pool2d(
    x: ArrayLike, size: IntOrPair, p: float, stride: IntOrPair | None = None
) -> FloatArray:
    """Return the p-norm of each window.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    size : int or pair of int
        Height and width of a window.
    p : float
        From 1 (the sum of the absolute values) to infinity (the largest of them).
    stride : int or pair of int, optional
        From one window to the next; `size` by default.

    Returns
    -------
    ndarray of shape (N, Ho, Wo, C)
        Norms.

    Raises
    ------
    ValueError
        If `p` is smaller than 1, or if there is no room for a window.

    Notes
    -----
    For a window S, ``(sum of |x|**p over S) ** (1/p)``. Torch leaves out the absolute value, so
    for negative pixels and odd `p` it gives something else, which is no norm.

    Each window is divided by its largest absolute value first, so that a large `p` can neither
    overflow nor lose the window to zero.

    Examples
    --------
    >>> x = np.array([3, -4, 0, 0]).reshape(1, 2, 2, 1)
    >>> [float(lp_pool2d(x, size=2, p=p)[0, 0, 0, 0]) for p in (1, 2, np.inf)]
    [7.0, 5.0, 4.0]
    """
    x = as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride)
    p = _exponent(p)
    y = np.empty((len(x), *windows.shape, x.shape[3]), x.dtype)
    for block in blocks(x):
        y[block] = _norms(np.abs(x[block]), windows, p)
    return y


def lp_pool2d_backward(
    dy: ArrayLike, x: ArrayLike, size: IntOrPair, p: float, stride: IntOrPair | None = None
) -> FloatArray:
    """Return the gradient to the images of an LP pooling.

    Parameters
    ----------
    dy : array_like of shape (N, Ho, Wo, C)
        Upstream gradient.
    x : array_like of shape (N, H, W, C)
        Images, as in the forward pass.
    size : int or pair of int
        As in the forward pass.
    p : float
        As in the forward pass.
    stride : int or pair of int, optional
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
    With y the norm of the window, ``dy/dx = sign(x) (|x| / y) ** (p - 1)``. Where a norm has a
    corner, at x = 0, the gradient is 0. For infinite `p` the first of the largest absolute values
    takes all, as in max pooling.

    Examples
    --------
    >>> x = np.array([3, -4, 0, 0]).reshape(1, 2, 2, 1)
    >>> lp_pool2d_backward(np.full((1, 1, 1, 1), 10), x, size=2, p=2).ravel()
    array([ 6., -8.,  0.,  0.])
    """
    dy, x = as_float_array(dy, "dy", "N Ho Wo C"), as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride)
    p = _exponent(p)
    check_pooled(dy, x, windows)
    dy, x = to_common_dtype(dy, x)
    if p == np.inf:
        return np.sign(x) * backward_to_winners(dy, np.abs(x), windows)
    dx = np.zeros_like(x)
    for block in blocks(x):
        _add_gradients(dx[block], dy[block], np.abs(x[block]), windows, p)
    return np.sign(x) * dx


def _add_gradients(
    dx: FloatArray, dy: FloatArray, magnitude: FloatArray, windows: Windows, p: float
) -> None:
    y = _norms(magnitude, windows, p)
    y[y == 0] = 1
    for places, pixels in windows.taps():
        dx[pixels] += dy[places] * (magnitude[pixels] / y[places]) ** (p - 1)


def _norms(magnitude: FloatArray, windows: Windows, p: float) -> FloatArray:
    largest = combine(magnitude, windows, np.maximum)
    if p == np.inf:
        return largest
    scale: FloatArray = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    total = np.zeros_like(largest)
    for places, pixels in windows.taps():
        total[places] += (magnitude[pixels] / scale[places]) ** p
    return scale * total ** (1 / p)


def _exponent(p: float) -> float:
    if not isinstance(p, Real) or isinstance(p, bool | np.bool_):
        raise TypeError(f"p must be a number, not {p!r} of type {type(p).__name__}")
    if not p >= 1:
        raise ValueError(f"p must be at least 1, not {p}: below that, there is no norm")
    return float(p)
