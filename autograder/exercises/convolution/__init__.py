"""The exercises of the notebook ``02_convolution``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.convolution import (
    conv2d,
    convolve1d,
    convolve2d,
    correlate1d,
    correlate2d,
    pad2d,
    values,
)

ASSIGNMENT = Assignment(
    name="02_convolution",
    exercises=(
        correlate1d.EXERCISE,
        convolve1d.EXERCISE,
        pad2d.EXERCISE,
        correlate2d.EXERCISE,
        convolve2d.EXERCISE,
        conv2d.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("why_no_flip", points=2),),
)
