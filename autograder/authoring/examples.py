"""Public examples of an exercise: what `check` in the student's notebook tries an answer on.

They are declared without what is right: the exercise's own oracle gives that when the course is
built. Nothing of an example may stand in a hidden case.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Call:
    """One call of the answer: arguments by position, options by name.

    Each call is equal to itself alone: arrays could neither be compared nor hashed.
    """

    args: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A few lines that use the answer, and what to look at when they have run.

    Attributes
    ----------
    code : str
        Lines as a student could type them into a cell. They may use ``np`` and import what
        students have.
    shown : tuple of str
        Expressions whose values are compared, in this order.
    right : tuple of str
        Expressions for what is right, where the oracle's own values are not: the labels of
        images. They may use what the lines have made.
    what, of : str
        What is predicted, in words: ``"digits anywhere"``, for each ``"image"``.
    at_least : float
        Share of the predictions that must be right, if not all.
    """

    code: str
    shown: tuple[str, ...]
    right: tuple[str, ...] = ()
    what: str = ""
    of: str = "item"
    at_least: float = 1.0


Example = Call | Program


def call(*args: Any, **options: Any) -> Call:
    """Declare a call, written as the student would write it.

    Examples
    --------
    >>> call(9, 4, stride=2)
    Call(args=(9, 4), options={'stride': 2})
    """
    return Call(args, options)


def program(
    *lines: str,
    shown: str,
    right: str = "",
    what: str = "",
    of: str = "item",
    at_least: float = 1.0,
) -> Program:
    """Declare a program.

    Parameters
    ----------
    *lines : str
        Its code.
    shown : str
        One expression, or several with commas between them.
    right, what, of, at_least
        As `Program` has them; `right` is written like `shown`.

    Examples
    --------
    >>> program("a = Node(2.0)", "f = a * a", "f.backward()", shown="f.value, a.grad").shown
    ('f.value', 'a.grad')
    """
    parts = expressions(right) if right else ()
    return Program("\n".join(lines), expressions(shown), parts, what, of, at_least)


def expressions(text: str) -> tuple[str, ...]:
    """Expressions that are written with commas between them.

    Raises
    ------
    SyntaxError
        If `text` is something else.

    Examples
    --------
    >>> expressions("f(a, b), a.grad")
    ('f(a, b)', 'a.grad')
    """
    whole = ast.parse(text, mode="eval").body
    parts = whole.elts if isinstance(whole, ast.Tuple) else [whole]
    return tuple(ast.get_source_segment(text, part) or "" for part in parts)


def whole(seed: int, *shape: int) -> np.ndarray:
    """Small whole numbers of both signs: easy to follow by hand.

    Examples
    --------
    >>> whole(1, 2, 3)
    array([[ 2,  3,  6],
           [ 9, -4, -2]])
    """
    return np.random.default_rng(seed).integers(-4, 10, shape)


def fractions(seed: int, *shape: int) -> np.ndarray:
    """Numbers of both signs with two digits after the point.

    Examples
    --------
    >>> fractions(1, 3)
    array([0.35, 0.82, 0.33])
    """
    return np.random.default_rng(seed).normal(size=shape).round(2)
