"""The result of one submission on disk: its verdict, and what the class report needs besides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from autograder.core.course import Course
from autograder.core.files import StagedFile, stage
from autograder.judging.verdict import Verdict
from autograder.records.record import Record


@dataclass(frozen=True)
class Result:
    """One submission after all stages.

    Attributes
    ----------
    guarantees : dict
        What the locked room held, and by which mechanism.
    attacked : str
        When rooms like it were last attacked from inside, all in vain; "" if they were not.
    record : str
        The key of the record that was judged.
    """

    verdict: Verdict
    timestamp: str = ""
    guarantees: Mapping[str, str] = field(default_factory=dict)
    attacked: str = ""
    restarts: int = 0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    record: str = ""

    @staticmethod
    def of(record: Record, verdict: Verdict) -> Result:
        """The result that belongs to a record and its verdict."""
        return Result(
            verdict,
            record.timestamp,
            record.guarantees,
            record.attacked,
            record.restarts,
            record.cpu_seconds,
            record.peak_bytes,
            record.key,
        )


_RESULT = TypeAdapter(Result)


def stage_result(result: Result, path: Path) -> StagedFile:
    """Write a result beside its place, to be published once the gradebook holds it.

    Equal results give equal files.
    """
    data = _RESULT.dump_python(result, mode="json")
    data["verdict"]["unanswered"].sort()
    return stage(path, json.dumps(data))


def save_result(result: Result, path: Path) -> None:
    """Write a result, whole or not at all."""
    stage_result(result, path).publish()


def load_result(path: Path) -> Result | None:
    """Read a result; None if there is none, or none that can be read."""
    try:
        return _RESULT.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def saved_results(course: Course, assignment: str) -> Iterator[Result]:
    """The results of an assignment, in order of student, one at a time."""
    for path in sorted((course.results / assignment).glob("[!.]*.json")):
        result = load_result(path)
        if result is not None:
            yield result
