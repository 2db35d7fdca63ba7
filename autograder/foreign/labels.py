"""How a notebook says that its points were judged in the student's process."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.core.cells import KEY

JUDGED_BY_ITSELF = "judged in the student's process"
"""What is written on such a verdict."""

NOTICE = (
    f"**Points in this notebook were {JUDGED_BY_ITSELF}.** The tests ran beside the answers, which "
    "could have changed them. The process was locked in: the grader and the rest of the class "
    "were out of its reach."
)
"""The last cell of a notebook that was marked so."""

_FIRST_WITH_CELL_IDS = (4, 5)


class Label(NbGraderPreprocessor):
    """Writes on a graded notebook how it was judged: in its metadata and in a cell at the end.

    At the end, so that every other cell stays where it was.
    """

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        self.log.info("%s, %s: %s", names["student"], names["notebook"], JUDGED_BY_ITSELF)
        nb.metadata[KEY] = {"judged": JUDGED_BY_ITSELF}
        notice = new_markdown_cell(NOTICE)
        if (nb.nbformat, nb.nbformat_minor) < _FIRST_WITH_CELL_IDS:
            del notice["id"]
        nb.cells.append(notice)
        return nb, resources
