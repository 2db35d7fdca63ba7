"""What a fault means for the submission that it keeps from being graded."""

from __future__ import annotations

import logging

from sqlalchemy.exc import OperationalError

from autograder.core.errors import GraderError, in_one_line
from autograder.core.outcome import Outcome

_LOG = logging.getLogger(__name__)
_OF_THE_MACHINE = (OSError, MemoryError, OperationalError)


def meaning(error: Exception) -> tuple[Outcome, str]:
    """The outcome of a submission that could not be graded, and why, in one line.

    What nobody foresaw is written to the log with its traceback.

    Examples
    --------
    >>> meaning(OSError(28, "No space left on device"))
    (<Outcome.INFRA: 'INFRA'>, '[Errno 28] No space left on device')
    """
    why = in_one_line(error)
    if isinstance(error, GraderError):
        return error.outcome, str(error)
    if isinstance(error, _OF_THE_MACHINE):
        return Outcome.INFRA, why
    _LOG.error("a submission could not be graded: %s", why, exc_info=error)
    return Outcome.INFRA, f"{type(error).__name__}: {why}"
