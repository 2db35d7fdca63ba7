"""The exercises of the notebook ``08_distances``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring.exercise import Assignment, Written
from autograder.exercises.distances import (
    knn_predict,
    l1_no_loops,
    l1_one_loop,
    l1_two_loops,
    values,
)

ASSIGNMENT = Assignment(
    name="08_distances",
    exercises=(
        l1_two_loops.EXERCISE,
        l1_one_loop.EXERCISE,
        l1_no_loops.EXERCISE,
        knn_predict.EXERCISE,
        *values.EXERCISES,
    ),
    written=(Written("which_form", points=2),),
)
