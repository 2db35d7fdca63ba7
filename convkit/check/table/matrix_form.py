"""Public examples of the notebook ``04_matrix_form``."""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call, fractions, whole


def _layer(*arrays: Any, **options: Any) -> Any:
    """The convolution layer that the exercise computes in its own way."""
    import convkit

    return convkit.conv2d(*arrays, **options)


EXAMPLES = (
    FunctionExamples(
        "toeplitz_matrix",
        "w, n",
        (
            call(np.array([1, 2, 3]), 5),
            call(np.array([0.5, -1.0]), 4),
            call(whole(39, 4), 4),
            call(np.array([7]), 3),
            call(np.array([1.5, 0.25, -2.0]), 8),
        ),
    ),
    FunctionExamples(
        "conv_matrix2d",
        "k, input_shape",
        (
            call(np.array([[1, 2], [3, 4]]), (3, 4)),
            call(np.array([[1, 2, 3]]), (2, 4)),
            call(np.array([[1], [2]]), (3, 2)),
            call(np.array([[1, 2, 3], [4, 5, 6]]), (2, 3)),
            call(np.array([[0.5]]), (2, 3)),
            call(fractions(40, 3, 2), (5, 4)),
        ),
    ),
    FunctionExamples(
        "im2col",
        "x, kernel, stride=1, padding=0",
        (
            call(np.arange(1, 13).reshape(1, 3, 4, 1), 2),
            call(np.arange(1, 13).reshape(1, 2, 3, 2), 2),
            call(np.arange(1, 25).reshape(2, 3, 4, 1), 3),
            call(whole(41, 1, 4, 6, 1), 2, stride=3),
            call(whole(42, 1, 2, 3, 1), 2, padding=1),
            call(whole(43, 1, 4, 5, 1), (1, 3)),
            call(fractions(46, 2, 6, 7, 3), (3, 2), stride=2, padding=1),
        ),
    ),
    FunctionExamples(
        "conv2d_im2col",
        "x, w, b, stride=1, padding=0",
        (
            call(whole(47, 1, 4, 5, 1), whole(48, 3, 3, 1, 1), np.array([100])),
            call(whole(49, 1, 4, 5, 3), whole(50, 2, 2, 3, 1), np.array([0])),
            call(whole(51, 1, 4, 5, 1), whole(52, 2, 2, 1, 4), np.array([0, 10, 20, 30])),
            call(whole(53, 3, 3, 4, 1), whole(54, 2, 2, 1, 1), np.array([1])),
            call(whole(55, 1, 3, 6, 1), whole(56, 3, 2, 1, 1), np.array([1]), stride=2, padding=1),
            call(
                fractions(57, 2, 6, 8, 3),
                fractions(58, 2, 3, 3, 4),
                fractions(59, 4),
                stride=2,
                padding=1,
            ),
            call(np.array([[[[1], [3]], [[5], [2]]]]), np.full((2, 2, 1, 1), 0.25), np.zeros(1)),
        ),
        reference=_layer,
    ),
    ValueExample("padded_matrix", (4, 6)),
    ValueExample("unpadded_matrix", (4, 4)),
    ValueExample("matrix_counts", (3,)),
    ValueExample("gradient_of_pixels", (3, 4)),
    ValueExample("window_as_row", (8,)),
    ValueExample("columns_shape", (2,)),
)
