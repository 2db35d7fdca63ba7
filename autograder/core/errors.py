"""What goes wrong and is told in words: one base class, and what each kind means for a submission.

What a student's process sends may be malformed, too. That is no error of this kind: it is expected,
and dealt with where it is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from autograder.core.outcome import Outcome


class GraderError(Exception):
    """A fault that somebody can mend. Its text is for people, and says what to do.

    Attributes
    ----------
    outcome : Outcome
        Of a submission that it keeps from being graded.
    """

    outcome: ClassVar[Outcome] = Outcome.INFRA


class CourseError(GraderError):
    """Something about the course directory is not as it must be."""


class SandboxError(GraderError):
    """The locked room cannot be had. No student is to blame, so no score may follow from it."""


class NoRoomsError(SandboxError):
    """This machine cannot have locked rooms at all, so there is no use in trying anybody's work."""


class RefusedError(GraderError):
    """A submission cannot be read or run; the text says why, for the instructor."""

    outcome = Outcome.REFUSED


def itemized(head: str, lines: Iterable[str]) -> str:
    """The text of an error that has several things to say, a line for each.

    Examples
    --------
    >>> print(itemized("the notebook", ["has no cell", "has no name"]))
    the notebook:
      has no cell
      has no name
    """
    return "\n  ".join([f"{head}:", *lines])


def in_one_line(error: BaseException) -> str:
    """The first line of what an exception says, or its kind; of a database's, the driver's own.

    Examples
    --------
    >>> in_one_line(ValueError("first\\nsecond")), in_one_line(ValueError())
    ('first', 'ValueError')
    """
    text = str(getattr(error, "orig", error)).strip()
    return text.splitlines()[0] if text else type(error).__name__
