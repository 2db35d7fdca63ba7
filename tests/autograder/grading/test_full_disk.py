"""A disk that really is full: nobody loses a point, and the next run ends as if it had not been."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.building.release import release
from autograder.sample import submit_class
from autograder.settings import load_settings
from tests.autograder.leftovers import comparable, grades, shown_but_not_entered, state
from tests.autograder.small_disk import NoSmallDiskError, SmallDisk
from tests.course import find_assignment, make_course

NAME = "01_shapes"
PROGRAM = Path(sys.executable).parent / "autograder"
PAGE = os.sysconf("SC_PAGE_SIZE")

pytestmark = pytest.mark.long


def size(root):
    """Bytes that the files below `root` take on a tmpfs."""
    files = [path for path in root.rglob("*") if not path.is_symlink()]
    return sum(-(-path.stat().st_size // PAGE) * PAGE if path.is_file() else PAGE for path in files)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose class has handed in."""
    course = make_course(tmp_path_factory.mktemp("full") / "course")
    config, _ = load_settings(course)
    assignment = find_assignment(NAME)
    release(course, assignment, config)
    submit_class(course, assignment)
    for folder in sorted(course.submitted.iterdir()):
        shutil.copytree(folder, course.submitted / f"{folder.name}-again")
    (course.root / ".course-secret").write_text("5" * 64 + "\n")
    return course.root


@pytest.fixture(scope="module")
def undisturbed(course, tmp_path_factory):
    """The same course, graded with all the space in the world."""
    root = tmp_path_factory.mktemp("undisturbed") / "course"
    shutil.copytree(course, root)
    done = subprocess.run([PROGRAM, "grade", NAME, "--json"], cwd=root, capture_output=True)
    assert done.returncode == 0
    return root, by_student(done)


def by_student(done):
    return {verdict["student"]: comparable(verdict) for verdict in json.loads(done.stdout)}


@pytest.fixture
def small_disk(tmp_path):
    """Mounts small disks; skips the test where nobody may."""
    opened = []

    def mount(place, size):
        place.mkdir()
        disk = SmallDisk(place, size)
        try:
            opened.append(disk.__enter__())
        except NoSmallDiskError as error:
            pytest.skip(f"NO SMALL FILE SYSTEM CAN BE MOUNTED HERE: {error}")
        return disk

    yield mount
    for disk in opened:
        disk.__exit__()


def grade(disk, root):
    """Grade, and hold what is said against what an undisturbed run says."""
    done = disk.run([PROGRAM, "grade", NAME, "--json"], cwd=root)
    assert "Traceback" not in done.stderr
    return done


def held_back(done, expected):
    """Who was not graded; whoever was, got what is deserved."""
    verdicts = by_student(done)
    assert verdicts.keys() == expected.keys()
    left = {student for student, verdict in verdicts.items() if verdict["outcome"] == "INFRA"}
    assert {student: verdicts[student]["score"] for student in left} == dict.fromkeys(left)
    assert {s: v for s, v in verdicts.items() if s not in left} == {
        student: verdict for student, verdict in expected.items() if student not in left
    }
    return left


def test_a_disk_that_gets_full_costs_nobody_a_point(course, undisturbed, small_disk, tmp_path):
    graded, expected = undisturbed
    needed = size(graded) - size(course)
    disk = small_disk(tmp_path / "disk", size(course) + needed // 2)
    root = tmp_path / "disk" / "course"
    shutil.copytree(course, disk.inside / "course")

    done = grade(disk, root)
    assert done.returncode == 4
    left = held_back(done, expected)
    assert 0 < len(left) < len(expected)
    last = " ".join(done.stderr.split()[-60:])
    assert f"{len(left)} could not be graded" in last
    assert "run the same command again" in last
    seen = shutil.copytree(disk.inside / "course", tmp_path / "first")
    assert shown_but_not_entered(seen) == []
    assert {
        score for student, _, score, *_ in grades(seen / "gradebook.db") if student in left
    } <= {None}

    disk.grow(2 * (size(course) + needed))
    assert disk.run([PROGRAM, "report"], cwd=root).returncode == 0
    report = (disk.inside / "course" / "report.html").read_text()
    assert {student for student in left if student not in report} == set()
    assert f"{len(expected) - len(left)} scored" in report

    again = grade(disk, root)
    assert (again.returncode, by_student(again)) == (0, expected)
    seen = shutil.copytree(disk.inside / "course", tmp_path / "second")
    assert state(seen) == state(graded)
    assert "Not graded yet" not in (seen / "report.html").read_text()


def test_a_gradebook_that_cannot_grow_costs_nobody_a_point(
    course, undisturbed, small_disk, tmp_path
):
    graded, expected = undisturbed
    root = tmp_path / "course"
    shutil.copytree(course, root)
    room = size_of(graded / "gradebook.db") - size_of(course / "gradebook.db")
    disk = small_disk(tmp_path / "disk", size_of(course / "gradebook.db") + 16 * PAGE + room // 2)
    shutil.move(root / "gradebook.db", disk.inside)
    (root / "gradebook.db").symlink_to(tmp_path / "disk" / "gradebook.db")

    done = grade(disk, root)
    assert done.returncode == 4
    left = held_back(done, expected)
    assert left
    assert "run the same command again" in " ".join(done.stderr.split())
    gradebook = shutil.copy(disk.inside / "gradebook.db", tmp_path)
    assert shown_but_not_entered(root, gradebook) == []
    rows = (root / "report.html").read_text().split("<tr>")
    assert {student for student in left if not told(rows, student)} == set()

    disk.grow(1 << 24)
    again = grade(disk, root)
    assert (again.returncode, by_student(again)) == (0, expected)
    gradebook = shutil.copy(disk.inside / "gradebook.db", tmp_path)
    assert state(root, gradebook) == state(graded)


def told(rows, student):
    """Whether a row of the report says that this student has to be graded again."""
    return any(f">{student}<" in row and "INFRA" in row and "again" in row for row in rows)


def size_of(path):
    return -(-path.stat().st_size // PAGE) * PAGE


def test_a_disk_that_is_full_from_the_beginning_is_told(course, small_disk, tmp_path):
    disk = small_disk(tmp_path / "disk", size(course) + 8 * PAGE)
    shutil.copytree(course, disk.inside / "course")
    with contextlib.suppress(OSError), open(disk.inside / "ballast", "wb", buffering=0) as ballast:
        while ballast.write(bytes(PAGE)):
            pass
    done = grade(disk, tmp_path / "disk" / "course")
    assert done.returncode == 4
    assert "No space left" in done.stderr
    assert "run the same command again" in " ".join(done.stderr.split())
