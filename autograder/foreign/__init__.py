"""Notebooks of other nbgrader courses: run behind our walls, marked by their own tests.

Such a notebook holds its tests in its cells, so they run in the student's process, and what that
process says is believed. The walls protect the grader and the rest of the class; they cannot
protect the score. Everything but running is left to nbgrader's own preprocessors and converter.
"""

from autograder.core.errors import RefusedError
from autograder.foreign.execute import WalledExecute, python_kernel
from autograder.foreign.files import links_in, refuse_links
from autograder.foreign.labels import JUDGED_BY_ITSELF, Label
from autograder.foreign.marks import Marks, mark
from autograder.foreign.stages import SANITIZE, after_execution

__all__ = [
    "JUDGED_BY_ITSELF",
    "SANITIZE",
    "Label",
    "Marks",
    "RefusedError",
    "WalledExecute",
    "after_execution",
    "links_in",
    "mark",
    "python_kernel",
    "refuse_links",
]
