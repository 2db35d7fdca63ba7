"""Where the windows of a pooling layer lie, and passes over all windows at once.

The k-th pixel of every window along one axis, over all windows, is a slice of the image: a *tap*.
So an operation on windows needs no loop over windows, only one over the few taps. Pixels of the
padding are no part of any tap: they are left out, which for a maximum is the same as padding with
minus infinity, and for a sum the same as padding with zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from convkit._arguments import (
    FloatArray,
    IntArray,
    IntOrPair,
    Padding,
    Pair,
    Sides,
    as_padding,
    as_pair,
)
from convkit.shapes import output_extent

Index: TypeAlias = tuple[slice, ...]

_CACHE_BYTES = 2**20
_NEUTRAL: dict[np.ufunc, float] = {np.maximum: -np.inf, np.add: 0.0}


@dataclass(frozen=True)
class Tap:
    """One pixel of each window along one axis.

    Parameters
    ----------
    places : slice
        The windows in which this pixel lies inside the image.
    pixels : slice
        That pixel, in each of them.
    """

    places: slice
    pixels: slice

    @property
    def count(self) -> int:
        """Number of windows."""
        number: int = self.places.stop - self.places.start
        return number


@dataclass(frozen=True)
class Windows:
    """Windows of one size, a stride apart.

    Parameters
    ----------
    size, stride, dilation : tuple of (int, int)
        Vertical and horizontal.
    sides : tuple of ((int, int), (int, int))
        Padding as ((top, bottom), (left, right)).
    shape : tuple of (int, int)
        Number of windows down and across.
    rows, columns : tuple of Tap
        From the first to the last pixel of a window.
    """

    size: Pair
    stride: Pair
    dilation: Pair
    sides: Sides
    shape: Pair
    rows: tuple[Tap, ...]
    columns: tuple[Tap, ...]

    def taps(self) -> Iterator[tuple[Index, Index]]:
        """Yield (windows, their pixel) as indices of arrays (N, H, W, C), row by row."""
        for row in self.rows:
            for column in self.columns:
                yield (
                    (slice(None), row.places, column.places),
                    (slice(None), row.pixels, column.pixels),
                )

    def counts(self) -> IntArray:
        """Return how many pixels of each window lie inside the image, as (Ho, Wo, 1)."""
        down, across = (
            np.array(
                [sum(tap.places.start <= i < tap.places.stop for tap in taps) for i in range(n)],
                dtype=np.intp,
            )
            for n, taps in zip(self.shape, (self.rows, self.columns), strict=True)
        )
        return (down[:, None] * across[None, :])[:, :, None]


def find_windows(
    image: Pair,
    size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> Windows:
    """Check the arguments of a pooling layer and return its windows on an image.

    Parameters
    ----------
    image : tuple of (int, int)
        Height and width.
    size : int or pair of int
        Height and width of a window.
    stride : int or pair of int, optional
        From one window to the next; by default their size, so that they lie side by side.
    padding : int, pair of int, "valid" or "same", default 0
        So small that each window holds at least one pixel of the image.
    dilation : int or pair of int, default 1
        Distance between neighbouring pixels of a window.

    Raises
    ------
    ValueError
        If there is no room for a window, or if one would hold nothing but padding.
    """
    size = as_pair(size, "size", minimum=1)
    stride = size if stride is None else as_pair(stride, "stride", minimum=1)
    dilation = as_pair(dilation, "dilation", minimum=1)
    sides = as_padding(padding, size, stride, dilation)
    shape = output_extent(image, size, stride, sides, dilation)
    rows, columns = (
        tuple(_taps(*along))
        for along in zip(image, size, stride, (s[0] for s in sides), dilation, shape, strict=True)
    )
    windows = Windows(size, stride, dilation, sides, shape, rows, columns)
    if sides != ((0, 0), (0, 0)) and not windows.counts().all():
        raise ValueError(
            f"padding by {sides[0]} above and below and {sides[1]} left and right is too much for "
            f"windows of {size} on an image of {image}: some would lie wholly outside the image"
        )
    return windows


def _taps(
    length: int, size: int, stride: int, before: int, dilation: int, places: int
) -> Iterator[Tap]:
    for k in range(size):
        offset = k * dilation - before  # of this pixel of the first window, maybe negative
        first = max(0, -(offset // stride))
        last = min(places - 1, (length - 1 - offset) // stride)
        if first <= last:
            start = first * stride + offset
            yield Tap(
                slice(first, last + 1), slice(start, start + (last - first) * stride + 1, stride)
            )


def blocks(x: FloatArray) -> Iterator[slice]:
    """Yield slices of so many images at a time that they stay in the cache."""
    images = max(1, _CACHE_BYTES // max(1, x[:1].nbytes))
    for first in range(0, len(x), images):
        yield slice(first, first + images)


def combine(x: FloatArray, windows: Windows, ufunc: np.ufunc) -> FloatArray:
    """Combine the pixels of each window with `ufunc`: first down the columns, then along the rows.

    That takes kh + kw passes over ever smaller arrays instead of kh * kw.
    """
    images, _, width, channels = x.shape
    height = windows.shape[0]
    y = np.empty((images, *windows.shape, channels), x.dtype)
    for block in blocks(x):
        down = np.empty((len(x[block]), height, width, channels), x.dtype)
        _combine_along(1, x[block], windows.rows, ufunc, down)
        _combine_along(2, down, windows.columns, ufunc, y[block])
    return y


def _combine_along(
    axis: int, x: FloatArray, taps: Sequence[Tap], ufunc: np.ufunc, out: FloatArray
) -> None:
    whole = [x[_along(axis, tap.pixels)] for tap in taps if tap.count == out.shape[axis]]
    if len(whole) > 1:
        ufunc(whole[0], whole[1], out=out)
        for pixels in whole[2:]:
            ufunc(out, pixels, out=out)
    else:
        out[...] = whole[0] if whole else _NEUTRAL[ufunc]
    for tap in taps:
        if tap.count < out.shape[axis]:
            part = out[_along(axis, tap.places)]
            ufunc(part, x[_along(axis, tap.pixels)], out=part)


def spread(dy: FloatArray, windows: Windows, image: Pair) -> FloatArray:
    """Add each window's value to each of its pixels: the transpose of combining with `np.add`."""
    across = _spread_along(2, dy, windows.columns, image[1])
    return _spread_along(1, across, windows.rows, image[0])


def _spread_along(axis: int, dy: FloatArray, taps: Sequence[Tap], length: int) -> FloatArray:
    dx = np.zeros((*dy.shape[:axis], length, *dy.shape[axis + 1 :]), dy.dtype)
    for tap in taps:
        dx[_along(axis, tap.pixels)] += dy[_along(axis, tap.places)]
    return dx


def _along(axis: int, part: slice) -> Index:
    return (slice(None),) * axis + (part,)
