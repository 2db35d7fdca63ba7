"""The sample class of this course: honest students everywhere, and all kinds of trouble in one."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.authoring import Assignment
from autograder.sample import (
    Member,
    everyday,
    one_mistake_each,
    troubled,
    wheat_student,
    writing_in_turn,
)

from .prose import ANSWERS


def members(assignment: Assignment) -> Iterator[Member]:
    """Who hands in `assignment`."""
    yield from writing_in_turn(everyday(assignment), ANSWERS)
    if assignment.name == "02_convolution":
        yield from (wheat_student(assignment, style) for style in (1, 2))
        yield from one_mistake_each(assignment)
        yield from troubled(assignment, "conv2d")
