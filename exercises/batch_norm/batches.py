"""Batches, hidden and public. Features differ from each other in mean and in spread."""

from __future__ import annotations

import numpy as np

from autograder.authoring import Call, call, fractions, generic

SMALL = 1e-4
"""The variance of numbers of this size is near 1e-8, the default of eps."""

CLOSE = 3e-8
"""Another eps that counts beside the variance of such numbers."""


def batch(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw vectors (N, D) or images (N, H, W, C), each feature with a mean of its own.

    No feature has a spread below 4, so that 1e-5 under the root or behind it changes nothing, in
    no draw: only the batches of `almost_constant` tell where eps belongs.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    *shape : int
        Shape of the batch; the features or channels are last.

    Returns
    -------
    ndarray of float64
        Multiples of 1/64.
    """
    return _both_sides(rng, rng.integers(320, 1281, shape) / 64) + 6 * generic(rng, shape[-1])


def almost_constant(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw a batch so flat that eps counts as much as the variance; feature 0 is constant.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    *shape : int
        Shape of the batch; the features or channels are last.

    Returns
    -------
    ndarray of float64
        Millionths, and few of them, so that single precision is enough.
    """
    flat = _both_sides(rng, rng.integers(50, 201, shape)) / 1e6
    flat[..., 0] = flat.flat[0]
    return flat


def spread_out(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw whole numbers from 1 to 9, in each feature as many small ones as large ones."""
    return 5 + _both_sides(rng, rng.integers(3, 5, shape))


def _both_sides(rng: np.random.Generator, sizes: np.ndarray) -> np.ndarray:
    """Half of each feature's numbers below zero, and half of them above."""
    columns = sizes.reshape(-1, sizes.shape[-1])
    signs = np.broadcast_to([[-1], [1]], (2, columns.shape[1]))
    signs = np.resize(signs, columns.shape)
    return (rng.permuted(signs, axis=0) * columns).reshape(sizes.shape)


def flat(seed: int, *shape: int) -> np.ndarray:
    """A public batch of numbers so close together that eps counts; feature 0 is constant."""
    x = SMALL * fractions(seed, *shape)
    x[..., 0] = 3e-4
    return x


def plain(x: np.ndarray, **options: float) -> Call:
    """A public call that neither stretches nor shifts what is normalized."""
    return call(x, np.ones(x.shape[-1]), np.zeros(x.shape[-1]), **options)
