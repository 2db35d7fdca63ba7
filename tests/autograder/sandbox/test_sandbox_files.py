"""What lies beside a notebook, and what is left there: in real rooms, and the parts one by one."""

import os
import random
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.core.errors import SandboxError
from autograder.sandbox.nursery import laying_out
from autograder.sandbox.nursery.laying_out import lay_out
from autograder.sandbox.nursery.leavings import FILES, TOLD, keep
from autograder.sandbox.outside.provisions import laid_out
from autograder.sandbox.protocol.plan import Cell, Limits

LIMITS = Limits(cell_seconds=10.0, submission_seconds=60.0, file_bytes=16 << 20)
LARGE = 24 << 20


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """Data that are larger than a scratch space."""
    path = tmp_path_factory.mktemp("data") / "large.bin"
    path.write_bytes(random.Random(0).randbytes(1 << 20) * (LARGE >> 20))
    return path


def run(zygote, source, files, kept=None, limits=LIMITS):
    """What some code printed, with files beside it; and the report."""
    report = zygote.run([Cell("a", source)], limits, files, kept)
    shown = [output.get("text", output.get("evalue", "")) for output in report.results[0].outputs]
    return "".join(shown), report


def left(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


READ = """
import os
print(len(open("data/large.bin", "rb").read()), open("helper.py").read(), sorted(os.listdir()))
open("helper.py", "a").write("# mine")
open("data/new.txt", "w").write("new")
"""
TAMPER = """
import os
path = os.path.realpath("data/large.bin")
tries = {
    "append": lambda: open("data/large.bin", "ab"),
    "write": lambda: open(path, "r+b"),
    "truncate": lambda: os.truncate(path, 0),
    "remove": lambda: os.remove(path),
    "add": lambda: open(os.path.join(os.path.dirname(path), "x"), "w"),
    "chmod": lambda: os.chmod(path, 0o666),
    "link": lambda: os.link(path, "mine"),
    "rename": lambda: os.rename(path, path + "x"),
}
for name, attempt in tries.items():
    try:
        attempt()
        print("could", name)
    except OSError:
        pass
os.remove("data/large.bin")
open("data/large.bin", "w").write("mine")
print(open("data/large.bin").read())
"""


@pytest.mark.slow
def test_large_data_are_read_and_never_written(every_zygote, large, tmp_path):
    files = {"helper.py": b"six = 6", "data/large.bin": large}
    shown, report = run(every_zygote, READ, files, tmp_path)
    assert shown == f"{LARGE} six = 6 ['data', 'helper.py']\n"
    assert left(tmp_path) == {"helper.py": b"six = 6# mine", "data/new.txt": b"new"}
    assert report.lost == ()
    shown, _ = run(every_zygote, TAMPER, files)
    assert shown == "mine\n"
    shown, _ = run(every_zygote, READ, files)
    assert shown.startswith(f"{LARGE} six")


PEEK = """
import hashlib, os
beside = os.path.dirname(os.path.realpath("large.bin"))
digest = hashlib.sha256(open("large.bin", "rb").read()).hexdigest()
print(os.listdir(beside))
tries = {
    "open": lambda: open(os.path.join(beside, "../../shelf", digest), "rb"),
    "list": lambda: os.listdir(os.path.join(beside, "../../shelf")),
    "list the workshop": lambda: "shelf" in os.listdir(os.path.join(beside, "../..")) or 1 / 0,
}
for name, attempt in tries.items():
    try:
        attempt()
        print("could", name)
    except (OSError, ZeroDivisionError):
        pass
"""


@pytest.mark.slow
def test_a_room_sees_of_the_workshop_only_what_lies_beside_its_own_notebook(every_zygote, large):
    shown, _ = run(every_zygote, PEEK, {"large.bin": large})
    assert shown == "['large.bin']\n"


LEAVE = """
import os, socket
os.makedirs("a/b")
open("a/b/result.txt", "w").write("kept")
os.symlink("/etc/passwd", "passwd")
os.symlink("/etc", "folder")
os.mkfifo("pipe")
open(".hidden", "w").write("1")
open("line\\nbreak", "w").write("1")
os.makedirs("deep/" * 30)
open("unreadable", "w").write("1")
try: os.chmod("unreadable", 0)
except OSError: pass
"""


@pytest.mark.slow
def test_what_is_left_is_kept_as_far_as_it_is_harmless(every_zygote, tmp_path):
    _, report = run(every_zygote, LEAVE, {"same.txt": b"same"}, tmp_path)
    kept = left(tmp_path)
    assert kept.pop("unreadable") == b"1"
    assert kept == {"a/b/result.txt": b"kept"}
    assert "'passwd': it is a link" in report.lost
    assert "'folder': it is a link" in report.lost
    assert "'pipe': it is no file" in report.lost
    assert "'line\\nbreak': its name" in report.lost
    assert any("it is too deep" in line for line in report.lost)


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_what_is_left_by_a_process_that_ended_is_kept_too(zygote, tmp_path, end):
    run(zygote, f"import os\nopen('result.txt', 'w').write('kept')\n{end}", {}, tmp_path)
    assert left(tmp_path) == {"result.txt": b"kept"}


def test_only_what_the_last_room_left_is_kept(zygote, tmp_path):
    steps = [
        Cell("dies", "import os\nopen('first.txt', 'w')\nos._exit(0)"),
        Cell("lives", "open('second.txt', 'w').write('2')"),
    ]
    zygote.run(steps, LIMITS, {}, tmp_path)
    assert left(tmp_path) == {"second.txt": b"2"}


def test_files_that_do_not_end_are_not_kept(zygote, tmp_path):
    source = "f = open('sparse', 'w'); f.truncate(10 << 20); open('small', 'w').write('1')"
    limits = replace(LIMITS, file_bytes=8 << 20)
    run(zygote, source, {}, tmp_path, limits)
    assert left(tmp_path).get("sparse", b"") == b""


def test_a_folder_of_very_many_files_is_linked_whole(zygote):
    files = {f"images/{number}.png": b"x" for number in range(laying_out.MOST_ENTRIES + 1)}
    source = """
import os
print(len(os.listdir("images")), open("images/7.png").read(), open("one.txt").read())
print(os.path.islink("images"), os.path.islink("one.txt"))
for n in range(1000): open(f"{n}.txt", "w").close()
"""
    shown, report = run(zygote, source, {**files, "one.txt": b"1"})
    assert shown == f"{laying_out.MOST_ENTRIES + 1} x 1\nTrue False\n"
    assert str(report.results[0].outcome) == "OK"


def test_the_grader_does_not_hold_the_data_in_memory(strong, large):
    run(strong, "1", {"warm": b""})
    tracemalloc.start()
    try:
        shown, _ = run(
            strong, "import os; print(os.path.getsize('large.bin'))", {"large.bin": large}
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shown == f"{LARGE}\n"
    assert peak < 8 << 20


def test_a_large_file_is_copied_once_for_all_runs_in_a_row(tmp_path, large):
    def inode(files, shared=True):
        with laid_out(str(tmp_path), files, keep=False, shared=shared) as provisions:
            return Path(provisions.beside, "large.bin").stat().st_ino

    first = inode({"large.bin": large})
    again = Path(large.parent, "again.bin")
    again.write_bytes(large.read_bytes())
    assert inode({"large.bin": again}) == first
    other = Path(large.parent, "other.bin")
    other.write_bytes(bytes(LARGE))
    # The first one is still there meanwhile, so no inode is given out again.
    second = inode({"large.bin": other})
    assert second != first
    assert [path.stat().st_size for path in (tmp_path / "shelf").iterdir()] == [LARGE]
    assert [path.name for path in tmp_path.iterdir()] == ["shelf"]
    assert inode({"large.bin": other}, shared=False) != second


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc/passwd"), os.mkfifo])
def test_what_is_no_file_any_more_is_not_laid_out(tmp_path, make):
    make(path := tmp_path / "x")
    with (
        pytest.raises(SandboxError, match="cannot be laid beside"),
        laid_out(str(tmp_path), {"x": path}, keep=False, shared=True),
    ):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


def test_the_smallest_files_are_copied_and_the_rest_linked(tmp_path):
    (beside := tmp_path / "beside").mkdir()
    (home := tmp_path / "home").mkdir()
    for name, size in (("a", 30), ("b", 10), ("c", 20)):
        (beside / name).write_bytes(bytes(size))
    lay_out(str(beside), str(home), 30)
    assert {path.name: path.is_symlink() for path in home.iterdir()} == {
        "a": True,
        "b": False,
        "c": False,
    }


def kept_of(tmp_path, beside="", *, most_bytes=100, most_files=10):
    home = os.open(tmp_path / "home", os.O_RDONLY)
    keep(home, beside, str(tmp_path / "to"), most_bytes=most_bytes, most_files=most_files)
    os.close(home)
    return left(tmp_path / "to" / FILES), (tmp_path / "to" / TOLD).read_text().splitlines()


@pytest.fixture
def home(tmp_path):
    (folder := tmp_path / "home").mkdir()
    return folder


def test_bytes_that_are_kept_are_bounded(tmp_path, home):
    for name, size in (("a", 60), ("b", 60), ("c", 40)):
        (home / name).write_bytes(bytes(size))
    kept, told = kept_of(tmp_path)
    assert (sorted(kept), told) == (["a", "c"], ["'b': it is too large"])


def test_files_that_are_kept_are_bounded(tmp_path, home):
    for number in range(20):
        (home / f"{number:02}").touch()
    kept, told = kept_of(tmp_path)
    assert (len(kept), told) == (10, ["'10': there are too many"])


def test_names_that_are_no_text_are_not_kept(tmp_path, home):
    (home / "caf\udce9").touch()
    (home / "\x1b]0;x\x07").touch()
    (home / "café").touch()
    kept, told = kept_of(tmp_path)
    assert list(kept) == ["café"]
    assert told == ["'\\x1b]0;x\\x07': its name", "'caf\\udce9': its name"]


def test_links_pipes_and_the_very_deep_are_told_and_hidden_files_stay(tmp_path, home):
    (home / "file").symlink_to("/etc/passwd")
    (home / "folder").symlink_to("/etc")
    os.mkfifo(home / "pipe")
    (home / ".ipython").mkdir()
    (home / ".ipython" / "history").touch()
    (home / "/".join("d" * 20)).mkdir(parents=True)
    kept, told = kept_of(tmp_path, most_files=100)
    assert kept == {}
    assert told == [
        f"'{'/'.join('d' * 17)}': it is too deep",
        "'file': it is a link",
        "'folder': it is a link",
        "'pipe': it is no file",
    ]


def test_what_was_not_changed_is_not_kept_and_its_links_are_not_told(tmp_path, home):
    (beside := tmp_path / "beside").mkdir()
    for name in ("same", "changed", "longer", "linked"):
        (beside / name).write_text("text")
    (home / "same").write_text("text")
    (home / "changed").write_text("tent")
    (home / "longer").write_text("text.")
    (home / "linked").symlink_to(beside / "linked")
    kept, told = kept_of(tmp_path, str(beside))
    assert (sorted(kept), told) == (["changed", "longer"], [])


def test_with_nothing_beside_nothing_of_the_machine_is_compared(tmp_path, home):
    (home / "etc").mkdir()
    (home / "etc" / "passwd").write_bytes(Path("/etc/passwd").read_bytes())
    kept, _ = kept_of(tmp_path, most_bytes=1 << 20)
    assert list(kept) == ["etc/passwd"]
