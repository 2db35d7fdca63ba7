"""The stages of grading as nbgrader preprocessors, for ``nbgrader autograde``."""

from __future__ import annotations

import atexit
import functools
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.annotate import annotated_notebook
from autograder.course import Course, course_secret
from autograder.execute import Executor
from autograder.exercises import find_assignment
from autograder.gradebook import GradebookWriter
from autograder.intake import parse_submission, read_submission, rebuild
from autograder.judge import judge
from autograder.outcome import Outcome
from autograder.record import RecordError, load_record, save_record
from autograder.sandbox import Zygote
from autograder.settings import LockedRoom


class InfraError(RuntimeError):
    """A fault of ours kept a submission from being graded. nbgrader reports it and goes on."""


class _Stage(NbGraderPreprocessor):
    """What the stages share: the course and the names that nbgrader hands over."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        course = Course(Path(self.config.CourseDirectory.root))
        names = resources["nbgrader"]
        notebook = self.run(course, names["assignment"], names["student"], resources)
        return (nb if notebook is None else notebook), resources

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode | None:
        raise NotImplementedError


class Rebuild(_Stage):
    """Replaces a submission by a clean notebook, rebuilt on the released one."""

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode:
        path = course.submitted / student / assignment / f"{assignment}.ipynb"
        master = nbformat.read(course.released(assignment), 4)
        clean = rebuild(master, parse_submission(read_submission(path)))
        for repair in clean.repairs:
            self.log.warning("%s: %s; put right", student, repair)
        return clean.notebook


class ExecuteAndJudge(_Stage):
    """Runs a submission in the locked room, writes its record, and judges it."""

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode:
        room = LockedRoom(config=self.config)
        exercises = find_assignment(assignment)
        secret = course_secret(course)
        executor = Executor(
            course, exercises, secret, _zygote(room.walls, course.root), room.limits
        )
        path = course.record(assignment, student)
        try:
            known = load_record(path) if path.exists() else None
        except RecordError as error:
            self.log.warning("%s; it is made again", error)
            known = None
        record = executor.execute(student, known)
        save_record(record, path)
        verdict = judge(record, exercises, secret)
        if verdict.outcome is Outcome.INFRA:
            raise InfraError(f"{student}: {record.infra}")
        resources["convkit"] = (record, verdict)
        return annotated_notebook(record, verdict)


class SaveVerdict(_Stage):
    """Enters the verdict of `ExecuteAndJudge` into the gradebook."""

    def run(self, course: Course, assignment: str, student: str, resources: dict[str, Any]) -> None:
        record, verdict = resources["convkit"]
        with GradebookWriter(resources["nbgrader"]["db_url"], assignment) as writer:
            writer.write(verdict, record.timestamp)


@functools.cache
def _zygote(walls: str, hidden: Path) -> Zygote:
    """One zygote for all submissions of this process."""
    zygote = Zygote(walls, hidden=[str(hidden)])
    zygote.__enter__()
    atexit.register(zygote.__exit__, None, None, None)
    return zygote
