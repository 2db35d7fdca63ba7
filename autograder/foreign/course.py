"""A course of plain nbgrader: where its files are, its assignments, and who has submitted."""

from __future__ import annotations

import contextlib
import glob
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Lock

from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from autograder.authoring.loading import is_foreign, load_assignments
from autograder.core.course import CONFIG_FILE, Course
from autograder.core.errors import CourseError
from autograder.core.names import why_no_student
from autograder.foreign.assignment import ForeignAssignment, read_assignment
from autograder.foreign.converter import Converter
from autograder.publishing.marks.place import gradebook_place, gradebook_url
from autograder.publishing.marks.reading import is_missing, with_patience
from autograder.sandbox.outside.zygote import Zygote
from autograder.settings import ENTER_STAGE, RUN_STAGE, LockedRoom, load_settings, lock

_CHARGING = (
    ENTER_STAGE,
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.assignlatepenalties.AssignLatePenalties",
)
"""The stages that enter what being late costs, as a configuration may name them."""


@dataclass(frozen=True)
class ForeignCourse:
    """A course directory as nbgrader's own configuration describes it.

    Attributes
    ----------
    course : Course
        Where our own files go: the report, the results and the lock.
    config : Config
        What ``nbgrader autograde`` would read, started in the course's directory.
    """

    course: Course
    config: Config

    @staticmethod
    def load(course: Course) -> ForeignCourse:
        """Read the configuration of a course as nbgrader does.

        Raises
        ------
        CourseError
            If it is wrong, or asks for what cannot be done here.
        """
        app = AutogradeApp()
        with contextlib.chdir(course.root):
            # Plugins and hooks may lie in the course's directory.
            app.init_syspath()
            load_settings(course)
            app.load_config_file()
            config = app.config
            config.CourseDirectory.root = CourseDirectory(config=config).root
        _require_our_stages(course, config)
        return ForeignCourse(course, config)

    @property
    def room(self) -> LockedRoom:
        """The limits and walls that the configuration asks for."""
        return LockedRoom(config=self.config)

    @property
    def charges(self) -> bool:
        """Whether its stages enter what being late costs."""
        stages = set(map(_dotted, self.config.Autograde.autograde_preprocessors))
        return not stages.isdisjoint(_CHARGING)

    def coursedir(self) -> CourseDirectory:
        """nbgrader's own account of the course's files, for one thread."""
        coursedir = CourseDirectory(config=self.config)
        coursedir.db_url = with_patience(gradebook_url(self.config, self.course.root))
        return coursedir

    def converter(self, zygote: Callable[[], Zygote], turn: Lock, *, force: bool) -> Converter:
        """What grades submissions in one thread."""
        return Converter(self.coursedir(), self.config, zygote, turn, force=force)

    @contextlib.contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """The gradebook, for one thread.

        Raises
        ------
        CourseError
            If there is none, or if it cannot be read.
        """
        coursedir = self.coursedir()
        if is_missing(coursedir.db_url):
            place = gradebook_place(coursedir.db_url)
            raise CourseError(
                f"there is no gradebook at {place}; run: nbgrader generate_assignment NAME"
            )
        try:
            gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        except SQLAlchemyError as error:
            raise CourseError(
                f"the gradebook cannot be read: {getattr(error, 'orig', error)}"
            ) from None
        with gradebook:
            yield gradebook

    def names(self) -> list[str]:
        """The foreign assignments that the gradebook knows."""
        try:
            with self.gradebook() as gradebook:
                own = {each.name for each in load_assignments(self.course)}
                return [each.name for each in gradebook.assignments if each.name not in own]
        except CourseError:
            return []

    def find(self, name: str) -> ForeignAssignment:
        """The assignment called `name`.

        Raises
        ------
        CourseError
            If there is none; the message lists those that there are.
        """
        if is_foreign(self.course, name) and name in self.names():
            with self.gradebook() as gradebook:
                found = read_assignment(gradebook, name)
            if found is not None:
                return replace(found, students=tuple(self.students(name)))
        known = [*self.names(), *(each.name for each in load_assignments(self.course))]
        raise CourseError(
            f"no assignment is called {name!r}; there are: {', '.join(known) or 'none'}"
        )

    def students(self, assignment: str) -> list[str]:
        """Whose submissions nbgrader would grade and whose results a disk can hold, in order."""
        return [name for name in self._folders(assignment) if not why_no_student(name)]

    def left_out(self, assignment: str) -> dict[str, str]:
        """The other folders that hold `assignment`, and why, in order of name."""
        whys = {name: why_no_student(name) for name in self._folders(assignment)}
        return {name: why for name, why in whys.items() if why}

    def _folders(self, assignment: str) -> list[str]:
        """Names of the folders that nbgrader would look into, in order.

        What is no UTF-8 in a name is written with backslashes, since no gradebook could hold it.
        """
        coursedir = self.coursedir()
        place = (coursedir.submitted_directory, coursedir.student_id, glob.escape(assignment))
        pattern = (coursedir.submitted_directory, "(?P<student>[^/]*)", re.escape(assignment))
        matcher = re.compile(coursedir.format_path(*pattern, escape=True))
        matches = map(matcher.fullmatch, glob.glob(coursedir.format_path(*place)))
        names = {os.fsencode(match["student"]) for match in matches if match}
        excluded = {os.fsencode(name) for name in coursedir.student_id_exclude.split(",")}
        return sorted(name.decode("utf-8", "backslashreplace") for name in names - excluded)

    @property
    def submitted(self) -> str:
        """The folder that submissions are looked for in."""
        coursedir = self.coursedir()
        folder: str = coursedir.format_path(coursedir.submitted_directory, "", "")
        return folder.rstrip("/")

    def places(self) -> dict[str, str]:
        """Where people find what was graded."""
        coursedir = self.coursedir()
        return {
            "gradebook": gradebook_place(coursedir.db_url),
            "graded": coursedir.format_path(coursedir.autograded_directory, "", "").rstrip("/"),
            "report": str(self.course.report),
        }


def names_with_results(course: Course) -> list[str]:
    """The foreign assignments of a course that have results and are still in its gradebook.

    Raises
    ------
    CourseError
        If its configuration or its gradebook cannot be read.
    """
    own = {each.name for each in load_assignments(course)}
    found = {path.name for path in course.results.glob("[!.]*")}
    names = sorted(found - own)
    known = ForeignCourse.load(course).names() if names else []
    return [name for name in names if name in known]


def _require_our_stages(course: Course, config: Config) -> None:
    """Have the course's own stages run with the walls, or say why that cannot be."""
    stages = config.Autograde.get("autograde_preprocessors")
    if stages is None and "sanitize_preprocessors" not in config.Autograde:
        lock(config)
    elif RUN_STAGE not in map(_dotted, stages or ()):
        raise CourseError(
            f"{course.root / CONFIG_FILE} sets preprocessors of Autograde that run notebooks "
            "without walls; call lock(get_config()) of autograder.settings after that, or put "
            f"{RUN_STAGE} in place of Execute"
        )
    if config.CourseDirectory.get("notebook_id", "*") != "*":
        raise CourseError(
            f"{course.root / CONFIG_FILE} sets CourseDirectory.notebook_id; `autograder grade` "
            "takes whole submissions: take it out, or use nbgrader autograde"
        )


def _dotted(stage: str | type) -> str:
    return stage if isinstance(stage, str) else f"{stage.__module__}.{stage.__qualname__}"
