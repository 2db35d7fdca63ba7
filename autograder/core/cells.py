"""What a notebook of ours says of each cell: its kind and name, its ids, and nbgrader's flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEY = "autograder"
"""Where a cell's metadata, and a notebook's, hold what is ours."""

KINDS = ("solution", "value", "test", "figure", "playground", "setup", "written")
"""What an author can call a cell."""

ANSWERS = ("solution", "value", "written")
"""What students fill in."""

_SHOWN = 5
_MARKER_KEYS = {"kind", "name"}

CLOSING = "closing"
"""The kind of the last cell, which a build adds. nbgrader does not know it."""

EXTRA = "extra"
"""The kind of a cell that a student has added."""


@dataclass(frozen=True)
class Marker:
    """What a cell is, and its name. Both are "" for a cell without a marker.

    Examples
    --------
    >>> Marker("test", "conv2d").id, Marker("solution", "conv2d").id
    ('test-conv2d', 'conv2d')
    """

    kind: str = ""
    name: str = ""

    @property
    def id(self) -> str:
        """The id of the cell, and nbgrader's ``grade_id``."""
        return self.name if self.kind in ("solution", "setup") else f"{self.kind}-{self.name}"

    @property
    def metadata(self) -> dict[str, dict[str, str]]:
        """How the marker stands in the cell's metadata."""
        return {KEY: {"kind": self.kind, "name": self.name}}


def marker_of(cell: Mapping[str, Any]) -> Marker:
    """The marker in the metadata of a cell, which may be a notebook node or a plain dict.

    Raises
    ------
    ValueError
        If the metadata hold something else in its place.

    Examples
    --------
    >>> marker_of({"metadata": {"autograder": {"kind": "test", "name": "conv2d"}}})
    Marker(kind='test', name='conv2d')
    >>> marker_of({"metadata": {}})
    Marker(kind='', name='')
    """
    metadata = cell["metadata"]
    said = metadata[KEY] if KEY in metadata else _under_another_key(metadata)
    if isinstance(said, dict):
        kind, name = said.get("kind", ""), said.get("name", "")
        if isinstance(kind, str) and isinstance(name, str):
            return Marker(kind, name)
    raise ValueError(f"a cell's metadata hold no kind and name, but {str(said)[:100]!r}")


def _under_another_key(metadata: Mapping[str, Any]) -> Any:
    """A marker that stands under the key of an earlier release; ``{}`` if there is none."""
    for value in metadata.values():
        if isinstance(value, dict) and value.keys() == _MARKER_KEYS:
            return value
    return {}


def test_id(name: str) -> str:
    """The id of the test cell of an exercise."""
    return Marker("test", name).id


def at_the_end(test: str) -> str:
    """The id of a test cell's question where it is put once more, behind all cells."""
    return f"{test}:end"


def written_id(name: str) -> str:
    """The id of the cell in which a written question is answered."""
    return Marker("written", name).id


def listed(names: Sequence[str]) -> str:
    """The first of many names, and how many more.

    Examples
    --------
    >>> listed(["a", "b"]), listed(list("abcdefg"))
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def named(ids: Sequence[str]) -> str:
    """Some cells, by their names.

    Examples
    --------
    >>> named(["a"]), named(["a", "b"])
    ('cell a', 'cells a, b')
    """
    return f"{'cell' if len(ids) == 1 else 'cells'} {listed(ids)}"


def nbgrader_metadata(marker: Marker, cell_type: str, points: float | None) -> dict[str, Any]:
    """nbgrader's own metadata for a cell; `points` is None where a cell earns none."""
    metadata = {
        "schema_version": 3,
        "grade_id": marker.id,
        "grade": points is not None,
        "solution": marker.kind in ANSWERS,
        "locked": marker.kind in ("test", "figure", "setup"),
        "task": False,
        "cell_type": cell_type,
    }
    return metadata if points is None else {**metadata, "points": points}
