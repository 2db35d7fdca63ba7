"""Sizes of layers, drawn so that strides fit or leave over what is wanted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


def between(rng: np.random.Generator, low: int, high: int) -> int:
    """Draw a whole number from `low` to `high`, both included, as a plain int."""
    return int(rng.integers(low, high + 1))


class Side(NamedTuple):
    """An input of `n` pixels under a window of `kernel` pixels."""

    n: int
    kernel: int


def side(
    rng: np.random.Generator,
    *,
    stride: int = 1,
    padding: int = 0,
    rest: int = 0,
    kernel: tuple[int, int] = (3, 9),
    places: tuple[int, int] = (20, 60),
) -> Side:
    """Draw an input on which the last window leaves `rest` pixels over.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    stride, padding : int
        Of the layer; padding at each end.
    rest : int
        Pixels that no window reads, less than the stride.
    kernel, places : tuple of (int, int)
        Least and largest window, and number of windows; both ends included.

    Returns
    -------
    Side
        The input is longer than the padding at its two ends together.

    Examples
    --------
    >>> n, kernel = side(np.random.default_rng(0), stride=4, padding=1, rest=3)
    >>> (n + 2 * 1 - kernel) % 4
    3
    """
    k = between(rng, *kernel)
    n = (between(rng, *places) - 1) * stride + k + rest - 2 * padding
    return Side(n, k)
