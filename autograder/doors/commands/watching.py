"""The command that grades a class while it hands in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.core.walls import Sandbox
from autograder.doors.commands.options import CourseOption


def watch(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Such as `02_convolution`.")],
    workers: Annotated[
        int | None, typer.Option(min=1, help="Submissions at the same time.", show_default="cores")
    ] = None,
    sandbox: Annotated[
        Sandbox | None,
        typer.Option(
            help="Overrides `nbgrader_config.py`, as for `grade`.",
            show_default="from the configuration",
        ),
    ] = None,
    collect: Annotated[
        bool,
        typer.Option("--collect", help="Also bring what is submitted to nbgrader's exchange."),
    ] = False,
    release: Annotated[
        bool,
        typer.Option("--release", help="Release each page to its student through the exchange."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a line of JSON for each hand-in.")
    ] = False,
    course_directory: CourseOption = Path(),
) -> None:
    """Grade what arrives in `submitted/`, as it arrives, until it is told to stop.

    Begins with what `autograder grade NAME` would still have to do, and then waits, with the
    locked rooms warm: a hand-in has its feedback within a second after its last byte, and the time
    that its own code takes. Scores, records and pages are those of `grade`. A line is printed for
    each hand-in. The class report follows within a minute.

    The oldest hand-in is next. What one student hands in again before it was taken counts once,
    and the newest file counts; the next waits for `c.Watch.between_seconds`. A file that is still
    being written is left until it is complete. `c.FeedbackPage` says how much a page shows.

    SIGTERM or Ctrl-C stop it, with exit code 0: what runs is finished, or left for the next start.
    Killed at any moment, it loses nothing either. While it runs, `grade`, `regrade` and `report`
    of the same course say so and do nothing.

    `docs/watch.md` has a unit for systemd and a service for JupyterHub.
    """
    from autograder.doors import watch as door

    door.watch(
        course_directory,
        list(dict.fromkeys(names)),
        workers=workers,
        sandbox=sandbox,
        collect=collect,
        release=release,
        as_json=as_json,
    )
