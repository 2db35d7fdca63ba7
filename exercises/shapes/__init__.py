"""The exercises of the notebook ``01_shapes``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "01_shapes", written=(Written("alexnet_contribution", points=2, covers=("B1i",)),)
)
