"""Values of several entries: points, places and known mistakes by the entry."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.authoring.answer_key import AnswerKey
from autograder.authoring.exercise import Exercise, Misconception
from autograder.judging.attempt import Attempt, count_numbers, same
from autograder.judging.evidence import LEAST_DIGITS, Place, digits_by_hand
from autograder.judging.verdict import LineVerdict

_MOST_ENTRIES = 1000
_MOST_PLACES = 8
_LEAST_OF_A_WHOLE = 1.0


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

    A student's value may be of any size: of a large one no more is taken than shows that.

    Examples
    --------
    >>> _placed([[1, None], [3, 4]])
    {(0, 0): 1, (0, 1): None, (1, 0): 3, (1, 1): 4}
    """
    return dict(itertools.islice(_walk(value, ()), _MOST_ENTRIES + 1))


def _walk(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, np.ndarray) and value.ndim:
        # An array of no size may have a side that nobody could walk along.
        for inside in np.ndindex(value.shape) if value.size else ():
            yield (*place, *inside), value[inside]
    elif isinstance(value, tuple | list):
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
    """The known mistakes that account for what is wrong, in the exercise's order.

    What only one of them explains, it explains; entries that it shares with others are its own.
    """
    theirs = [
        (mistake, _explained(found, exercise, key.mistaken(number, 0)))
        for number, mistake in enumerate(exercise.misconceptions)
    ]
    says = {
        place: {mistake.says for mistake, explained in theirs if place in explained.shared}
        for place in found.wrong
    }
    told: set[str] = set()
    for mistake, explained in theirs:
        own = [place for place in explained.shared if says[place] == {mistake.says}]
        if own and mistake.says not in told and _is_evident(found, explained, own):
            told.add(mistake.says)
            yield mistake


@dataclass(frozen=True)
class _Explained:
    """Where a mistake gives the same wrong entries, and all where it gives wrong ones."""

    shared: frozenset[Place]
    broken: frozenset[Place]


_NOTHING = _Explained(frozenset(), frozenset())


def _explained(found: Entries, exercise: Exercise, theirs: tuple[str, Any]) -> _Explained:
    kind, value = theirs
    placed = _placed(value) if kind == "value" else {}
    if placed.keys() != found.mine.keys():
        return _NOTHING
    return _Explained(
        frozenset(
            place for place in found.wrong if same(exercise, found.mine[place], placed[place])
        ),
        frozenset(_differing(exercise, placed, found.right)),
    )


def _is_evident(found: Entries, explained: _Explained, own: Sequence[Place]) -> bool:
    """Whether equal entries are enough to say that a mistake has been made.

    That is so where answer and mistake agree at more than half of the places at which either is
    wrong. Where they agree at fewer, the equal numbers must be rare: some digits, if all that is
    wrong comes of this mistake, or all that it gives wrong stands there; otherwise many.
    """
    wrong = frozenset(found.wrong)
    if 2 * len(explained.shared) > len(wrong | explained.broken):
        return True
    whole = wrong <= explained.shared or explained.broken <= explained.shared
    digits = digits_by_hand({place: found.mine[place] for place in own}, found.right)
    return digits >= (_LEAST_OF_A_WHOLE if whole else LEAST_DIGITS)


def _is_blank(value: Any) -> bool:
    """Whether a value is what comes of no work: None, zeros, or nests of these."""
    if isinstance(value, tuple | list):
        return all(map(_is_blank, value))
    if value is None:
        return True
    return isinstance(value, np.ndarray | np.number | int | float) and not np.any(value)
