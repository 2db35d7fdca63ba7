"""What a cell binds at its top level, read from its text."""

from __future__ import annotations

import ast
import functools
import re
import threading
import warnings
from collections.abc import Iterable, Iterator
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
_IMPORTS = (ast.Import, ast.ImportFrom)
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.AsyncFor, ast.AsyncWith)


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
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=256)
def bound_names(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level.

    Of a cell that is not plain Python, such as one with a magic, lines are read as far as they go.

    Examples
    --------
    >>> sorted(bound_names("import numpy as np\\ndef f():\\n    inner = 1\\na, b = 1, 2"))
    ['a', 'b', 'f', 'np']
    >>> sorted(bound_names("%time\\ndef f(): pass\\ng = f"))
    ['f', 'g']
    """
    tree = parsed(source)
    if tree is None:
        return frozenset(name for match in _BINDING.findall(source) for name in match if name)
    return frozenset(_bound(tree.body))


def defined_names(source: str) -> frozenset[str]:
    """The names that a cell binds to something of its own: all but its imports.

    Examples
    --------
    >>> sorted(defined_names("import numpy\\nk = 3\\ndef f(): pass"))
    ['f', 'k']
    """
    tree = parsed(source)
    own = [each for each in tree.body if not isinstance(each, _IMPORTS)] if tree else ()
    return frozenset(_bound(own))


def _bound(statements: Iterable[ast.stmt]) -> Iterator[str]:
    waiting = list(statements)
    while waiting:
        statement = waiting.pop()
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name.split(".")[0] for alias in names)
            case ast.Assign(targets=targets):
                yield from _stored(*targets)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield from _stored(target)
            case ast.AugAssign(target=target):
                yield from _stored(target)
        if isinstance(statement, ast.For | ast.AsyncFor):
            yield from _stored(statement.target)
        if isinstance(statement, ast.With | ast.AsyncWith):
            yield from _stored(*filter(None, (item.optional_vars for item in statement.items)))
        if isinstance(statement, _COMPOUND):
            for part in ("body", "orelse", "finalbody"):
                waiting += getattr(statement, part, ())
            for handler in getattr(statement, "handlers", ()):
                waiting += handler.body


def _stored(*targets: ast.expr) -> Iterator[str]:
    waiting = list(targets)
    while waiting:
        match waiting.pop():
            case ast.Name(id=name):
                yield name
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                waiting += elements
            case ast.Starred(value=value):
                waiting.append(value)
