"""Forbidden calls: the callables of libraries that an answer refers to, as it stands.

What an answer refers to is read in the scopes of its own code, of its helpers, defaults and
decorators. Whoever compares with scipy in a scratch cell breaks no rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.judging.code.definitions import DUNDER_IMPORT, IMPORT_MODULE, Reached, Standing
from autograder.judging.code.mentions import ANY, Mention

_RUN_TEXTS = ("builtins.eval", "builtins.exec")


@dataclass(frozen=True)
class ForbiddenCall:
    """A library callable that the exercise rules out, and where it stands.

    Attributes
    ----------
    name : str
        Dotted name, such as ``"scipy.signal.correlate2d"``. One that is made when the code runs
        ends in ``".*"``.
    line : int
        Line in the student's cell, from 1.
    within : str
        What that cell's statement defines: the function that is marked, or one that it uses.
    certain : bool
        Whether the answer refers to it, not only may.
    """

    name: str
    line: int
    within: str
    certain: bool = True


def forbidden_calls(
    sources: Sequence[str] | Standing, target: str, forbidden: Sequence[str]
) -> tuple[ForbiddenCall, ...]:
    """Forbidden names that `target` uses, itself or through the student's other functions.

    What only may be forbidden is told as well: one of several definitions that may be in effect,
    a name that is made when the code runs, ``eval`` and ``exec``.

    Parameters
    ----------
    sources : sequence of str, or Standing
        The code cells that had run. Cells that are not Python are passed over.
    target : str
        The function that is marked.
    forbidden : sequence of str
        Dotted names; ``"scipy.signal.*"`` stands for all of a module.

    Examples
    --------
    >>> cells = ["from numpy import convolve as c", "def f(x, w):\\n    return c(x, w)"]
    >>> forbidden_calls(cells, "f", ["numpy.convolve"])
    (ForbiddenCall(name='numpy.convolve', line=2, within='f', certain=True),)
    >>> forbidden_calls(cells, "g", ["numpy.convolve"])
    ()
    """
    notebook = Standing.of(sources)
    reached = notebook.reach(target)
    replaced = notebook.replaced | set(_stored(notebook, reached))
    found: dict[tuple[str, int, str], bool] = {}
    for one in reached:
        for mention in one.definition.mentions:
            if mention.stored:
                continue
            for name, certain in _names(notebook, one, mention):
                ruled_out = any(matches(name, pattern) for pattern in forbidden)
                if not ruled_out and not _may_hide(name, mention, forbidden):
                    continue
                place = (name, mention.line, one.definition.name)
                sure = certain and ruled_out and name not in replaced
                found[place] = found.get(place, False) or sure
    return tuple(ForbiddenCall(*place, certain) for place, certain in found.items())


def _names(notebook: Standing, one: Reached, mention: Mention) -> Iterator[tuple[str, bool]]:
    """Dotted names that a mention stands for, and whether it can be nothing else."""
    for path in mention.paths:
        meaning = notebook.meaning(path, mention, one.definition)
        for dotted in sorted(meaning.dotted):
            yield dotted, one.certain and mention.certain and meaning.certain


def _stored(notebook: Standing, reached: Sequence[Reached]) -> Iterator[str]:
    """Dotted names that reached code gives another value."""
    for one in reached:
        for mention in one.definition.mentions:
            if mention.stored:
                yield from (name for name, _ in _names(notebook, one, mention))


def _may_hide(name: str, mention: Mention, forbidden: Sequence[str]) -> bool:
    """Whether something forbidden may be called in a way that shows only when the code runs."""
    if name in _RUN_TEXTS:
        return bool(forbidden)
    if name in (IMPORT_MODULE, DUNDER_IMPORT):
        return bool(forbidden) and not mention.told
    return name.endswith(f".{ANY}") and any(
        pattern.startswith(name.removesuffix(ANY)) for pattern in forbidden
    )


def matches(dotted: str, pattern: str) -> bool:
    """Whether a dotted name is meant by a pattern.

    Examples
    --------
    >>> matches("scipy.signal.convolve2d", "scipy.signal.*")
    True
    >>> matches("numpy.convolve", "numpy.correlate")
    False
    """
    if pattern.endswith(".*"):
        return dotted.startswith(pattern[:-1])
    return dotted == pattern
