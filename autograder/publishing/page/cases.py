"""The case that shows what is wrong with a line, ready for the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from autograder.authoring.answer_key import AnswerKey
from autograder.authoring.exercise import Exercise
from autograder.authoring.varying import varying
from autograder.core.check import Difference, close, part_names
from autograder.judging.attempt import Given
from autograder.judging.shown import Shown, shown
from autograder.publishing.page.drawing import (
    MOST_ACROSS,
    Cells,
    heat_map,
    largest,
    marked,
    outline,
    view,
)
from autograder.publishing.page.in_text import MOST_ENTRIES, in_text, number_in_text
from autograder.publishing.page.raising import raising_line
from autograder.records.record import Record
from autograder.sandbox.protocol.plan import QuestionResult

_LONGEST_CALL = 12
"""Lines of a call that are not folded."""

_LONGEST_TITLE = 70
_NO_ANSWER = {"missing": "no answer", "unreadable": "something that is no answer"}


@dataclass(frozen=True)
class Panel:
    """A picture, a text, or both, under a title."""

    title: str
    picture: Markup | None = None
    text: str = ""


@dataclass(frozen=True)
class ShownCase:
    """A case as the page shows it.

    Attributes
    ----------
    title : str
        The call in one line, or what else is shown.
    code : str
        Lines that can be pasted; "" for a value.
    folded : bool
        Whether these are many.
    raised : str
        An exception and what it says; "" where none was raised.
    line : int or None
        Where it was raised.
    source : str
        That line of the student's code, where it is certain which it is.
    notes : tuple of str
        What is said below the pictures.
    """

    title: str
    code: str
    folded: bool
    raised: str
    line: int | None
    source: str
    panels: tuple[Panel, ...]
    notes: tuple[str, ...]

    @property
    def has_frames(self) -> bool:
        """Whether it has pictures in which wrong entries are framed."""
        return any(panel.picture and 'class="wrong"' in panel.picture for panel in self.panels)


class CasesOfRecord:
    """The cases of one submission.

    Parameters
    ----------
    record : Record
        What was answered. Nothing in it is trusted.
    keys : dict
        Name of an exercise -> it, with its cases in the record's draw.
    questions : dict
        Name of an exercise -> what was answered.
    """

    def __init__(
        self,
        record: Record,
        keys: dict[str, tuple[Exercise, AnswerKey]],
        questions: dict[str, QuestionResult],
    ) -> None:
        self._record = record
        self._keys = keys
        self._questions = questions

    def case(self, name: str, index: int | None) -> ShownCase | None:
        """A case of an exercise; None where there is none to show."""
        if index is None or name not in self._keys or name not in self._questions:
            return None
        exercise, key = self._keys[name]
        if index >= len(key.cases):
            return None
        varies = varying(exercise)
        is_new = index < len(varies) and varies[index]
        found = shown(exercise, key, self._questions[name], index, is_new)
        source = ""
        if found.given.kind == "raised":
            source = raising_line(self._record, name, found.given.line)
        return _case(exercise, found, source)


def _case(exercise: Exercise, found: Shown, source: str) -> ShownCase:
    given = found.given
    title = found.call.rpartition("\n")[2] or "What you gave"
    panels, notes = _panels(exercise, found)
    return ShownCase(
        title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…",
        found.call,
        found.call.count("\n") >= _LONGEST_CALL,
        _raised(given),
        given.line,
        source,
        panels,
        notes,
    )


def _raised(given: Given) -> str:
    if given.kind != "raised":
        return ""
    return f"{given.raised}: {given.message}" if given.message else given.raised


def _panels(exercise: Exercise, found: Shown) -> tuple[tuple[Panel, ...], tuple[str, ...]]:
    """The answer, and the right one, as pictures where they are arrays."""
    right_title = "A right answer" if exercise.accepts else "The right answer"
    if found.difference is not None:
        drawn = _drawn(exercise, found.difference)
        if drawn is not None:
            return drawn
    if found.wrong and (picture := _marked(found)) is not None:
        return (Panel("Your answer, entry by entry", picture),), ()
    panels = []
    if found.given.kind != "raised":
        panels.append(_panel("Your answer", found.given))
    if found.has_right:
        panels.append(Panel(right_title, text=in_text(found.right)))
    return tuple(panels), ()


def _panel(title: str, given: Given) -> Panel:
    return Panel(title, text=_NO_ANSWER.get(given.kind) or in_text(given.value))


def _marked(found: Shown) -> Markup | None:
    """A value with a mark at each entry; None where it is too large, or not of numbers."""
    try:
        with np.errstate(all="ignore"):
            given = np.asarray(found.given.value)
            mine = given.astype(np.float64) if given.dtype.kind in "iufO" else None
    except (TypeError, ValueError, OverflowError):
        return None
    if mine is None or mine.ndim not in (1, 2) or max(mine.shape) > MOST_ACROSS:
        return None
    wrong = np.zeros(mine.shape, bool)
    wrong[tuple(zip(*found.wrong, strict=True))] = True
    heard = _heard("Your answer, entry by entry", mine, wrong)
    return marked(np.atleast_2d(mine), np.atleast_2d(wrong), heard)


def _drawn(
    exercise: Exercise, found: Difference
) -> tuple[tuple[Panel, ...], tuple[str, ...]] | None:
    """Pictures of how an answer differs; None where there is nothing to draw."""
    mine, right = found.answer, found.expected
    if not (isinstance(mine, np.ndarray) and isinstance(right, np.ndarray)):
        return None
    part = _part(exercise, found)
    if found.stage == "shape":
        return _outlines(mine.shape, right.shape, part)
    if found.stage != "values" or not mine.ndim or not found.first:
        return None
    if "c" in (mine.dtype.kind, right.dtype.kind):
        return None
    return _maps(exercise, found, part)


def _part(exercise: Exercise, found: Difference) -> str:
    """Which part of a tuple is spoken of; "" where it is the whole."""
    return "".join(f"In {name}, " for name in part_names(found, exercise.parts))


def _outlines(
    mine: Sequence[int], right: Sequence[int], part: str
) -> tuple[tuple[Panel, ...], tuple[str, ...]]:
    shapes = ("Your answer", mine, right), ("The right answer", right, mine)
    panels = [
        Panel(f"{title}: shape {tuple(shape)}", outline(shape, other, f"{title}, {tuple(shape)}"))
        for title, shape, other in shapes
    ]
    return tuple(panels), (f"{part}the shape differs.",) if part else ()


def _maps(
    exercise: Exercise, found: Difference, part: str
) -> tuple[tuple[Panel, ...], tuple[str, ...]]:
    wrong = ~close(found.answer, found.expected, exercise.rtol, exercise.atol)
    with np.errstate(all="ignore"):
        mine, right = (each.astype(np.float64) for each in (found.answer, found.expected))
        apart = np.where(wrong, mine - right, 0.0)
    seen = view(mine.shape, found.first)
    cells = Cells.of([seen.of(each) for each in (mine, right, apart)])
    most = largest(seen.of(mine), seen.of(right))
    none = np.zeros_like(wrong)
    written = not cells.has_numbers and mine.size <= MOST_ENTRIES
    panels = [
        Panel(
            title,
            heat_map(
                seen.of(each), _heard(title, each, frames), seen.of(frames), cells, top, seen.starts
            ),
            in_text(each) if written and each is not apart else "",
        )
        for title, each, frames, top in (
            ("Your answer", mine, wrong, most),
            ("The right answer", right, none, most),
            ("Yours minus the right one", apart, wrong, largest(seen.of(apart))),
        )
    ]
    place = f"[{', '.join(map(str, found.first))}]"
    gave, wanted = (number_in_text(each[found.first]) for each in (found.answer, found.expected))
    where = f"{part}at {place}" if part else f"At {place}"
    notes = [f"{where} you gave {gave}; {wanted} is right."]
    if seen.words:
        drawn = math.prod(seen.of(mine).shape)
        count = f", {drawn} of {mine.size} entries" if drawn < mine.size else ""
        notes.append(f"The pictures show {seen.words}{count}.")
    return tuple(panels), tuple(notes)


def _heard(title: str, array: np.ndarray[Any, Any], wrong: np.ndarray[Any, Any]) -> str:
    """What is said of a picture to who does not see it."""
    count = int(wrong.sum())
    return f"{title}, shape {array.shape}" + (f"; {count} entries are wrong" if count else "")
