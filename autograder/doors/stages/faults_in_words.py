"""Faults that have words for people, in nbgrader's log: their words, and no traceback."""

from __future__ import annotations

import logging
import sys

from autograder.core.errors import GraderError
from autograder.core.names import printable


class FaultsInWords(logging.Filter):
    """Writes what a `GraderError` says where nbgrader would log its traceback.

    nbgrader logs a traceback for whatever keeps a submission from being graded, and points to it in
    the end. Of what nobody foresaw both stay.
    """

    _tracebacks = 0

    def filter(self, record: logging.LogRecord) -> bool:
        said = str(record.msg)
        if said.startswith("Traceback "):
            error = sys.exc_info()[1]
            if isinstance(error, GraderError):
                record.msg, record.args = str(error), ()
            else:
                self._tracebacks += 1
        elif said.startswith("Please see the") and "above traceback" in said:
            shown, self._tracebacks = self._tracebacks, 0
            return bool(shown)
        # A terminal would obey what stands in the name of a folder.
        record.msg, record.args = printable(record.getMessage()), ()
        return True


def say_faults_in_words(log: logging.Logger) -> None:
    """Have a log of nbgrader's show faults in words; once is enough."""
    if not any(isinstance(each, FaultsInWords) for each in log.filters):
        log.addFilter(FaultsInWords())
