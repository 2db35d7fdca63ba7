"""The exercises of the notebook ``07_batch_norm``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.batch_norm import (
    batch_norm,
    batch_norm_backward,
    batch_norm_cnn,
    batch_norm_cnn_backward,
    update_running,
    values,
)

ASSIGNMENT = Assignment(
    name="07_batch_norm",
    exercises=(
        batch_norm.EXERCISE,
        batch_norm_cnn.EXERCISE,
        batch_norm_backward.EXERCISE,
        batch_norm_cnn_backward.EXERCISE,
        update_running.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("why_running_values", points=3),),
)
