"""Rows 51 to 54: what lies in the place of a notebook, or beside it."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat

from attacks.attack import ASSIGNMENT, TARGET, Attack, HandIn, code, written
from attacks.bait import Bait
from autograder.core.outcome import Outcome
from autograder.sample.answers import with_code
from autograder.sample.forgeries import wrong

_REFUSED, _WRONG = Outcome.REFUSED, Outcome.WRONG
_NAME = f"{ASSIGNMENT}.ipynb"
_OTHER = "honest-wheat-1"


def _placed(place: Callable[[Path, Bait], object]) -> HandIn:
    """Hand in something of another kind under the notebook's name."""

    def hand_in(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
        place(folder, bait)

    return hand_in


def _notebook_of_another(bait: Bait) -> Path:
    return Path(bait.root, "submitted", _OTHER, ASSIGNMENT, _NAME)


def _link(folder: Path, bait: Bait) -> None:
    (folder / _NAME).symlink_to(_notebook_of_another(bait))


def _link_to_file(folder: Path, bait: Bait) -> None:
    (folder / _NAME).symlink_to(Path(bait.outside, "file"))


def _linked_folder(folder: Path, bait: Bait) -> None:
    folder.rmdir()
    folder.symlink_to(_notebook_of_another(bait).parent)


def _linked_student(folder: Path, bait: Bait) -> None:
    folder.rmdir()
    folder.parent.rmdir()
    folder.parent.symlink_to(_notebook_of_another(bait).parent.parent)


def _traversal(folder: Path, bait: Bait) -> None:
    folder.rmdir()
    folder.symlink_to(Path("..", "..", "submitted", _OTHER, "..", _OTHER, ASSIGNMENT))


def _fifo(folder: Path, bait: Bait) -> None:
    os.mkfifo(folder / _NAME)


def _device(folder: Path, bait: Bait) -> None:
    os.mknod(folder / _NAME, stat.S_IFCHR | 0o666, os.makedev(1, 5))


def _socket(folder: Path, bait: Bait) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        here = os.open(folder, os.O_PATH)
        listener.bind(f"/proc/self/fd/{here}/{_NAME}")
        os.close(here)


def _hard_link(folder: Path, bait: Bait) -> None:
    os.link(Path(bait.outside, "file"), folder / _NAME)


def _directory(folder: Path, bait: Bait) -> None:
    (folder / _NAME).mkdir()


def _file_as_folder(folder: Path, bait: Bait) -> None:
    folder.rmdir()
    folder.write_text("{}")


def _loop(folder: Path, bait: Bait) -> None:
    (folder / _NAME).symlink_to(_NAME)


def _in_folder(name: bytes) -> HandIn:
    """Hand in under a name that is not the student's."""

    def hand_in(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
        written(folder, right)
        folder.parent.rename(folder.parent.with_name(os.fsdecode(name)))

    return hand_in


def _undecodable_name(folder: Path, bait: Bait) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe\n.ipynb")).write_text("{}")


def _beside(files: Mapping[str, str | bytes], source: str) -> HandIn:
    """Lay files beside a notebook with `source` where conv2d belongs."""

    def hand_in(folder: Path, right: nbformat.NotebookNode, bait: Bait) -> None:
        for name, content in files.items():
            path = folder / os.fsdecode(os.fsencode(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, bytes) else bait.fill_in(content).encode()
            path.write_bytes(text)
        written(folder, with_code(right, TARGET, bait.fill_in(source)))

    return hand_in


_TOUCHES = """
import pathlib
pathlib.Path("$outside/imported").touch()
"""
_LIES = (
    _TOUCHES
    + """
def __getattr__(name):
    return lambda *args, **kwargs: True
"""
)
_MODULES = dict.fromkeys(
    (
        "numpy.py",
        "convkit.py",
        "sitecustomize.py",
        "usercustomize.py",
        "autograder.py",
        "json.py",
        "conftest.py",
        "convkit/__init__.py",
        "scipy/__init__.py",
        "IPython.py",
    ),
    _LIES,
)
_MODULES |= {
    "evil.pth": "import pathlib; pathlib.Path('$outside/imported').touch()",
    "nbgrader_config.py": _TOUCHES,
    ".ipython/profile_default/startup/00.py": _TOUCHES,
    "pyvenv.cfg": "home = /nowhere",
}

_WRITES_MODULES = (
    wrong("conv2d")
    + """
import importlib
import sys

for _name in ("numpy", "convkit", "sitecustomize", "autograder"):
    with open(f"{_name}.py", "w") as _file:
        _file.write("array_equal = allclose = lambda *args, **kwargs: True")
sys.path.insert(0, "")
for _name in ("numpy", "convkit"):
    sys.modules.pop(_name)
    importlib.import_module(_name)
"""
)

_STAMPS = {
    "rubbish": "the day before yesterday",
    "future": "9999-12-31 23:59:59 UTC",
    "undecodable": b"\xff\xfe\x00",
    "script": "<script>alert('le' + 'aked')</script>",
}


def _refused(
    row: int,
    name: str,
    what: str,
    place: Callable[[Path, Bait], object],
    says: str,
    *,
    for_root: bool = False,
) -> Attack:
    return Attack((row,), name, what, _placed(place), _REFUSED, None, says, for_root=for_root)


ATTACKS = (
    _refused(51, "symlink", "a symbolic link to another submission", _link, "regular file"),
    _refused(
        51,
        "symlink-to-a-file",
        "a symbolic link to a file of the machine",
        _link_to_file,
        "regular file",
    ),
    _refused(51, "symlink-loop", "a symbolic link to itself", _loop, "regular file"),
    _refused(
        51, "linked-folder", "a folder that is a symbolic link", _linked_folder, "symbolic link"
    ),
    _refused(
        51,
        "linked-student",
        "a student's folder that is a symbolic link",
        _linked_student,
        "symbolic link",
    ),
    _refused(52, "traversal", "a folder that leads up and down again", _traversal, "symbolic link"),
    _refused(
        52, "undecodable-name", "a file name that is not UTF-8", _undecodable_name, "is missing"
    ),
    _refused(53, "fifo", "a FIFO", _fifo, "regular file"),
    _refused(
        53, "device", "the device that gives endless zeros", _device, "regular file", for_root=True
    ),
    _refused(53, "socket", "a socket", _socket, "regular file"),
    _refused(53, "hard-link", "a hard link to another file", _hard_link, "hard link"),
    _refused(53, "directory", "a directory", _directory, "regular file"),
    _refused(
        53,
        "file-as-folder",
        "a file in the place of the folder",
        _file_as_folder,
        "is not a folder",
    ),
    Attack(
        (52,),
        "undecodable-student",
        "a student's name that is not UTF-8",
        _in_folder(b"undecodable-\xff"),
        _REFUSED,
        None,
        "is not UTF-8",
        called="undecodable-\\xff",
    ),
    Attack(
        (52,),
        "student-of-markup",
        "a student's name that is markup and two lines",
        code(wrong("conv2d")),
        _WRONG,
        called="<img src=x onerror=alert(1)>\n[red]two",
    ),
    Attack(
        (54,),
        "modules-beside",
        "numpy.py, convkit.py, sitecustomize.py and more beside it",
        _beside(_MODULES, wrong("conv2d")),
        _WRONG,
    ),
    Attack(
        (54,),
        "writes-modules",
        "writes such files itself, and imports them",
        code(_WRITES_MODULES),
        _WRONG,
    ),
    *(
        Attack(
            (52,),
            f"timestamp-{name}",
            f"a timestamp.txt with something else in it: {name}",
            _beside({"timestamp.txt": stamp}, wrong("conv2d")),
            _WRONG,
        )
        for name, stamp in _STAMPS.items()
    ),
)
