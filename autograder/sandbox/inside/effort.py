"""How much more often a line runs when an input is larger: loops, however they are written.

The tracing hook of Python reports every line of Python that runs, in the student's code and in
libraries alike, so a comprehension, a recursion, ``map`` with a lambda or ``np.vectorize`` of one
counts like a ``for``.  Loops that run in C over a Python protocol (``sum`` or ``map`` over the
rows of an array) run no line; so the inputs are arrays whose items are handed out by a line of
Python.  A loop within numpy's own compiled code is not counted: that is what the student is meant
to use.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from types import CodeType, FrameType
from typing import Any

import numpy as np

Line = tuple[CodeType, int]


class _CountingArray(np.ndarray):
    """An array whose items are handed out by Python, where the hook sees it."""

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(index)


def _counting(value: Any) -> Any:
    return value.view(_CountingArray) if isinstance(value, np.ndarray) and value.ndim else value


def lines_run(
    function: Callable[..., Any], args: Sequence[Any], *, counted: bool = True
) -> Counter[Line]:
    """Count how often each line of Python runs during a call.

    Parameters
    ----------
    function : callable
        What to call. Its result is dropped, and what it raises passes through.
    args : sequence
        Its arguments.
    counted : bool
        Whether to pass arrays as arrays that count accesses, too.

    Returns
    -------
    Counter
        From code object and line number to count.

    Examples
    --------
    >>> max(lines_run(lambda x: [2 * item for item in x], [np.ones(5)]).values()) >= 5
    True
    >>> max(lines_run(np.abs, [np.ones(5)]).values(), default=0)
    0
    """
    counts: Counter[Line] = Counter()

    def hook(frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            counts[frame.f_code, frame.f_lineno] += 1
        return hook

    passed = [_counting(value) for value in args] if counted else args
    before, collecting = sys.gettrace(), gc.isenabled()
    # Lines of finalizers are no loop of the function's.
    gc.disable()
    threading.settrace(hook)
    sys.settrace(hook)
    try:
        function(*passed)
    finally:
        sys.settrace(before)
        threading.settrace(before)
        if collecting:
            gc.enable()
    return counts


def growth(
    function: Callable[..., Any],
    smallest: Sequence[Any],
    larger: Sequence[Sequence[Any]],
    *,
    counted: bool = True,
) -> tuple[int, ...]:
    """Tell how many more times some line runs for each larger input.

    Parameters
    ----------
    function : callable
        What to call.
    smallest : sequence
        Arguments to compare with.
    larger : sequence of sequences
        Arguments, each larger in a way of its own.
    counted : bool
        See `lines_run`.

    Returns
    -------
    tuple of int
        One for each of `larger`: the largest increase of any line's count.

    Examples
    --------
    >>> def total(rows):
    ...     return sum(row.sum() for row in rows)
    >>> growth(total, [np.ones((2, 3))], [[np.ones((9, 3))], [np.ones((2, 8))]])
    (7, 0)
    """
    base = lines_run(function, smallest, counted=counted)
    increases = []
    for args in larger:
        counts = lines_run(function, args, counted=counted)
        increases.append(max((count - base[line] for line, count in counts.items()), default=0))
    return tuple(increases)
