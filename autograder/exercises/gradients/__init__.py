"""The exercises of the notebook ``06_gradients``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.gradients import (
    adversarial_step,
    conv2d_backward,
    correlate1d_backward,
    filter_gradient,
    input_gradient,
    values,
)

ASSIGNMENT = Assignment(
    name="06_gradients",
    exercises=(
        correlate1d_backward.EXERCISE,
        filter_gradient.EXERCISE,
        input_gradient.EXERCISE,
        conv2d_backward.EXERCISE,
        adversarial_step.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("where_the_flip_is", points=2),),
)
