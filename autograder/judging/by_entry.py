"""Values of several entries: points, places and known mistakes by the entry."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.authoring.answer_key import AnswerKey
from autograder.authoring.exercise import Exercise, Misconception
from autograder.judging.attempt import Attempt, count_numbers, same
from autograder.judging.verdict import LineVerdict

_MOST_ENTRIES = 1000
_MOST_PLACES = 8

Place = tuple[int, ...]


@dataclass(frozen=True)
class Entries:
    """A value of the right form, entry by entry.

    Attributes
    ----------
    mine, right : dict
        Place -> entry of the student's, and the right one.
    wrong : tuple of tuple
        Places where they are not the same.
    """

    mine: Mapping[Place, Any]
    right: Mapping[Place, Any]
    wrong: tuple[Place, ...]

    @property
    def share(self) -> float:
        """How much of it is right, from 0 to 1; nothing where nothing was filled in."""
        blank = all(map(_is_blank, self.mine.values()))
        return 0.0 if blank else 1 - len(self.wrong) / len(self.mine)


def entries(exercise: Exercise, attempt: Attempt) -> Entries | None:
    """Take a wrong value apart.

    Returns
    -------
    Entries or None
        None where a value has one entry, or the answer another form than the right one, or a
        checker decides.
    """
    by_entry = exercise.kind == "value" and not exercise.accepts and attempt.is_wrong_value
    if not by_entry or not 1 < count_numbers(attempt.right) <= _MOST_ENTRIES:
        return None
    right, mine = _placed(attempt.right), _placed(attempt.given.value)
    if right.keys() != mine.keys():
        return None
    wrong = _differing(exercise, mine, right)
    return Entries(mine, right, wrong) if wrong else None


def _differing(
    exercise: Exercise, answer: Mapping[Place, Any], right: Mapping[Place, Any]
) -> tuple[Place, ...]:
    return tuple(place for place in right if not same(exercise, answer[place], right[place]))


def _placed(value: Any) -> dict[Place, Any]:
    """The entries of a value by their places; whatever is no sequence is one.

    Examples
    --------
    >>> _placed([[1, None], [3, 4]])
    {(0, 0): 1, (0, 1): None, (1, 0): 3, (1, 1): 4}
    """
    return dict(_walk(value, ()))


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, tuple | list) or (isinstance(value, np.ndarray) and value.ndim):
        for index, part in enumerate(value):
            yield from _walk(part, (*place, index))
    else:
        yield place, value


def marked_by_entry(
    line: LineVerdict, found: Entries, exercise: Exercise, key: AnswerKey
) -> LineVerdict:
    """Give a line the share of its points that its entries earn, and say which are wrong."""
    cents = math.floor(round(100 * line.line.points * found.share, 6))
    earned = 0.0 if len(found.wrong) == len(found.mine) else cents / 100
    mistakes = tuple(_mistakes(found, exercise, key))
    return replace(
        line,
        earned=earned,
        message=_which(found) if earned else line.message,
        misconception=", ".join(mistake.name for mistake in mistakes),
        says=" ".join(dict.fromkeys(mistake.says for mistake in mistakes)),
    )


def _which(found: Entries) -> str:
    """Which entries are wrong, in words.

    Examples
    --------
    >>> _which(Entries({}, {(0,): 1, (1,): 2, (2,): 3}, ((1,), (2,))))
    '2 of 3 values are wrong, at [1] and [2]'
    """
    places = [f"[{', '.join(map(str, place))}]" for place in found.wrong]
    verb = "is" if len(places) == 1 else "are"
    if len(places) > _MOST_PLACES:
        where = f"first at {places[0]}"
    else:
        where = "at " + " and ".join(filter(None, [", ".join(places[:-1]), places[-1]]))
    return f"{len(places)} of {len(found.right)} values {verb} wrong, {where}"


def _mistakes(found: Entries, exercise: Exercise, key: AnswerKey) -> Iterator[Misconception]:
    """The known mistakes that alone give one of the wrong entries, in the exercise's order.

    What only one of them explains, it explains; entries that it shares with others are its own.
    """
    theirs = [
        (mistake, _shared(found, exercise, key.mistaken(number, 0)))
        for number, mistake in enumerate(exercise.misconceptions)
    ]
    says = {
        place: {mistake.says for mistake, shared in theirs if place in shared}
        for place in found.wrong
    }
    certain = {says_ for each in says.values() if len(each) == 1 for says_ in each}
    told: set[str] = set()
    for mistake, shared in theirs:
        if shared and mistake.says in certain - told:
            told.add(mistake.says)
            yield mistake


def _shared(found: Entries, exercise: Exercise, theirs: tuple[str, Any]) -> set[Place]:
    """Where a mistake gives the same wrong entries.

    A zero may be what was there before anything was filled in. It counts where the mistake gives
    half of what it gets wrong.
    """
    kind, value = theirs
    placed = _placed(value) if kind == "value" else {}
    if placed.keys() != found.mine.keys():
        return set()
    shared = {place for place in found.wrong if same(exercise, found.mine[place], placed[place])}
    if 2 * len(shared) >= len(_differing(exercise, placed, found.right)):
        return shared
    return {place for place in shared if not _is_blank(placed[place])}


def _is_blank(value: Any) -> bool:
    """Whether a value is what comes of no work: None, zeros, or nests of these."""
    if isinstance(value, tuple | list):
        return all(map(_is_blank, value))
    if value is None:
        return True
    return isinstance(value, np.ndarray | np.number | int | float) and not np.any(value)
