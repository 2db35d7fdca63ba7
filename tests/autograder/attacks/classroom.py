"""A course whose class attacks it: hand in, grade by the command line, note what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
from nbgrader.api import Gradebook

from attacks.attack import ASSIGNMENT, TARGET, Attack
from attacks.bait import Bait, Trap, lay_bait
from attacks.sets import MechanismSet
from attacks.table import ATTACKS
from autograder.building.release import release
from autograder.core.cells import marker_of
from autograder.core.course import Course
from autograder.core.notebooks import as_bytes
from autograder.sample.answers import fill_in, wheats
from autograder.settings import load_settings
from tests.course import find_assignment, make_course

CONFIG = """\
from pathlib import Path
from autograder.settings import configure
c = get_config()
configure(c, Path(__file__).parent)
c.LockedRoom.library = ["convkit"]
c.LockedRoom.cell_seconds = 3
c.LockedRoom.question_seconds = 3
c.LockedRoom.memory_bytes = 256 << 20
"""
WORKERS = 3
LEAKED = "leaked"
"""Attacks make this word at run time; it stands in none of their sources."""

_ASSIGNMENT = find_assignment(ASSIGNMENT)
_PROGRAM = Path(sys.executable).parent / "autograder"
_MISTAKE = next(e for e in _ASSIGNMENT.exercises if e.name == TARGET).misconceptions[0]
HONEST = ("honest-wheat-1", "honest-wheat-2", "honest-chaff")


def deserved(student: str) -> float:
    """The score of an honest student."""
    lost = 0.0
    if student == "honest-chaff":
        target = next(e for e in _ASSIGNMENT.exercises if e.name == TARGET)
        lost = sum(line.points for line in target.rubric if line.group in _MISTAKE.breaks)
    return sum(exercise.points for exercise in _ASSIGNMENT.exercises) - lost


@dataclass
class Graded:
    """What came of one class: plain data, so that it can be kept in a file."""

    verdicts: dict[str, dict[str, Any]]
    printed: dict[str, list[str]] = field(default_factory=dict)
    leaks: dict[str, list[str]] = field(default_factory=dict)
    gradebook: dict[str, float | None] = field(default_factory=dict)
    guarantees: dict[str, str] = field(default_factory=dict)
    harm: list[str] = field(default_factory=list)
    exit_code: int = 0
    stderr: str = ""
    most_scratch: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)))

    @staticmethod
    def load(path: Path) -> Graded:
        return Graded(**json.loads(path.read_text()))


def release_once(root: Path) -> None:
    """Make a course with the assignment released, to be copied for every class."""
    course = make_course(root)
    (root / "nbgrader_config.py").write_text(CONFIG)
    config, _ = load_settings(course)
    release(course, _ASSIGNMENT, config)


def grade_class(
    released: Path, mechanisms: MechanismSet, attacks: tuple[Attack, ...] = ATTACKS
) -> Graded:
    """Hand everything in at a copy of the course, and grade it."""
    # Every user must be able to reach it, which pytest's own directories do not allow.
    folder = Path(tempfile.mkdtemp(prefix="attacks-"))
    folder.chmod(0o755)
    try:
        with lay_bait(folder) as trap:
            course = Course(Path(trap.bait.root))
            shutil.copytree(released, course.root)
            hand_in_all(course, trap.bait, attacks)
            return _graded(course, trap, mechanisms, folder)
    finally:
        shutil.rmtree(folder)


def hand_in_all(course: Course, bait: Bait, attacks: tuple[Attack, ...]) -> None:
    """Hand in the honest submissions, then the attacks."""
    empty = nbformat.read(course.released(ASSIGNMENT), 4)
    for cell in empty.cells:
        if cell.cell_type == "code" and not marker_of(cell).kind:
            cell.source = "# Pictures to play with, left out for the sake of speed."
    for style, student in enumerate(HONEST):
        notebook = fill_in(empty, wheats(_ASSIGNMENT, style))
        if student == "honest-chaff":
            mistake = {TARGET: _MISTAKE.implementation}
            notebook = fill_in(empty, {**wheats(_ASSIGNMENT), **mistake})
        notebook.cells[0].source += f"\n{bait.canary}"
        (folder := course.submitted / student / ASSIGNMENT).mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(as_bytes(notebook))
    for attack in attacks:
        if attack.for_root and os.geteuid() != 0:
            continue
        (folder := course.submitted / attack.student / ASSIGNMENT).mkdir(parents=True)
        right = fill_in(empty, wheats(_ASSIGNMENT))
        attack.hand_in(folder, right, bait)


def _graded(course: Course, trap: Trap, mechanisms: MechanismSet, folder: Path) -> Graded:
    environment = _environment(folder, trap.bait)
    temporary = Path(environment["TMPDIR"])
    if mechanisms.user is not None:
        _give(folder, mechanisms.user)
    before = _listing(course.submitted)
    command = [*mechanisms.launcher, sys.executable, str(_PROGRAM), "grade", ASSIGNMENT, "--json"]
    command += ["--sandbox", mechanisms.sandbox, "--workers", str(WORKERS)]
    begin, spent = time.monotonic(), _cpu_seconds()
    with _watched(temporary) as sizes:
        done = subprocess.run(
            command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=400
        )
    seconds, cpu_seconds = time.monotonic() - begin, _cpu_seconds() - spent
    try:
        verdicts = {verdict["student"]: verdict for verdict in json.loads(done.stdout)}
    except ValueError:
        raise AssertionError(f"{done.returncode}: {done.stderr[-3000:]}") from None
    graded = Graded(verdicts, exit_code=done.returncode, stderr=done.stderr)
    graded.most_scratch, graded.seconds, graded.cpu_seconds = max(sizes), seconds, cpu_seconds
    graded.harm = list(_harm(course, trap, temporary))
    if _listing(course.submitted) != before:
        graded.harm.append("a submission was changed")
    for student in verdicts:
        _read_results(course, student, trap.bait, graded)
    with closing(Gradebook(course.gradebook_url)) as gradebook:
        for submission in gradebook.assignment_submissions(ASSIGNMENT):
            scores = [grade.auto_score for each in submission.notebooks for grade in each.grades]
            marked = [score for score in scores if score is not None]
            graded.gradebook[submission.student.id] = sum(marked) if marked else None
    return graded


def _environment(folder: Path, bait: Bait) -> dict[str, str]:
    """The grader's environment, with a canary in it, and with the list of fonts made already."""
    home, temporary, cache = (folder / name for name in ("home", "temporary", "cache"))
    for path in (home, temporary, cache / "matplotlib"):
        path.mkdir(parents=True)
    for path in Path(matplotlib.get_cachedir()).glob("fontlist-*.json"):
        shutil.copy(path, cache / "matplotlib")
    return os.environ | {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "XDG_CACHE_HOME": str(cache),
        "CANARY": bait.canary,
        "OPENBLAS_NUM_THREADS": "1",
    }


def _give(folder: Path, user: int) -> None:
    """Make everything below `folder` the user's."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files, "."):
            os.chown(Path(place, name), user, user, follow_symlinks=False)


def _listing(folder: Path) -> list[tuple[str, int, int]]:
    """Names, sizes and times of all files, whatever they are."""
    found = []
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            entry = os.lstat(os.path.join(place, name))
            found.append((os.path.join(place, name), entry.st_size, entry.st_mtime_ns))
    return sorted(found)


@contextlib.contextmanager
def _watched(folder: Path) -> Iterator[list[int]]:
    """Note now and then how many bytes lie below a folder."""
    sizes, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            size = 0
            for place, _, files in os.walk(folder):
                for name in files:
                    with contextlib.suppress(OSError):
                        size += os.lstat(os.path.join(place, name)).st_blocks * 512
            sizes.append(size)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield sizes
    finally:
        over.set()
        thread.join()


def _harm(course: Course, trap: Trap, temporary: Path) -> Iterator[str]:
    """What is not as it was before the class was graded."""
    bait = trap.bait
    yield from (f"talked to {address}" for address in trap.talked_to())
    yield from (f"changed {name}" for name in trap.changed_outside())
    yield from (f"process {pid} lives on" for pid in _left_running(bait))
    yield from (f"left {path}" for path in sorted(temporary.rglob("*")))
    for place in ("/dev/shm", "/tmp", "/var/tmp", "/run", "/"):
        for name in os.listdir(place):
            if bait.mark in name:
                yield f"left {place}/{name}"
    yield from (f"left {path}" for path in course.root.rglob(f"*{bait.mark}*"))
    if (course.root / "nbgrader_config.py").read_text() != CONFIG:
        yield "changed the configuration"


def _left_running(bait: Bait) -> Iterator[str]:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            comm = Path("/proc", pid, "comm").read_text()
            words = Path("/proc", pid, "cmdline").read_bytes()
            if bait.mark in comm or bait.root.encode() in words:
                yield pid


def _read_results(course: Course, student: str, bait: Bait, graded: Graded) -> None:
    """Note what a student's cells printed, and what leaked into what people see."""
    record = json.loads(course.record(ASSIGNMENT, student).read_text())
    outputs = [output for cell in record["cells"] for output in cell["outputs"]]
    lines = [line for output in outputs for line in str(output.get("text", "")).split("\n")]
    graded.printed[student] = [line for line in lines if line.startswith("got:")]
    seen = {"outputs": json.dumps(outputs)}
    for name, folder in (("feedback", course.feedback), ("graded", course.autograded)):
        for path in (folder / student).rglob("*.*"):
            if path.is_file():
                seen[name] = path.read_text()
    words = [LEAKED] if student in HONEST else [LEAKED, bait.canary]
    graded.leaks[student] = [
        f"{word} in {name}" for name, text in seen.items() for word in words if word in text
    ]
    for name, text in seen.items():
        if name == "feedback" and any(tag in text.lower() for tag in ("<script", "<img src=x")):
            graded.leaks[student].append("markup in feedback")
    if student == HONEST[0]:
        graded.guarantees = record["guarantees"]


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
