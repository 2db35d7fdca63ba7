"""From the instructor's notebook to what students get, and the check that nothing leaks.

A build puts nothing in place, and enters nothing in the gradebook, before all of it has come out
right. What a failing build leaves is the release that was there before.
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry, SourceCell
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import DBAPIError
from traitlets.config import Config

from autograder.authoring.exercise import Assignment, source_as
from autograder.building.clearing import find_leaks
from autograder.building.student_side import lay_beside
from autograder.building.text_notebook import build_source
from autograder.core.course import Course, course_secret
from autograder.core.errors import CourseError, GraderError, itemized
from autograder.core.files import StagedFile, stage
from autograder.core.notebooks import as_bytes, read_notebook
from autograder.records.releases import keep_release
from autograder.settings import PublicExamples
from autograder.soundness.checks import require_sound

_SAVES = "SaveCells"
"""nbgrader's preprocessor that writes into the gradebook."""


class LeakError(GraderError):
    """The release would hold something that students must not get."""


class BuildError(GraderError):
    """A release cannot be made, or cannot be entered in the gradebook. The old one is in place."""


def require_texts(course: Course, assignments: Sequence[Assignment] = ()) -> None:
    """Refuse to build what has no text notebook.

    Raises
    ------
    CourseError
        If the course has no text notebooks at all, or none for one of the assignments.
    """
    folder = course.text("NAME").parent
    if not any(folder.glob("*.py")):
        raise CourseError(
            f"the course {course.root} has no text notebooks to build from: there is no NAME.py in "
            f"{folder}. Write one; or, if its notebooks are made by hand, release them with: "
            "nbgrader generate_assignment NAME"
        )
    for assignment in assignments:
        if not course.text(assignment.name).is_file():
            raise CourseError(
                f"{assignment.name} has no text notebook: {course.text(assignment.name)} is missing"
            )


def release(course: Course, assignment: Assignment, config: Config) -> Path:
    """Build `assignment` and write its student release with nbgrader's own converter.

    The assignment is entered in the gradebook as well. Whatever fails, the old release stays.

    Returns
    -------
    Path
        The released notebook.

    Raises
    ------
    CourseError
        If the assignment has no text notebook.
    UnsoundError, SourceError
        If the assignment, or its text notebook, has faults.
    LeakError
        If a line of a solution, or the mark of a hidden test, would be in the release.
    BuildError
        If nbgrader cannot make the release, or cannot enter it in the gradebook.
    """
    require_texts(course, [assignment])
    require_sound(assignment, course_secret(course))
    text = course.text(assignment.name).read_text(encoding="utf-8")
    source = build_source(text, assignment)
    with _Build(course, assignment.name, config) as build:
        if not PublicExamples(config=config).folder:
            lay_beside(assignment, build.source)
        build.convert(source, _checkers(assignment))
        build.publish()
    return course.released(assignment.name)


class _Build:
    """One build, in a folder of its own that goes when it is over.

    Its sources are the new notebook, and whatever else lies beside the old one for students.
    """

    def __init__(self, course: Course, name: str, config: Config) -> None:
        self._course = course
        self._name = name
        self._config = config
        self._staged: list[StagedFile] = []

    def __enter__(self) -> _Build:
        parent = self._course.source.parent
        parent.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(dir=parent, prefix="unfinished-"))
        before = self._course.master(self._name).parent
        if before.is_dir():
            shutil.copytree(before, self.source)
        self.source.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for staged in self._staged:
            staged.discard()
        shutil.rmtree(self._folder)

    @property
    def source(self) -> Path:
        """The folder that the release is made of: what lies here, students get."""
        return self._folder / "source" / self._name

    @property
    def _release(self) -> Path:
        return self._folder / "release" / self._name

    def convert(self, source: NotebookNode, beside: Mapping[str, str]) -> None:
        """Make the release, without a look at the gradebook, and see that it holds no secret.

        `beside` is code that students get as well.
        """
        master = self._course.master(self._name)
        (self.source / master.name).write_bytes(as_bytes(source))
        converter = self._converter()
        converter.no_database = True
        converter.preprocessors = [each for each in converter.preprocessors if not _saves(each)]
        _run(converter, lambda error: BuildError(f"{self._name} cannot be released: {error}"))
        released = read_notebook(self._release / master.name)
        if leaks := list(find_leaks(source, released, beside)):
            raise LeakError(itemized(f"{self._name}: the release would hold", leaks))

    def publish(self) -> None:
        """Enter the release in the gradebook, and put it in place. Both it and the old are kept."""
        new = self._staged_below(self._release, self._course.released(self._name).parent)
        master = self._course.master(self._name)
        self._staged_below(self.source, master.parent)
        self._make_room_for_cells()
        shutil.rmtree(self._release)
        keep_release(self._course, self._name)
        _run(self._converter(), self._not_entered)
        for staged in self._staged:
            staged.publish()
        keep_release(self._course, self._name)
        for old in _files(self._course.released(self._name).parent):
            if old not in new:
                old.unlink()

    def _staged_below(self, made: Path, place: Path) -> set[Path]:
        for path in _files(made):
            staged = stage(place / path.relative_to(made), path.read_bytes())
            shutil.copymode(path, staged.temporary)
            self._staged.append(staged)
        return {each.path for each in self._staged}

    def _converter(self) -> Any:
        directory = CourseDirectory(config=self._config, assignment_id=self._name)
        root = Path(directory.root)
        directory.source_directory = str(self.source.parent.relative_to(root))
        directory.release_directory = str(self._release.parent.relative_to(root))
        return GenerateAssignment(
            coursedir=directory, config=self._config, force=True, log=logging.getLogger(__name__)
        )

    def _make_room_for_cells(self) -> None:
        """Prepare a gradebook that holds submissions for other cells that are read only.

        nbgrader adds no cell, and takes none away, once there are submissions. Of those that
        students neither answer nor get points for, its gradebook holds nothing but the text, so
        they can come and go.
        """
        made = read_notebook(self._release / f"{self._name}.ipynb")
        flags = [cell.metadata.get("nbgrader", {}) for cell in made.cells]
        cells = {each["grade_id"]: each for each in flags if each}
        marked = {name for name, each in cells.items() if each["grade"] or each["solution"]}
        directory = CourseDirectory(config=self._config)
        try:
            with Gradebook(directory.db_url, directory.course_id) as gradebook:
                notebook = gradebook.find_notebook(self._name, self._name)
                if not notebook.submissions:
                    return
                known = {cell.name for cell in (*notebook.grade_cells, *notebook.solution_cells)}
                self._require_no_change(known, marked, len(notebook.submissions))
                for cell in notebook.source_cells:
                    if cell.name not in cells:
                        gradebook.db.delete(cell)
                for name in cells.keys() - {cell.name for cell in notebook.source_cells}:
                    new = SourceCell(name=name, cell_type=cells[name]["cell_type"], locked=True)
                    notebook.source_cells.append(new)
                gradebook.db.commit()
        except MissingEntry:
            return
        except DBAPIError as error:
            raise self._not_entered(error) from None

    def _require_no_change(self, known: set[str], made: set[str], submissions: int) -> None:
        changes = [
            f"{', '.join(sorted(names))} {what}"
            for what, names in (("added", made - known), ("removed", known - made))
            if names
        ]
        if changes:
            raise BuildError(
                f"{self._name}: {'; '.join(changes)}, but the gradebook holds {submissions} "
                "submissions, and nbgrader takes no other answers and tests then. The old release "
                "is in place. Undo the change, release the new version under a name of its own, "
                "or drop the submissions and all their scores with: "
                f"nbgrader db assignment remove {self._name} --force"
            )

    def _not_entered(self, error: Exception) -> BuildError:
        reason = error.orig if isinstance(error, DBAPIError) else error
        return BuildError(
            f"{self._name} cannot be entered in the gradebook: {reason}. "
            "The old release is in place; mend this and build again"
        )


def _checkers(assignment: Assignment) -> dict[str, str]:
    """The checkers, which go into the student's check."""
    return {
        f"the checker of {exercise.name}": source_as(exercise.accepts, "accepts")
        for exercise in assignment.exercises
        if exercise.accepts
    }


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _saves(preprocessor: str | type) -> bool:
    name = preprocessor if isinstance(preprocessor, str) else preprocessor.__name__
    return name.rpartition(".")[2] == _SAVES


def _run(converter: Any, told: Callable[[Exception], GraderError]) -> None:
    """Have nbgrader convert. What it logs with a traceback, and hides, is raised.

    Raises
    ------
    GraderError
        What `told` makes of the cause.
    """
    causes: list[BaseException | None] = []

    def hear(record: logging.LogRecord) -> bool:
        if record.levelno < logging.ERROR:
            # Of a folder that nobody has seen.
            return not record.getMessage().startswith("Removing failed assignment")
        causes.append(sys.exc_info()[1])
        return False

    # The gradebook has a logger of its own.
    loggers = (converter.log, logging.getLogger("tornado.application"))
    for logger in loggers:
        logger.addFilter(hear)
    try:
        converter.start()
    except Exception as error:
        cause = next((each for each in causes if isinstance(each, Exception)), error)
        raise told(cause) from error
    finally:
        for logger in loggers:
            logger.removeFilter(hear)
