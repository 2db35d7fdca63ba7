"""Asking the checker of an exercise, where many answers are right."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.authoring.blame import kind_of
from autograder.authoring.exercise import Case, Checker


class NoVerdictError(Exception):
    """A checker has returned neither a bool nor a sentence; the text says what instead."""


def ask(accepts: Checker, case: Case, right: Any, answer: Any) -> bool | str:
    """Ask a checker about an answer.

    It gets copies, so nothing that it changes is changed for others.

    Parameters
    ----------
    accepts : callable
        The checker.
    case : Case
        What was asked.
    right : object
        The oracle's answer, or the case's own.
    answer : object
        What was answered.

    Returns
    -------
    bool or str
        True if the answer is accepted; a sentence that says why not, or False.

    Raises
    ------
    NoVerdictError
        If the checker returns anything else.
    Exception
        Whatever the checker raises.

    Examples
    --------
    >>> def is_root(answer, case):
    ...     return abs(answer**2 - case.args[0]) < 1e-6 or "its square is another number"
    >>> [ask(is_root, Case("any", (9.0,)), 3.0, answer) for answer in (3.0, -3.0, 4.0)]
    [True, True, 'its square is another number']
    """
    with np.errstate(all="ignore"):
        said = accepts(copy.deepcopy(answer), replace(case, right=right).copy())
    if isinstance(said, bool | np.bool_):
        return bool(said)
    if isinstance(said, str) and said.strip():
        return str(said)
    shown = "an empty text" if isinstance(said, str) else kind_of(said)
    raise NoVerdictError(f"returns {shown}, which is neither a bool nor a sentence")
