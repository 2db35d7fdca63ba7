"""The marking guide beside the answers that a person marks, in formgrader."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbgrader.coursedir import CourseDirectory
from traitlets import Bool

from autograder.core.notebooks import read_notebook
from autograder.publishing.marking_guide import with_guides


class MarkingGuide(Preprocessor):
    """Puts the marking guide into the page that formgrader shows, and into no file.

    Formgrader makes its page anew whenever it is opened, and names the submission that it is of.
    What else makes a page, such as ``nbgrader generate_feedback``, names none and gets no guide.
    """

    enabled = Bool(True).tag(config=True)

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        if not resources.get("submission_id") or "nbgrader" in resources:
            return nb, resources
        course = CourseDirectory(config=self.config)
        folder = course.format_path(course.source_directory, ".", resources["assignment_id"])
        master = Path(course.root, folder, f"{resources['notebook_id']}.ipynb")
        with suppress(OSError, ValueError):  # Without it the answers can be marked, too.
            nb = with_guides(nb, read_notebook(master))
        return nb, resources
