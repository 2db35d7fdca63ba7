"""What a cell binds at its top level, read from its text."""

from __future__ import annotations

import ast
import functools
import re
import symtable
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LONGEST = 250_000
CELL = "<cell>"
"""The name under which the compiler knows a cell."""

# CPython 3.11 counts the depth of the trees under construction once for all threads, and raises
# SystemError when two threads build trees at a time (python/cpython#106905).
_COMPILER = threading.Lock()

_BINDING = re.compile(
    r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)|^(?:from .+ )?import .*?(\w+)$",
    re.MULTILINE,
)
_REFUSALS = (SyntaxError, ValueError, RecursionError, MemoryError)


@contextmanager
def compiler() -> Iterator[None]:
    """Python's compiler, for one thread at a time, without what it says of the style of a cell."""
    with _COMPILER, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=re.escape(CELL))
        yield


def parsed(source: str) -> ast.Module | None:
    """The syntax tree of a cell; None if it is not Python, or so long that a tree is too large."""
    if len(source) > _LONGEST:
        return None
    try:
        with compiler():
            return ast.parse(source, CELL)
    except _REFUSALS:
        return None


def assigned_names(code: str) -> list[str] | None:
    """The names that `code` assigns, in its order, or None if it does anything else.

    Examples
    --------
    >>> assigned_names("rows = 3\\ncolumns = 4")
    ['rows', 'columns']
    >>> assigned_names("print(3)") is None
    True
    """
    tree = parsed(code)
    if tree is None:
        return None
    names = []
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]):
                names.append(name)
            case _:
                return None
    return names


def bound_names(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level.

    Of a cell that the compiler refuses, such as one with a magic, lines are read as far as they go.

    Examples
    --------
    >>> sorted(bound_names("import numpy as np\\ndef f():\\n    inner = 1\\na, b = 1, 2"))
    ['a', 'b', 'f', 'np']
    >>> sorted(bound_names("%time\\ndef f(): pass\\ng = f"))
    ['f', 'g']
    """
    symbols = _symbols(source)
    if symbols is None:
        return frozenset(name for match in _BINDING.findall(source) for name in match if name)
    bound = (each for each in symbols if each.is_assigned() or each.is_imported())
    return frozenset(symbol.get_name() for symbol in bound)


def defined_names(source: str) -> frozenset[str]:
    """The names that a cell binds to something of its own: all but its imports.

    Examples
    --------
    >>> sorted(defined_names("import numpy\\nk = 3\\ndef f(): pass"))
    ['f', 'k']
    """
    symbols = _symbols(source) or ()
    return frozenset(symbol.get_name() for symbol in symbols if symbol.is_assigned())


@functools.lru_cache(maxsize=256)
def _symbols(source: str) -> tuple[symtable.Symbol, ...] | None:
    """What the compiler knows of the names at the top level; None if it does not take the cell."""
    if len(source) > _LONGEST:
        return None
    try:
        with compiler():
            return tuple(symtable.symtable(source, CELL, "exec").get_symbols())
    except _REFUSALS:
        return None
