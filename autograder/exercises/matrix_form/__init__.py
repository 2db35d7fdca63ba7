"""The exercises of the notebook ``04_matrix_form``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.matrix_form import (
    conv2d_im2col,
    conv_matrix2d,
    im2col,
    toeplitz_matrix,
    values,
)

ASSIGNMENT = Assignment(
    name="04_matrix_form",
    exercises=(
        toeplitz_matrix.EXERCISE,
        conv_matrix2d.EXERCISE,
        im2col.EXERCISE,
        conv2d_im2col.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("less_expressive", points=3),),
)
