"""The scopes of a piece of code: which names are local in which, as the compiler says."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

MOST_MEANINGS = 8
"""So many meanings of one local name are followed."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Path:
    """A name of the notebook or a module, and attributes of it.

    Attributes
    ----------
    root : str
        A global name of the notebook; or a module's dotted name.
    module : bool
        Whether `root` is a module.
    by : tuple of Path
        Functions whose calls give these attributes; unless each is ``getattr``, nothing is known.
    importer : Path or None
        The function whose call gives the module, if it is one that imports.
    """

    root: str
    attributes: tuple[str, ...] = ()
    module: bool = False
    by: tuple[Path, ...] = ()
    importer: Path | None = None

    def __truediv__(self, attributes: Iterable[str]) -> Path:
        return replace(self, attributes=(*self.attributes, *attributes))


class Tables:
    """The scopes of a cell, as the compiler sees them.

    Parameters
    ----------
    parts : iterable of (int, SymbolTable)
        The tables of parts of its text, and how many lines stand above each.
    """

    def __init__(self, parts: Iterable[tuple[int, symtable.SymbolTable]]) -> None:
        self._parts = tuple(parts)

    @cached_property
    def _found(self) -> dict[tuple[str, int], list[symtable.SymbolTable]]:
        found: dict[tuple[str, int], list[symtable.SymbolTable]] = {}
        waiting = list(self._parts)
        while waiting:
            above, table = waiting.pop()
            place = (table.get_name(), table.get_lineno() + above)
            found.setdefault(place, []).append(table)
            waiting += [(above, child) for child in table.get_children()]
        return found

    def of(self, node: _Function | ast.ClassDef) -> tuple[frozenset[str], frozenset[str]]:
        """The names that are local in a function or a class, and those of functions around it."""
        name = "lambda" if isinstance(node, ast.Lambda) else node.name
        local: set[str] = set()
        free: set[str] = set()
        parameters = None if isinstance(node, ast.ClassDef) else set(_parameters(node.args))
        for table in self._found.get((name, node.lineno), ()):
            if isinstance(table, symtable.Function):
                # Several lambdas may stand in one line.
                if parameters is not None and parameters <= set(table.get_parameters()):
                    local.update(table.get_locals())
                    free.update(table.get_frees())
            elif parameters is None:
                local |= {s.get_name() for s in table.get_symbols() if s.is_local()}
                free |= {s.get_name() for s in table.get_symbols() if s.is_free()}
        return frozenset(local), frozenset(free)


@dataclass(eq=False)
class Scope:
    """A function, class, lambda or comprehension, and what its own names stand for.

    Attributes
    ----------
    kind : str
        ``"module"``, ``"function"``, ``"class"``, ``"comprehension"``, or ``"later"`` for a
        generator.
    local, free : frozenset of str
        Names that are bound here, and those of functions around it.
    """

    kind: str
    parent: Scope | None = None
    local: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()
    meanings: dict[str, dict[Path | None, None]] = field(default_factory=dict)

    @property
    def eager(self) -> bool:
        """Whether this code runs with its statement."""
        if self.kind in ("function", "later") or self.parent is None:
            return self.parent is None
        return self.parent.eager

    def learn(self, name: str, path: Path | None) -> None:
        """Take in one value that a local name gets."""
        known = self.meanings.setdefault(name, {})
        known[path if len(known) < MOST_MEANINGS else None] = None

    def means(self, name: str) -> tuple[Path | None, ...]:
        """What a name may stand for here; None where that is some value of this code's own."""
        scope: Scope | None = self
        while scope is not None and scope.kind != "module":
            if name in scope.local:
                return tuple(scope.meanings.get(name, (None,)))
            if scope.kind in ("function", "class") and name not in scope.free:
                break
            scope = scope.parent
            while scope is not None and scope.kind == "class":
                scope = scope.parent
        return (Path(name),)


def own_nodes(roots: Sequence[ast.AST]) -> tuple[list[ast.AST], list[ast.AST]]:
    """The nodes of one scope, in the order of the text, and the nodes that begin inner scopes."""
    own: list[ast.AST] = []
    inner: list[ast.AST] = []
    waiting = list(reversed(roots))
    while waiting:
        node = waiting.pop()
        own.append(node)
        if isinstance(node, _Function | ast.ClassDef | _Comprehension):
            inner.append(node)
        waiting += reversed(list(_outside(node)))
    return own, inner


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """The children of a node that belong to the scope in which it stands."""
    if isinstance(node, _Comprehension):
        yield node.generators[0].iter
        return
    if isinstance(node, _Definition):
        yield from node.decorator_list
    if isinstance(node, _Function):
        yield from node.args.defaults
        yield from filter(None, node.args.kw_defaults)
    elif isinstance(node, ast.ClassDef):
        yield from node.bases
        yield from node.keywords
    elif isinstance(node, ast.AnnAssign):
        yield node.target
        yield from filter(None, [node.value])
    else:
        yield from ast.iter_child_nodes(node)


def inside(node: ast.AST) -> Sequence[ast.AST]:
    """What stands in the scope that a node begins."""
    if isinstance(node, ast.Lambda):
        return [node.body]
    if isinstance(node, _Definition):
        return node.body
    first, *others = node.generators  # type: ignore[attr-defined]
    elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]  # type: ignore[attr-defined]
    return [first.target, *first.ifs, *others, *elements]


def scope_of(node: ast.AST, parent: Scope, tables: Tables) -> Scope:
    """The scope that a node begins."""
    if isinstance(node, _Function):
        scope = Scope("function", parent, *tables.of(node))
        for name in _parameters(node.args):
            scope.learn(name, None)
        return scope
    if isinstance(node, ast.ClassDef):
        return Scope("class", parent, *tables.of(node))
    # Not every version has tables of its own for comprehensions.
    targets = frozenset(
        each.id
        for generator in node.generators  # type: ignore[attr-defined]
        for each in ast.walk(generator.target)
        if isinstance(each, ast.Name)
    )
    kind = "later" if isinstance(node, ast.GeneratorExp) else "comprehension"
    return Scope(kind, parent, targets)


def _parameters(args: ast.arguments) -> Iterator[str]:
    for each in chain(args.posonlyargs, args.args, args.kwonlyargs, [args.vararg, args.kwarg]):
        if each is not None:
            yield each.arg
