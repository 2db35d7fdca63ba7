"""nbgrader's own converter, for one submission at a time and for many at once."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from nbconvert.writers.files import FilesWriter
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from autograder.foreign.execute import REMARKS, RUN, Run
from autograder.foreign.stages import REPAIRS, RunsNotebooks
from autograder.sandbox.outside.zygote import Zygote

_UNFINISHED = ".unfinished"


class Converter(Autograde):
    """`nbgrader autograde` for one submission, with the stages built once for all of them.

    The graded notebooks are made in a folder of their own and moved to where nbgrader has them
    when they are complete, so that a run which is killed leaves none behind that looks graded.
    Whatever uses the gradebook is done by one thread at a time; only the locked rooms work
    side by side.

    Parameters
    ----------
    coursedir : CourseDirectory
        The course; not shared with other threads.
    config : Config
        The course's configuration.
    zygote : callable
        Gives the locked room's parent, which is not shared either.
    turn : Lock
        Whose holder may use the gradebook.
    force : bool
        Grade again what is graded.
    """

    def __init__(
        self,
        coursedir: CourseDirectory,
        config: Config,
        zygote: Callable[[], Zygote],
        turn: Lock,
        *,
        force: bool = False,
    ) -> None:
        super().__init__(coursedir=coursedir, config=config)
        if force:
            self.force = True
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        self._zygote = zygote
        self._turn = turn
        self._in_place = True
        self._stages: Sequence[NbGraderPreprocessor] = ()
        self._clean = [self._stage(kind) for kind in self.sanitize_preprocessors]
        graded = [self._stage(kind) for kind in self.autograde_preprocessors]
        last = max(n for n, stage in enumerate(graded) if isinstance(stage, RunsNotebooks))
        self._run, self._enter = graded[: last + 1], graded[last + 1 :]
        self.runs: dict[str, Run] = {}
        self.remarks: list[str] = []
        self.repairs: list[str] = []

    def _stage(self, kind: str | type[NbGraderPreprocessor]) -> NbGraderPreprocessor:
        found = import_item(kind) if isinstance(kind, str) else kind
        if issubclass(found, RunsNotebooks):
            return found(parent=self.exporter, zygotes=lambda *_: self._zygote())
        return found(parent=self.exporter)

    @property
    def reading(self) -> bool:
        """Whether the submission is still being read; nothing of it has run."""
        return self._stages is self._clean

    def wants(self, assignment: str, student: str, notebooks: Sequence[str]) -> bool:
        """Whether a submission has to be graded, as nbgrader decides it.

        A graded notebook that is to be made anew is removed, and so is what a killed run has left.

        Parameters
        ----------
        notebooks : sequence of str
            Paths of its notebooks.
        """
        self.runs, self.remarks, self.repairs = {}, [], []
        self.coursedir.assignment_id = assignment
        self.coursedir.student_id = student
        self.notebooks = list(notebooks)
        self._begin(self._clean)
        self._in_place = False
        with self._turn:
            self._remove(assignment, student)
        self._in_place = True
        wanted: bool = self.init_destination(assignment, student)
        return wanted

    def convert(self, assignment: str, student: str) -> None:
        """Grade the submission that was asked for with `wants`, as nbgrader does.

        Raises
        ------
        Exception
            Whatever keeps it from being graded. No graded notebook is left then.
        """
        self._in_place = False
        try:
            self._grade(assignment, student)
        except BaseException:
            with self._turn:
                self._remove(assignment, student)
            raise

    def _grade(self, assignment: str, student: str) -> None:
        with self._turn:
            self.run_pre_convert_hook()
            self.init_assignment(assignment, student)
            self._convert_all(self.notebooks)
        folder = self._format_dest(assignment, student)
        made = [os.path.join(folder, os.path.basename(path)) for path in self.notebooks]
        self._begin(self._run)
        self._convert_all(made)
        with self._turn:
            self._begin(self._enter)
            self._convert_all(made)
            self._put_in_place(assignment, student)
            self.set_permissions(assignment, student)
            self.run_post_convert_hook()

    def _begin(self, stages: Sequence[NbGraderPreprocessor]) -> None:
        self._stages = stages
        self._sanitizing = self.reading
        self.exporter._preprocessors = list(stages)

    def _convert_all(self, notebooks: Sequence[str]) -> None:
        for path in notebooks:
            # Autograde's own does the passes one after the other for each notebook.
            super(Autograde, self).convert_single_notebook(path)

    def write_single_notebook(self, output: str, resources: dict[str, Any]) -> None:
        notebook = resources["nbgrader"]["notebook"]
        if RUN in resources:
            self.runs[notebook] = resources[RUN]
        which = f"{notebook}.ipynb: " if len(self.notebooks) > 1 else ""
        self.remarks += [which + remark for remark in resources.get(REMARKS, ())]
        self.repairs += [which + repair for repair in resources.get(REPAIRS, ())]
        super().write_single_notebook(output, resources)

    @property
    def _input_directory(self) -> str:
        return self.coursedir.submitted_directory if self._sanitizing else self._output_directory

    @property
    def _output_directory(self) -> str:
        graded: str = self.coursedir.autograded_directory
        return graded if self._in_place else os.path.join(graded, _UNFINISHED)

    def _put_in_place(self, assignment: str, student: str) -> None:
        unfinished = self._format_dest(assignment, student)
        self._in_place = True
        graded = self._format_dest(assignment, student)
        os.makedirs(os.path.dirname(graded), exist_ok=True)
        os.rename(unfinished, graded)
        with contextlib.suppress(OSError):
            os.removedirs(os.path.dirname(unfinished))

    def _remove(self, assignment: str, student: str) -> None:
        """Remove what has been made so far, or what a killed run has left behind."""
        made = self._format_dest(assignment, student)
        if os.path.lexists(made):
            shutil.rmtree(made)
        with contextlib.suppress(OSError):
            os.removedirs(os.path.dirname(made))
