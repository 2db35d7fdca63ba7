"""Which names a statement at the top level of a cell binds, and to what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.judging.code.mentions import assigned, imported, meaning
from autograder.judging.code.scopes import Path, own_nodes

ALL = "*"
"""The name that ``from module import *`` binds."""

_LOOKS_BOUND = re.compile(
    r"^[^\S\n]*(?:(?:def|class)[^\S\n]+(\w+)|(\w+)[^\S\n]*=(?!=))", re.MULTILINE
)
_Match = ast.MatchAs | ast.MatchStar | ast.MatchMapping


@dataclass(frozen=True, eq=False)
class Binding:
    """A name gets a value.

    Attributes
    ----------
    nodes : tuple of ast.AST
        What makes the value; none where that is no code of the notebook.
    alias : Path or None
        What else has the same value.
    conditional : bool
        Whether the name may have kept the value that it had before.
    patched : Path or None
        The attribute or item that gets the value, where it is not the name itself.
    unread : bool
        Whether nobody knows what makes the value.
    """

    name: str
    nodes: tuple[ast.AST, ...] = ()
    alias: Path | None = None
    conditional: bool = False
    patched: Path | None = None
    unread: bool = False


@dataclass(frozen=True)
class Holds:
    """What a cell holds that takes time to look for."""

    assignment_expressions: bool = True
    globals: bool = True

    @staticmethod
    def of(text: str) -> Holds:
        return Holds(":=" in text, "global" in text)


def bindings(
    statement: ast.stmt, holds: Holds = Holds(), *, conditional: bool = False
) -> Iterator[Binding]:
    """All that a statement at the top level of a cell binds, in the order of the text.

    Parameters
    ----------
    statement : ast.stmt
        The statement.
    holds : Holds
        What may be in its cell.
    conditional : bool
        Whether the statement may not have run.

    Examples
    --------
    >>> text = "if fast:\\n    from numpy import pad as p\\n    a, b = p, 1"
    >>> for binding in bindings(ast.parse(text).body[0]):
    ...     print(binding.name, binding.alias and binding.alias.root, binding.conditional)
    p numpy True
    a p True
    b None True
    """
    waiting = [(statement, conditional)]
    while waiting:
        node, may_be = waiting.pop()
        yield from _bound(node, may_be)
        if holds.assignment_expressions:
            yield from _in_expressions(node, may_be)
        if holds.globals:
            yield from _from_within(node)
        waiting += [(inner, True) for inner in reversed(list(_inner_statements(node)))]


def possible_bindings(text: str) -> Iterator[Binding]:
    """The names that a cell may bind which cannot be read.

    Examples
    --------
    >>> [binding.name for binding in possible_bindings("def f(x):\\n    y = x\\nz = f(2)")]
    ['f', 'y', 'z']
    """
    for definition, assigned_name in _LOOKS_BOUND.findall(text):
        yield Binding(definition or assigned_name, (), None, True, None, True)


def _inner_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for block in ("body", "handlers", "cases", "orelse", "finalbody"):
        for each in getattr(node, block, ()):
            if isinstance(each, ast.stmt):
                yield each
            else:
                yield from each.body


def _bound(node: ast.stmt, conditional: bool) -> Iterator[Binding]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield Binding(name, (node,), None, conditional)
        case ast.Import() | ast.ImportFrom():
            for name, path in imported(node):
                yield Binding(name, (), path, conditional)
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            yield from _assigned(node, conditional)
        case ast.AugAssign(target=target, value=value):
            yield from _stored([target], value, True)
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield from _stored([target], value, True)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars:
                    yield from _stored([item.optional_vars], item.context_expr, conditional)
        case ast.Delete(targets=targets):
            yield from (
                Binding(target.id, (), None, conditional)
                for target in targets
                if isinstance(target, ast.Name)
            )
        case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
            yield from (Binding(each.name, (), None, True) for each in handlers if each.name)
        case ast.Match(subject=subject, cases=cases):
            for pattern in (each for case in cases for each in ast.walk(case.pattern)):
                captured = getattr(pattern, "rest", None) or getattr(pattern, "name", None)
                if isinstance(pattern, _Match) and captured:
                    yield Binding(captured, (subject,), None, True)


def _assigned(node: ast.Assign | ast.AnnAssign, conditional: bool) -> Iterator[Binding]:
    followed = {id(target): value for target, value in assigned(node)}
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    assert node.value is not None
    yield from _stored(targets, node.value, conditional, followed)


def _stored(
    targets: Sequence[ast.expr],
    value: ast.expr,
    conditional: bool,
    followed: dict[int, ast.expr] | None = None,
) -> Iterator[Binding]:
    """What is bound by storing a value in some targets, each as a whole or in parts."""
    for target in (each for one in targets for each in ast.walk(one)):
        if isinstance(getattr(target, "ctx", None), ast.Load | None):
            continue
        if isinstance(target, ast.Name):
            own = (followed or {}).get(id(target), value)
            alias = meaning(own)[0] if followed and id(target) in followed else None
            yield Binding(target.id, (own,), alias, conditional)
        elif isinstance(target, ast.Attribute | ast.Subscript):
            owner: ast.expr = target
            while isinstance(owner, ast.Attribute | ast.Subscript):
                owner = owner.value
            if isinstance(owner, ast.Name):
                yield Binding(owner.id, (value,), None, True, meaning(target)[0] or Path(owner.id))


def _from_within(node: ast.stmt) -> Iterator[Binding]:
    """The names of the module that functions bind when they are called."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    declared = [each for each in ast.walk(node) if isinstance(each, ast.Global)]
    for name in dict.fromkeys(name for each in declared for name in each.names):
        yield Binding(name, (node,), None, True)


def _in_expressions(node: ast.stmt, conditional: bool) -> Iterator[Binding]:
    """The names that ``:=`` binds within a statement."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    expressions = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
    for each in own_nodes(expressions)[0]:
        if isinstance(each, ast.NamedExpr):
            yield Binding(each.target.id, (each.value,), meaning(each.value)[0], conditional)
