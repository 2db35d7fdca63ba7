"""The exercises of the notebook ``07_batch_norm``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "07_batch_norm", written=(Written("why_running_values", points=3, covers=("D(h)",)),)
)
