"""Public examples of the notebook ``05_pooling``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call, fractions, whole

_RAMP = np.arange(24).reshape(1, 4, 6, 1)

EXAMPLES: tuple[FunctionExamples | ValueExample, ...] = (
    FunctionExamples(
        "max_pool2d",
        "x, size, stride=None, padding=0",
        (
            call(_RAMP, 2),
            call(whole(71, 1, 6, 9, 1), 3),
            call(whole(72, 1, 4, 5, 1), 2, stride=1),
            call(whole(73, 1, 7, 9, 1), 3, stride=2),
            call(whole(74, 1, 5, 8, 1), 2, stride=3),
            call(whole(75, 1, 7, 5, 1), 2),
            call(-1 - whole(76, 1, 4, 2, 1) % 9, 2),
            call(-1.5 - whole(77, 1, 4, 6, 1) % 9, 2, padding=1),
            call(np.array([-3, -1, -4, -1, -5, -9]).reshape(1, 2, 3, 1), 3, stride=1, padding=1),
            call(fractions(78, 2, 4, 6, 3), 2),
        ),
    ),
    FunctionExamples(
        "avg_pool2d",
        "x, size, stride=None, padding=0",
        (
            call(_RAMP / 2, 2),
            call(whole(79, 1, 4, 5, 1), 2, stride=1),
            call(whole(80, 1, 7, 9, 1), 3, stride=2),
            call(whole(81, 1, 8, 5, 1), 2, stride=3),
            call(whole(82, 1, 7, 5, 1), 3),
            call(np.ones((1, 2, 3, 1)), 3, stride=1, padding=1),
            call(fractions(83, 1, 4, 6, 1), 2, padding=1),
            call(fractions(84, 2, 4, 6, 3), 2),
        ),
    ),
    FunctionExamples(
        "lp_pool2d",
        "x, size, p, stride=None",
        (
            call(np.array([[3, 4], [0, 0]]).reshape(1, 2, 2, 1), 2, 2),
            call(np.array([[3, -4], [0, 1]]).reshape(1, 2, 2, 1), 2, 1),
            call(whole(85, 1, 4, 6, 1), 2, 3),
            call(fractions(86, 1, 6, 3, 1), 3, 1.5),
            call(np.array([[2, -9], [3, 1]]).reshape(1, 2, 2, 1), 2, np.inf),
            call(fractions(87, 1, 7, 6, 1), 3, 2, stride=2),
            call(fractions(88, 2, 4, 6, 3), 2, 2),
        ),
    ),
    FunctionExamples(
        "adaptive_avg_pool2d",
        "x, output_size",
        (
            call(_RAMP, (2, 3)),
            call(whole(89, 1, 3, 5, 1), (1, 1)),
            call(np.array([1, 2, 9, 4, 5]).reshape(1, 1, 5, 1), (1, 2)),
            call(np.array([1, 2, 9, 4, 5]).reshape(1, 5, 1, 1), (3, 1)),
            call(fractions(90, 1, 9, 7, 1), (4, 5)),
            call(fractions(91, 2, 6, 4, 3), (3, 2)),
        ),
    ),
    FunctionExamples(
        "max_pool2d_backward",
        "dy, x, size, stride=None",
        (
            call(
                np.array([[[[10], [20]]]]),
                np.array([1, 4, 3, 7, 2, 0, 6, 5]).reshape(1, 2, 4, 1),
                2,
            ),
            call(
                np.array([[[[10], [20]]]]),
                np.array([1, 9, 3, 2, 0, 4]).reshape(1, 2, 3, 1),
                2,
                stride=1,
            ),
            call(fractions(92, 1, 2, 3, 1), fractions(93, 1, 5, 7, 1), 3, stride=2),
            call(fractions(94, 1, 2, 2, 1), fractions(95, 1, 5, 6, 1), 2, stride=3),
            call(
                np.array([[[[10], [20]]]]),
                np.array([1, 7, 5, 5, 7, 2, 5, 5]).reshape(1, 2, 4, 1),
                2,
            ),
            call(np.array([[[[0.5]]]]), np.array([1, 4, 2, 3]).reshape(1, 2, 2, 1), 2),
            call(fractions(96, 2, 2, 3, 3), fractions(97, 2, 4, 6, 3), 2),
        ),
    ),
    FunctionExamples(
        "avg_pool2d_backward",
        "dy, x, size, stride=None",
        (
            call(np.array([[[[4], [8]]]]), whole(98, 1, 2, 4, 1), 2),
            call(np.array([[[[4], [8]]]]), whole(99, 1, 2, 3, 1), 2, stride=1),
            call(fractions(100, 1, 2, 3, 1), fractions(101, 1, 5, 7, 1), 3, stride=2),
            call(fractions(102, 1, 2, 2, 1), fractions(103, 1, 5, 6, 1), 2, stride=3),
            call(np.array([[[[3.0]]]]), whole(106, 1, 2, 2, 1), 2),
            call(fractions(104, 2, 2, 3, 3), fractions(105, 2, 4, 6, 3), 2),
        ),
    ),
    ValueExample("max_pool_c", (2, 2)),
    ValueExample("pool_shape", (4,)),
    ValueExample("max_pool_i", (2, 2)),
    ValueExample("max_pool_minus_i", (2, 2)),
    ValueExample("lp_by_hand", (3,)),
    ValueExample("average_from_lp", ()),
    ValueExample("max_gradient", (3, 3)),
    ValueExample("avg_gradient", (3, 3)),
)
