"""What a fault means for the submission that it keeps from being graded."""

import pytest
import sqlalchemy.exc

from autograder.core.errors import CourseError, RefusedError, SandboxError
from autograder.core.outcome import Outcome
from autograder.grading.faults import meaning

LOCKED = sqlalchemy.exc.OperationalError("INSERT", {}, Exception("database is locked"))
MEANINGS = {
    "it cannot be read": (RefusedError("not JSON"), (Outcome.REFUSED, "not JSON")),
    "there is no room": (SandboxError("no room"), (Outcome.INFRA, "no room")),
    "something of the course": (CourseError("no master"), (Outcome.INFRA, "no master")),
    "the disk": (OSError(28, "full"), (Outcome.INFRA, "[Errno 28] full")),
    "the gradebook": (LOCKED, (Outcome.INFRA, "database is locked")),
    "memory": (MemoryError(), (Outcome.INFRA, "MemoryError")),
}


@pytest.mark.parametrize("case", MEANINGS)
def test_what_is_foreseen_says_what_it_is(case, caplog):
    error, expected = MEANINGS[case]
    assert meaning(error) == expected
    assert not caplog.records


def test_what_nobody_foresaw_is_named_and_logged_with_its_traceback(caplog):
    try:
        raise ZeroDivisionError("of nothing\nby nothing")
    except ZeroDivisionError as error:
        found = meaning(error)
    assert found == (Outcome.INFRA, "ZeroDivisionError: of nothing")
    (record,) = caplog.records
    assert record.exc_info is not None
