"""Reading an untrusted file: nothing in it is believed, and nothing of it runs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.core.errors import RefusedError
from autograder.core.sizes import Sizes
from autograder.running.locate import find_notebook
from autograder.running.skim import Skimmer, TooMuch, as_utf8
from autograder.sandbox.protocol.pictures import PICTURES, PictureError, check_picture
from autograder.sandbox.protocol.wire import count_parts

MOST_PARTS = 2_000_000
"""Brackets and commas: short texts can become large structures."""

_AT_ONCE = 1 << 20
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_IN_CONFLICT = (
    "Git has left both sides of a conflict in the file; settle it (nbdime does) and save it again"
)
_NOT_UTF8 = "the file is not UTF-8; it was read as Windows-1252"


@dataclass(frozen=True)
class SubmittedCell:
    """What counts of a submitted cell.

    Attributes
    ----------
    grade_id : str
        nbgrader's name for it, "" if it has none.
    id : str
        Jupyter's name for it, "" if it has none.
    flags : dict
        nbgrader's metadata, for comparison with the master's.
    pictures : dict
        What was pasted into it: name -> picture, as a data URI.
    """

    cell_type: str
    source: str
    grade_id: str = ""
    id: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SubmittedFile:
    """A submitted notebook as it was read, without its outputs.

    Attributes
    ----------
    digest : bytes
        Of the whole file.
    parts : int
        Brackets and commas of the whole file.
    text : bytes
        Its JSON, with nothing in place of the outputs.
    remarks : tuple of str
        What was odd about the file.
    """

    digest: bytes
    parts: int
    text: bytes
    remarks: tuple[str, ...] = ()

    @staticmethod
    def of(pieces: Iterable[bytes], sizes: Sizes | None = None) -> SubmittedFile:
        """Read a file piece by piece.

        Raises
        ------
        RefusedError
            If it is too large.
        """
        sizes = sizes or Sizes()
        skimmer = Skimmer(sizes.text_bytes, MOST_PARTS)
        digest, size, parts = hashlib.sha256(), 0, 0

        def counted() -> Iterator[bytes]:
            nonlocal size, parts
            for piece in pieces:
                size += len(piece)
                _require_size(size, sizes)
                digest.update(piece)
                parts += count_parts(piece)
                yield piece

        try:
            for piece in as_utf8(counted()):
                skimmer.feed(piece)
        except TooMuch as error:
            raise RefusedError(_TOO_MUCH[error.what].format(sizes=sizes)) from None
        return SubmittedFile(digest.digest(), parts, bytes(skimmer.kept))


@dataclass(frozen=True)
class Submission:
    """The cells of a submitted notebook.

    Attributes
    ----------
    remarks : tuple of str
        What was odd about the file.
    """

    cells: tuple[SubmittedCell, ...]
    remarks: tuple[str, ...] = ()


def read_submission(place: Path, sizes: Sizes | None = None) -> SubmittedFile:
    """Read a submitted notebook, without holding its outputs.

    Parameters
    ----------
    place : Path
        Where it should be. Where it is not there, what plainly stands for it is read.

    Raises
    ------
    RefusedError
        If there is no regular file of a bearable size, or if it or one of the folders that it
        should be in is a symbolic link.
    """
    sizes = sizes or Sizes()
    for folder in (place.parent.parent, place.parent):
        if folder.is_symlink():
            raise RefusedError(f"{folder.name} is a symbolic link")
    path = find_notebook(place)
    try:
        _require_plain(path, os.lstat(path))
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be opened: {error.strerror}") from None
    try:
        # It may be another file by now.
        _require_plain(path, found := os.fstat(descriptor))
        _require_size(found.st_size, sizes)
        pieces = iter(lambda: os.read(descriptor, _AT_ONCE), b"")
        file = SubmittedFile.of(pieces, sizes)
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if path == place:
        return file
    where = os.path.relpath(path, place.parent)
    return replace(file, remarks=(f"{place.name} was missing; {where!a} was taken for it",))


_TOO_MUCH = {
    "text": "besides its outputs the notebook holds more than {sizes.text_bytes} bytes "
    "(c.LockedRoom.text_bytes); take pasted pictures or data out of its cells",
    "brackets": "the file has too many parts; clear its outputs and save it again",
}


def _require_size(size: int, sizes: Sizes) -> None:
    if size > sizes.notebook_bytes:
        raise RefusedError(
            f"the file is larger than {sizes.notebook_bytes} bytes (c.LockedRoom.notebook_bytes); "
            "clear its outputs and save it again"
        )


def _require_plain(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError(f"{path.name} is not a regular file")
    if found.st_nlink > 1:
        raise RefusedError(f"{path.name} has other names on this disk (a hard link)")


def parse_submission(file: SubmittedFile, sizes: Sizes | None = None) -> Submission:
    """The cells of a submitted notebook.

    Raises
    ------
    RefusedError
        If it is no JSON, no notebook of format 4, or holds more than it may.
    """
    sizes = sizes or Sizes()
    require_few_parts(count_parts(file.text))
    remarks = file.remarks
    try:
        written = file.text.decode("utf-8")
    except UnicodeDecodeError:
        written = file.text.decode("cp1252", "replace")
        remarks = (*remarks, _NOT_UTF8)
    try:
        document = json.loads(written)
    except RecursionError:
        raise RefusedError("the file is nested too deeply") from None
    except ValueError as error:
        if _CONFLICT.search(written):
            raise RefusedError(_IN_CONFLICT) from None
        why = f"the file is not valid JSON ({error})"[:200]
        raise RefusedError(f"{why}: cut off or damaged; it has to be handed in again") from None
    cells = _cells_of(document)
    if len(cells) > sizes.cells:
        raise RefusedError(
            f"the notebook has more than {sizes.cells} cells (c.LockedRoom.cells); "
            "remove those that it does not need"
        )
    parsed = tuple(_parse_cell(number, cell) for number, cell in enumerate(cells, 1))
    if sum(len(cell.source) for cell in parsed if cell.cell_type == "code") > sizes.code_characters:
        raise RefusedError(
            f"the code takes more than {sizes.code_characters} characters "
            "(c.LockedRoom.code_characters); keep data in files beside the notebook"
        )
    return Submission(parsed, remarks)


def _cells_of(document: Any) -> list[Any]:
    if not isinstance(document, dict) or not isinstance(cells := document.get("cells"), list):
        if isinstance(document, dict) and "worksheets" in document:
            raise RefusedError("the notebook is of format 3; open and save it in JupyterLab")
        raise RefusedError("the file is not a Jupyter notebook; ask for the .ipynb file itself")
    if (stated := document.get("nbformat")) != 4:
        said = (
            f"format {stated}" if type(stated) is int and abs(stated) < 100 else "no known format"
        )
        raise RefusedError(f"the notebook says {said}; 4 is needed")
    return cells


def require_few_parts(parts: int) -> None:
    """Refuse what would need much memory once it is parsed.

    Raises
    ------
    RefusedError
        If there are more than `MOST_PARTS` brackets and commas.
    """
    if parts > MOST_PARTS:
        raise RefusedError(_TOO_MUCH["brackets"])


def _parse_cell(number: int, cell: Any) -> SubmittedCell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise RefusedError(f"cell {number} is not a notebook cell")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise RefusedError(f"cell {number} has no text")
    metadata = _dict(cell.get("metadata"))
    flags = _dict(metadata.get("nbgrader"))
    tags = metadata.get("tags")
    return SubmittedCell(
        cell["cell_type"],
        _plain_text(source),
        _text(flags.get("grade_id")),
        _text(cell.get("id")),
        flags,
        tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        dict(_pictures(_dict(cell.get("attachments")))),
    )


def _plain_text(source: str) -> str:
    """A source with the line ends that Python has, and without what no text can hold."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source.encode("utf-8", "replace").decode("utf-8")


def _pictures(attachments: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, bundle in attachments.items():
        for kind, data in _dict(bundle).items():
            lines = data if isinstance(data, list) else [data]
            if kind not in PICTURES or not all(isinstance(line, str) for line in lines):
                continue
            # What is no picture is left out, as a browser would leave it.
            with contextlib.suppress(PictureError):
                yield name, f"data:{kind};base64,{check_picture(kind, ''.join(lines))}"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
