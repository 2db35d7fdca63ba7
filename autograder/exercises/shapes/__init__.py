"""The exercises of the notebook ``01_shapes``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.shapes import (
    alexnet_shapes,
    conv_multiplications,
    conv_output_shape,
    conv_output_size,
    conv_parameters,
    costs,
    linear_multiplications,
    receptive_field,
    values,
)

ASSIGNMENT = Assignment(
    name="01_shapes",
    exercises=(
        conv_output_size.EXERCISE,
        conv_output_shape.EXERCISE,
        conv_parameters.EXERCISE,
        conv_multiplications.EXERCISE,
        linear_multiplications.EXERCISE,
        receptive_field.EXERCISE,
        alexnet_shapes.EXERCISE,
        *values.EXERCISES,
        *costs.EXERCISES,
    ),
    written=(Written("alexnet_contribution", points=2),),
)
