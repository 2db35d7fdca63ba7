"""The exercises of the notebook ``03_gaussian_blobs``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.blobs import blobs, gaussian_kernel, impulses, separable_blobs, values

ASSIGNMENT = Assignment(
    name="03_gaussian_blobs",
    exercises=(
        gaussian_kernel.EXERCISE,
        impulses.EXERCISE,
        blobs.EXERCISE,
        separable_blobs.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("one_brush", points=2),),
)
