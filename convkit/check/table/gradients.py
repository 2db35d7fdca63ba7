"""Public examples of the notebook ``06_gradients``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call, fractions, whole


def _filter_gradient(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    import convkit

    return convkit.correlate2d(x, dy)


def _input_gradient(dy: np.ndarray, k: np.ndarray) -> np.ndarray:
    import convkit

    return convkit.convolve2d(dy, k)


def _adversarial_step(x: np.ndarray, dx: np.ndarray, epsilon: float) -> np.ndarray:
    moved: np.ndarray = np.clip(x + epsilon * np.sign(dx), 0.0, 1.0)
    return moved


EXAMPLES: tuple[FunctionExamples | ValueExample, ...] = (
    FunctionExamples(
        "correlate1d_backward",
        "dy, x, w",
        (
            call(np.array([1, 0, 0]), np.array([5, 6, 7, 8]), np.array([2, 3])),
            call(np.array([1, 10, 100]), np.array([1, 2, 3, 4, 5]), np.array([4, 0, 7])),
            call(np.array([2, -1]), np.array([1, 0, 2, 3, 1]), np.array([1, 2, 3, 4])),
            call(np.array([3]), np.array([1, 2, 3]), np.array([4, 5, 6])),
            call(np.array([1, 2, 3]), np.array([4, 5, 6]), np.array([10])),
            call(fractions(60, 4), fractions(61, 6), fractions(62, 3)),
            call(np.array([0.5, 0.25]), np.array([1, 2, 3]), np.array([3, 1])),
        ),
    ),
    FunctionExamples(
        "filter_gradient",
        "dy, x",
        (
            call(np.array([[0, 0], [0, 1]]), whole(63, 3, 4)),
            call(whole(64, 2, 3), whole(65, 4, 5)),
            call(whole(66, 3, 2), whole(67, 4, 5)),
            call(np.array([[2]]), whole(68, 2, 3)),
            call(whole(69, 3, 4), whole(70, 3, 4)),
            call(fractions(71, 2, 3), whole(72, 4, 4)),
        ),
        reference=_filter_gradient,
    ),
    FunctionExamples(
        "input_gradient",
        "dy, k",
        (
            call(np.array([[1, 0, 0], [0, 0, 0]]), np.array([[1, 2], [3, 4]])),
            call(np.array([[0, 0, 0], [0, 1, 0]]), np.array([[1, 2], [3, 4]])),
            call(whole(73, 3, 4), whole(74, 3, 3)),
            call(whole(75, 2, 3), whole(76, 2, 4)),
            call(np.array([[2]]), whole(77, 2, 3)),
            call(whole(78, 2, 3), np.array([[3]])),
            call(fractions(79, 3, 2), whole(80, 2, 2)),
        ),
        reference=_input_gradient,
    ),
    FunctionExamples(
        "conv2d_backward",
        "dy, x, w, stride=1, padding=0",
        (
            call(whole(81, 1, 2, 3, 1), whole(82, 1, 3, 5, 1), whole(83, 2, 3, 1, 1)),
            call(whole(84, 1, 2, 3, 3), whole(85, 1, 4, 5, 2), whole(86, 3, 3, 2, 3)),
            call(fractions(87, 3, 2, 3, 2), fractions(88, 3, 3, 4, 3), fractions(89, 2, 2, 3, 2)),
            call(whole(90, 1, 2, 3, 1), whole(91, 1, 5, 7, 2), whole(92, 3, 3, 2, 1), stride=2),
            call(whole(93, 1, 2, 2, 1), whole(94, 1, 6, 7, 1), whole(95, 2, 3, 1, 1), stride=3),
            call(whole(96, 1, 3, 4, 2), whole(97, 1, 3, 4, 1), whole(98, 3, 3, 1, 2), padding=1),
            call(
                fractions(99, 2, 4, 4, 3),
                fractions(100, 2, 5, 6, 2),
                fractions(101, 3, 4, 2, 3),
                stride=2,
                padding=2,
            ),
        ),
    ),
    FunctionExamples(
        "adversarial_step",
        "x, dx, epsilon",
        (
            call(np.array([0.25, 0.5, 0.75]), np.array([3.0, -0.01, 20.0]), 0.125),
            call(np.array([[0.5, 0.5, 0.5]]), np.array([[0.2, 0.0, -0.1]]), 0.25),
            call(np.array([[0.0, 1.0], [0.9, 0.1]]), np.array([[-2.0, 1.0], [0.5, -0.5]]), 0.2),
            call(
                np.array([[0.0, 1.0], [0.9, 0.4]]).reshape(1, 2, 2, 1),
                np.array([[1.0, -1.0], [0.0, 0.3]]).reshape(1, 2, 2, 1),
                0.3,
            ),
        ),
        reference=_adversarial_step,
    ),
    ValueExample("touched_outputs", ()),
    ValueExample("hand_dx", (4,)),
    ValueExample("hand_dw", (3,)),
    ValueExample("backward_matrix", (4, 2)),
    ValueExample("true_convolution_dx", (4,)),
    ValueExample("ones_gradient", (5, 5)),
    ValueExample("products_in_sum", (2,)),
    ValueExample("nudged_derivative", ()),
)
