"""Impulses, Gaussian kernels, and the blobs that a convolution makes of the two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Real
from typing import SupportsIndex

import numpy as np

from convkit._arguments import FloatArray, IntOrPair, Pair, as_pair
from convkit.correlate import convolve2d

Points = Iterable[Sequence[SupportsIndex]]


def impulses(shape: IntOrPair, points: Points) -> FloatArray:
    """Return a black image with a white pixel at each of some points.

    Parameters
    ----------
    shape : int or pair of int
        Height and width.
    points : iterable of pair of int
        Row and column of each point, from 0.

    Returns
    -------
    ndarray of shape (H, W)
        The number of times that each pixel is named: mostly 0, 1 at a point, 2 at a point that is
        given twice.

    Raises
    ------
    IndexError
        If a point lies outside. A negative index does not count from the end.

    Examples
    --------
    >>> impulses((2, 3), [(0, 1), (1, 2)])
    array([[0., 1., 0.],
           [0., 0., 1.]])
    """
    height, width = as_pair(shape, "shape", minimum=1)
    image = np.zeros((height, width))
    for row, column in _as_points(points):
        if not (0 <= row < height and 0 <= column < width):
            raise IndexError(
                f"point ({row}, {column}) lies outside the image: rows go from 0 to {height - 1}, "
                f"columns from 0 to {width - 1}"
            )
        image[row, column] += 1
    return image


def gaussian_kernel(size: IntOrPair, std: float) -> FloatArray:
    """Return a Gaussian bell with the value 1 at its centre.

    Parameters
    ----------
    size : int or pair of int
        Height and width.
    std : float
        Standard deviation in pixels.

    Returns
    -------
    ndarray of shape (kh, kw)
        ``exp(-r**2 / (2 * std**2))`` at distance r from the centre.

    Raises
    ------
    ValueError
        If `std` is not positive.

    See Also
    --------
    scipy.signal.windows.gaussian : The same in one dimension.

    Notes
    -----
    The centre is the middle of the array, ``(size - 1) / 2``. For an even size it lies between
    two pixels, and the largest value is below 1.

    The bell is separable: a column times a row.

    Examples
    --------
    >>> gaussian_kernel(3, std=1).round(3)
    array([[0.368, 0.607, 0.368],
           [0.607, 1.   , 0.607],
           [0.368, 0.607, 0.368]])
    """
    column, row = _bells(size, std)
    return column * row


def blobs(shape: IntOrPair, points: Points, size: IntOrPair, std: float) -> FloatArray:
    """Return an image with a Gaussian blob around each of some points.

    Parameters
    ----------
    shape : int or pair of int
        Height and width.
    points : iterable of pair of int
        Row and column of each point, from 0.
    size : int or pair of int
        Height and width of a blob, as in `gaussian_kernel`.
    std : float
        Standard deviation in pixels.

    Returns
    -------
    ndarray of shape (H, W)
        The impulses convolved with the kernel. Blobs that overlap add up; what reaches beyond the
        border is cut off.

    Raises
    ------
    IndexError
        If a point lies outside.
    ValueError
        If `std` is not positive.

    Notes
    -----
    Of the full convolution, rows from ``(kh - 1) // 2`` and columns from ``(kw - 1) // 2`` are
    kept. So a blob of odd size is centred on its point. An even one has one row and one column
    more below and to the right of its point than above and to the left.

    As the kernel is separable, convolving with its column and then with its row gives the same
    with ``kh + kw`` multiplications a pixel instead of ``kh * kw``.

    Examples
    --------
    >>> blobs((3, 6), [(1, 1), (1, 5)], size=3, std=0.5).round(2)
    array([[0.02, 0.14, 0.02, 0.  , 0.02, 0.14],
           [0.14, 1.  , 0.14, 0.  , 0.14, 1.  ],
           [0.02, 0.14, 0.02, 0.  , 0.02, 0.14]])
    """
    column, row = _bells(size, std)
    return convolve2d(convolve2d(impulses(shape, points), column, mode="same"), row, mode="same")


def _bells(size: IntOrPair, std: float) -> tuple[FloatArray, FloatArray]:
    """Return the bell down, of shape (kh, 1), and across, of shape (1, kw)."""
    height, width = as_pair(size, "size", minimum=1)
    if not isinstance(std, Real):
        raise TypeError(f"std must be a number, not {std!r} of type {type(std).__name__}")
    if not 0 < std < np.inf:
        raise ValueError(f"std must be positive and finite, not {std}")
    down, across = (
        np.exp(-(((np.arange(n) - (n - 1) / 2) / std) ** 2) / 2) for n in (height, width)
    )
    return down[:, None], across[None, :]


def _as_points(points: Points) -> list[Pair]:
    pairs = []
    for i, point in enumerate(points):
        if isinstance(point, int | np.integer):
            raise ValueError(f"points[{i}] must be a pair (row, column), not {point!r}")
        pairs.append(as_pair(point, f"points[{i}]"))
    return pairs
