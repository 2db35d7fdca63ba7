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
_Beginning = ast.ClassDef | _Function | _Comprehension
_Special = _Beginning | ast.AnnAssign
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


@dataclass(frozen=True)
class Names:
    """Names that are bound in a scope, and names of functions around it."""

    local: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()


class Tables:
    """The scopes of a cell, as the compiler sees them.

    Parameters
    ----------
    parts : iterable of (int, SymbolTable)
        The tables of parts of its text, and how many lines stand above each.
    """

    def __init__(self, parts: Iterable[tuple[int, symtable.SymbolTable]]) -> None:
        self._parts = tuple(parts)
        self._names: dict[tuple[str, int], dict[frozenset[str], Names]] = {}

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

    def of(self, node: _Function | ast.ClassDef) -> Names:
        """The names that are local in a function or a class, and those of functions around it."""
        place = ("lambda" if isinstance(node, ast.Lambda) else node.name, node.lineno)
        if place not in self._names:
            self._names[place] = _by_parameters(self._found.get(place, ()))
        known = self._names[place]
        # Several lambdas may stand in one line.
        sole = next(iter(known.values())) if len(known) == 1 else Names()
        parameters = () if isinstance(node, ast.ClassDef) else _parameters(node.args)
        return known.get(frozenset(parameters), sole)


def _by_parameters(tables: Iterable[symtable.SymbolTable]) -> dict[frozenset[str], Names]:
    """What is local and free in the scopes that begin in one line, by their parameters."""
    found: dict[frozenset[str], tuple[set[str], set[str]]] = {}
    for table in tables:
        if isinstance(table, symtable.Function):
            parameters = frozenset(table.get_parameters())
            own, around = table.get_locals(), table.get_frees()
        elif isinstance(table, symtable.Class):
            symbols = table.get_symbols()
            parameters = frozenset()
            own = tuple(symbol.get_name() for symbol in symbols if symbol.is_local())
            around = tuple(symbol.get_name() for symbol in symbols if symbol.is_free())
        else:
            continue
        local, free = found.setdefault(parameters, (set(), set()))
        local.update(own)
        free.update(around)
    return {
        parameters: Names(frozenset(local), frozenset(free))
        for parameters, (local, free) in found.items()
    }


@dataclass(eq=False)
class Scope:
    """A function, class, lambda or comprehension, and what its own names stand for.

    Attributes
    ----------
    kind : str
        ``"module"``, ``"function"``, ``"class"``, ``"comprehension"``, or ``"later"`` for a
        generator.
    names : Names
        What is bound here, and what in functions around it.
    """

    kind: str
    parent: Scope | None = None
    names: Names = Names()
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
            if name in scope.names.local:
                return tuple(scope.meanings.get(name, (None,)))
            if scope.kind in ("function", "class") and name not in scope.names.free:
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
        if isinstance(node, _Beginning):
            inner.append(node)
        children = _outside(node) if isinstance(node, _Special) else ast.iter_child_nodes(node)
        waiting += reversed(list(children))
    return own, inner


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    """The children that belong to the scope in which such a node stands; no annotations."""
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
        scope = Scope("function", parent, tables.of(node))
        for name in _parameters(node.args):
            scope.learn(name, None)
        return scope
    if isinstance(node, ast.ClassDef):
        return Scope("class", parent, tables.of(node))
    # Not every version has tables of its own for comprehensions.
    targets = frozenset(
        each.id
        for generator in node.generators  # type: ignore[attr-defined]
        for each in ast.walk(generator.target)
        if isinstance(each, ast.Name)
    )
    kind = "later" if isinstance(node, ast.GeneratorExp) else "comprehension"
    return Scope(kind, parent, Names(targets))


def _parameters(args: ast.arguments) -> Iterator[str]:
    for each in chain(args.posonlyargs, args.args, args.kwonlyargs, [args.vararg, args.kwarg]):
        if each is not None:
            yield each.arg
