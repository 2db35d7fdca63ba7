"""The exercises of the notebook ``09_graphs``.

What the text of the notebook promises about each answer stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "09_graphs", written=(Written("why_backwards", points=2, covers=("a small engine",)),)
)
