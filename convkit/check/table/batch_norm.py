"""Public examples of the notebook ``07_batch_norm``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import Call, FunctionExamples, ValueExample
from convkit.check.table.inputs import call, fractions, whole
from convkit.norm import BatchNorm, batch_norm, batch_norm_backward


def update_running(
    mean: np.ndarray, var: np.ndarray, x: np.ndarray, momentum: float
) -> tuple[np.ndarray, np.ndarray]:
    """Move running statistics towards those of a batch, as `convkit.BatchNorm` does in training.

    Parameters
    ----------
    mean, var : ndarray of shape (C,)
        The running statistics so far.
    x : ndarray of shape (N, C) or (N, H, W, C)
        The batch.
    momentum : float
        Share of the batch.

    Returns
    -------
    mean, var : ndarray of shape (C,)
        The new ones; the batch's variance is the unbiased one.

    Examples
    --------
    >>> update_running(np.zeros(1), np.ones(1), np.array([[1.0], [3.0]]), 0.5)
    (array([1.]), array([1.5]))
    """
    layer = BatchNorm(len(mean), momentum=momentum)
    layer.running_mean, layer.running_var = mean, var
    layer(x)
    return layer.running_mean, layer.running_var


def _flat(seed: int, *shape: int) -> np.ndarray:
    """Numbers so close together that eps counts; those of feature 0 are all alike."""
    x = 1e-4 * fractions(seed, *shape)
    x[..., 0] = 3e-4
    return x


def _plain(x: np.ndarray, **options: float) -> Call:
    return call(x, np.ones(x.shape[-1]), np.zeros(x.shape[-1]), **options)


EXAMPLES = (
    FunctionExamples(
        "batch_norm",
        "x, gamma, beta, eps=1e-8",
        (
            _plain(np.array([[1.0, 30.0], [1.0, 10.0], [5.0, 10.0], [5.0, 30.0]])),
            _plain(fractions(1, 6, 3)),
            call(fractions(2, 5, 2), np.array([2.0, -1.0]), np.array([10.0, 0.5])),
            _plain(np.array([[1.0, 2.0], [2.0, 2.0], [6.0, 2.0]])),
            _plain(_flat(3, 4, 3)),
            _plain(fractions(4, 4, 2), eps=0.5),
            _plain(whole(5, 6, 3)),
        ),
    ),
    FunctionExamples(
        "batch_norm_cnn",
        "x, gamma, beta, eps=1e-8",
        (
            _plain(fractions(6, 2, 3, 4, 2) + np.array([0.0, 5.0])),
            _plain(fractions(7, 1, 3, 2, 3)),
            _plain(fractions(8, 5, 1, 1, 2)),
            call(fractions(9, 3, 2, 4, 2), np.array([2.0, -1.0]), np.array([10.0, 0.5])),
            _plain(_flat(10, 2, 2, 3, 2)),
            call(
                np.array([[[[250, 0], [3, 7]], [[10, 90], [200, 80]]]], dtype=np.uint8),
                np.array([1.5, 0.5]),
                np.array([10.0, 20.0]),
            ),
        ),
        reference=batch_norm,
    ),
    FunctionExamples(
        "batch_norm_backward",
        "dy, x, gamma, eps=1e-8",
        (
            call(
                np.array([[4.0], [0.0], [0.0], [0.0]]),
                np.array([[1.0], [1.0], [5.0], [5.0]]),
                np.array([1.0]),
            ),
            call(fractions(11, 6, 3), fractions(12, 6, 3), np.ones(3)),
            call(fractions(13, 5, 4), fractions(14, 5, 4), np.array([2.0, -1.0, 0.5, 0.0])),
            call(fractions(15, 4, 2), _flat(16, 4, 2), np.array([1e-4, 2e-4])),
            call(fractions(17, 5, 2), fractions(18, 5, 2), np.ones(2), eps=0.5),
            call(fractions(19, 6, 2), whole(20, 6, 2), np.ones(2)),
        ),
    ),
    FunctionExamples(
        "batch_norm_cnn_backward",
        "dy, x, gamma, eps=1e-8",
        (
            call(fractions(21, 2, 3, 4, 2), fractions(22, 2, 3, 4, 2), np.array([1.0, 2.0])),
            call(fractions(23, 3, 2, 3, 4), fractions(24, 3, 2, 3, 4), fractions(25, 4)),
            call(fractions(26, 1, 3, 2, 3), fractions(27, 1, 3, 2, 3), np.ones(3)),
            call(fractions(28, 5, 1, 1, 2), fractions(29, 5, 1, 1, 2), np.ones(2)),
            call(fractions(30, 2, 2, 3, 2), _flat(31, 2, 2, 3, 2), np.array([1e-4, 2e-4])),
        ),
        reference=batch_norm_backward,
    ),
    FunctionExamples(
        "update_running",
        "mean, var, x, momentum",
        (
            call(np.array([0.0]), np.array([1.0]), np.array([[1.0], [3.0]]), 1.0),
            call(np.array([0.0]), np.array([1.0]), np.array([[1.0], [3.0]]), 0.25),
            call(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0]), fractions(32, 6, 3), 0.1),
            call(np.array([1.0, 2.0]), np.array([4.0, 5.0]), fractions(33, 2, 3, 4, 2), 0.2),
        ),
        reference=update_running,
    ),
    ValueExample("batch_statistics", (2, 2)),
    ValueExample("normalized_batch", (5, 2)),
    ValueExample("undoing_parameters", (2, 2)),
    ValueExample("who_shares", (3,)),
    ValueExample("column_gradient", (5,)),
    ValueExample("running_after_two_steps", (2,)),
    ValueExample("evaluated", (2,)),
)
