"""What flows through a computational graph: values forward, gradients backward.

A graph is read from its last node, of convkit's class or of a student's.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from convkit.graph import Node, gradients_sent

_OPERATIONS: dict[str, Callable[..., Node]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "@": operator.matmul,
    "neg": operator.neg,
    "sum": Node.sum,
    "relu": Node.relu,
    "exp": Node.exp,
    "log": Node.log,
}


@dataclass(frozen=True)
class Graph:
    """A graph whose nodes stand in the order in which they were computed.

    Attributes
    ----------
    nodes : tuple
        The nodes themselves; the last one is the result.
    operands : tuple of tuple of int
        For each node, the numbers of its children.
    names : tuple of str
        For each node its name, or "".
    """

    nodes: tuple[Any, ...]
    operands: tuple[tuple[int, ...], ...]
    names: tuple[str, ...]

    def value(self, number: int) -> np.ndarray:
        """The value of a node."""
        return np.asarray(self.nodes[number].value, dtype=float)

    def operation(self, number: int) -> str:
        """The sign of the operation that made a node; "" for a leaf."""
        return str(getattr(self.nodes[number], "operation", "")) if self.operands[number] else ""

    @property
    def computed(self) -> list[int]:
        """Numbers of the nodes that are no leaves."""
        return [number for number, mine in enumerate(self.operands) if mine]

    def sent(self, number: int, gradient: np.ndarray) -> tuple[np.ndarray, ...]:
        """What a node sends to each of its children when `gradient` has arrived at it.

        Raises
        ------
        ValueError
            If the operation is not known.
        """
        node = self.nodes[number]
        if isinstance(node, Node):
            return gradients_sent(node, gradient)
        operation = self.operation(number)
        if operation not in _OPERATIONS:
            raise ValueError(
                f"how gradients pass through the operation {operation!r} is not known; "
                f"known are {', '.join(_OPERATIONS)}"
            )
        again = _OPERATIONS[operation](
            *(Node(self.value(child)) for child in self.operands[number])
        )
        return gradients_sent(again, gradient)


def read_graph(result: Any, names: Mapping[str, Any] | None = None) -> Graph:
    """Collect all that a node was computed from.

    Parameters
    ----------
    result : node
        The last node: it has `value` and `children`.
    names : mapping, optional
        Names for nodes, besides those that they carry.

    Returns
    -------
    Graph
        With every node after its children.

    Raises
    ------
    ValueError
        If something in the graph is no node.
    """
    given = {id(node): name for name, node in (names or {}).items()}
    nodes: list[Any] = []
    number: dict[int, int] = {}
    stack = [(result, False)]
    while stack:
        node, finished = stack.pop()
        if finished and id(node) not in number:
            number[id(node)] = len(nodes)
            nodes.append(node)
        elif id(node) not in number:
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(_children(node)))
    operands = tuple(tuple(number[id(child)] for child in _children(node)) for node in nodes)
    labels = tuple(given.get(id(node), "") or str(getattr(node, "name", "")) for node in nodes)
    return Graph(tuple(nodes), operands, labels)


def _children(node: Any) -> tuple[Any, ...]:
    if not (hasattr(node, "value") and hasattr(node, "children")):
        raise ValueError(
            f"a graph is drawn from nodes with a value and children; {type(node).__name__} has "
            f"no {'children' if hasattr(node, 'value') else 'value'}"
        )
    return tuple(node.children)


@dataclass(frozen=True)
class Flow:
    """How far the two passes have come.

    Attributes
    ----------
    known : frozenset of int
        Nodes whose value has been computed.
    arrived : mapping
        From a node to the sum of the gradients that have arrived at it.
    complete : frozenset of int
        Nodes at which all gradients have arrived.
    sent : mapping
        From (node, operand) to the gradient that has gone along this arrow.
    at : int, optional
        The node whose turn it is.
    """

    known: frozenset[int]
    arrived: Mapping[int, np.ndarray] = field(default_factory=dict)
    complete: frozenset[int] = frozenset()
    sent: Mapping[tuple[int, int], np.ndarray] = field(default_factory=dict)
    at: int | None = None


def both_passes(graph: Graph) -> list[Flow]:
    """Every step of the forward and of the backward pass.

    Parameters
    ----------
    graph : Graph
        Its result holds a single number.

    Returns
    -------
    list of Flow
        The leaves; one step for each operation; the gradient 1 at the result; one step for each
        operation, from the result back.
    """
    last = len(graph.nodes) - 1
    leaves = frozenset(range(last + 1)) - set(graph.computed)
    steps = [Flow(leaves)]
    for number in graph.computed:
        steps.append(Flow(steps[-1].known | {number}, at=number))
    everything = steps[-1].known
    arrived = {last: np.ones_like(graph.value(last))}
    sent: dict[tuple[int, int], np.ndarray] = {}
    complete = {last}
    steps.append(Flow(everything, dict(arrived), frozenset(complete), at=last))
    for number in reversed(graph.computed):
        for operand, part in enumerate(graph.sent(number, arrived[number])):
            child = graph.operands[number][operand]
            sent[number, operand] = part
            arrived[child] = arrived.get(child, 0) + part
        complete = _complete(graph, sent) | {last}
        steps.append(Flow(everything, dict(arrived), frozenset(complete), dict(sent), number))
    return steps


def as_held(graph: Graph) -> Flow:
    """The values and the gradients that the nodes hold by themselves.

    Parameters
    ----------
    graph : Graph
        Gradients count as absent while that of the result is zero or missing.

    Returns
    -------
    Flow
        With what ought to have gone along each arrow, where the operation is known.
    """
    everything = frozenset(range(len(graph.nodes)))
    held = {number: _gradient(graph, number) for number in everything}
    if not np.any(held[len(graph.nodes) - 1]):
        return Flow(everything)
    sent = {
        (number, operand): part
        for number in graph.computed
        if isinstance(graph.nodes[number], Node) or graph.operation(number) in _OPERATIONS
        for operand, part in enumerate(graph.sent(number, held[number]))
    }
    return Flow(everything, held, everything, sent)


def _gradient(graph: Graph, number: int) -> np.ndarray:
    held, value = getattr(graph.nodes[number], "grad", None), graph.value(number)
    gradient = np.zeros_like(value) if held is None else np.asarray(held, dtype=float)
    return gradient if gradient.shape == value.shape else np.full_like(value, np.nan)


def arriving(graph: Graph, flow: Flow, number: int) -> np.ndarray | None:
    """The sum of what the arrows bring to a node; None if not all of it is known."""
    parts: Sequence[np.ndarray | None] = [
        flow.sent.get((user, operand))
        for user, mine in enumerate(graph.operands)
        for operand, child in enumerate(mine)
        if child == number
    ]
    if not parts or any(part is None for part in parts):
        return None
    total: np.ndarray = np.sum([part for part in parts if part is not None], axis=0)
    return total


def _complete(graph: Graph, sent: Mapping[tuple[int, int], np.ndarray]) -> set[int]:
    waiting = {
        child
        for user, mine in enumerate(graph.operands)
        for operand, child in enumerate(mine)
        if (user, operand) not in sent
    }
    return set(range(len(graph.nodes))) - waiting - {len(graph.nodes) - 1}
