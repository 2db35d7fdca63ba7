"""The exercises of the notebook ``06_gradients``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "06_gradients", written=(Written("where_the_flip_is", points=2, covers=("A6 E10",)),)
)
