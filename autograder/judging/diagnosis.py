"""Which known mistakes explain what is wrong, one rubric line at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.authoring.answer_key import AnswerKey
from autograder.authoring.exercise import Exercise, Misconception
from autograder.judging.accepting import objection
from autograder.judging.attempt import Attempt, of_group, same
from autograder.judging.evidence import LEAST_DIGITS, digits_of_wrong


def known_mistakes(
    exercise: Exercise, key: AnswerKey, attempts: Sequence[Attempt]
) -> dict[str, Misconception]:
    """Name the known mistakes behind wrong answers.

    A mistake explains a line if it gives one of its wrong values, and no other answer than the
    student's to any of its cases. What raises equals what raises, but names nothing. A mistake
    that breaks a line which is right is not the student's. Where several explain a line, that one
    is named that fits wherever the others do, and on more lines; if there is none, nobody is
    accused. Mistakes that say the same are one.

    A mistake that breaks a line, does not fit there, and leaves it to another that explains as many
    wrong answers or more, is none: what it does explain looks like it by chance.

    Wrong values of few digits, such as None, zeros and small numbers, come of many mistakes: they
    name only one that fits all other lines as well.

    Parameters
    ----------
    key : AnswerKey
        It is asked for what a mistake gives only as far as that decides.
    attempts : sequence of Attempt
        One for each case.

    Returns
    -------
    dict
        Rubric group -> mistake, for each line that one mistake explains.
    """
    lost = dict.fromkeys(each.case.group for each in attempts if each.is_wrong_value)
    fits = _Fits(exercise, key, attempts)
    best = {group: _best(fits, list(fits.explaining(group))) for group in lost}
    found = {group: number for group, number in best.items() if number is not None}
    return {
        group: exercise.misconceptions[number]
        for group, number in found.items()
        if not _is_outdone(fits, number, found)
    }


def _is_outdone(fits: _Fits, one: int, found: Mapping[str, int]) -> bool:
    """Whether another mistake explains a line that this one would have broken, and no less."""

    def weight(number: int) -> int:
        mine = (group for group, each in found.items() if fits.say_the_same(number, each))
        return sum(map(fits.count_wrong, mine))

    return any(
        fits.breaks(one, group) and not fits.fits(one, group) and weight(other) >= weight(one)
        for group, other in found.items()
        if not fits.say_the_same(one, other)
    )


def _best(fits: _Fits, candidates: Sequence[int]) -> int | None:
    """The candidate that is better than all that say something else; of its forms, the best."""
    found = []
    for one in candidates:
        others = (other for other in candidates if not fits.say_the_same(one, other))
        if all(fits.is_better(one, other) for other in others):
            found.append(one)
    return max(found, key=fits.count) if len(found) > 1 else next(iter(found), None)


class _Fits:
    """How each known mistake fits each line; looked at when it is asked for, and once."""

    def __init__(self, exercise: Exercise, key: AnswerKey, attempts: Sequence[Attempt]) -> None:
        self._exercise = exercise
        self._key = key
        groups = dict.fromkeys(each.case.group for each in attempts)
        # Few answers decide most often, and those of small cases cost least.
        self._lines = {
            group: sorted(
                of_group(attempts, group), key=lambda each: (not each.is_wrong_value, each.rank)
            )
            for group in groups
        }
        self._known: dict[tuple[int, str], bool] = {}
        self._weak: dict[str, bool] = {}
        self._lost = frozenset(each.case.group for each in attempts if each.fault)

    def explaining(self, group: str) -> Iterator[int]:
        """The mistakes that explain a line."""
        for number, mistake in enumerate(self._exercise.misconceptions):
            if group not in mistake.breaks or not mistake.breaks <= self._lost:
                continue
            if self.fits(number, group) and (not self._is_weak(group) or self.fits_all(number)):
                yield number

    def fits_all(self, number: int) -> bool:
        """Whether a mistake may have given all answers there are."""
        return all(self.fits(number, group) for group in self._lines)

    def _is_weak(self, group: str) -> bool:
        """Whether the wrong values of a line may come of many mistakes."""
        if group not in self._weak:
            so_far = itertools.accumulate(self._digits(group))
            self._weak[group] = not any(digits >= LEAST_DIGITS for digits in so_far)
        return self._weak[group]

    def _digits(self, group: str) -> Iterator[float]:
        rtol, atol = self._exercise.rtol, self._exercise.atol
        for each in self._lines[group]:
            if each.is_wrong_value:
                yield digits_of_wrong(each.given.value, each.right, rtol, atol)

    def breaks(self, number: int, group: str) -> bool:
        return group in self._exercise.misconceptions[number].breaks

    def count_wrong(self, group: str) -> int:
        """How many wrong values a line has."""
        return sum(each.is_wrong_value for each in self._lines[group])

    def say_the_same(self, one: int, other: int) -> bool:
        mistakes = self._exercise.misconceptions
        return mistakes[one].says == mistakes[other].says

    def is_better(self, one: int, other: int) -> bool:
        """Whether a mistake fits wherever another does, and on more lines."""
        return self._fitting(one) > self._fitting(other)

    def count(self, number: int) -> int:
        """How many lines a mistake fits."""
        return len(self._fitting(number))

    def _fitting(self, number: int) -> set[str]:
        return {group for group in self._lines if self.fits(number, group)}

    def fits(self, number: int, group: str) -> bool:
        """Whether a mistake may have given all answers of a line."""
        place = number, group
        if place not in self._known:
            self._known[place] = all(
                _may_have_given(self._exercise, attempt, self._key.mistaken(number, attempt.index))
                for attempt in self._lines[group]
                if attempt.given.kind != "missing"
            )
        return self._known[place]


def _may_have_given(exercise: Exercise, attempt: Attempt, theirs: tuple[str, Any]) -> bool:
    """Whether a mistake that gives `theirs` may have given what was answered.

    That is so if both are the same. Where a checker accepts the answer, nothing is wrong with it,
    and the mistake may have given any other answer that is accepted.
    """
    if attempt.given.kind != theirs[0]:
        return False
    if attempt.given.kind == "raised":
        return True
    if exercise.accepts and not attempt.fault:
        return not objection(exercise, attempt.case, attempt.right, theirs[1])
    return same(exercise, attempt.given.value, theirs[1])
