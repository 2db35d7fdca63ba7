"""The stages of grading as nbgrader preprocessors, for ``nbgrader autograde``."""

from __future__ import annotations

import atexit
import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import traitlets
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder import foreign
from autograder.core.course import Course, course_secret
from autograder.core.errors import GraderError
from autograder.core.outcome import Outcome
from autograder.exercises import ASSIGNMENTS, find_assignment, is_foreign
from autograder.judging.judge import judge
from autograder.publishing.gradebook import GradebookWriter
from autograder.publishing.graded_notebook import annotated_notebook
from autograder.publishing.publish import Finished, enter
from autograder.publishing.result import Result
from autograder.records.record import RecordError, load_record, save_record
from autograder.running.crash import settled
from autograder.running.execute import Executor, watched
from autograder.running.read import parse_submission, read_submission
from autograder.running.rebuild import rebuild
from autograder.sandbox.examination import boot_check
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import LockedRoom


class InfraError(GraderError):
    """A fault of ours kept a submission from being graded. nbgrader reports it and goes on."""


class _Stage(NbGraderPreprocessor):
    """What the stages share: the course and the names that nbgrader hands over.

    A notebook of this course takes our way; one of any other course, nbgrader's own.
    """

    _stages: tuple[NbGraderPreprocessor, ...] | None = None

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        if is_foreign(names["assignment"]):
            if self._stages is None:
                self._stages = tuple(self.foreign())
            for stage in self._stages:
                if getattr(stage, "enabled", True):
                    nb, resources = stage.preprocess(nb, resources)
            return nb, resources
        course = Course(Path(self.config.CourseDirectory.root))
        notebook = self.run(course, names["assignment"], names["student"], resources)
        return (nb if notebook is None else notebook), resources

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode | None:
        raise NotImplementedError

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        """nbgrader's preprocessors that do the same for notebooks of another course."""
        raise NotImplementedError


class Rebuild(_Stage):
    """Replaces a submission by a clean notebook, rebuilt on the released one."""

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode:
        path = course.submitted / student / assignment / f"{assignment}.ipynb"
        foreign.refuse_links(self.config, assignment, student)
        master = nbformat.read(course.released(assignment), 4)
        clean = rebuild(master, parse_submission(read_submission(path)))
        for repair in clean.repairs:
            self.log.warning("%s: %s; put right", student, repair)
        return clean.notebook

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        return [kind(config=self.config, parent=self.parent) for kind in foreign.SANITIZE]


class ExecuteAndJudge(_Stage):
    """Runs a submission in the locked room, writes its record, and judges it."""

    zygotes = traitlets.Callable(
        help="From walls, and a folder that they hide, to the locked room's parent."
    )

    @traitlets.default("zygotes")
    def _one_at_a_time(self) -> Callable[[str, Path], Zygote]:
        return _ZYGOTES.get

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode:
        room = LockedRoom(config=self.config)
        exercises = find_assignment(assignment)
        secret = course_secret(course)
        zygote = self.zygotes(room.walls, course.root)
        executor = Executor(course, exercises, secret, zygote, room.limits)
        path = course.record(assignment, student)
        try:
            known = load_record(path) if path.exists() else None
        except RecordError as error:
            self.log.warning("%s; it is made again", error)
            known = None
        record = settled(functools.partial(executor.execute, student), known)
        save_record(record, path)
        verdict = judge(record, exercises, secret)
        if verdict.outcome is Outcome.INFRA:
            raise InfraError(f"{student}: {record.infra}")
        resources["autograder"] = (record, verdict)
        return annotated_notebook(record, verdict)

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        executed = self.config.Execute.get("enabled", True)
        if executed:
            room = LockedRoom(config=self.config)
            yield foreign.WalledExecute(
                zygote=self.zygotes(room.walls, Path(os.getcwd())),
                limits=room.limits,
                config=self.config,
                parent=self.parent,
            )
        yield from foreign.after_execution(self.config, self.parent)
        if executed:
            yield foreign.Label(config=self.config, parent=self.parent)


class SaveVerdict(_Stage):
    """Enters the verdict of `ExecuteAndJudge` into the gradebook."""

    def run(self, course: Course, assignment: str, student: str, resources: dict[str, Any]) -> None:
        record, verdict = resources["autograder"]
        result = Result.of(record, verdict)
        with GradebookWriter(resources["nbgrader"]["db_url"], assignment) as writer:
            entered = enter(course, writer, Finished(result))
        if entered.verdict.outcome is Outcome.INFRA:
            raise InfraError(f"{student}: {'; '.join(entered.verdict.remarks)}")

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        yield foreign.Marks(config=self.config, parent=self.parent)


class _Zygotes:
    """One zygote at a time, kept for the next submission that wants the same."""

    def __init__(self) -> None:
        self._wanted: tuple[str, Path] | None = None
        self._zygote: Zygote | None = None
        atexit.register(self.close)

    def get(self, walls: str, hidden: Path) -> Zygote:
        if self._zygote is None or self._wanted != (walls, hidden):
            self.close()
            names = {names for assignment in ASSIGNMENTS for names in watched(assignment)}
            zygote = Zygote(walls, hidden=[str(hidden)], watched=sorted(names))
            self._zygote = zygote.__enter__()
            zygote.attacked = boot_check.require(zygote)
            self._wanted = (walls, hidden)
        return self._zygote

    def close(self) -> None:
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None


_ZYGOTES = _Zygotes()
