"""Readers of digits for the wheats and chaffs of ``predict``; each is trained once a process."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

import convkit
from convkit.data import scatter_digits

from . import network

SIZE: Final = 10
KERNEL: Final = 5
CLASSES: Final = 10
NOISE: Final = 0.1


@lru_cache(maxsize=4)
def trained(seed: int, filters: int = 24, epochs: int = 15) -> network.Parameters:
    """Parameters of the network, trained as the notebook proposes.

    Stochastic gradient descent with momentum 0.9 on batches of 32; the rate falls from 0.1 to 0.
    In every epoch all digits are scattered anew.
    """
    rng = np.random.default_rng(seed)
    digits, _ = convkit.load_digits().split()
    parameters = network.start(rng, KERNEL, filters, SIZE, CLASSES)
    speeds = [np.zeros(p.shape) for p in parameters]
    for epoch in range(epochs):
        images = scatter_digits(digits.images, rng, size=SIZE, noise=NOISE)
        order = rng.permutation(len(images))
        for first in range(0, len(order), 32):
            batch = order[first : first + 32]
            _, gradients = network.loss_and_gradients(
                parameters, images[batch], digits.labels[batch]
            )
            for parameter, speed, gradient in zip(parameters, speeds, gradients, strict=True):
                speed *= 0.9
                speed -= 0.1 * (1 - epoch / epochs) * gradient
                parameter += speed
    return parameters


def predict(images: np.ndarray) -> np.ndarray:
    """The digit that each image shows, by the trained network."""
    return network.scores(trained(0), images).argmax(axis=1)


@lru_cache(maxsize=1)
def _fitted() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random filters, and the linear layer that fits their features best in least squares."""
    rng = np.random.default_rng(0)
    digits, _ = convkit.load_digits().split()
    filters = rng.normal(size=(KERNEL, KERNEL, 1, 12))
    filters -= filters.mean(axis=(0, 1))
    images = np.concatenate([scatter_digits(digits.images, rng, noise=NOISE) for _ in range(2)])
    features, pixels = _features(images, filters), _with_ones(images)
    right = np.eye(CLASSES)[np.tile(digits.labels, 2)]
    return filters, _least_squares(features, right), _least_squares(pixels, right)


def _with_ones(images: np.ndarray) -> np.ndarray:
    return np.hstack([images.reshape(len(images), -1), np.ones((len(images), 1))])


def _features(images: np.ndarray, filters: np.ndarray) -> np.ndarray:
    return _with_ones(convkit.max_pool2d(np.maximum(convkit.conv2d(images, filters), 0), 2))


def _least_squares(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    gram = features.T @ features + 10 * np.eye(features.shape[1])
    return np.linalg.solve(gram, features.T @ right)


def quick_scores(images: np.ndarray) -> np.ndarray:
    """Scores of a network whose filters are random: far from the best, but soon there."""
    filters, weights, _ = _fitted()
    return _features(images, filters) @ weights


def linear_scores(images: np.ndarray) -> np.ndarray:
    """Scores of a linear classifier on the same digits."""
    return _with_ones(images) @ _fitted()[2]


@lru_cache(maxsize=1)
def _centred() -> tuple[np.ndarray, np.ndarray]:
    digits, _ = convkit.load_digits().split()
    margin = (SIZE - digits.images.shape[1]) // 2
    wide = np.pad(digits.images[::4], ((0, 0), (margin, margin), (margin, margin)))
    return wide.reshape(len(wide), -1), digits.labels[::4]


def likeness_of_centred(images: np.ndarray) -> np.ndarray:
    """Scores that know digits in the middle only: minus the distance to the nearest of a class."""
    known, labels = _centred()
    distances = (known**2).sum(axis=1) - 2 * images.reshape(len(images), -1) @ known.T
    return np.stack([-distances[:, labels == k].min(axis=1) for k in range(CLASSES)], axis=1)
