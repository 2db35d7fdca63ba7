"""Points off for being late: nbgrader's preprocessor decides, with the course's own plugin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nbgrader.api import Notebook, SubmittedNotebook
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.core.errors import GraderError
from autograder.publishing.marks.entry import Marks

if TYPE_CHECKING:
    from nbgrader.preprocessors import AssignLatePenalties


class PenaltyError(GraderError):
    """The course's plugin for late submissions failed. Nothing of the submission is entered."""


class LatePenalty:
    """What a late submission loses, as ``nbgrader autograde`` would have it.

    The plugin is the course's own code and runs in this process, as in nbgrader.

    Parameters
    ----------
    config : Config
        The course's configuration; it names the plugin.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stage: AssignLatePenalties | None = None

    @property
    def enabled(self) -> bool:
        """Whether penalties are to be entered at all."""
        return bool(self._config.AssignLatePenalties.get("enabled", True))

    def of(self, student: str, score: float, seconds_late: float) -> float | None:
        """The points off a notebook; None for no penalty.

        Raises
        ------
        PenaltyError
            If the plugin cannot be loaded, or fails.
        """
        if seconds_late <= 0:
            return None
        try:
            with _course_on_path(self._config):
                if self._stage is None:
                    # It loads all of nbconvert, which nobody needs who is in time.
                    from nbgrader.preprocessors import AssignLatePenalties

                    self._stage = AssignLatePenalties(config=self._config)
                self._stage.init_plugin()
                plugin = self._stage.plugin_inst
                penalty = plugin.late_submission_penalty(student, score, seconds_late)
            # As nbgrader holds it: never a gain, and never more than there is.
            return None if penalty is None else min(max(float(penalty), 0.0), score)
        except Exception as error:
            raise PenaltyError(
                f"the course's plugin for late submissions: {type(error).__name__}: {error}"
            ) from error


def charge(
    session: Session, penalty: LatePenalty, student: str, submission: str, marks: Marks
) -> bool:
    """Enter what each notebook of a submission loses, in the transaction that a session is in.

    Parameters
    ----------
    submission : str
        Its id in the gradebook.
    marks : Marks
        What the gradebook holds of it.

    Returns
    -------
    bool
        Whether anything has changed.
    """
    table, released = SubmittedNotebook.__table__, Notebook.__table__
    query = (
        select(table.c.id, released.c.name, table.c.late_submission_penalty.label("penalty"))
        .select_from(table.join(released))
        .where(table.c.assignment_id == submission)
    )
    late = marks.late.total_seconds()
    changed = False
    for row in session.execute(query).all():
        of_it = (mark.score for (name, _), mark in marks.cells.items() if name == row.name)
        lost = penalty.of(student, float(sum(score or 0.0 for score in of_it)), late)
        if lost != row.penalty:
            its_own = update(table).where(table.c.id == row.id)
            session.execute(its_own.values(late_submission_penalty=lost))
            changed = True
    return changed


@contextmanager
def _course_on_path(config: Config) -> Iterator[None]:
    """Have the course's directory on the path, where nbgrader looks for plugins."""
    root = str(config.CourseDirectory.get("root", "") or ".")
    sys.path.insert(0, root)
    try:
        yield
    finally:
        sys.path.remove(root)
