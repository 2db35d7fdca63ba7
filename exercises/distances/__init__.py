"""The exercises of the notebook ``08_distances``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment("08_distances", written=(Written("which_form", points=2, covers=("B3",)),))
