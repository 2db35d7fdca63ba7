"""nbformat's functions, with types, and always for notebooks of format 4."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode, v4

new_notebook: Callable[..., NotebookNode] = v4.new_notebook
new_code_cell: Callable[..., NotebookNode] = v4.new_code_cell
new_markdown_cell: Callable[..., NotebookNode] = v4.new_markdown_cell
from_dict: Callable[[Mapping[str, Any]], NotebookNode] = nbformat.from_dict
"""A deep copy, as notebook nodes."""

_reads: Callable[[str, int], NotebookNode] = nbformat.reads
_writes: Callable[[NotebookNode], str] = nbformat.writes


def read_notebook(content: Path | bytes) -> NotebookNode:
    """The notebook in a file, or in the bytes of one.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it holds no notebook.
    """
    data = content.read_bytes() if isinstance(content, Path) else content
    return _reads(data.decode("utf-8"), 4)


def as_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as it lies on disk."""
    return (_writes(notebook) + "\n").encode()
