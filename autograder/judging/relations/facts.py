"""What holds between the answers of a line and the right ones, in a sentence: facts, no guesses.

Each relation looks at one answer. A fact is told where it holds for every wrong value of a line,
where the numbers rule chance out, and where it says something: it does not hold for the right
answers themselves.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograder.authoring.exercise import Exercise
from autograder.authoring.varying import varying
from autograder.judging.attempt import Attempt, count_numbers, same
from autograder.judging.evidence import LEAST_DIGITS
from autograder.judging.pasteable import parameter_names
from autograder.judging.relations import arithmetic, forms, places, single_numbers
from autograder.judging.relations.pair import Numbers, Pair, Relation

RELATIONS: tuple[Relation, ...] = (
    forms.axes_of_one,
    forms.reordered_axes,
    forms.reshaped,
    arithmetic.unchanged,
    arithmetic.well_known_factor,
    arithmetic.factor_of_a_size,
    arithmetic.whole_factor,
    arithmetic.off_by_an_input,
    single_numbers.whole_numbers,
    arithmetic.off_by_a_constant,
    single_numbers.wrapped_around,
    single_numbers.signs,
    arithmetic.powers,
    forms.flipped,
    forms.every_nth,
    forms.more_or_fewer,
    single_numbers.one_number,
    places.edges,
    places.all_after_the_first,
    places.border,
    forms.shifted,
    forms.another_order,
    single_numbers.not_finite,
)
"""From the most to the least specific, for real numbers."""

MOST_NUMBERS = 100_000
_MOST_EXCHANGED = 4


def fact(exercise: Exercise, attempts: Sequence[Attempt]) -> str:
    """Say what holds between the wrong values of a line and the right ones, or "".

    Nothing is said of values and labels, nor where the right answer is the same in every run: it
    would follow from what is said, for good.

    Parameters
    ----------
    attempts : sequence of Attempt
        Those of one rubric line.
    """
    wrong = sorted((each for each in attempts if each.is_wrong_value), key=lambda each: each.rank)
    if not wrong or exercise.kind == "value" or exercise.accepts:
        return ""
    if not all(_may_be_told(each) for each in wrong) or not _vary(exercise, wrong):
        return ""
    right = wrong[0].right
    if isinstance(right, tuple):
        return _of_parts(exercise, wrong, len(right))
    return _of_values(exercise, [(each, each.given.value, each.right) for each in wrong])


def _may_be_told(attempt: Attempt) -> bool:
    case = attempt.case
    asked = bool(case.args or case.kwargs)
    small = count_numbers(attempt.given.value) <= MOST_NUMBERS
    return asked and small and case.right is None and case.at_least >= 1


def _vary(exercise: Exercise, some: Sequence[Attempt]) -> bool:
    """Whether all the right answers are others in another run."""
    varies = varying(exercise)
    return all(each.index < len(varies) and varies[each.index] for each in some)


def _of_parts(exercise: Exercise, wrong: Sequence[Attempt], count: int) -> str:
    """What holds part by part, where the answers have as many parts as the right ones."""
    if not all(
        isinstance(each.given.value, tuple | list)
        and isinstance(each.right, tuple)
        and len(each.given.value) == len(each.right) == count
        for each in wrong
    ):
        return ""
    names = _names_of_parts(exercise, count)
    if order := _order(exercise, wrong, count):
        return f"Your results are right, but in the order {', '.join(names[i] for i in order)}."
    broken = [
        [each for each in wrong if not same(exercise, each.given.value[part], each.right[part])]
        for part in range(count)
    ]
    fine = [name for name, some in zip(names, broken, strict=True) if not some]
    lost = [name for name, some in zip(names, broken, strict=True) if some]
    said = [f"Of the results, {_are(fine)} right, {_are(lost)} not."] if fine and lost else []
    for part, name in enumerate(names):
        if broken[part] and (sentence := _of_values(exercise, _part(broken[part], part))):
            said.append(f"In {name}, {sentence[0].lower()}{sentence[1:]}")
    return " ".join(said)


def _order(exercise: Exercise, wrong: Sequence[Attempt], count: int) -> tuple[int, ...]:
    """The order in which the right parts stand in all the answers; () if they do not."""
    places = range(count)
    for order in itertools.permutations(places) if count <= _MOST_EXCHANGED else ():
        if all(
            same(exercise, each.given.value[place], each.right[part])
            for each in wrong
            for place, part in enumerate(order)
        ):
            moved = [part for place, part in enumerate(order) if place != part]
            digits = sum(_digits(exercise, each.right[part]) for each in wrong for part in moved)
            return order if digits >= LEAST_DIGITS else ()
    return ()


def _digits(exercise: Exercise, value: Any) -> float:
    array = _array(value)
    if array is None:
        return 0.0
    return Pair(array, array, {}, exercise.rtol, exercise.atol).digits(array)


def _part(some: Sequence[Attempt], part: int) -> list[tuple[Attempt, Any, Any]]:
    return [(each, each.given.value[part], each.right[part]) for each in some]


def _names_of_parts(exercise: Exercise, count: int) -> list[str]:
    names = list(exercise.parts)
    return names if len(names) == count else [f"result {number}" for number in range(1, count + 1)]


def _are(names: Sequence[str]) -> str:
    listed = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    return f"{listed} {'is' if len(names) == 1 else 'are'}"


def _of_values(exercise: Exercise, each: Sequence[tuple[Attempt, Any, Any]]) -> str:
    """What holds for all of some answers."""
    if sentence := _list_for_array(exercise, each):
        return sentence
    pairs = []
    for attempt, answer, right in each:
        mine, expected = _array(answer), _array(right)
        if mine is None or expected is None or not expected.size:
            return ""
        inputs = _inputs(exercise, attempt)
        pairs.append(Pair(mine, expected, inputs, exercise.rtol, exercise.atol))
    with np.errstate(all="ignore"):
        return next(_holding(pairs), "")


def _holding(pairs: Sequence[Pair]) -> Iterator[str]:
    first, *others = pairs
    is_complex = any(np.iscomplexobj(each.answer) or np.iscomplexobj(each.right) for each in pairs)
    for relation in (single_numbers.real_part,) if is_complex else RELATIONS:
        for sentence, digits in relation(first):
            more = [dict(relation(pair)).get(sentence) for pair in others]
            if None in more or digits + sum(filter(None, more)) < LEAST_DIGITS:
                continue
            if not any(sentence in dict(relation(_right_itself(pair))) for pair in pairs):
                yield sentence


def _right_itself(pair: Pair) -> Pair:
    return Pair(pair.right, pair.right, pair.inputs, pair.rtol, pair.atol)


def _list_for_array(exercise: Exercise, each: Sequence[tuple[Attempt, Any, Any]]) -> str:
    for _, answer, right in each:
        if not isinstance(answer, list | tuple) or not isinstance(right, np.ndarray):
            return ""
        if (mine := _array(answer, lists=True)) is None or not same(exercise, mine, right):
            return ""
    return "The numbers are right; only they are in a list or tuple where an array is wanted."


def _array(value: Any, *, lists: bool = False) -> Numbers | None:
    """A value as an array of numbers; None if it is none."""
    if isinstance(value, list | tuple) and not lists:
        return None
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):
        return None
    if array.dtype.kind == "b":
        return array.astype(int)
    return array if array.dtype.kind in "iufc" else None


def _inputs(exercise: Exercise, attempt: Attempt) -> dict[str, Numbers]:
    args = attempt.case.args
    named = dict(zip(parameter_names(exercise, len(args)), args, strict=True))
    arrays = {name: _array(value) for name, value in (named | dict(attempt.case.kwargs)).items()}
    return {
        name: value
        for name, value in arrays.items()
        if value is not None and value.dtype.kind != "c" and value.size <= MOST_NUMBERS
    }
