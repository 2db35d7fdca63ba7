"""What the locked room is asked to do for a clean notebook."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.running.questions import plan
from autograder.running.rebuild import CleanNotebook
from autograder.sandbox.protocol.plan import Cell


def marked(kind):
    return new_code_cell(
        "1 + 1", id="cell", metadata={"autograder": {"kind": kind, "name": "cell"}}
    )


@pytest.mark.parametrize(
    ("kind", "untouched", "runs"),
    [
        ("", True, True),
        ("setup", True, True),
        ("solution", True, True),
        ("value", False, True),
        ("extra", False, True),
        ("figure", False, False),
        ("playground", True, False),
        ("playground", False, True),
    ],
)
def test_which_cells_are_run(tiny, kind, untouched, runs):
    notebook = new_notebook(cells=[new_markdown_cell("text"), marked(kind)])
    clean = CleanNotebook(notebook, ("cell",) if untouched else (), ())
    assert plan(clean, tiny, b"secret") == ((Cell("cell", "1 + 1"),) if runs else ())
