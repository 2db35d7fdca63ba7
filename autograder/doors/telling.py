"""The one place where faults are put into words for whoever gave a command."""

from __future__ import annotations

import errno
import sys

from autograder.core.errors import GraderError, in_one_line
from autograder.doors.exits import ExitCode

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def told(error: Exception) -> tuple[str, ExitCode] | None:
    """What to say of an error, and the exit code; None for one that nobody foresaw.

    Examples
    --------
    >>> told(OSError(28, "No space left on device"))[1]
    <ExitCode.INFRA: 4>
    >>> told(ZeroDivisionError()) is None
    True
    """
    match error:
        case GraderError():
            return str(error), ExitCode.FAULT
        case OSError(errno=number) if number in _NO_SPACE:
            remedy = "Nothing is lost. Make space, and run the same command again."
            return f"{error}. {remedy}", ExitCode.INFRA
    return _told_of_nbgrader(error)


def _told_of_nbgrader(error: Exception) -> tuple[str, ExitCode] | None:
    # They take seconds to import, and nothing of theirs can be raised before somebody else has.
    if {"nbgrader", "sqlalchemy"}.isdisjoint(sys.modules):
        return None
    from nbgrader.api import InvalidEntry, MissingEntry
    from nbgrader.converters import NbGraderException
    from sqlalchemy.exc import SQLAlchemyError

    match error:
        case NbGraderException():
            return f"nbgrader: {_with_cause(error)}", ExitCode.FAULT
        case MissingEntry() | InvalidEntry() | SQLAlchemyError():
            return f"the gradebook: {in_one_line(error)}", ExitCode.FAULT
    return None


def _with_cause(error: BaseException) -> str:
    """What an exception says, and what the one behind it says."""
    cause = error.__cause__ or error.__context__
    says = in_one_line(error)
    return f"{says} ({type(cause).__name__}: {in_one_line(cause)})" if cause else says
