"""Decorators that turn a function into a wheat or a chaff.

A wheat or chaff is also run as a student's cell, so it must stand on its own: it may use ``np``,
what it imports itself, and helper functions that are defined inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.authoring.exercise import Misconception, RuleBreaker, Wheat


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
