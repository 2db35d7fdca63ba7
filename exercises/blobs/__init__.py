"""The exercises of the notebook ``03_gaussian_blobs``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "03_gaussian_blobs", written=(Written("one_brush", points=2, covers=("A3",)),)
)
