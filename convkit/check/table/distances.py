"""Public examples of the notebook ``08_distances``."""

from __future__ import annotations

import numpy as np

from convkit.check.examples import FunctionExamples, ValueExample
from convkit.check.table.inputs import call, fractions

EXAMPLES = (
    *(
        FunctionExamples(
            name,
            "X_test, X_train",
            (
                call(np.array([[0, 0], [1, 5]]), np.array([[1, 2], [3, 4], [-1, 0]])),
                call(fractions(44, 3, 4), fractions(45, 5, 4)),
                call(fractions(46, 1, 3), fractions(47, 4, 3)),
                call(
                    np.array([[10, 250], [255, 0]], dtype=np.uint8),
                    np.array([[30, 240], [0, 255], [240, 5]], dtype=np.uint8),
                ),
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
            call(np.array([[0.3, 0.1, 0.2, 0.4]]), np.array([12, 20, 12, 20]), 4),
            call(
                np.array([[1.0, 0.2, 0.7], [0.6, 0.9, 0.1], [0.2, 0.8, 0.3], [3.0, 1.0, 2.0]]),
                np.array([30, 12, 5]),
                2,
            ),
        ),
    ),
    ValueExample("table_by_hand", (2, 3)),
    ValueExample("wrapped_distance", ()),
    ValueExample("three_shapes", (3, 3)),
    ValueExample("no_loop_gib", ()),
    ValueExample("rows_in_one_gib", ()),
    ValueExample("knn_by_hand", (3,)),
)
