"""The command line: what the shell can ask for, and where it is done.

What the modules of `commands` say of a command, its arguments and its help, is there at once. The
work of each stands elsewhere, and is imported when the command runs: nbgrader alone takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from autograder.doors import families
from autograder.doors.commands import grading, watching, writing
from autograder.doors.exits import ExitCode

__all__ = ["ExitCode", "app", "main"]

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown")

_PANELS: Mapping[str, tuple[Callable[..., None], ...]] = {
    "Write a course": (
        writing.new,
        writing.check,
        writing.build,
        writing.table,
        writing.syllabus,
        writing.demo,
    ),
    "Grade a class": (
        grading.grade,
        grading.regrade,
        grading.report,
        watching.watch,
        families.families,
        families.name,
        grading.doctor,
    ),
}
for panel, commands in _PANELS.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)


def _show_versions(wanted: bool) -> None:
    if wanted:
        from autograder import __version__
        from autograder.running.execute import versions
        from autograder.sandbox.protocol.plan import Packages

        print(f"autograder {__version__}")
        for name, version in versions(Packages()).items():
            print(f"{name} {version}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_versions, is_eager=True, help="Print versions and stop."
        ),
    ] = False,
) -> None:
    """Build the notebooks of the course, and grade what students hand in.

    Run it in the course directory, the one with `nbgrader_config.py`. Submissions are expected as
    `submitted/STUDENT/NAME/NAME.ipynb`, where nbgrader puts them.

    Exit codes: 0 all well; 1 something is wrong with the course or the machine; 2 wrong use;
    3 some submissions could not be read; 4 some could not be run by a fault of the grader: run the
    command again; 5 the records of some do not fit any more: `autograder grade NAME` runs just
    those.
    """


def main() -> None:
    """Run the command line; faults that a user can mend are told in one line."""
    try:
        app()
    except Exception as error:
        from autograder.doors.telling import told

        found = told(error)
        if found is None:
            raise
        from autograder.doors.console import complaint

        text, code = found
        complaint(f"autograder: {text}")
        raise SystemExit(code) from None
