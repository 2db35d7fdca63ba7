"""The exercises of the notebook ``02_convolution``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "02_convolution", written=(Written("why_no_flip", points=2, covers=("E2 E3 E4",)),)
)
