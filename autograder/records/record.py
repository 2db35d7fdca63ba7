"""The record: all that is known of one submission before it is judged. Plain JSON on disk."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import FailFast, TypeAdapter

from autograder.authoring.answer_key import REFERENCE_DRAW
from autograder.core.cells import marker_of
from autograder.core.errors import GraderError
from autograder.core.files import write_atomically
from autograder.core.outcome import Outcome
from autograder.sandbox.protocol.outputs import check_outputs
from autograder.sandbox.protocol.plan import CellResult, Limits, QuestionResult

VERSION = 5
MAX_RECORD_BYTES = 256 << 20
_LONGEST_REASON = 500
_Texts = Annotated[tuple[str, ...], FailFast()]


class RecordError(GraderError):
    """A record cannot be read; it has to be made again."""


class OtherVersionError(RecordError):
    """A record was made by another version of the grader."""


@dataclass(frozen=True)
class Basis:
    """What a record depends on, as digests. While they stay, another run would give the same.

    Attributes
    ----------
    submission : str
        The bytes of the file.
    cells : str
        The code cells as they are run, and where questions are put between them.
    files : str
        What lies beside the notebook in the room, but for the student's check.
    questions : str
        The questions as they are put.
    """

    submission: str = ""
    cells: str = ""
    files: str = ""
    questions: str = ""


@dataclass(frozen=True)
class RanCell:
    """A code cell that has run.

    Attributes
    ----------
    error : str
        Name of the exception that ended it, or "".
    killed : bool
        Whether it was stopped from outside.
    """

    id: str
    source: str
    error: str = ""
    killed: bool = False

    @property
    def stopped(self) -> bool:
        """Whether not all of it may have run."""
        return self.killed or bool(self.error)


@dataclass(frozen=True)
class Record:
    """What intake and execution found. It holds no oracle, no verdict and no points.

    Attributes
    ----------
    key : str
        Digest of all that was read to make it. Where it is the same, nothing has changed.
    basis : Basis
        What it depends on. Where that is the same, it need not be made again, whatever else has
        changed.
    draw : str
        Which numbers its hidden cases held.
    refused : str
        Why the submission could not be read, or "".
    infra : str
        The fault of ours that kept it from being run, or "".
    repairs : tuple of str
        What the submission had changed that students must not change.
    remarks : tuple of str
        What else was odd about it, or was put right.
    untouched : tuple of str
        Ids of answer cells that are still as they were released.
    notebook : dict or None
        The clean notebook, without outputs.
    guarantees : dict
        What the locked room held, and by which mechanism.
    attacked : str
        When rooms like it were last attacked from inside, all in vain; "" if they were not.
    handed_in : tuple of str
        Digests of the files of this student that were ever run, this one included.
    limits, versions
        What it could use, and what was loaded. They do not make it invalid by themselves.
    """

    assignment: str
    student: str
    key: str
    version: int = VERSION
    basis: Basis = field(default_factory=Basis)
    draw: str = REFERENCE_DRAW
    timestamp: str = ""
    refused: str = ""
    infra: str = ""
    repairs: _Texts = ()
    remarks: _Texts = ()
    untouched: _Texts = ()
    notebook: dict[str, Any] | None = None
    cells: Annotated[tuple[CellResult, ...], FailFast()] = ()
    questions: Annotated[tuple[QuestionResult, ...], FailFast()] = ()
    guarantees: Mapping[str, str] = field(default_factory=dict)
    attacked: str = ""
    handed_in: _Texts = ()
    limits: Limits | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    restarts: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0

    def ran_before(self, id_: str) -> tuple[RanCell, ...]:
        """The code cells that had run before a cell of the notebook, in order.

        Parameters
        ----------
        id_ : str
            Such as that of a test cell. Without such a cell these are all that have run.
        """
        results = {result.id: result for result in self.cells}
        cells = self.notebook["cells"] if self.notebook else ()
        before = itertools.takewhile(lambda cell: cell["id"] != id_, cells)
        return tuple(
            RanCell(cell["id"], cell["source"], result.error, result.outcome is not Outcome.OK)
            for cell in before
            if (result := results.get(cell["id"]))
        )


@dataclass(frozen=True)
class _Cell:
    id: str
    cell_type: Literal["code", "markdown", "raw"]
    source: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class _Notebook:
    """What a record's notebook has at least."""

    cells: Annotated[tuple[_Cell, ...], FailFast()]
    metadata: dict[str, Any]
    nbformat: Literal[4]
    nbformat_minor: int


_RECORD = TypeAdapter(Record)
_NOTEBOOK = TypeAdapter(_Notebook)


def save_record(record: Record, path: Path) -> None:
    """Write a record, whole or not at all."""
    write_atomically(path, _RECORD.dump_json(record))


def load_record(path: Path) -> Record:
    """Read a record.

    Raises
    ------
    RecordError
        If it is damaged or too large.
    OtherVersionError
        If it is of another version.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_RECORD_BYTES + 1)
        if len(content) > MAX_RECORD_BYTES:
            raise RecordError(f"{path} is larger than a record can be")
        record = _RECORD.validate_json(content)
        _check_plain_parts(record)
    except (OSError, ValueError) as error:
        reason = str(error)[:_LONGEST_REASON]
        raise RecordError(f"{path} cannot be read as a record: {reason}") from error
    if record.version != VERSION:
        raise OtherVersionError(f"{path} is of version {record.version}, not {VERSION}")
    return record


def _check_plain_parts(record: Record) -> None:
    """Raise ValueError if the notebook or an output has not the form that its readers expect."""
    for cell in record.cells:
        check_outputs(list(cell.outputs), budget=MAX_RECORD_BYTES)
    if record.notebook is not None:
        _NOTEBOOK.validate_python(record.notebook)
        for cell in record.notebook["cells"]:
            marker_of(cell)
