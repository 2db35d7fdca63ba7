"""A student's cells as syntax trees: what they bind, and what an answer can reach."""

from __future__ import annotations

import ast
import functools
import threading
from collections.abc import Iterable, Iterator

from autograder.core.scopes import names_used

# CPython 3.11 counts the depth of the trees under construction once for all threads, and raises
# SystemError when two threads build trees at a time (python/cpython#106905).
_PARSER = threading.Lock()


class Cells:
    """The code cells of a submission, parsed once for all of its exercises.

    Cells that are not Python are passed over.

    Parameters
    ----------
    sources : tuple of str
        The code cells, in order.

    Attributes
    ----------
    bindings : dict
        Each name that the cells bind, with every top-level statement that binds it.
    """

    def __init__(self, sources: tuple[str, ...]) -> None:
        self.bindings: dict[str, list[ast.stmt]] = {}
        self._bound_by: dict[ast.stmt, dict[str, None]] = {}
        self._symbols: dict[int, tuple[frozenset[str], frozenset[str]]] = {}
        self._nodes: dict[ast.stmt, tuple[ast.AST, ...]] = {}
        for source in sources:
            try:
                with _PARSER:
                    tree = ast.parse(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            for statement in tree.body:
                self._nodes[statement] = tuple(ast.walk(statement))
                for name in _bound_names(self._nodes[statement]):
                    self.bindings.setdefault(name, []).append(statement)
                    self._bound_by.setdefault(statement, {})[name] = None

    @property
    def statements(self) -> Iterator[ast.stmt]:
        """The statements that bind anything, each once."""
        yield from self._bound_by

    def nodes(self, statement: ast.stmt) -> tuple[ast.AST, ...]:
        """A statement and all that it consists of, from the outside in."""
        return self._nodes[statement]

    def reachable(self, target: str) -> list[ast.stmt]:
        """Statements that the value of `target` can depend on."""
        waiting, seen = [target], {target}
        found: dict[ast.stmt, None] = {}
        while waiting:
            for statement in self.bindings.get(waiting.pop(), ()):
                if isinstance(statement, ast.Import | ast.ImportFrom) or statement in found:
                    continue
                found[statement] = None
                new = self.uses(statement) - seen
                seen |= new
                waiting += sorted(new)
        return list(found)

    def defines(self, statement: ast.stmt, rather: str) -> str:
        """A name that a statement binds: `rather`, if it is one of them."""
        names = self._bound_by[statement]
        return rather if rather in names else next(iter(names))

    def uses(self, statement: ast.stmt) -> frozenset[str]:
        """The names of the module that a statement refers to."""
        return self._names(statement)[0]

    def local(self, statement: ast.stmt) -> frozenset[str]:
        """The names that are local within a statement."""
        return self._names(statement)[1]

    def _names(self, statement: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
        # The statements live as long as this object does, so their ids stay theirs.
        names = self._symbols.get(id(statement))
        if names is None:
            names = self._symbols[id(statement)] = names_used(ast.unparse(statement))
        return names


read_cells = functools.lru_cache(maxsize=8)(Cells)
"""`Cells` of some sources; those of the last few submissions are kept."""


def _bound_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.split(".")[0]
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
