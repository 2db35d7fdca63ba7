"""What a student has added to a cell that is not theirs to change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from autograder.core.definitions import bound_names, parsed

_NAME = re.compile(r"\b[^\W\d]\w*\b")


def names_in(sources: Iterable[str]) -> frozenset[str]:
    """All that could be a name in some code.

    Examples
    --------
    >>> sorted(names_in(["y = np.sin(x2)"]))
    ['np', 'sin', 'x2', 'y']
    """
    return frozenset(name for source in sources for name in _NAME.findall(source))


def added_code(released: str, source: str, used: frozenset[str]) -> str:
    """The statements that were added to a cell, as far as they bind something that is used.

    Parameters
    ----------
    used : frozenset of str
        Names in the rest of the student's code.

    Examples
    --------
    >>> added_code("draw()", "import math\\nshow(1)\\nhalf = math.pi / 2\\ndraw()", {"half"})
    'import math\\nhalf = math.pi / 2'
    """
    known = {statement.strip() for statement in _statements(released)}
    added = [each for each in _statements(source) if each.strip() not in known]
    kept: set[int] = set()
    while new := {
        number
        for number, statement in enumerate(added)
        if number not in kept and not used.isdisjoint(bound_names(statement))
    }:
        kept |= new
        used |= names_in(added[number] for number in new)
    return "\n".join(added[number] for number in sorted(kept))


def _statements(source: str) -> Iterator[str]:
    tree = parsed(source)
    lines = source.splitlines()
    for statement in tree.body if tree else ():
        first = min(
            [statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))]
        )
        yield "\n".join(lines[first - 1 : statement.end_lineno])


def added_text(released: str, source: str) -> str:
    """The lines that were added to a text.

    Examples
    --------
    >>> added_text("Why?", "Why?\\n\\nBecause of the border.")
    'Because of the border.'
    """
    known = {line.strip() for line in released.splitlines()}
    return "\n".join(line for line in source.splitlines() if line.strip() not in known).strip()
