"""Which file is the submission? Downloads, copies and archives give notebooks other names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from autograder.core.errors import RefusedError

_NOTEBOOK = re.compile(r"([^.].*)\.ipynb(?:\.txt|\.json)?", re.IGNORECASE)
_SHOWN = 3


def find_notebook(place: Path) -> Path:
    """Where the notebook of a submission is: in its place, or what plainly stands for it.

    Taken are a notebook under another name, one in a folder too many, and one that lies beside the
    folder of its assignment; of several, the one that bears the assignment's name.

    Parameters
    ----------
    place : Path
        Where it should be: ``submitted/STUDENT/NAME/NAME.ipynb``.

    Raises
    ------
    RefusedError
        If there is none, or more than one that it could be.
    """
    if os.path.lexists(place):
        return place
    found = list(_notebooks(place.parent, deeper=True))
    beside = place.parent.parent / place.name
    if not found and _is_file(beside):
        return beside
    named = [path for path in found if path.name.lower().startswith(place.stem.lower())]
    likely = named or found
    if len(likely) == 1:
        return likely[0]
    raise RefusedError(_why_not(place, likely))


def _notebooks(folder: Path, *, deeper: bool) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = Path(entry.path)
        if _is_notebook(entry):
            yield path
        elif (
            deeper and entry.is_dir(follow_symlinks=False) and not entry.name.startswith((".", "_"))
        ):
            yield from _notebooks(path, deeper=False)


def _is_notebook(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a plain file with a name that can be told, and a notebook's."""
    name = entry.name
    told = name.isprintable() and name == name.encode("utf-8", "replace").decode()
    return told and bool(_NOTEBOOK.fullmatch(name)) and entry.is_file(follow_symlinks=False)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _why_not(place: Path, others: list[Path]) -> str:
    student = place.parent.parent
    if not os.path.lexists(student) and "\\x" in student.name:
        return f"the name of the folder {student.name} is not UTF-8 text; rename it"
    if os.path.lexists(place.parent) and not place.parent.is_dir():
        return f"{place.parent.name} is not a folder"
    if not others:
        return f"{place.name} is missing"
    shown = ", ".join(ascii(str(path.relative_to(place.parent))) for path in others[:_SHOWN])
    return (
        f"{place.name} is missing; there are {shown}, and which of them counts is not for us to "
        f"guess: rename one to {place.name}"
    )
