"""Loops: measured by how the work grows with each dimension, and read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.authoring.exercise import LoopRule
from autograder.authoring.loop_probes import GROWTH
from autograder.judging.code.definitions import Standing

_KINDS: dict[type[ast.AST], str] = {
    ast.For: "for loop",
    ast.While: "while loop",
    ast.ListComp: "comprehension",
    ast.SetComp: "comprehension",
    ast.DictComp: "comprehension",
    ast.GeneratorExp: "generator",
}


@dataclass(frozen=True)
class Loop:
    """A loop as it is written: its kind, and its line in the student's cell."""

    kind: str
    line: int


def looped_over(rule: LoopRule, growth: Sequence[int]) -> tuple[str, ...]:
    """Dimensions over which the answer loops, from what was measured.

    Parameters
    ----------
    rule : LoopRule
        Names the dimensions.
    growth : sequence of int
        How many more times some line ran, for each dimension made larger.

    Examples
    --------
    >>> import numpy as np
    >>> rule = LoopRule(1, ("rows", "columns"), lambda rng, *sizes: (np.ones(sizes),), (3, 4))
    >>> looped_over(rule, [12, 1])
    ('rows',)
    """
    return tuple(
        name for name, lines in zip(rule.dimensions, growth, strict=True) if lines >= GROWTH
    )


def written_loops(sources: Sequence[str] | Standing, target: str) -> tuple[Loop, ...]:
    """Loops in the code that `target` can reach, in the order of their lines.

    Parameters
    ----------
    sources : sequence of str, or Standing
        The code cells that had run.
    target : str
        The function that is marked.

    Examples
    --------
    >>> cell = "def f(x):\\n    for row in x:\\n        print([2 * item for item in row])"
    >>> written_loops([cell], "f")
    (Loop(kind='for loop', line=2), Loop(kind='comprehension', line=3))
    """
    found = {
        Loop(kind, node.lineno)
        for root in _code(sources, target)
        for node in ast.walk(root)
        if isinstance(node, ast.stmt | ast.expr) and (kind := _KINDS.get(type(node)))
    }
    return tuple(sorted(found, key=lambda loop: loop.line))


def deepest_nesting(sources: Sequence[str] | Standing, target: str) -> int:
    """How many written loops stand one inside the other, at most.

    Loops of another function of the student count with those around the place where it is
    defined, not with those around its calls.

    Examples
    --------
    >>> cell = "def f(x):\\n    return [[item for item in row] for row in x]"
    >>> deepest_nesting([cell], "f")
    2
    """
    deepest = 0
    waiting = [(root, 0) for root in _code(sources, target)]
    while waiting:
        node, around = waiting.pop()
        own = len(getattr(node, "generators", ())) or int(isinstance(node, ast.For | ast.While))
        deepest = max(deepest, around + own)
        waiting += [(child, around + own) for child in ast.iter_child_nodes(node)]
    return deepest


def _code(sources: Sequence[str] | Standing, target: str) -> Iterator[ast.AST]:
    """The code that `target` certainly depends on."""
    for reached in Standing.of(sources).reach(target):
        if reached.certain:
            yield from reached.definition.binding.nodes


def broken(
    rule: LoopRule, growth: Sequence[int] | None, sources: Sequence[str] | Standing, target: str
) -> str:
    """Say how an answer breaks a rule about loops, or "".

    What was measured decides; where nothing could be measured, what is written does.
    """
    if growth is None or len(growth) != len(rule.dimensions):
        depth = deepest_nesting(sources, target)
        if depth <= rule.at_most + rule.others:
            return ""
        fault = f"has {_count(depth)} inside one another"
    else:
        dimensions = looped_over(rule, growth)
        if len(dimensions) <= rule.at_most:
            return ""
        fault = f"loops over {_listed(dimensions)}"
    written = written_loops(sources, target)
    where = "; ".join(f"a {loop.kind} in line {loop.line}" for loop in written[:4])
    where = f" ({where})" if where else ""
    allowed = {0: "no such loop is", 1: "one such loop at most is"}.get(
        rule.at_most, f"{_count(rule.at_most)} at most are"
    )
    return f"{fault}{where}; {allowed} allowed here"


def _count(loops: int) -> str:
    words = {1: "one loop", 2: "two loops", 3: "three loops"}
    return words.get(loops, f"{loops} loops")


def _listed(names: Sequence[str]) -> str:
    *first, last = [f"the {name}" for name in names]
    return f"{', '.join(first)} and {last}" if first else last
