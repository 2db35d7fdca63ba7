"""The exercises of the notebook ``10_nonlinearity``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.nonlinearity import (
    collapse,
    loss_and_gradients,
    predict,
    softmax_cross_entropy,
    values,
)

ASSIGNMENT = Assignment(
    name="10_nonlinearity",
    exercises=(
        collapse.EXERCISE,
        softmax_cross_entropy.EXERCISE,
        loss_and_gradients.EXERCISE,
        predict.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("linear_network", points=4), Written("one_template", points=4)),
    cell_seconds=60.0,
    unmarked=("layers",),
)
