"""Forbidden calls, read from the syntax tree of a student's cells.

Names are followed through imports, assignments, ``importlib`` and ``getattr``, but only in code
that the student's function can reach: whoever compares with scipy in a scratch cell breaks no rule.
"""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.judging.syntax import Cells, read_cells

_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


@dataclass(frozen=True)
class ForbiddenCall:
    """A library callable that the exercise rules out, and where it stands.

    Attributes
    ----------
    name : str
        Dotted name, such as ``"scipy.signal.correlate2d"``.
    line : int
        Line in the student's cell, from 1.
    within : str
        What that cell's statement defines: the function that is marked, or one that it uses.
    """

    name: str
    line: int
    within: str


def forbidden_calls(
    sources: Sequence[str], target: str, forbidden: Sequence[str]
) -> tuple[ForbiddenCall, ...]:
    """Forbidden names that `target` uses, itself or through the student's other functions.

    Parameters
    ----------
    sources : sequence of str
        The code cells of a submission. Cells that are not Python are passed over.
    target : str
        The function that is marked.
    forbidden : sequence of str
        Dotted names; ``"scipy.signal.*"`` stands for all of a module.

    Examples
    --------
    >>> cells = ["from numpy import convolve as c", "def f(x, w):\\n    return c(x, w)"]
    >>> forbidden_calls(cells, "f", ["numpy.convolve"])
    (ForbiddenCall(name='numpy.convolve', line=2, within='f'),)
    >>> forbidden_calls(cells, "g", ["numpy.convolve"])
    ()
    """
    cells = read_cells(tuple(sources))
    mentions = _mentions(cells)
    found = [
        ForbiddenCall(dotted, line, within)
        for statement in cells.reachable(target)
        for within in [cells.defines(statement, target)]
        for dotted, line in mentions.of(statement)
        if any(matches(dotted, pattern) for pattern in forbidden)
    ]
    return tuple(dict.fromkeys(found))


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


class _Mentions:
    """What each statement of some cells mentions, looked up once for all exercises."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._found: dict[ast.stmt, tuple[tuple[str, int], ...]] = {}
        own = cells.bindings
        self._aliases = _Aliases(
            {name: f"builtins.{name}" for name in _BUILTINS if name not in own}
        )
        for statement in cells.statements:
            self._aliases.learn(cells.nodes(statement))

    def of(self, statement: ast.stmt) -> tuple[tuple[str, int], ...]:
        """Dotted names in a statement, with their lines."""
        if statement not in self._found:
            nodes = self._cells.nodes(statement)
            within = self._aliases.inside(nodes, self._cells.local(statement))
            self._found[statement] = tuple(within.used_in(nodes))
        return self._found[statement]


_mentions = functools.lru_cache(maxsize=8)(_Mentions)


class _Aliases:
    """Which names stand for which parts of libraries."""

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self._known = dict(known or {})

    def learn(self, nodes: Iterable[ast.AST]) -> None:
        """Take in the imports and the plain assignments of a statement."""
        for node in nodes:
            match node:
                case ast.Import(names=names):
                    for alias in names:
                        shown = alias.asname or alias.name.split(".")[0]
                        self._known[shown] = alias.name if alias.asname else shown
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    for alias in names:
                        self._known[alias.asname or alias.name] = f"{module}.{alias.name}"
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if dotted := self.resolve(value):
                        self._known[name] = dotted

    def inside(self, nodes: Iterable[ast.AST], local: Container[str]) -> _Aliases:
        """The aliases as they are within a statement, where `local` names hide outer ones."""
        within = _Aliases({name: full for name, full in self._known.items() if name not in local})
        within.learn(nodes)
        return within

    def used_in(self, nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
        """Dotted names that a statement mentions, with their lines."""
        for node in nodes:
            if isinstance(node, ast.Name | ast.Attribute | ast.Call) and (
                dotted := self.resolve(node)
            ):
                yield dotted, node.lineno

    def resolve(self, node: ast.AST) -> str | None:
        """The dotted name that an expression stands for, if it is known."""
        match node:
            case ast.Name(id=name):
                return self._known.get(name)
            case ast.Attribute(value=value, attr=attribute):
                owner = self.resolve(value)
                return f"{owner}.{attribute}" if owner else None
            case ast.Call(
                func=ast.Name(id="getattr"),
                args=[value, ast.Constant(value=str(attribute)), *_],
            ):
                owner = self.resolve(value)
                return f"{owner}.{attribute}" if owner else None
            case ast.Call(
                func=ast.Name(id="__import__"), args=[ast.Constant(value=str(module)), *_]
            ):
                return module.split(".")[0]
            case ast.Call(func=function, args=[ast.Constant(value=str(module)), *_]):
                return module if self.resolve(function) == "importlib.import_module" else None
        return None
