"""How nbgrader comes by submissions that its own reader would not find, or not open."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat.reader import NotJSONError
from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Application, Config

from autograder.authoring.loading import is_foreign
from autograder.core.course import Course
from autograder.core.errors import CourseError, RefusedError, in_one_line
from autograder.core.notebooks import new_notebook
from autograder.doors.stages.faults_in_words import say_faults_in_words
from autograder.publishing.gradebook import GradebookBusyError, GradebookWriter
from autograder.publishing.marks.penalty import LatePenalty
from autograder.publishing.marks.place import gradebook_url
from autograder.running.locate import find_notebook
from autograder.settings import load_settings


def own_submission(
    config: Config, resources: dict[str, Any] | None
) -> tuple[Course, dict[str, Any]] | None:
    """The course, and nbgrader's names, of a submission to an assignment of the course's own."""
    names = (resources or {}).get("nbgrader", {})
    course = Course(Path(CourseDirectory(config=config).root))
    return (course, names) if names and not is_foreign(course, names["assignment"]) else None


class Opens(NotebookExporter):
    """nbgrader's exporter, which leaves it to `Rebuild` to read what was handed in.

    nbgrader would stop at a byte order mark, and hold all outputs in memory. A fault that has
    words for people is in nbgrader's log, and so in formgrader, with these and no traceback.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        say_faults_in_words(self.log)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **settings: Any
    ) -> tuple[Any, dict[str, Any]]:
        if own := own_submission(self.config, resources):
            course, names = own
            place = course.submission(names["assignment"], names["student"])
            if Path(filename) == place:
                nothing: tuple[Any, dict[str, Any]]
                nothing = super().from_notebook_node(new_notebook(), resources, **settings)  # type: ignore[no-untyped-call]
                return nothing
        try:
            return super().from_filename(filename, resources, **settings)
        except RefusedError:
            self._follow_due_date((resources or {}).get("nbgrader", {}))
            raise

    def _follow_due_date(self, names: dict[str, Any]) -> None:
        """Have the scores of an earlier hand-in lose what being late costs now."""
        if names:
            penalty = LatePenalty(self.config)
            with GradebookWriter(names["db_url"], names["assignment"], penalty) as writer:
                writer.follow(names["student"])

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **settings: Any
    ) -> tuple[Any, dict[str, Any]]:
        try:
            text = file_stream.read().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
            return super().from_file(io.StringIO(text), resources, **settings)
        except (UnicodeDecodeError, NotJSONError) as error:
            name = Path(file_stream.name).name
            raise RefusedError(
                f"{name} cannot be read as a notebook ({in_one_line(error)}); "
                "it has to be handed in again"
            ) from error


def before_converting(*, assignment: str, student: str, notebooks: list[str]) -> None:
    """Enter a submission, and have nbgrader find its notebook under another name too.

    nbgrader's hook before it converts a submission; the list is nbgrader's own, and `student`
    its pattern. Who grades beside nbgrader may enter the same submission at the same time, so
    each enters it in a transaction that looks first; nbgrader itself would not.
    """
    place = Path(notebooks[0])
    course = Course(place.parents[3])
    if is_foreign(course, assignment):
        return
    # nbgrader tries again, and says what is wrong.
    with suppress(GradebookBusyError, CourseError):
        url = gradebook_url(_in_effect(course), course.root)
        with GradebookWriter(url, assignment) as writer:
            writer.enrol(place.parents[1].name)
    _take_other_names(assignment, notebooks)


def _in_effect(course: Course) -> Config:
    """The configuration of the command that runs, whose own words count before the file's.

    Formgrader has no command line of nbgrader's.
    """
    app = Application.instance() if Application.initialized() else None
    return app.config if isinstance(app, AutogradeApp) else load_settings(course)[0]


def _take_other_names(assignment: str, notebooks: list[str]) -> None:
    places = {Path(notebook).parent / f"{assignment}.ipynb" for notebook in notebooks}
    if len(places) != 1:
        return
    (place,) = places
    try:
        find_notebook(place)
    except RefusedError:
        return
    notebooks[:] = [str(place)]
