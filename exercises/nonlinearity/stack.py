"""A stack of layers without a nonlinearity, and its oracle."""

from __future__ import annotations

from typing import Any

import numpy as np

import convkit

Layers = tuple[tuple[Any, ...], ...]


def run(layers: Layers, images: np.ndarray) -> np.ndarray:
    """Send a batch through the layers.

    Parameters
    ----------
    layers : tuple of tuple
        ``("conv", w, b)``, ``("avg_pool", size)`` and ``("linear", W, b)``.
    images : ndarray of shape (N, H, W, C)
        The batch.

    Returns
    -------
    ndarray of shape (N, outputs)
        What comes out, flattened row by row, channels last.
    """
    y = images
    for kind, *parts in layers:
        if kind == "conv":
            y = convkit.conv2d(y, *parts)
        elif kind == "avg_pool":
            y = convkit.avg_pool2d(y, parts[0])
        else:
            weights, bias = parts
            y = y.reshape(len(y), -1) @ weights + bias
    return y.reshape(len(y), -1)


def collapse(layers: Layers, input_shape: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """The one matrix and bias that do what the layers do.

    Parameters
    ----------
    layers : tuple of tuple
        See `run`.
    input_shape : tuple of int
        Height, width and channels of an image.

    Returns
    -------
    matrix : ndarray of shape (inputs, outputs)
        Row i is what a lit pixel i adds.
    bias : ndarray of shape (outputs,)
        What a black image gives.
    """
    size = int(np.prod(input_shape))
    black_then_lit = np.eye(size + 1, size, k=-1).reshape(-1, *input_shape)
    bias, *rows = run(layers, black_then_lit)
    return np.array(rows) - bias, bias
