"""Processes of the sandbox are killed from outside: no honest student pays for it."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest

from autograder.sample.answers import fill_in, wheats, with_code
from autograder.sandbox.walls.accounting import descendants
from tests.autograder.leftovers import grades, shown_but_not_entered

ROOT = Path(__file__).parents[3]
STUDENTS = [f"honest-{number:02}" for number in range(16)]
SOURCE = "import time\ntime.sleep(0.2)\ndef double(x):\n    time.sleep(0.02)\n    return 2 * x\n"
LIMIT = 1200 << 20
HOG = """
import os, sys, time
open(sys.argv[1], "w").write(str(os.getpid()))
held = []
while True:
    held.append(bytearray(os.urandom(1 << 20)) * 8)
    time.sleep(0.005)
"""

pytestmark = pytest.mark.long


@pytest.fixture
def course(_released_once, tiny, tmp_path):
    """A class in which everybody deserves full points."""
    root = tmp_path / "course"
    shutil.copytree(_released_once, root)
    released = nbformat.read(root / "notebooks" / tiny.name / f"{tiny.name}.ipynb", 4)
    notebook = nbformat.writes(with_code(fill_in(released, wheats(tiny)), "double", SOURCE))
    for student in STUDENTS:
        path = root / "submitted" / student / tiny.name / f"{tiny.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook)
    return root


@pytest.fixture
def start(course):
    """Starts grading; whatever is started is ended with the test."""
    running = []

    def start_one(**options):
        run = subprocess.Popen(
            [sys.executable, "-m", "tests.autograder.killed", str(course)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            **options,
        )
        running.append(run)
        return run

    yield start_one
    for run in running:
        run.kill()
        run.communicate()


def nobody_lost_a_point(course, start, run):
    """Full points or no score now, and full points for everybody after one more run."""
    said, _ = run.communicate(timeout=600)
    assert run.returncode == 0
    assert len(said.splitlines()) == len(STUDENTS)
    assert shown_but_not_entered(course) == []
    given = {entry[2] for entry in grades(course / "gradebook.db") if entry[1] == "test-double"}
    assert given <= {3.0, None}
    again = start()
    again.communicate(timeout=600)
    assert again.returncode == 0
    given = [entry[2] for entry in grades(course / "gradebook.db") if entry[1] == "test-double"]
    assert given == [3.0] * len(STUDENTS)


def rooms(grader):
    """The guards of the rooms that there are now: the first whom the kernel is told to take."""
    found = []
    for pid in descendants(grader):
        with suppress(OSError), open(f"/proc/{pid}/status") as status:
            parent = next(line.split()[1] for line in status if line.startswith("PPid:"))
            if _sacrificed(pid) and not _sacrificed(int(parent)):
                found.append((pid, int(parent)))
    return found


def _sacrificed(pid):
    with open(f"/proc/{pid}/oom_score_adj") as file:
        return file.read().strip() == "1000"


def victim(kind, guard, zygote):
    """The id of a process of a room."""
    if kind == "zygote":
        return zygote
    below = [guard, *descendants(guard)]
    return below[min(["guard", "first", "student"].index(kind), len(below) - 1)]


@pytest.mark.parametrize("kind", ["zygote", "guard", "first", "student"])
def test_a_process_killed_in_the_middle_costs_nobody_a_point(course, start, kind):
    """In every sixth room: a submission that is tried again then gets through."""
    chance = random.Random(kind)
    run = start()
    assert run.stdout.readline() == "begun\n"
    seen, killed = set(), 0
    while run.poll() is None:
        for guard, zygote in rooms(run.pid):
            if guard in seen:
                continue
            seen.add(guard)
            if len(seen) % 6 == 2:
                time.sleep(chance.uniform(0.02, 0.25))
                killed += kill(victim(kind, guard, zygote), below=run.pid)
        time.sleep(0.005)
    assert killed
    nobody_lost_a_point(course, start, run)


def kill(pid, below):
    """Kill a process that is still a descendant of `below`; tell whether it was."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return False
    try:
        if pid not in descendants(below):
            return False
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(descriptor)


class MemoryGroup:
    """A control group of the kernel's with little memory, version 1 or 2."""

    def __init__(self):
        first = Path("/sys/fs/cgroup/memory")
        base, self._limit, self._told = (
            (first, "memory.limit_in_bytes", "memory.oom_control")
            if first.is_dir()
            else (Path("/sys/fs/cgroup"), "memory.max", "memory.events")
        )
        self._folder = base / f"autograder-test-{os.getpid()}"

    def __enter__(self):
        self._folder.mkdir()
        try:
            (self._folder / self._limit).write_text(str(LIMIT))
        except OSError:
            self._folder.rmdir()
            raise
        return self

    def __exit__(self, *_):
        for _ in range(100):
            with suppress(OSError):
                self._folder.rmdir()
                return
            time.sleep(0.1)

    @property
    def members(self):
        return str(self._folder / "cgroup.procs")

    def join(self):
        """Called in a child, before it becomes another program."""
        with open(self.members, "w") as file:
            file.write(str(os.getpid()))

    def killed(self):
        lines = (self._folder / self._told).read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))


def test_a_machine_out_of_memory_costs_nobody_a_point(course, start):
    """Another program eats the memory; the kernel takes rooms, and then that program."""
    with contextlib.ExitStack() as stack:
        try:
            group = stack.enter_context(MemoryGroup())
        except OSError as error:
            pytest.skip(f"NO CONTROL GROUP FOR MEMORY CAN BE MADE HERE: {error}")
        hogs = 0
        run = start(preexec_fn=group.join)
        assert run.stdout.readline() == "begun\n"
        while run.poll() is None and not rooms(run.pid):
            time.sleep(0.01)
        while run.poll() is None and group.killed() < hogs + 4:
            hog = subprocess.Popen([sys.executable, "-c", HOG, group.members])
            hog.wait()
            hogs += 1
            assert hog.returncode == -signal.SIGKILL
        assert group.killed() > hogs
        nobody_lost_a_point(course, start, run)
