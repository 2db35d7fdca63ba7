"""The cells of a record, as the judge reads them: once, and as far as each question sees them."""

from __future__ import annotations

from functools import cached_property

from autograder.authoring.exercise import Exercise
from autograder.core.cells import Marker, test_id
from autograder.core.definitions import bound_names
from autograder.judging.code.definitions import Definitions, Standing
from autograder.judging.code.source import syntax_error
from autograder.records.record import RanCell, Record


class Notebook:
    """The code of a submission.

    Parameters
    ----------
    record : Record
        Nothing in it is trusted.
    """

    def __init__(self, record: Record) -> None:
        self._record = record

    @cached_property
    def _definitions(self) -> Definitions:
        cells = self._record.ran_before("")
        stopped = frozenset(n for n, cell in enumerate(cells) if cell.stopped)
        return Definitions([cell.source for cell in cells], stopped)

    def before(self, id_: str) -> Standing:
        """The notebook as it stands at one of its cells."""
        return Standing(lambda: self._definitions, len(self._record.ran_before(id_)))

    def misprint(self, exercise: Exercise) -> str:
        """What the compiler says of the cell that should answer an exercise; "" if it takes it.

        That is the exercise's own cell, or another one before its test that would define its name.
        """
        for cell in reversed(self._record.ran_before(test_id(exercise.name))):
            if _would_answer(cell, exercise.name) and (said := syntax_error(cell.source)):
                return said
        return ""


def _would_answer(cell: RanCell, name: str) -> bool:
    own = (Marker("solution", name).id, Marker("value", name).id)
    return cell.id in own or name in bound_names(cell.source)
