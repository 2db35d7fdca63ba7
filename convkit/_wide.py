"""Few filters make narrow matrix products, which are slow: several windows are taken as one.

With three filters the product of windows and kernels has three columns, and a processor that
multiplies sixteen numbers at once is idle most of the time. So neighboring windows are joined to
one wider window, and the kernels stand in it at several places, with zeros around them::

    windows    [a b c]            joined   [a b c d e]
                 [b c d]
                   [c d e]        kernels   k k k
                                              k k k
                                                k k k

Some products with zero are computed for nothing, in much less time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convkit._arguments import FloatArray, Pair

NARROW = 32
"""What a product costs beyond its columns, counted in columns; a rough measurement."""


@dataclass(frozen=True)
class Part:
    """Some columns of the output, and the kernels that make `wide` of them at once.

    Parameters
    ----------
    columns : slice
        Which columns of the output.
    first : int
        The column of the input where their first window begins.
    kernels : ndarray of shape (kh, kw + (wide - 1) * stride, C, wide * F)
        The kernels at `wide` places.
    stride : tuple of (int, int)
        From one joined window to the next.
    wide : int
        Windows in a joined window.
    """

    columns: slice
    first: int
    kernels: FloatArray
    stride: Pair
    wide: int

    def of(self, y: FloatArray) -> FloatArray:
        """Return these columns of an output; what one joined window makes lies together."""
        columns = y[:, :, self.columns]
        n, rows, width, _ = columns.shape
        # (N, Ho, columns, F) -> (N, Ho, columns / wide, wide * F)
        return columns.reshape(n, rows, width // self.wide, self.kernels.shape[3])

    def kernel_gradient(self, joined: FloatArray, kernel: int) -> FloatArray:
        """Return the gradient to the kernels, of width `kernel`, given that to the joined ones."""
        kh, _, c, filters = self.kernels.shape
        places = joined.reshape(kh, -1, c, self.wide, filters // self.wide)
        step = self.stride[1] // self.wide
        shares = [places[:, i * step : i * step + kernel, :, i] for i in range(self.wide)]
        total: FloatArray = np.sum(shares, axis=0)
        return total


def plain(kernels: FloatArray, stride: Pair, columns: int, start: int = 0) -> Part:
    """Return the columns from `start` on, one window at a time."""
    return Part(slice(start, columns), start * stride[1], kernels, stride, 1)


def split(kernels: FloatArray, stride: Pair, dilation: Pair, columns: int) -> list[Part]:
    """Return the columns of the output as joined windows, and what is left over at the end."""
    wide = _windows_at_once(kernels, stride[1], columns) if dilation[1] == 1 else 1
    if wide == 1:
        return [plain(kernels, stride, columns)]
    end = columns - columns % wide
    joined = Part(
        slice(0, end), 0, _in_a_row(kernels, stride[1], wide), (stride[0], stride[1] * wide), wide
    )
    return [joined] if end == columns else [joined, plain(kernels, stride, columns, end)]


def _windows_at_once(kernels: FloatArray, stride: int, columns: int) -> int:
    """Return how many windows make the cheapest product, by a rough count."""
    kernel: int = kernels.shape[1]
    filters: int = kernels.shape[3]

    def cost(wide: int) -> float:
        joined = columns // wide * (kernel + (wide - 1) * stride) * (wide * filters + NARROW)
        return joined + columns % wide * kernel * (filters + NARROW)

    return min(range(1, min(columns, NARROW) + 1), key=cost)


def _in_a_row(kernels: FloatArray, stride: int, wide: int) -> FloatArray:
    kh, kw, c, f = kernels.shape
    row = np.zeros((kh, kw + (wide - 1) * stride, c, wide, f), kernels.dtype)
    for place in range(wide):
        row[:, place * stride : place * stride + kw, :, place] = kernels
    return row.reshape(kh, -1, c, wide * f)
