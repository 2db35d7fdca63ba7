"""The exercises of every notebook, one package a notebook."""

from __future__ import annotations

from autograder.authoring.exercise import Assignment
from autograder.core.errors import CourseError
from autograder.exercises import (
    batch_norm,
    blobs,
    convolution,
    distances,
    gradients,
    graphs,
    matrix_form,
    nonlinearity,
    pooling,
    shapes,
)

ASSIGNMENTS: tuple[Assignment, ...] = (
    shapes.ASSIGNMENT,
    convolution.ASSIGNMENT,
    blobs.ASSIGNMENT,
    matrix_form.ASSIGNMENT,
    pooling.ASSIGNMENT,
    gradients.ASSIGNMENT,
    batch_norm.ASSIGNMENT,
    distances.ASSIGNMENT,
    graphs.ASSIGNMENT,
    nonlinearity.ASSIGNMENT,
)

_NAMES = frozenset(assignment.name for assignment in ASSIGNMENTS)


def is_foreign(name: str) -> bool:
    """Whether an assignment of this name is none of this course's own."""
    return name not in _NAMES


def find_assignment(name: str) -> Assignment:
    """Return the assignment called `name`.

    Parameters
    ----------
    name : str
        Name of the notebook, such as ``"02_convolution"``.

    Returns
    -------
    Assignment
        Its exercises and written questions.

    Raises
    ------
    CourseError
        If there is no such assignment; the message lists those that there are.

    Examples
    --------
    >>> find_assignment("02_convolution").exercise("pad2d").points
    6
    >>> find_assignment("2_convolution")
    Traceback (most recent call last):
        ...
    autograder.core.errors.CourseError: no assignment is called '2_convolution'; there are: ...
    """
    for assignment in ASSIGNMENTS:
        if assignment.name == name:
            return assignment
    known = ", ".join(assignment.name for assignment in ASSIGNMENTS)
    raise CourseError(f"no assignment is called {name!r}; there are: {known}")
