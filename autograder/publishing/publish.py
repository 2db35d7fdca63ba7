"""From a record to what people see: staged first, and shown only once the gradebook holds it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import nbformat

from autograder.authoring.exercise import Assignment
from autograder.core.course import Course
from autograder.core.files import StagedFile, stage
from autograder.core.notebooks import as_bytes
from autograder.core.outcome import Outcome
from autograder.judging.judge import judge
from autograder.judging.verdict import Verdict
from autograder.publishing.gradebook import GradebookBusyError
from autograder.publishing.graded_notebook import annotated_notebook
from autograder.publishing.marks.entry import Marks
from autograder.publishing.marks.page import with_marks
from autograder.publishing.marks.penalty import PenaltyError
from autograder.publishing.page.feedback_page import feedback_page, written_answers
from autograder.publishing.page.showing import settled, shown_for, shown_now
from autograder.publishing.result import Result, save_result, stage_result
from autograder.records.families import KnownFamily
from autograder.records.record import Record
from autograder.settings import Shows


class Write(Protocol):
    """Writes a verdict into the gradebook, with the time of the submission and its answers.

    `ready` is given what the gradebook is about to hold; what it raises undoes the entry.
    """

    def __call__(
        self,
        verdict: Verdict,
        timestamp: str,
        answers: Mapping[str, str],
        *,
        ready: Callable[[Marks], None],
    ) -> object: ...


@dataclass(frozen=True)
class GradedSubmission:
    """A submission that is judged, and not entered yet.

    Attributes
    ----------
    files : tuple of StagedFile
        Graded notebook and result, ready to be shown. A fault has none.
    page : StagedFile or None
        The feedback page, in which the marks are still missing.
    shows : Shows
        What the page may show.
    answers : dict
        The text of each written answer, by the id of its cell.
    notebook : NotebookNode or None
        The graded notebook, if somebody else is to write it.
    gone : tuple of Path
        Files of an earlier hand-in that this one does not have.
    """

    result: Result
    files: tuple[StagedFile, ...] = ()
    page: StagedFile | None = None
    shows: Shows = Shows.CASE
    answers: Mapping[str, str] = field(default_factory=dict)
    notebook: nbformat.NotebookNode | None = None
    gone: tuple[Path, ...] = ()

    def discard(self) -> None:
        """Remove what is staged, and enter nothing."""
        _discard(self.files)


def finish(
    course: Course,
    assignment: Assignment,
    secret: bytes,
    record: Record,
    *,
    known: Sequence[KnownFamily] = (),
    shows: Shows = Shows.CASE,
    most: int = 0,
    notebook: bool = True,
) -> GradedSubmission:
    """Judge a record, and stage its feedback page, its graded notebook and its result.

    Parameters
    ----------
    known : sequence of KnownFamily
        Mistakes that people have named.
    shows : Shows
        What the page may show.
    most : int
        How many hand-ins of a student get more than points; 0 for all.
    notebook : bool
        Whether to stage the graded notebook; nbgrader's own commands write theirs.

    Raises
    ------
    OSError
        If a file cannot be written. Nothing of the others stays.
    """
    verdict = judge(record, assignment, secret, known)
    result = Result.of(record, verdict)
    graded = annotated_notebook(record, verdict) if verdict.scored else None
    name, student = assignment.name, record.student
    files: list[StagedFile] = []
    gone: list[Path] = []
    try:
        shows = shown_for(shows, len(record.handed_in), most)
        html = feedback_page(record, verdict, assignment, secret, shows, most)
        page = stage(course.feedback / student / name / f"{name}.html", html)
        files.append(page)
        if notebook and graded is not None:
            place = course.autograded / student / name / f"{name}.ipynb"
            files.append(stage(place, as_bytes(graded)))
            # nbgrader grades again what has a later stamp than its graded notebook.
            stamp = place.with_name("timestamp.txt")
            if record.timestamp:
                files.append(stage(stamp, record.timestamp))
            else:
                gone.append(stamp)
        files.append(stage_result(result, course.result(name, student)))
    except BaseException:
        _discard(files)
        raise
    return GradedSubmission(
        result,
        tuple(files),
        page,
        shows,
        written_answers(record),
        None if notebook else graded,
        tuple(gone),
    )


def not_graded(assignment: str, student: str, outcome: Outcome, why: str) -> GradedSubmission:
    """What there is of a submission that was kept from being graded."""
    return GradedSubmission(Result(Verdict(assignment, student, outcome, (), (why,))))


def enter(course: Course, graded: GradedSubmission, write: Write) -> Result:
    """Enter a submission into the gradebook, then show its files.

    The page gets its marks from what the gradebook is about to hold, before that is settled. The
    result that a report reads, and a page that shows something else, are taken away before the
    gradebook changes, and come back after. So no page and no report shows a score that the
    gradebook does not hold, whenever this is killed.

    Returns
    -------
    Result
        As it was given, or of a fault if the gradebook or the disk did not take it.
    """
    result = graded.result
    verdict = result.verdict
    place = course.result(verdict.assignment, verdict.student)

    def ready(marks: Marks) -> None:
        if graded.page is not None:
            page = settled(graded.page.read(), shown_now(graded.shows, marks))
            page = with_marks(page, marks)
            graded.page.rewrite(page)
            _take_away_unless_same(graded.page.path, page)

    try:
        place.unlink(missing_ok=True)
        write(verdict, result.timestamp, graded.answers, ready=ready)
        for file in graded.files:
            file.publish()
        for path in graded.gone:
            path.unlink(missing_ok=True)
    except (GradebookBusyError, PenaltyError, OSError) as error:
        _discard(graded.files)
        where = "the gradebook: " if isinstance(error, GradebookBusyError) else ""
        why = f"{where}{error}"
        graded = not_graded(verdict.assignment, verdict.student, Outcome.INFRA, why)
    if not graded.files:
        # A full disk may not take even this; the report then says "not graded yet".
        with contextlib.suppress(OSError):
            save_result(graded.result, place)
    return graded.result


def _take_away_unless_same(path: Path, content: str) -> None:
    try:
        same = path.read_bytes() == content.encode()
    except FileNotFoundError:
        return
    if not same:
        path.unlink(missing_ok=True)


def _discard(files: Iterable[StagedFile]) -> None:
    for file in files:
        file.discard()
