"""Reading an untrusted file: nothing in it is believed, and nothing of it runs."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.core.errors import RefusedError
from autograder.sandbox.protocol.wire import count_parts

MAX_FILE_BYTES = 32 << 20
MAX_CELLS = 2_000
MAX_SOURCE_CHARACTERS = 200_000
MAX_PARTS = 2_000_000
"""Brackets and commas of the file: short texts can become large structures."""


@dataclass(frozen=True)
class SubmittedCell:
    """What counts of a submitted cell.

    Attributes
    ----------
    id : str
        nbgrader's ``grade_id`` if the cell has one, else its cell id, else "".
    flags : dict
        nbgrader's metadata, for comparison with the master's.
    """

    id: str
    cell_type: str
    source: str
    flags: dict[str, Any]
    tags: tuple[str, ...]


def read_submission(path: Path) -> bytes:
    """The bytes of a submitted notebook.

    Raises
    ------
    RefusedError
        If there is no regular file of a bearable size at `path`, or if the file or one of
        the two folders above it is a symbolic link.
    """
    for folder in (path.parent.parent, path.parent):
        if folder.is_symlink():
            raise RefusedError(f"{folder.name} is a symbolic link")
    try:
        _require_plain(path, os.lstat(path))
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise RefusedError(_missing(path)) from None
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be opened: {error.strerror}") from None
    with open(descriptor, "rb") as file:
        # It may be another file by now.
        _require_plain(path, os.fstat(descriptor))
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise RefusedError(f"{path.name} is larger than {MAX_FILE_BYTES >> 20} MB")
    return content


def _require_plain(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{path.name} is not a regular file")
    if found.st_nlink > 1:
        raise RefusedError(f"{path.name} has other names on this disk (a hard link)")


def _missing(path: Path) -> str:
    student = path.parent.parent
    if not os.path.lexists(student) and "\\x" in student.name:
        return f"the name of the folder {student.name} is not UTF-8 text; rename it"
    try:
        others = sorted(name for name in os.listdir(path.parent) if name.endswith(".ipynb"))
    except OSError:
        others = []
    hint = f"; there is {', '.join(map(ascii, others[:3]))}" if others else ""
    return f"{path.name} is missing{hint}"


def parse_submission(content: bytes) -> tuple[SubmittedCell, ...]:
    """The cells of a submitted notebook; its outputs are dropped unread.

    Raises
    ------
    RefusedError
        If `content` is not UTF-8, not strict JSON, or not a notebook of format 4.
    """
    require_few_parts(content)
    try:
        document = json.loads(content.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise RefusedError("the file is not UTF-8 text") from None
    except RecursionError:
        raise RefusedError("the file is nested too deeply") from None
    except ValueError as error:
        raise RefusedError(f"the file is not valid JSON ({error})"[:200]) from None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        if isinstance(document, dict) and "worksheets" in document:
            raise RefusedError("the notebook is of format 3; open and save it in JupyterLab")
        raise RefusedError("the file is not a Jupyter notebook")
    if (stated := document.get("nbformat")) != 4:
        said = (
            f"format {stated}" if type(stated) is int and abs(stated) < 100 else "no known format"
        )
        raise RefusedError(f"the notebook says {said}; 4 is needed")
    if len(document["cells"]) > MAX_CELLS:
        raise RefusedError(f"the notebook has more than {MAX_CELLS} cells")
    cells = tuple(_parse_cell(number, cell) for number, cell in enumerate(document["cells"], 1))
    if sum(len(cell.source) for cell in cells) > MAX_SOURCE_CHARACTERS:
        raise RefusedError(f"the cells hold more than {MAX_SOURCE_CHARACTERS:,} characters")
    return cells


def require_few_parts(content: bytes) -> None:
    """Refuse what would need much memory once it is parsed.

    Raises
    ------
    RefusedError
        If there are more than `MAX_PARTS` brackets and commas.
    """
    if count_parts(content) > MAX_PARTS:
        raise RefusedError("the file has too many parts; clear its outputs and save it again")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _parse_cell(number: int, cell: Any) -> SubmittedCell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise RefusedError(f"cell {number} is not a notebook cell")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise RefusedError(f"cell {number} has no text")
    try:
        source.encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedError(f"cell {number} holds characters that no text can hold") from None
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    flags = metadata.get("nbgrader")
    flags = flags if isinstance(flags, dict) else {}
    tags = metadata.get("tags")
    tags = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    name = flags.get("grade_id", cell.get("id"))
    name = name if isinstance(name, str) else ""
    return SubmittedCell(name, cell["cell_type"], source, flags, tags)
