"""Public examples of the notebook ``10_nonlinearity``."""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.examples import (
    FunctionExamples,
    LabelledImages,
    PredictionExamples,
    ValueExample,
)
from convkit.check.table.inputs import call, fractions, whole

_Parameters = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _run(layers: tuple[tuple[Any, ...], ...], images: np.ndarray) -> np.ndarray:
    from convkit import avg_pool2d, conv2d

    y = images
    for kind, *parts in layers:
        if kind == "conv":
            y = conv2d(y, *parts)
        elif kind == "avg_pool":
            y = avg_pool2d(y, parts[0])
        else:
            y = y.reshape(len(y), -1) @ parts[0] + parts[1]
    return y.reshape(len(y), -1)


def _collapse(
    layers: tuple[tuple[Any, ...], ...], input_shape: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray]:
    pixels = int(np.prod(input_shape))
    bias = _run(layers, np.zeros((1, *input_shape)))[0]
    return _run(layers, np.eye(pixels).reshape(pixels, *input_shape)) - bias, bias


def _softmax_cross_entropy(scores: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True, dtype=float)
    right = np.eye(scores.shape[1])[labels]
    return float(-(logs * right).sum() / len(scores)), (np.exp(logs) - right) / len(scores)


def _loss_and_gradients(
    parameters: _Parameters, images: np.ndarray, labels: np.ndarray
) -> tuple[float, _Parameters]:
    from convkit import conv2d, conv2d_backward, max_pool2d, max_pool2d_backward

    w, b, weights, bias = parameters
    maps = conv2d(images, w, b)
    active = np.maximum(maps, 0)
    pooled = max_pool2d(active, 2)
    features = pooled.reshape(len(images), -1)
    loss, dscores = _softmax_cross_entropy(features @ weights + bias, labels)
    dpooled = (dscores @ weights.T).reshape(pooled.shape)
    dmaps = max_pool2d_backward(dpooled, active, 2) * (maps > 0)
    _, dw, db = conv2d_backward(dmaps, images, w)
    return loss, (dw, db, features.T @ dscores, dscores.sum(axis=0))


def _parameters(
    seed: int, kernel: tuple[int, int, int, int], features: int, classes: int
) -> _Parameters:
    filters = kernel[-1]
    return (
        fractions(seed, *kernel),
        fractions(seed + 1, filters),
        fractions(seed + 2, features, classes),
        fractions(seed + 3, classes),
    )


def _test_digits(noise: float, centred: bool) -> tuple[np.ndarray, np.ndarray]:
    from convkit import load_digits
    from convkit.data import scatter_digits

    _, digits = load_digits().split()
    if centred:
        return np.pad(digits.images, ((0, 0), (1, 1), (1, 1)))[..., None], digits.labels
    return scatter_digits(digits.images, np.random.default_rng(7), noise=noise), digits.labels


EXAMPLES = (
    FunctionExamples(
        "collapse",
        "layers, input_shape",
        (
            call((("linear", whole(1, 6, 2), np.array([0, 0])),), (2, 3, 1)),
            call((("conv", np.array([[[[1]], [[2]]]]), np.array([0])),), (2, 4, 1)),
            call((("avg_pool", 2),), (2, 6, 1)),
            call((("avg_pool", 2),), (3, 5, 2)),
            call((("conv", whole(2, 2, 1, 2, 3), np.array([0, 0, 0])),), (3, 2, 2)),
            call(
                (
                    ("conv", np.array([[[[3]], [[-1]]]]), np.array([2])),
                    ("linear", np.array([[1], [4], [2]]), np.array([5])),
                ),
                (1, 4, 1),
            ),
            call(
                (
                    ("linear", fractions(3, 6, 4), fractions(4, 4)),
                    ("linear", fractions(5, 4, 2), fractions(6, 2)),
                ),
                (3, 2, 1),
            ),
            call(
                (
                    ("conv", fractions(7, 2, 3, 2, 3), fractions(8, 3)),
                    ("avg_pool", 2),
                    ("linear", fractions(9, 12, 5), fractions(10, 5)),
                ),
                (5, 6, 2),
            ),
        ),
        reference=_collapse,
    ),
    FunctionExamples(
        "softmax_cross_entropy",
        "scores, labels",
        (
            call(np.zeros((1, 4)), np.array([2])),
            call(np.log([[1.0, 2.0, 5.0]]), np.array([1])),
            call(np.array([[2.0, 1.0, 0.0], [0.5, 0.5, 3.0]]), np.array([0, 1])),
            call(fractions(11, 4, 3), np.array([2, 0, 1, 1])),
            call(np.array([[1001.0, 1002.0], [-3.0, -4.0], [5.0, 5.0]]), np.array([0, 1, 1])),
            call(np.array([[0.0, 2000.0, 1.0], [1.0, 2.0, 3.0]]), np.array([0, 2])),
            call(np.array([[3, 1, 2, 1]]), np.array([1])),
        ),
        reference=_softmax_cross_entropy,
    ),
    FunctionExamples(
        "loss_and_gradients",
        "parameters, images, labels",
        (
            call(_parameters(20, (2, 2, 1, 1), 4, 3), fractions(24, 1, 5, 5, 1), np.array([2])),
            call(_parameters(30, (2, 3, 1, 2), 8, 3), fractions(34, 1, 5, 6, 1), np.array([0])),
            call(
                _parameters(40, (3, 2, 2, 3), 18, 4), fractions(44, 3, 6, 7, 2), np.array([1, 3, 0])
            ),
            call(_parameters(50, (2, 2, 1, 2), 12, 5), fractions(54, 2, 6, 8, 1), np.array([4, 2])),
        ),
        reference=_loss_and_gradients,
    ),
    PredictionExamples(
        "predict",
        (
            LabelledImages("digits in the middle", 0.95, lambda: _test_digits(0.0, True)),
            LabelledImages("digits anywhere", 0.9, lambda: _test_digits(0.0, False)),
            LabelledImages("digits anywhere, noise 0.1", 0.85, lambda: _test_digits(0.1, False)),
        ),
    ),
    ValueExample("collapsed_by_hand", (5,)),
    ValueExample("parameters_of_both", (2,)),
    ValueExample("loss_of_a_guess", ()),
    ValueExample("gradient_by_hand", (3,)),
)
