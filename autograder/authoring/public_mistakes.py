"""What known mistakes give on the public examples, so that `check` can name one.

No code of a mistake goes into the data, and no hidden case: of each wrong value a print is left,
which is enough to know it again.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np

from autograder.authoring.exercise import Exercise
from autograder.core.check import Given, Program, fingerprint, given_on, read_exercise

_GRAIN = 1e-2
"""Sums are written this much finer than one entry of an answer may be off."""


def with_mistakes(exercise: Exercise, data: dict[str, Any]) -> dict[str, Any]:
    """What is public about an exercise, with what its known mistakes give.

    Parameters
    ----------
    exercise : Exercise
        With its misconceptions.
    data : dict
        What is public without them.

    Returns
    -------
    dict
        Mistakes that give no wrong value on any example are left out, since they cannot be named;
        so are all of them where predictions are right in part.
    """
    public = read_exercise(exercise.name, data)
    if any(isinstance(each, Program) and each.at_least < 1 for each in public.examples):
        return data
    with np.errstate(all="ignore"):
        prints = [
            [
                _print(exercise, given_on(public, example, mistake.implementation))
                for example in public.examples
            ]
            for mistake in exercise.misconceptions
        ]
    named = [
        (mistake.says, row)
        for mistake, row in zip(exercise.misconceptions, prints, strict=True)
        if not {"right", "raises"}.issuperset(kind for kind, _ in row)
    ]
    if not named:
        return data
    found = copy.deepcopy(data)
    found["mistakes"] = [says for says, _ in named]
    for place, example in enumerate(found["examples"]):
        kinds = [row[place] for _, row in named]
        mistaken = {str(n): printed for n, (kind, printed) in enumerate(kinds) if kind == "wrong"}
        raising = [number for number, (kind, _) in enumerate(kinds) if kind == "raises"]
        example |= {"mistaken": mistaken} if mistaken else {}
        example |= {"raising": raising} if raising else {}
    return found


def _print(exercise: Exercise, given: Given | None) -> tuple[str, Any]:
    """Whether a mistake gives what is right, or wrong, or nothing to compare; and its print."""
    if given is None:
        return "raises", None
    if given.is_right:
        return "right", None
    try:
        return "wrong", _settled(fingerprint(given.value), exercise)
    except (TypeError, ValueError, OverflowError):
        return "raises", None


def _settled(printed: Any, exercise: Exercise) -> Any:
    """A print without the last bits of its sums, which differ from machine to machine."""
    if isinstance(printed, dict):
        parts = printed.get("parts")
        return {"parts": [_settled(part, exercise) for part in parts]} if parts else printed
    shape, *sums = printed
    return [shape, *(_rounded(each, exercise) for each in sums)]


def _rounded(number: float, exercise: Exercise) -> float:
    grain = _GRAIN * (exercise.atol + exercise.rtol * abs(number))
    if grain == 0:
        return number
    return round(number, max(0, math.ceil(-math.log10(grain)))) + 0.0
