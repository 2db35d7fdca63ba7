"""Immediate feedback in a notebook, from public examples.

`check` tries an answer on public examples and says what is wrong first; `example` gives the inputs
of one of them; `progress` says how far each exercise is; `waiting_for` lets cells wait for
functions that are not written, or not right, yet.  The points of a submission come from other,
hidden inputs.

What `general` does, it does for any course; here, pictures are added. Its data, the
``*.examples.json``, are written when the course is built.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convkit.check.general import Difference, examine, example, progress, show, waiting_for

__all__ = ["check", "example", "progress", "waiting_for"]


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
    report = examine(name, answer)
    show(report, _picture)
    return report.is_good


def _picture(difference: Difference) -> bytes | None:
    """The picture of a difference as a PNG file, where there is one to draw."""
    arrays = (difference.answer, difference.expected)
    if not all(isinstance(array, np.ndarray) and array.dtype.kind in "iuf" for array in arrays):
        return None
    from convkit.check.pictures import difference_picture
    from convkit.viz.player import png_bytes

    figure = difference_picture(*arrays)
    return None if figure is None else png_bytes(figure, dpi=80)
