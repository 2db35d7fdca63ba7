"""Public examples of the notebook ``04_matrix_form``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import FunctionExamples
from convkit.check.table.inputs import call, whole

EXAMPLES = (
    FunctionExamples(
        "toeplitz_matrix",
        "w, n",
        (call(np.array([1, 2, 3]), 5), call(np.array([0.5, -1.0]), 4), call(whole(39, 4), 4)),
    ),
    FunctionExamples(
        "conv_matrix2d",
        "k, input_shape",
        (call(np.array([[1, 2], [3, 4]]), (3, 4)), call(whole(40, 1, 3), (2, 4))),
    ),
    FunctionExamples(
        "im2col",
        "x, kernel, stride=1, padding=0",
        (
            call(whole(41, 1, 3, 4, 1), 2),
            call(whole(42, 2, 4, 5, 3), 3),
            call(whole(43, 2, 5, 6, 2), 2, stride=2, padding=1),
        ),
    ),
)
