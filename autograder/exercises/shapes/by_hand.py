"""How an exercise is declared whose answer is worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from autograder.authoring.exercise import Case, Exercise, Misconception, RubricLine, Wheat
from autograder.exercises.shapes.rules import TOLERANCE

WRONG: Final = {"value"}


def only_case(rng: np.random.Generator) -> Iterator[Case]:
    """A value is read, not called."""
    yield Case("value")


def by_hand(
    name: str,
    text: str,
    oracle: Callable[[], Any],
    wheats: tuple[Wheat, ...],
    misconceptions: tuple[Misconception, ...],
    points: float = 1,
) -> Exercise:
    """An exercise whose answer is a number or a few; nested lists and arrays are both taken."""
    return Exercise(
        name=name,
        kind="value",
        oracle=oracle,
        cases=only_case,
        rubric=(RubricLine("value", points, text),),
        rtol=TOLERANCE,
        atol=TOLERANCE,
        wheats=wheats,
        misconceptions=misconceptions,
    )
