"""A student's cells as syntax trees: what they bind, and what an answer can reach."""

from __future__ import annotations

import ast
import symtable
import threading
from collections.abc import Iterator, Sequence

# CPython 3.11 counts the depth of the trees under construction once for all threads, and raises
# SystemError when two threads build trees at a time (python/cpython#106905).
_PARSER = threading.Lock()

Bindings = dict[str, list[ast.stmt]]


def top_level_bindings(sources: Sequence[str]) -> Bindings:
    """Each name that the cells bind, with every statement that binds it.

    Cells that are not Python are passed over.
    """
    bindings: Bindings = {}
    for source in sources:
        try:
            with _PARSER:
                tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for statement in tree.body:
            for name in _bound_names(statement):
                bindings.setdefault(name, []).append(statement)
    return bindings


def _bound_names(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=asname):
                yield asname or name.split(".")[0]
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def reachable(bindings: Bindings, target: str) -> list[ast.stmt]:
    """Statements that the value of `target` can depend on."""
    waiting, seen = [target], {target}
    statements: list[ast.stmt] = []
    while waiting:
        for statement in bindings.get(waiting.pop(), ()):
            if isinstance(statement, ast.Import | ast.ImportFrom) or statement in statements:
                continue
            statements.append(statement)
            new = {symbol.get_name() for symbol in symbols(statement, of_module=True)} - seen
            seen |= new
            waiting += sorted(new)
    return statements


def symbols(statement: ast.AST, *, of_module: bool) -> Iterator[symtable.Symbol]:
    """The names of a statement that belong to the module, or those that are local in it."""
    module = symtable.symtable(ast.unparse(statement), "cell", "exec")
    tables = [module]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            outer = table is module or symbol.is_global()
            if outer == of_module and (symbol.is_referenced() or not of_module):
                yield symbol
