"""Average pooling."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import FloatArray, IntOrPair, Padding, as_float_array, to_common_dtype
from convkit.pool._windows import Windows, combine, find_windows, spread
from convkit.pool.maximum import check_pooled


def avg_pool2d_naive(
    x: ArrayLike,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
) -> FloatArray:
    """Return the mean of each window, one window at a time; padding counts as zeros.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    size : int or pair of int
        Height and width of a window.
    stride : int or pair of int, optional
        From one window to the next; `size` by default.
    padding : int or pair of int, default 0
        Rows above and below, columns left and right, filled with zeros.

    Returns
    -------
    ndarray of shape (N, Ho, Wo, C)
        Means.

    See Also
    --------
    avg_pool2d : The same, fast.

    Examples
    --------
    >>> x = np.arange(16).reshape(1, 4, 4, 1)
    >>> avg_pool2d_naive(x, size=2)[0, :, :, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    x = as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride, padding)
    (kh, kw), (sh, sw), (height, width) = windows.size, windows.stride, windows.shape
    padded = np.pad(x, [(0, 0), *windows.sides, (0, 0)])
    y = np.empty((len(x), height, width, x.shape[3]), x.dtype)
    for i in range(height):
        for j in range(width):
            window = padded[:, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
            y[:, i, j, :] = window.mean(axis=(1, 2))
    return y


def avg_pool2d(
    x: ArrayLike,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
    *,
    count_include_pad: bool = True,
) -> FloatArray:
    """Return the mean of each window.

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
        Rows above and below, columns left and right, filled with zeros.
    count_include_pad : bool, default True
        Divide by the size of the window, as torch does. False: by the number of its pixels that
        lie inside the image, so that the border is not darkened.

    Returns
    -------
    ndarray of shape (N, Ho, Wo, C)
        Means.

    Raises
    ------
    ValueError
        If there is no room for a window, or if one would hold nothing but padding.

    Examples
    --------
    >>> x = np.ones((1, 2, 2, 1))
    >>> avg_pool2d(x, size=2, padding=1).ravel()
    array([0.25, 0.25, 0.25, 0.25])
    >>> avg_pool2d(x, size=2, padding=1, count_include_pad=False).ravel()
    array([1., 1., 1., 1.])
    """
    x = as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride, padding)
    total = combine(x, windows, np.add)
    total /= _divisor(windows, count_include_pad, x.dtype)
    return total


def avg_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
    *,
    count_include_pad: bool = True,
) -> FloatArray:
    """Return the gradient to the images of an average pooling.

    Parameters
    ----------
    dy : array_like of shape (N, Ho, Wo, C)
        Upstream gradient.
    x : array_like of shape (N, H, W, C)
        Images, as in the forward pass; their shape matters, their values do not.
    size, stride, padding : int or pair of int
        As in the forward pass.
    count_include_pad : bool, default True
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
    Each window hands an equal share to each of its pixels: `dy` is spread out, and divided by
    the size of the window.

    Examples
    --------
    >>> dy = np.array([4, 8]).reshape(1, 1, 2, 1)
    >>> avg_pool2d_backward(dy, np.zeros((1, 2, 3, 1)), size=2, stride=1)[0, :, :, 0]
    array([[1., 3., 2.],
           [1., 3., 2.]])
    """
    dy, x = as_float_array(dy, "dy", "N Ho Wo C"), as_float_array(x, "x", "N H W C")
    windows = find_windows(x.shape[1:3], size, stride, padding)
    check_pooled(dy, x, windows)
    dy, x = to_common_dtype(dy, x)
    return spread(dy / _divisor(windows, count_include_pad, x.dtype), windows, x.shape[1:3])


def _divisor(windows: Windows, count_include_pad: bool, dtype: np.dtype) -> FloatArray:
    if count_include_pad:
        return np.array(windows.size[0] * windows.size[1], dtype)
    return windows.counts().astype(dtype)
