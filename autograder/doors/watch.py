"""``autograder watch``: grade what arrives, while it arrives."""

from __future__ import annotations

import json
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.core.course import Course, find_course
from autograder.core.errors import CourseError
from autograder.core.names import printable
from autograder.doors import console as show
from autograder.doors.commands.options import CourseOption
from autograder.core.walls import Sandbox
from autograder.settings import Watch

if TYPE_CHECKING:
    from autograder.grading.own import OwnClassroom
    from autograder.watching.exchange import Exchange
    from autograder.watching.watcher import Served


def watch(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Such as `02_convolution`.")
    ],
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
    from autograder.watching.exchange import Exchange
    from autograder.watching.watcher import Watcher

    logging.basicConfig(level=logging.WARNING, format="autograder: %(message)s")
    with _told_to_stop() as stop:
        course = find_course(course_directory)
        classrooms = _classrooms(course, names, sandbox)
        room = classrooms[0].room
        settings = Watch(config=room.config)
        exchange = Exchange(course, room.config, names) if collect or release else None
        watcher = Watcher(
            course,
            classrooms,
            settings,
            room.sizes,
            workers=workers,
            collect=exchange.collect if exchange and collect else lambda: None,
            report=lambda: _report(course, names, exchange if release else None),
            ready=lambda: _say(f"watching {', '.join(names)} in {course.root}", as_json),
        )
        for served in watcher.run(stop):
            kept = exchange.release(served.result) if exchange and release else None
            print(_as_json(served, kept) if as_json else _as_line(served, kept), flush=True)
    _say(f"stopped; left for the next start: {watcher.left}", as_json)


def _say(text: str, as_json: bool) -> None:
    """A line for people; programs do not get it."""
    if not as_json:
        print(printable(text), flush=True)


def _classrooms(course: Course, names: list[str], sandbox: Sandbox | None) -> list[OwnClassroom]:
    from autograder.doors.classrooms import find_classrooms
    from autograder.grading.own import OwnClassroom

    found = []
    for classroom in find_classrooms(course, list(dict.fromkeys(names)), sandbox):
        if not isinstance(classroom, OwnClassroom):
            raise CourseError(
                f"{classroom.assignment.name} has its tests in its own cells, and only assignments "
                f"with exercises are watched; run: autograder grade {classroom.assignment.name}"
            )
        found.append(classroom)
    return found


def _report(course: Course, names: list[str], exchange: Exchange | None) -> None:
    """Bring pages and report up to date; what keeps it from that is told, and tried again.

    Parameters
    ----------
    exchange : Exchange or None
        Where pages that have changed are released again.
    """
    from autograder.doors.classrooms import find_classrooms
    from autograder.grading.class_report import refresh_pages, write_report
    from autograder.publishing.result import load_result

    try:
        marks = {}
        for classroom in find_classrooms(course, names):
            name = classroom.assignment.name
            marks[name] = classroom.marks()
            for student in refresh_pages(classroom, marks[name]):
                result = load_result(course.result(name, student))
                if exchange and result:
                    exchange.release(result)
        write_report(course, find_classrooms(course), known=marks)
    except (CourseError, OSError) as error:
        show.complaint(f"report and pages could not be brought up to date: {error}")


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that is set by SIGTERM and by Ctrl-C."""
    stop = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_line(served: Served, kept: str | None) -> str:
    """A hand-in in a line; `kept` says why its page was not released, if it should have been."""
    verdict = served.result.verdict
    score = f" {verdict.earned:g}/{verdict.points:g}" if verdict.scored else ""
    remark = f": {verdict.remarks[0]}" if verdict.remarks and not verdict.scored else ""
    line = f"{verdict.assignment} {verdict.student} {verdict.outcome}{score} in {served.took:.2f} s"
    told = "" if kept is None else f"; not released, {kept}" if kept else "; released"
    return printable(f"{line}{remark}{told}").replace("\n", " ")


def _as_json(served: Served, kept: str | None) -> str:
    """A hand-in as JSON; `kept` is as for a line."""
    data: dict[str, Any] = show.as_data(served.result.verdict)
    del data["gradebook"]
    seconds = {"waited": round(served.waited, 3), "took": round(served.took, 3)}
    released = None if kept is None else {"done": not kept, "why_not": kept or None}
    return json.dumps({**data, "seconds": seconds, "released": released})
