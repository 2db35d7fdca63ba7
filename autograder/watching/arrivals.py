"""What has arrived below ``submitted``, and whether it is all there.

The folder is looked at again and again. The kernel could tell of changes, but it knows nothing of
those that another machine makes on a network file system.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.core.course import Course
from autograder.core.names import why_no_student
from autograder.watching.line import HandIn

_DEPTH = 2
_MOST_FILES = 1000

Signature = frozenset[tuple[str, int, int, int]]
"""Name, time, size and number of each file of a hand-in: they change with what is in it."""


def look(course: Course, names: Iterable[str]) -> dict[HandIn, Signature]:
    """What there is now of the assignments called `names`."""
    names = list(names)
    found: dict[HandIn, Signature] = {}
    for folder in _entries(course.submitted):
        student = os.fsencode(folder.name).decode("utf-8", "backslashreplace")
        if why_no_student(student):
            continue
        inside = {entry.name: entry for entry in _entries(folder.path)}
        for name in names:
            parts = [inside[part] for part in (f"{name}.ipynb", name) if part in inside]
            if name not in inside and not (parts and parts[0].is_file()):
                continue
            files = itertools.chain.from_iterable(_signed(part, _DEPTH) for part in parts)
            found[HandIn(name, student)] = frozenset(itertools.islice(files, _MOST_FILES))
    return found


def newest(signature: Signature) -> float:
    """When a hand-in was written last, by the clock of its file system, in seconds."""
    return max((time for _, time, *_ in signature), default=0) / 1e9


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    # It may be gone by now, or be no folder: then there is nothing in it.
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _signed(entry: os.DirEntry[str], depth: int) -> Iterator[tuple[str, int, int, int]]:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return
    if not stat.S_ISDIR(found.st_mode):
        yield entry.path, found.st_mtime_ns, found.st_size, found.st_ino
        return
    # Its own time changes with whatever is made in it, so only that it is there.
    yield entry.path, 0, 0, found.st_ino
    if depth:
        for inside in _entries(entry.path):
            yield from _signed(inside, depth - 1)


@dataclass(frozen=True)
class Seen:
    """One hand-in, as it was when it was looked at last.

    Attributes
    ----------
    since : float
        When it was first seen like this.
    """

    signature: Signature
    since: float


@dataclass(frozen=True)
class Arrivals:
    """What has been seen of everybody, and what of it has been told already.

    Attributes
    ----------
    seen : dict
        How each hand-in was when it was looked at last.
    told : dict
        How each was when it was last said to have arrived.
    """

    seen: Mapping[HandIn, Seen] = field(default_factory=dict)
    told: Mapping[HandIn, Signature] = field(default_factory=dict)

    def looked(self, found: Mapping[HandIn, Signature], now: float) -> Arrivals:
        """Take in another look."""
        seen = {}
        for hand_in, signature in found.items():
            before = self.seen.get(hand_in)
            same = before is not None and before.signature == signature
            seen[hand_in] = before if before and same else Seen(signature, now)
        told = {hand_in: each for hand_in, each in self.told.items() if hand_in in seen}
        return Arrivals(seen, told)

    def news(self, settled_before: float) -> list[tuple[HandIn, Seen]]:
        """What has changed since it was told, and not any more since a time."""
        return [
            (hand_in, seen)
            for hand_in, seen in self.seen.items()
            if self.told.get(hand_in) != seen.signature and seen.since <= settled_before
        ]

    def tell(self, hand_in: HandIn) -> Arrivals:
        """Count a hand-in, as it is, as told."""
        return replace(self, told={**self.told, hand_in: self.seen[hand_in].signature})

    def is_as_told(self, hand_in: HandIn) -> bool:
        """Whether a hand-in is still as it was told, so that nobody is writing it now."""
        seen = self.seen.get(hand_in)
        return seen is not None and self.told.get(hand_in) == seen.signature
