"""Hidden batches whose features differ from each other in mean and in spread."""

from __future__ import annotations

import numpy as np

from autograder.authoring.inputs import generic

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
