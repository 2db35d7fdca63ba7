"""The stages of grading as nbgrader preprocessors, for ``nbgrader autograde`` and formgrader."""

from __future__ import annotations

import atexit
import functools
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nbformat
import traitlets
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from traitlets.config import Config

from autograder import foreign
from autograder.authoring.exercise import Assignment
from autograder.authoring.loading import find_assignment, is_foreign, load_assignments
from autograder.core.course import Course, course_secret
from autograder.core.errors import GraderError, RefusedError
from autograder.core.notebooks import read_notebook
from autograder.core.outcome import Outcome
from autograder.foreign.stages import RunsNotebooks
from autograder.grading.own import own_grader
from autograder.publishing.gradebook import GradebookWriter, maxima
from autograder.publishing.marks.penalty import LatePenalty
from autograder.publishing.publish import GradedSubmission, enter
from autograder.publishing.result import Result
from autograder.records.releases import older_releases
from autograder.running.questions import watched
from autograder.running.read import parse_submission, read_submission
from autograder.running.rebuild import rebuild
from autograder.running.stems import Releases
from autograder.running.zygotes import Zygotes
from autograder.sandbox.outside.zygote import Zygote
from autograder.sandbox.protocol.plan import Packages
from autograder.settings import LockedRoom
from autograder.soundness.checks import require_sound

_GRADED = "autograder_graded"


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
        course = Course(Path(CourseDirectory(config=self.config).root))
        if is_foreign(course, names["assignment"]):
            if self._stages is None:
                self._stages = tuple(self.foreign())
            for stage in self._stages:
                if getattr(stage, "enabled", True):
                    nb, resources = stage.preprocess(nb, resources)
            return nb, resources
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
        foreign.refuse_links(self.config, assignment, student)
        submission = course.submission(assignment, student)
        sizes = LockedRoom(config=self.config).sizes
        released = read_notebook(course.released(assignment))
        older = [read_notebook(each) for each in older_releases(course, assignment)]
        try:
            file = parse_submission(read_submission(submission, sizes), sizes)
            clean = rebuild(Releases(released, older), file)
        except RefusedError:
            self._enter_refused(course, assignment, student, resources["nbgrader"]["db_url"])
            raise
        for repair in (*clean.repairs, *clean.remarks):
            self.log.warning("%s: %s; put right", student, repair)
        return clean.notebook

    def _enter_refused(self, course: Course, assignment: str, student: str, url: str) -> None:
        """Enter when it was handed in, and say on its page that it could not be read."""
        exercises, room = find_assignment(course, assignment), LockedRoom(config=self.config)
        zygote = functools.partial(_kept_zygote, room, course.root)
        graded = own_grader(course, exercises, room, zygote, notebook=False)(student)
        _enter(course, exercises, graded, url, self.config)

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        return [kind(config=self.config, parent=self.parent) for kind in foreign.SANITIZE]


class ExecuteAndJudge(_Stage, RunsNotebooks):
    """Takes a submission from its file to a verdict, as ``autograder grade`` does."""

    @traitlets.default("zygotes")
    def _kept(self) -> Callable[[LockedRoom, Path], Zygote]:
        return _kept_zygote

    def run(
        self, course: Course, assignment: str, student: str, resources: dict[str, Any]
    ) -> nbformat.NotebookNode | None:
        exercises = find_assignment(course, assignment)
        require_sound(exercises, course_secret(course))
        room = LockedRoom(config=self.config)
        zygote = functools.partial(self.zygotes, room, course.root)
        grade = own_grader(course, exercises, room, zygote, notebook=False)
        graded = grade(student)
        _require_no_fault(graded.result)
        resources[_GRADED] = graded
        return graded.notebook

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        executed = self.config.Execute.get("enabled", True)
        if executed:
            room = LockedRoom(config=self.config)
            yield foreign.WalledExecute(
                zygote=self.zygotes(room, Path(os.getcwd())),
                limits=room.limits,
                kept_bytes=room.kept_bytes,
                config=self.config,
                parent=self.parent,
            )
        yield from foreign.after_execution(self.config, self.parent)
        if executed:
            yield foreign.Label(config=self.config, parent=self.parent)


class SaveVerdict(_Stage):
    """Enters the verdict of `ExecuteAndJudge` into the gradebook, and what being late costs."""

    def run(self, course: Course, assignment: str, student: str, resources: dict[str, Any]) -> None:
        exercises, url = find_assignment(course, assignment), resources["nbgrader"]["db_url"]
        _enter(course, exercises, resources[_GRADED], url, self.config)

    def foreign(self) -> Iterable[NbGraderPreprocessor]:
        yield foreign.Marks(config=self.config, parent=self.parent)
        yield AssignLatePenalties(config=self.config, parent=self.parent)


def _enter(
    course: Course, assignment: Assignment, graded: GradedSubmission, url: str, config: Config
) -> None:
    points = maxima(assignment)
    with GradebookWriter(url, assignment.name, LatePenalty(config), points) as writer:
        _require_no_fault(enter(course, graded, writer.write))


def _require_no_fault(result: Result) -> None:
    verdict = result.verdict
    if verdict.outcome is Outcome.INFRA:
        raise InfraError(f"{verdict.student}: {'; '.join(verdict.remarks)}")


_kept: dict[tuple[str, Packages, bool, Path], Zygote] = {}


def _kept_zygote(room: LockedRoom, hidden: Path) -> Zygote:
    """A zygote that is kept, for all submissions, until nbgrader ends."""
    kind = (room.walls, room.packages, room.loopback, hidden)
    if kind not in _kept:
        assignments = load_assignments(Course(hidden))
        names = {names for assignment in assignments for names in watched(assignment)}
        zygotes = Zygotes(room, hidden, sorted(names))
        atexit.register(zygotes.close)
        _kept[kind] = zygotes.new()
    return _kept[kind]
