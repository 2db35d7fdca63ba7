"""The exercises of the notebook ``10_nonlinearity``.

What the text of the notebook promises about each function stands in the docstring of its module;
the hidden cases test that and no more.
"""

from __future__ import annotations

from autograder.authoring import Assignment, Written

ASSIGNMENT = Assignment(
    "10_nonlinearity",
    written=(
        Written("linear_network", points=4, covers=("A4",)),
        Written("one_template", points=4, covers=("capstone",)),
    ),
    cell_seconds=60.0,
    unmarked=("layers",),
)
