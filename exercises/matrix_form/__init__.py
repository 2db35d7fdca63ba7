"""The exercises of the notebook ``04_matrix_form``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "04_matrix_form", written=(Written("less_expressive", points=3, covers=("D2",)),)
)
