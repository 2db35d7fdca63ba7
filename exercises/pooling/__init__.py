"""The exercises of the notebook ``05_pooling``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "05_pooling",
    written=(
        Written("norms_and_poolings", points=3, covers=("C2a C2b",)),
        Written("which_pooling", points=2, covers=("C2a C2b",)),
    ),
)
