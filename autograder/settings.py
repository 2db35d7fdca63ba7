"""The settings of a course, from its ``nbgrader_config.py``.

nbgrader and ``autograder`` read the same file, so that both front doors grade alike.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from enum import StrEnum
from pathlib import Path

from traitlets import Bool, Dict, Enum, Float, Integer, List, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import PyFileConfigLoader

from autograder.core.course import CONFIG_FILE, Course
from autograder.core.errors import CourseError
from autograder.core.sizes import Sizes
from autograder.core.walls import Sandbox
from autograder.sandbox.protocol.plan import COMMON_MODULES, Limits, Packages

RUN_STAGE = "autograder.doors.stages.preprocessors.ExecuteAndJudge"
"""What runs notebooks, as nbgrader's configuration names it."""

ENTER_STAGE = "autograder.doors.stages.preprocessors.SaveVerdict"
"""What enters scores, and what being late costs."""

PAGE_CLEANER = "autograder.publishing.harmless_html.clean_html"
"""What cleans HTML in nbconvert's pages: its own filter shows a table's head as text."""

PAGE_MARKDOWN = "autograder.publishing.rendered.markdown2html"
"""What renders Markdown in nbconvert's pages: its own filter lets everything through."""

MARKING_GUIDE = "autograder.doors.stages.guide.MarkingGuide"
"""What shows the marking guide in formgrader."""

PAGE_STYLE = "autograder.doors.stages.style.PageStyle"
"""What has the feedback pages of other courses fit a phone."""


class LockedRoom(Configurable):
    """What a submission may use, and what keeps it in."""

    cell_seconds = Float(Limits.cell_seconds, help="Seconds for one cell.").tag(config=True)
    question_seconds = Float(
        Limits.question_seconds, help="Seconds for all hidden cases of one exercise together."
    ).tag(config=True)
    submission_seconds = Float(
        Limits.submission_seconds, help="Seconds for a whole submission."
    ).tag(config=True)
    memory_bytes = Integer(
        Limits.memory_bytes, help="Memory for all processes of a submission together."
    ).tag(config=True)
    output_bytes = Integer(
        Limits.output_bytes, help="What all cells of a submission may print and display."
    ).tag(config=True)
    notebook_bytes = Integer(
        Sizes.notebook_bytes,
        help="How large the file of a notebook may be. Its outputs count here only.",
    ).tag(config=True)
    text_bytes = Integer(
        Sizes.text_bytes,
        help="What the cells of a notebook may hold besides outputs, pasted pictures included.",
    ).tag(config=True)
    code_characters = Integer(
        Sizes.code_characters, help="What the code of a notebook's cells may take together."
    ).tag(config=True)
    cells = Integer(Sizes.cells, help="How many cells a notebook may have.").tag(config=True)
    data_bytes = Integer(
        Limits.data_bytes,
        help="What may lie beside a notebook: the course's data, and what is handed in with it.",
    ).tag(config=True)
    kept_bytes = Integer(
        64 << 20,
        help="What the notebooks of another course may leave in the folder of the graded ones, "
        "where the next notebook of the assignment finds it.",
    ).tag(config=True)
    walls = Enum(
        [str(choice) for choice in Sandbox],
        str(Sandbox.AUTO),
        help="'auto': everything that this machine offers; 'none': no walls at all, for code "
        "that you trust. It is written into every record and onto the report.",
    ).tag(config=True)

    loopback = Bool(
        False,
        help="Whether notebooks may talk to themselves over TCP, for tests that start a server on "
        "127.0.0.1. Each room has that address for itself, so it takes a machine that allows "
        "network namespaces.",
    ).tag(config=True)
    library = List(
        Unicode(),
        help="Modules of the course's own packages, such as those that students import. Rooms "
        "have them loaded and may read them wherever they are installed, and records list their "
        "versions.",
    ).tag(config=True)
    common = List(
        Unicode(),
        list(COMMON_MODULES),
        help="Other modules that rooms have loaded, where they are installed: it saves time.",
    ).tag(config=True)

    @property
    def packages(self) -> Packages:
        return Packages(tuple(self.library), tuple(self.common))

    @property
    def limits(self) -> Limits:
        return Limits(
            cell_seconds=self.cell_seconds,
            question_seconds=self.question_seconds,
            submission_seconds=self.submission_seconds,
            memory_bytes=self.memory_bytes,
            output_bytes=self.output_bytes,
            data_bytes=self.data_bytes,
        )

    @property
    def sizes(self) -> Sizes:
        return Sizes(
            notebook_bytes=self.notebook_bytes,
            text_bytes=self.text_bytes,
            code_characters=self.code_characters,
            cells=self.cells,
        )


def with_walls(room: LockedRoom, sandbox: Sandbox | None) -> LockedRoom:
    """`room`, with other walls if some are asked for."""
    return room if sandbox is None else LockedRoom(config=room.config, walls=str(sandbox))


class PublicExamples(Configurable):
    """Where the student's ``check`` finds what it tries answers on."""

    folder = Unicode(
        "",
        help="The folder of the course's own package that students check with, where a build "
        "writes them, such as 'plots/check'. Without one they are laid beside each notebook, "
        "together with a check.py that needs numpy alone.",
    ).tag(config=True)


class Shows(StrEnum):
    """What a feedback page says of an answer that is not right."""

    CASE = "case"
    CASE_AFTER_DUE = "case-after-due"
    MESSAGES = "messages"
    NOTHING = "nothing"


_SHOWS = [str(choice) for choice in Shows]


class FeedbackPage(Configurable):
    """What students are told."""

    shows = Enum(
        _SHOWS,
        str(Shows.CASE),
        help="'case': beside each message what was asked and answered, and what is right; "
        "'case-after-due': that, once the time due of the student is over, and messages before; "
        "'messages': what is wrong, in words; 'nothing': points alone.",
    ).tag(config=True)
    assignments = Dict(
        key_trait=Unicode(),
        value_trait=Enum(_SHOWS),
        help="The same for single assignments, such as {'02_convolution': 'messages'}.",
    ).tag(config=True)

    hand_ins = Integer(
        0,
        min=0,
        help="How many hand-ins of a student to an assignment get more than their points: what "
        "'shows' says holds for so many, and 'nothing' for those that come later. 0: for all. "
        "Counted are different files that were run, by `autograder watch` or `grade`.",
    ).tag(config=True)

    def of(self, assignment: str) -> Shows:
        """What holds for one assignment."""
        return Shows(self.assignments.get(assignment, self.shows))


class Watch(Configurable):
    """How ``autograder watch`` waits, and for what."""

    between_seconds = Float(
        30.0,
        min=0.0,
        help="Seconds from one feedback to the next for one student and assignment. What is handed "
        "in meanwhile waits, and the newest counts.",
    ).tag(config=True)
    poll_seconds = Float(
        0.1, min=0.01, help="Seconds between two looks at the folder of submissions."
    ).tag(config=True)
    settle_seconds = Float(
        0.2, min=0.0, help="Seconds for which a file must not change before it is taken."
    ).tag(config=True)
    patience_seconds = Float(
        10.0,
        min=0.0,
        help="Seconds for which a file that cannot be read is taken for one that is still being "
        "written. After that it is refused.",
    ).tag(config=True)
    again_seconds = Float(
        30.0,
        min=0.0,
        help="Seconds until a hand-in is tried again that a fault of the machine kept from being "
        "graded.",
    ).tag(config=True)
    report_seconds = Float(
        60.0, min=0.0, help="Seconds between two class reports, where something has changed."
    ).tag(config=True)
    collect_seconds = Float(
        1.0, min=0.1, help="Seconds between two looks at nbgrader's exchange."
    ).tag(config=True)
    stop_seconds = Float(
        20.0,
        min=0.0,
        help="Seconds that running submissions may still take when the watcher is told to stop. "
        "What is not done by then is left for its next start.",
    ).tag(config=True)


def configure(config: Config, root: Path) -> None:
    """Set nbgrader up for a course of this kind. For use in ``nbgrader_config.py``.

    Parameters
    ----------
    config : Config
        What ``get_config()`` gives.
    root : Path
        The course directory.
    """
    course = Course(Path(root).resolve())
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.db_url = course.gradebook_url
    for step in ("source", "release", "submitted", "autograded", "feedback"):
        folder = getattr(course, step).relative_to(course.root)
        setattr(config.CourseDirectory, f"{step}_directory", str(folder))
    config.GenerateAssignment.preprocessors = [
        "nbgrader.preprocessors.IncludeHeaderFooter",
        "nbgrader.preprocessors.LockCells",
        "autograder.building.clearing.ClearAnswers",
        "nbgrader.preprocessors.ClearOutput",
        "nbgrader.preprocessors.CheckCellMetadata",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.SaveCells",
        "nbgrader.preprocessors.ClearHiddenTests",
        "nbgrader.preprocessors.ClearMarkScheme",
        "nbgrader.preprocessors.ComputeChecksums",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.LockCells.lock_solution_cells = False
    config.Autograde.pre_convert_hook = "autograder.doors.stages.opening.before_converting"
    config.GenerateFeedback.exporter_class = "autograder.doors.stages.feedback.StudentPage"
    # A page that is there may be older than what a person has marked since.
    config.GenerateFeedback.force = True
    config.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError"}
    lock(config)


def lock(config: Config) -> None:
    """Have ``nbgrader autograde`` run all notebooks in the locked room.

    The ``nbgrader_config.py`` of another course needs no more than this::

        from autograder.settings import lock
        lock(get_config())

    Parameters
    ----------
    config : Config
        What ``get_config()`` gives.
    """
    config.Autograde.exporter_class = "autograder.doors.stages.opening.Opens"
    config.Autograde.sanitize_preprocessors = ["autograder.doors.stages.preprocessors.Rebuild"]
    config.Autograde.autograde_preprocessors = [
        RUN_STAGE,
        ENTER_STAGE,
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    # What students wrote and displayed, in the pages for whoever grades and in the feedback.
    config.HTMLExporter.sanitize_html = True
    config.HTMLExporter.filters = {"clean_html": PAGE_CLEANER, "markdown2html": PAGE_MARKDOWN}
    config.HTMLExporter.preprocessors = [MARKING_GUIDE]
    config.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
        PAGE_STYLE,
    ]
    _put_interpreter_first()


def _put_interpreter_first() -> None:
    """nbgrader starts ``alembic`` from the PATH: it must be this environment's."""
    own = str(Path(sys.executable).parent)
    folders = os.environ.get("PATH", "").split(os.pathsep)
    if folders[0] != own:
        os.environ["PATH"] = os.pathsep.join([own, *folders])


def load_settings(course: Course) -> tuple[Config, LockedRoom]:
    """Read the course's configuration file.

    Raises
    ------
    CourseError
        If the file is missing or wrong.
    """
    try:
        config = PyFileConfigLoader(CONFIG_FILE, path=str(course.root)).load_config()
        room = LockedRoom(config=config)
        FeedbackPage(config=config)
        Watch(config=config)
    except Exception as error:
        raise CourseError(f"{course.root / CONFIG_FILE}: {error}") from error
    for name in room.packages.own:
        if importlib.util.find_spec(name) is None:
            raise CourseError(
                f"{course.root / CONFIG_FILE}: c.LockedRoom.library names {name}, but no package "
                "of that name is installed"
            )
    return config, room
