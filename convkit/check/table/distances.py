"""Public examples of the notebook ``08_distances``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import FunctionExamples
from convkit.check.table.inputs import call, fractions

EXAMPLES = (
    *(
        FunctionExamples(
            name,
            "X_test, X_train",
            (
                call(np.array([[0, 0], [1, 5]]), np.array([[1, 2], [3, 4], [-1, 0]])),
                call(fractions(44, 3, 4), fractions(45, 5, 4)),
            ),
        )
        for name in ("l1_two_loops", "l1_one_loop", "l1_no_loops")
    ),
    FunctionExamples(
        "knn_predict",
        "distances, y_train, k",
        (
            call(np.array([[4.0, 1.0, 3.0], [0.5, 2.0, 1.0]]), np.array([7, 8, 9]), 1),
            call(np.array([[4, 1, 3, 2], [0.5, 2, 1, 9]]), np.array([1, 2, 1, 1]), 3),
        ),
    ),
)
