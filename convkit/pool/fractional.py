"""Fractional max pooling: windows of one size at random distances [1]_.

An image of 10 pixels can so be pooled to 7, which no fixed stride does. The distances mix two
neighbouring whole numbers, and differ from image to image and from channel to channel.

References
----------
.. [1] B. Graham, "Fractional Max-Pooling", arXiv:1412.6071, 2014.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntArray,
    IntOrPair,
    Pair,
    as_float_array,
    as_pair,
    check_shape,
    to_common_dtype,
)

Pixels: TypeAlias = tuple[IntArray, IntArray, IntArray, IntArray]
"""Image, row, column and channel of one pixel of each window."""


def fractional_max_pool2d(
    x: ArrayLike,
    size: IntOrPair,
    output_size: IntOrPair | None = None,
    *,
    output_ratio: float | Sequence[float] | None = None,
    samples: ArrayLike | None = None,
    rng: np.random.Generator | int | None = None,
) -> FloatArray:
    """Return the maxima of windows at random distances.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        Images.
    size : int or pair of int
        Height and width of a window.
    output_size : int or pair of int, optional
        Number of windows down and across. Either this or `output_ratio` must be given.
    output_ratio : float or pair of float, optional
        Number of windows as a share of the number of pixels, between 0 and 1; rounded down.
    samples : array_like of shape (N, C, 2), optional
        Numbers from 0 up to 1 that decide where the windows lie: for each image and channel one
        for the *columns*, then one for the rows, in torch's order. Drawn from `rng` by default.
        The backward pass needs them, so draw them yourself when you train.
    rng : Generator or int, optional
        Random numbers for `samples`, or their seed.

    Returns
    -------
    ndarray of shape (N, Ho, Wo, C)
        Maxima.

    Raises
    ------
    ValueError
        If not exactly one of `output_size` and `output_ratio` is given, if the windows do not
        fit, or if `samples` has another shape or leaves its range.

    Notes
    -----
    As torch does it: with ``a = (n - size) / (m - 1)``, window i of m starts at pixel
    ``floor((i + u) a) - floor(u a)``, where u is the sample; the last one ends at the border.

    Examples
    --------
    >>> x = np.arange(10).reshape(1, 1, 10, 1)
    >>> fractional_max_pool2d(x, (1, 2), (1, 7), samples=[[[0.5, 0.5]]]).ravel()
    array([1., 3., 4., 5., 7., 8., 9.])
    """
    x = as_float_array(x, "x", "N H W C")
    size = as_pair(size, "size", minimum=1)
    output_size = _output_size(x.shape[1:3], output_size, output_ratio)
    if samples is None:
        samples = np.random.default_rng(rng).random((len(x), x.shape[3], 2))
    return _maxima(x, _taps(x.shape, size, output_size, samples))


def fractional_max_pool2d_backward(
    dy: ArrayLike, x: ArrayLike, size: IntOrPair, *, samples: ArrayLike
) -> FloatArray:
    """Return the gradient to the images of a fractional max pooling.

    Parameters
    ----------
    dy : array_like of shape (N, Ho, Wo, C)
        Upstream gradient; it tells the number of windows.
    x : array_like of shape (N, H, W, C)
        Images, as in the forward pass.
    size : int or pair of int
        As in the forward pass.
    samples : array_like of shape (N, C, 2)
        As in the forward pass.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Gradient to `x`. Of equal pixels in a window, the first takes all.

    Raises
    ------
    ValueError
        If `dy` and `x` differ in N or C, or if the windows do not fit.

    Examples
    --------
    >>> x = np.array([3, 9, 1, 4]).reshape(1, 1, 4, 1)
    >>> dy = np.array([10, 20, 30]).reshape(1, 1, 3, 1)
    >>> fractional_max_pool2d_backward(dy, x, (1, 2), samples=[[[0.5, 0.5]]]).ravel()
    array([ 0., 30.,  0., 30.])
    """
    dy, x = as_float_array(dy, "dy", "N Ho Wo C"), as_float_array(x, "x", "N H W C")
    output_size: Pair = dy.shape[1:3]
    wanted = (len(x), *output_size, x.shape[3])
    check_shape(dy, "dy", wanted, f"pooling x of shape {x.shape} to {output_size}")
    dy, x = to_common_dtype(dy, x)
    taps = list(_taps(x.shape, as_pair(size, "size", minimum=1), output_size, samples))
    y = _maxima(x, taps)
    dx, free = np.zeros_like(x), np.ones(y.shape, bool)
    for pixels in taps:
        value = x[pixels]
        wins = free & ((value == y) | np.isnan(value))
        free &= ~wins
        # By rounding, two windows can begin at the same pixel: += would lose one of them.
        np.add.at(dx, pixels, np.where(wins, dy, 0))
    return dx


def _maxima(x: FloatArray, taps: Sequence[Pixels] | Iterator[Pixels]) -> FloatArray:
    first, *rest = taps
    y = x[first]
    for pixels in rest:
        np.maximum(y, x[pixels], out=y)
    return y


def _output_size(
    image: Pair, output_size: IntOrPair | None, output_ratio: float | Sequence[float] | None
) -> Pair:
    if output_size is not None and output_ratio is None:
        return as_pair(output_size, "output_size", minimum=1)
    if output_ratio is None or output_size is not None:
        raise ValueError("give either output_size or output_ratio")
    ratios = tuple(output_ratio) if isinstance(output_ratio, Sequence) else (output_ratio,) * 2
    if len(ratios) != 2 or not all(0 < ratio < 1 for ratio in ratios):
        raise ValueError(
            f"output_ratio must be a number between 0 and 1, or a pair of them, not {output_ratio}"
        )
    height, width = (int(n * ratio) for n, ratio in zip(image, ratios, strict=True))
    if min(height, width) < 1:
        raise ValueError(
            f"output_ratio={output_ratio} leaves {height} rows and {width} columns "
            f"of {image[0]} and {image[1]}"
        )
    return height, width


def _taps(
    shape: tuple[int, ...], size: Pair, output_size: Pair, samples: ArrayLike
) -> Iterator[Pixels]:
    """Yield the pixels of all windows, one of each window at a time, row by row."""
    images, height, width, channels = shape
    samples = as_float_array(samples, "samples")
    check_shape(samples, "samples", (images, channels, 2), f"x of shape {shape}")
    if not ((samples >= 0) & (samples < 1)).all():
        raise ValueError("samples must lie from 0 up to, but not including, 1")
    rows = _starts(height, size[0], output_size[0], samples[:, :, 1], "height")
    columns = _starts(width, size[1], output_size[1], samples[:, :, 0], "width")
    # (N, C, Ho) -> (N, Ho, 1, C) and (N, C, Wo) -> (N, 1, Wo, C)
    rows, columns = rows.transpose(0, 2, 1)[:, :, None], columns.transpose(0, 2, 1)[:, None]
    image = np.arange(images)[:, None, None, None]
    channel = np.arange(channels)
    for k in range(size[0]):
        for m in range(size[1]):
            yield image, rows + k, columns + m, channel


def _starts(length: int, size: int, places: int, samples: FloatArray, axis: str) -> IntArray:
    """Return where windows start along one axis, of shape (N, C, places)."""
    room = length - size
    if places > room + 1:
        raise ValueError(
            f"{places} windows of {size} pixels do not fit along the {axis} of {length}: "
            f"at most {max(0, room + 1)} of them start at different pixels"
        )
    step = room / max(1, places - 1)
    shift = samples[..., None]
    starts: FloatArray = np.floor((np.arange(places) + shift) * step) - np.floor(shift * step)
    starts[..., -1] = room
    return starts.astype(np.intp)
