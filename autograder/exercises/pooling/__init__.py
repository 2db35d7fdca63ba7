"""The exercises of the notebook ``05_pooling``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.pooling import (
    adaptive_avg_pool2d,
    avg_pool2d,
    avg_pool2d_backward,
    lp_pool2d,
    max_pool2d,
    max_pool2d_backward,
    values,
)

ASSIGNMENT = Assignment(
    name="05_pooling",
    exercises=(
        max_pool2d.EXERCISE,
        avg_pool2d.EXERCISE,
        lp_pool2d.EXERCISE,
        adaptive_avg_pool2d.EXERCISE,
        max_pool2d_backward.EXERCISE,
        avg_pool2d_backward.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("norms_and_poolings", points=3), Written("which_pooling", points=2)),
)
