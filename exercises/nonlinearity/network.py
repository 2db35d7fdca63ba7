"""The small network of this notebook: convolution, ReLU, max pool 2, linear layer."""

from __future__ import annotations

import numpy as np

import convkit

from .softmax_cross_entropy import softmax_cross_entropy

Parameters = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""w (kh, kw, C, F), b (F,), W (features, classes), c (classes,)."""


def on_grid(values: np.ndarray) -> np.ndarray:
    """The nearest multiples of 1/64, which a page can print exactly."""
    return np.round(64 * values) / 64


def scores(parameters: Parameters, images: np.ndarray) -> np.ndarray:
    """One score for each image and class."""
    w, b, weights, bias = parameters
    active = np.maximum(convkit.conv2d(images, w, b), 0)
    return convkit.max_pool2d(active, 2).reshape(len(images), -1) @ weights + bias


def loss_and_gradients(
    parameters: Parameters, images: np.ndarray, labels: np.ndarray
) -> tuple[float, Parameters]:
    """Mean cross-entropy of a batch, and its derivatives by the parameters."""
    w, b, weights, bias = parameters
    maps = convkit.conv2d(images, w, b)
    active = np.maximum(maps, 0)
    pooled = convkit.max_pool2d(active, 2)
    features = pooled.reshape(len(images), -1)
    loss, dscores = softmax_cross_entropy(features @ weights + bias, labels)
    dpooled = (dscores @ weights.T).reshape(pooled.shape)
    dmaps = convkit.max_pool2d_backward(dpooled, active, 2) * (maps > 0)
    windows = np.lib.stride_tricks.sliding_window_view(images, w.shape[:2], axis=(1, 2))
    dw = np.tensordot(windows, dmaps, axes=((0, 1, 2), (0, 1, 2))).transpose(1, 2, 0, 3)
    return loss, (dw, dmaps.sum(axis=(0, 1, 2)), features.T @ dscores, dscores.sum(axis=0))


def start(
    rng: np.random.Generator, kernel: int, filters: int, size: int, classes: int
) -> Parameters:
    """Random parameters whose feature maps neither fade nor blow up (He et al., 2015)."""
    features = ((size - kernel + 1) // 2) ** 2 * filters
    return (
        rng.normal(0, np.sqrt(2 / kernel**2), (kernel, kernel, 1, filters)),
        np.zeros(filters),
        rng.normal(0, np.sqrt(1 / features), (features, classes)),
        np.zeros(classes),
    )
