"""Batches, hidden and public. Features differ from each other in mean and in spread."""

from __future__ import annotations

import numpy as np

from autograder.authoring import Call, call, fractions, generic

SMALL = 1e-4
"""The variance of numbers of this size is near 1e-8, the default of eps."""


def batch(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Draw vectors (N, D) or images (N, H, W, C), each feature with a mean and spread of its own.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    *shape : int
        Shape of the batch; the features or channels are last.

    Returns
    -------
    ndarray of float64
        Means are up to 6 away from 0 and spreads between a half and 4.
    """
    return generic(rng, *shape) * np.abs(generic(rng, shape[-1])) + 3 * generic(rng, shape[-1])


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
        Its numbers are small as well, so that single precision is enough.
    """
    flat = SMALL * generic(rng, *shape)
    flat[..., 0] = flat.flat[0]
    return flat


def flat(seed: int, *shape: int) -> np.ndarray:
    """A public batch of numbers so close together that eps counts; feature 0 is constant."""
    x = SMALL * fractions(seed, *shape)
    x[..., 0] = 3e-4
    return x


def plain(x: np.ndarray, **options: float) -> Call:
    """A public call that neither stretches nor shifts what is normalized."""
    return call(x, np.ones(x.shape[-1]), np.zeros(x.shape[-1]), **options)
