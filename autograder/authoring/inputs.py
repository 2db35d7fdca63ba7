"""Hidden inputs that leave a wrong answer no room to be right by chance."""

from __future__ import annotations

import math

import numpy as np

_SIZES = np.delete(np.arange(33, 128), 64 - 33) / 64


def generic(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw numbers of both signs that are far from 0, on a grid that a page can print exactly.

    None is whole, so what is lost where fractions are cut off always shows.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    *shape : int
        Shape of the array.

    Returns
    -------
    ndarray of float64
        Multiples of 1/64; absolute values lie between 0.5 and 2.

    Examples
    --------
    >>> values = generic(np.random.default_rng(1), 2, 3)
    >>> values.shape, bool((abs(values) >= 0.5).all())
    ((2, 3), True)
    """
    values: np.ndarray = rng.choice(_SIZES, shape) * rng.choice([-1.0, 1.0], shape)
    return values


def distinct(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw numbers as `generic` does, no two of them equal: nothing is tied.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    *shape : int
        Shape of the array, of at most 188 entries.

    Returns
    -------
    ndarray of float64
        Multiples of 1/64; absolute values lie between 0.5 and 2.

    Raises
    ------
    ValueError
        If there are not so many of these numbers.

    Examples
    --------
    >>> values = distinct(np.random.default_rng(1), 3, 5, 6, 2)
    >>> len(np.unique(values)) == values.size
    True
    """
    numbers = rng.choice(np.concatenate([-_SIZES, _SIZES]), math.prod(shape), replace=False)
    return numbers.reshape(shape)


def whole_numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw whole numbers from 1 to 9, as int64.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    *shape : int
        Shape of the array.

    Returns
    -------
    ndarray of int64
        No entry is 0.
    """
    return rng.integers(1, 10, shape)
