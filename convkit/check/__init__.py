"""Immediate feedback in a notebook, from public examples.

`check` tries an answer on public examples and says what is wrong first; `waiting_for` lets cells
wait for functions that are not written yet.  The points of a submission come from other, hidden
inputs.
"""

from __future__ import annotations

from typing import Any

from convkit.check.classes import report_class
from convkit.check.display import show
from convkit.check.examples import ClassExamples, FunctionExamples, PredictionExamples
from convkit.check.predictions import report_predictions
from convkit.check.reports import report_function, report_value
from convkit.check.table import find
from convkit.check.waiting import waiting_for

__all__ = ["check", "waiting_for"]


def check(name: str, answer: Any) -> bool:
    """Check an answer on public examples, and show what was found.

    The first thing that is not right is shown: whether the answer exists, its type, shape, dtype
    and values.  A notebook also shows a picture of the difference.  Of an answer found by hand
    only the shape is checked.

    Parameters
    ----------
    name : str
        Name of the exercise.
    answer : object
        The function, class or value that the exercise asks for.

    Returns
    -------
    bool
        Whether nothing is wrong or missing, as far as the public examples tell.

    Raises
    ------
    ValueError
        If no exercise has this name.

    Examples
    --------
    >>> import numpy as np
    >>> check("convolve1d", lambda x, w: np.convolve(x, w))
    [right] convolve1d: all 5 public examples are right.
    True
    >>> check("convolve1d", ...)
    [to do] convolve1d: not done yet.
    False
    """
    examples = find(name)
    if isinstance(examples, FunctionExamples):
        report = report_function(examples, answer)
    elif isinstance(examples, ClassExamples):
        report = report_class(examples, answer)
    elif isinstance(examples, PredictionExamples):
        report = report_predictions(examples, answer)
    else:
        report = report_value(examples, answer)
    show(report)
    return report.state in ("right", "complete")
