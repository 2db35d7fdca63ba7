"""Decorators that turn a function into a wheat or a chaff, and the exercise of one value.

A wheat or chaff is also run as a student's cell, so it must stand on its own: it may use ``np``,
what it imports itself, and helper functions that are defined inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograder.authoring.exercise import (
    Case,
    Checker,
    Exercise,
    Misconception,
    RubricLine,
    RuleBreaker,
    Wheat,
)


def wheat(implementation: Callable[..., Any]) -> Wheat:
    """Declare a correct implementation.

    Parameters
    ----------
    implementation : callable
        Has the signature of the exercise.

    Returns
    -------
    Wheat
        To be listed in the exercise's `wheats`.

    Examples
    --------
    >>> @wheat
    ... def by_slicing(x):
    ...     return x[::-1]
    >>> by_slicing.name
    'by_slicing'
    """
    return Wheat(implementation)


def chaff(*, says: str, breaks: Iterable[str]) -> Callable[[Callable[..., Any]], Misconception]:
    """Declare a known wrong implementation.

    Parameters
    ----------
    says : str
        What to tell the student who wrote it: the mistake in words, without code.
    breaks : iterable of str
        The rubric groups that it fails. It passes all others.

    Returns
    -------
    callable
        A decorator that makes a `Misconception` of a function.

    Examples
    --------
    >>> @chaff(says="This is the input, unchanged.", breaks=["plain"])
    ... def unchanged(x):
    ...     return x
    >>> unchanged.name, sorted(unchanged.breaks)
    ('unchanged', ['plain'])
    """

    def declare(implementation: Callable[..., Any]) -> Misconception:
        return Misconception(implementation, says, frozenset(breaks))

    return declare


def rule_breaker(*, finds: str) -> Callable[[Callable[..., Any]], RuleBreaker]:
    """Declare an implementation that is right but ruled out.

    Parameters
    ----------
    finds : str
        Words that must occur in what the judge tells its author, such as the name of a call.

    Returns
    -------
    callable
        A decorator that makes a `RuleBreaker` of a function.

    Examples
    --------
    >>> @rule_breaker(finds="numpy.convolve")
    ... def ready_made(x, w):
    ...     return np.convolve(x, w)
    >>> ready_made.name, ready_made.finds
    ('ready_made', 'numpy.convolve')
    """
    return lambda implementation: RuleBreaker(implementation, finds)


def value(
    name: str,
    text: str,
    oracle: Callable[[], Any],
    wheats: tuple[Wheat, ...] = (),
    misconceptions: tuple[Misconception, ...] = (),
    *,
    points: float = 1,
    rtol: float = 1e-5,
    atol: float = 1e-5,
    covers: tuple[str, ...] = (),
    accepts: Checker | None = None,
    open_size: bool = False,
) -> Exercise:
    """Declare an exercise whose answer is found by hand: a number or a few.

    Parameters
    ----------
    name : str
        The name that the student's notebook binds.
    text : str
        The only line of the rubric, as the student reads it. Its group is called ``"value"``.
    oracle : callable
        Takes no arguments and gives the right answer.
    covers : tuple of str
        Rows of the syllabus.
    accepts : callable, optional
        A checker, where many answers are right; see `Exercise`.
    open_size : bool
        Whether it is part of the question how many numbers there are; see `Exercise`.

    Returns
    -------
    Exercise
        Of the kind ``"value"``: nested lists and arrays are both taken.

    Examples
    --------
    >>> value("answer", "the answer", lambda: 42, points=2).points
    2
    """
    return Exercise(
        name=name,
        kind="value",
        oracle=oracle,
        cases=_only_case,
        rubric=(RubricLine("value", points, text),),
        rtol=rtol,
        atol=atol,
        accepts=accepts,
        wheats=wheats,
        misconceptions=misconceptions,
        covers=covers,
        open_size=open_size,
    )


def _only_case(rng: np.random.Generator) -> Iterable[Case]:
    """A value is read, not called."""
    return [Case("value")]
