"""``autograder watch``: grade what arrives, while it arrives."""

from __future__ import annotations

import json
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.core.course import Course, find_course
from autograder.core.errors import CourseError
from autograder.core.names import printable
from autograder.core.walls import Sandbox
from autograder.doors import console as show
from autograder.doors.classrooms import find_classrooms
from autograder.grading.class_report import refresh_pages, write_report
from autograder.grading.own import OwnClassroom
from autograder.publishing.result import load_result
from autograder.settings import LockedRoom, Watch
from autograder.watching.watcher import Served, Watcher

if TYPE_CHECKING:
    from autograder.watching.exchange import Exchange


def watch(
    start: Path,
    names: list[str],
    *,
    workers: int | None,
    sandbox: Sandbox | None,
    collect: bool,
    release: bool,
    as_json: bool,
) -> None:
    """Grade what arrives, until a signal comes; a line for each hand-in."""
    logging.basicConfig(level=logging.WARNING, format="autograder: %(message)s")
    with _told_to_stop() as stop:
        course = find_course(start)
        classrooms = _classrooms(course, names, sandbox)
        room = classrooms[0].room
        settings = Watch(config=room.config)
        exchange = _exchange(course, names, room) if collect or release else None
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
            why_not = exchange.release(served.result) if exchange and release else None
            said = _as_json(served, why_not) if as_json else _as_line(served, why_not)
            print(said, flush=True)
    _say(f"stopped; left for the next start: {watcher.left}", as_json)


def _say(text: str, as_json: bool) -> None:
    """A line for people; programs do not get it."""
    if not as_json:
        print(printable(text), flush=True)


def _classrooms(course: Course, names: list[str], sandbox: Sandbox | None) -> list[OwnClassroom]:
    found = []
    for classroom in find_classrooms(course, names, sandbox):
        if not isinstance(classroom, OwnClassroom):
            raise CourseError(
                f"{classroom.assignment.name} has its tests in its own cells, and only assignments "
                f"with exercises are watched; run: autograder grade {classroom.assignment.name}"
            )
        found.append(classroom)
    return found


def _exchange(course: Course, names: list[str], room: LockedRoom) -> Exchange:
    # nbgrader's programs take a second to import.
    from autograder.watching.exchange import Exchange

    return Exchange(course, room.config, names)


def _report(course: Course, names: list[str], exchange: Exchange | None) -> None:
    """Bring pages and report up to date; what keeps it from that is told, and tried again.

    Parameters
    ----------
    exchange : Exchange or None
        Where pages that have changed are released again.
    """
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


def _as_line(served: Served, why_not: str | None) -> str:
    """A hand-in in a line.

    `why_not` says why its page was not released: "" if it was, None if nobody asked for that.
    """
    verdict = served.result.verdict
    score = f" {verdict.earned:g}/{verdict.points:g}" if verdict.scored else ""
    remark = f": {verdict.remarks[0]}" if verdict.remarks and not verdict.scored else ""
    line = f"{verdict.assignment} {verdict.student} {verdict.outcome}{score} in {served.took:.2f} s"
    told = "" if why_not is None else f"; not released, {why_not}" if why_not else "; released"
    return printable(f"{line}{remark}{told}").replace("\n", " ")


def _as_json(served: Served, why_not: str | None) -> str:
    """A hand-in as JSON; `why_not` is as for a line."""
    data: dict[str, Any] = show.as_data(served.result.verdict)
    del data["gradebook"]
    seconds = {"waited": round(served.waited, 3), "took": round(served.took, 3)}
    released = None if why_not is None else {"done": not why_not, "why_not": why_not or None}
    return json.dumps({**data, "seconds": seconds, "released": released})
