"""What a piece of code mentions of the names of its module and of libraries, scope by scope.

Which names are local is what the compiler's symbol tables say. What a local name stands for is
followed through imports and plain assignments.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.judging.code.scopes import Path, Scope, Tables, inside, own_nodes, scope_of

MOST_ATTRIBUTES = 16
"""No callable of a library stands deeper."""

ANY = "*"
"""An attribute whose name is made when the code runs."""

_Import = ast.Import | ast.ImportFrom
_Assignment = ast.Assign | ast.AnnAssign | ast.NamedExpr


@dataclass(frozen=True)
class Mention:
    """One place where code refers to something outside of itself.

    Attributes
    ----------
    paths : tuple of Path
        What it may refer to.
    certain : bool
        Whether it can be nothing else.
    line : int
        In the cell, from 1.
    eager : bool
        Looked up when the statement runs, not later when a function is called.
    stored : bool
        It is not used there, but given another value.
    told : bool
        It is called there, and its first argument is a text that stands in the code.
    """

    paths: tuple[Path, ...]
    certain: bool
    line: int
    eager: bool
    stored: bool = False
    told: bool = False


def mentions(roots: Sequence[ast.AST], tables: Tables) -> tuple[Mention, ...]:
    """All that some code of a module's top level mentions, from the outside in.

    What is mentioned several times in the same way is told once, with its first line. Annotations
    are not read: they are not called.

    Examples
    --------
    >>> source = "def f(x, go=np.pad):\\n    import scipy\\n    return scipy.signal"
    >>> import symtable
    >>> tables = Tables([(0, symtable.symtable(source, "cell", "exec"))])
    >>> for mention in mentions(ast.parse(source).body, tables):
    ...     print(mention.paths[-1].root, mention.paths[-1].attributes, mention.eager)
    np ('pad',) True
    np () True
    scipy ('signal',) False
    scipy () False
    """
    found: dict[Mention, Mention] = {}
    waiting: deque[tuple[Sequence[ast.AST], Scope]] = deque([(roots, Scope("module"))])
    while waiting:
        nodes, scope = waiting.popleft()
        own, inner = own_nodes(nodes)
        _learn(own, scope)
        for mention in _mentioned(own, scope):
            found.setdefault(replace(mention, line=0), mention)
        waiting += [(inside(node), scope_of(node, scope, tables)) for node in inner]
    return tuple(found.values())


def _learn(nodes: Iterable[ast.AST], scope: Scope) -> None:
    """Take in what the names of a scope stand for."""
    if scope.kind not in ("function", "class"):
        return
    followed: set[int] = set()
    for node in nodes:
        if isinstance(node, _Import):
            for name, path in imported(node):
                scope.learn(name, path)
        elif isinstance(node, _Assignment):
            for target, value in assigned(node):
                followed.add(id(target))
                scope.learn(target.id, _sole(meaning(value, scope)))
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load) and id(node) not in followed:
                scope.learn(node.id, None)
        elif bound := _bound(node):
            scope.learn(bound, None)


def _bound(node: ast.AST) -> str | None:
    """The name that a node binds to a value of its own."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name):
            return name
        case ast.MatchMapping(rest=name):
            return name
    return None


def imported(node: _Import) -> Iterator[tuple[str, Path | None]]:
    """The names that an import binds, ``"*"`` for all, and what each stands for."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            path = Path(node.module, module=True) if node.module and not node.level else None
            yield alias.asname or alias.name, path and path / [alias.name]
        elif alias.asname:
            yield alias.asname, Path(alias.name, module=True)
        else:
            package = alias.name.split(".")[0]
            yield package, Path(package, module=True)


def assigned(node: _Assignment) -> Iterator[tuple[ast.Name, ast.expr]]:
    """The names that are given the value of one expression as it stands."""
    if node.value is None:
        return
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    waiting = [(target, node.value) for target in targets]
    while waiting:
        target, value = waiting.pop()
        if isinstance(target, ast.Name):
            yield target, value
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            parts = [*target.elts, *value.elts]
            if len(target.elts) == len(value.elts) and not any(
                isinstance(part, ast.Starred) for part in parts
            ):
                waiting += zip(target.elts, value.elts, strict=True)


def _mentioned(nodes: Iterable[ast.AST], scope: Scope) -> Iterator[Mention]:
    told: set[int] = set()
    for node in nodes:
        if not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            continue
        if isinstance(node, ast.Call) and node.args and _text(node.args[0]) is not None:
            told.add(id(node.func))
        stored = _is_stored(node)
        if stored and isinstance(node, ast.Name):
            continue
        meanings = meaning(node, scope)
        paths = tuple(path for path in meanings if path is not None)
        if paths:
            certain = len(meanings) == 1
            yield Mention(paths, certain, node.lineno, scope.eager, stored, id(node) in told)


def _is_stored(node: ast.expr) -> bool:
    return not isinstance(getattr(node, "ctx", None), ast.Load | None)


def _sole(meanings: tuple[Path | None, ...]) -> Path | None:
    return meanings[0] if len(meanings) == 1 else None


def meaning(node: ast.expr, scope: Scope | None = None) -> tuple[Path | None, ...]:
    """What an expression may stand for; None where that is no name, attribute or import.

    Examples
    --------
    >>> (path,) = meaning(ast.parse("np.lib.pad", mode="eval").body)
    >>> path.root, path.attributes
    ('np', ('lib', 'pad'))
    >>> meaning(ast.parse("1 + x", mode="eval").body)
    (None,)
    """
    scope = scope or Scope("module")
    attributes: list[str] = []
    by: list[Path] = []
    while len(attributes) <= MOST_ATTRIBUTES:
        match node:
            case ast.Attribute(value=node, attr=name):
                attributes.append(name)
            case ast.Subscript(value=ast.Attribute(value=node, attr="__dict__"), slice=key):
                attributes.append(_text(key) or ANY)
            case ast.Call(func=function, args=[ast.Constant(value=str(module)), *_]):
                how = _plain(function, scope)
                path = Path(module, (), True, tuple(by), how) if how else None
                return (path and path / reversed(attributes),)
            case ast.Call(func=function, args=[node, key, *_]) if how := _plain(function, scope):
                attributes.append(_text(key) or ANY)
                by.append(how)
            case ast.Name(id=name):
                return tuple(
                    found and replace(found, by=(*found.by, *by)) / reversed(attributes)
                    for found in scope.means(name)
                )
            case _:
                return (None,)
    return (None,)


def _plain(function: ast.expr, scope: Scope) -> Path | None:
    """What a called function stands for, if it is a name or an attribute of a name."""
    attributes = []
    if isinstance(function, ast.Attribute):
        attributes, function = [function.attr], function.value
    if not isinstance(function, ast.Name):
        return None
    found = scope.means(function.id)
    return found[0] / attributes if len(found) == 1 and found[0] else None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
