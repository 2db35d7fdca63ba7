"""Reverse-mode differentiation over arrays, small enough to read in one sitting.

A `Node` holds an array and remembers which nodes it was computed from. Each operation is one
forward line and one function that turns the upstream gradient into a gradient for each child.
`Node.backward` walks the graph once, from the result back to the leaves, and adds up what
arrives at each node [1]_.

References
----------
.. [1] A. G. Baydin et al., "Automatic differentiation in machine learning: a survey",
   Journal of Machine Learning Research 18(153), 2018.
"""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from convkit._arguments import FloatArray, as_float_array, check_shape

Operand: TypeAlias = "Node | ArrayLike"
LocalGradients: TypeAlias = Callable[[FloatArray], tuple[FloatArray, ...]]


class Node:
    """An array that knows where it comes from.

    Parameters
    ----------
    value : array_like
        Real numbers of any shape. They are copied; integers become float64.
    name : str, optional
        What a drawing of the graph calls this node.

    Attributes
    ----------
    value : ndarray
        The result of the operation, or the given numbers.
    grad : ndarray of the shape of `value`
        Sum of the gradients of all calls of `backward`; zero before the first.
    children : tuple of Node
        The operands; empty for a leaf. ``a + a`` has two children, both `a`.
    operation : str
        Such as ``"+"``, ``"@"`` or ``"sum"``; empty for a leaf.
    name : str
        As given.

    Examples
    --------
    The squared length of W @ x, and its gradient 2 (W x) x^T:

    >>> W, x = Node([[1, 2], [3, 4]]), Node([1, -1])
    >>> length = ((W @ x) ** 2).sum()
    >>> length
    Node(2., operation='sum')
    >>> length.backward()
    >>> W.grad
    array([[-2.,  2.],
           [-2.,  2.]])
    """

    __array_ufunc__ = None  # so that numpy leaves `array + node` to Node.__radd__

    def __init__(self, value: ArrayLike, name: str = "") -> None:
        self.value = np.array(as_float_array(value, "value"))
        self.grad = np.zeros_like(self.value)
        self.name = name
        self.operation = ""
        self.children: tuple[Node, ...] = ()
        self._local_gradients: LocalGradients = lambda dy: ()

    def __repr__(self) -> str:
        value = np.array2string(self.value, precision=4, prefix="Node(")
        label = f", name={self.name!r}" if self.name else ""
        return f"Node({value}{label}{f', operation={self.operation!r}' if self.children else ''})"

    def __add__(self, other: Operand) -> Node:
        a, b = self, self._operand(other)
        return _result(a.value + b.value, "+", (a, b), lambda dy: (dy, dy))

    def __sub__(self, other: Operand) -> Node:
        a, b = self, self._operand(other)
        return _result(a.value - b.value, "-", (a, b), lambda dy: (dy, -dy))

    def __mul__(self, other: Operand) -> Node:
        a, b = self, self._operand(other)
        return _result(a.value * b.value, "*", (a, b), lambda dy: (dy * b.value, dy * a.value))

    def __truediv__(self, other: Operand) -> Node:
        a, b = self, self._operand(other)
        return _result(
            a.value / b.value,
            "/",
            (a, b),
            lambda dy: (dy / b.value, -dy * a.value / b.value**2),
        )

    def __matmul__(self, other: Operand) -> Node:
        a, b = self, self._operand(other)
        return _result(
            np.matmul(a.value, b.value), "@", (a, b), lambda dy: _matmul_gradients(dy, a, b)
        )

    def __pow__(self, exponent: float) -> Node:
        if not isinstance(exponent, Real):
            raise TypeError(f"the exponent must be a number, not a {type(exponent).__name__}")
        slope = (lambda x: exponent * x ** (exponent - 1)) if exponent else np.zeros_like
        return _result(
            self.value**exponent, f"** {exponent:g}", (self,), lambda dy: (dy * slope(self.value),)
        )

    def __neg__(self) -> Node:
        return _result(-self.value, "neg", (self,), lambda dy: (-dy,))

    def __radd__(self, other: ArrayLike) -> Node:
        return self._operand(other) + self

    def __rsub__(self, other: ArrayLike) -> Node:
        return self._operand(other) - self

    def __rmul__(self, other: ArrayLike) -> Node:
        return self._operand(other) * self

    def __rtruediv__(self, other: ArrayLike) -> Node:
        return self._operand(other) / self

    def __rmatmul__(self, other: ArrayLike) -> Node:
        return self._operand(other) @ self

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Node:
        """Add entries up.

        Parameters
        ----------
        axis : int or tuple of int, optional
            Where to add; over all entries if it is not given.
        keepdims : bool, default False
            Whether the summed axes stay, with size 1.
        """
        kept = np.sum(self.value, axis=axis, keepdims=True)
        return _result(
            np.asarray(kept if keepdims else np.sum(self.value, axis=axis)),
            "sum",
            (self,),
            lambda dy: (np.broadcast_to(dy.reshape(kept.shape), self.value.shape),),
        )

    def mean(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Node:
        """Take the mean of entries.

        Parameters
        ----------
        axis : int or tuple of int, optional
            Where to take it; over all entries if it is not given.
        keepdims : bool, default False
            Whether these axes stay, with size 1.
        """
        total = self.sum(axis, keepdims)
        return total * (total.value.size / self.value.size)

    def relu(self) -> Node:
        """Return ``max(x, 0)``. The gradient at 0 is 0."""
        return _result(
            np.maximum(self.value, 0), "relu", (self,), lambda dy: (dy * (self.value > 0),)
        )

    def exp(self) -> Node:
        """Return e to the power of each entry."""
        value = np.exp(self.value)
        return _result(value, "exp", (self,), lambda dy: (dy * value,))

    def log(self) -> Node:
        """Return the natural logarithm of each entry."""
        return _result(np.log(self.value), "log", (self,), lambda dy: (dy / self.value,))

    def backward(self, upstream: ArrayLike | None = None) -> None:
        """Add to `grad` of this node, and of each node below it, the gradient of this node.

        Parameters
        ----------
        upstream : array_like of the shape of `value`, optional
            Gradient of the loss with respect to this node; 1 by default, which makes sense for
            a single number only.

        Raises
        ------
        ValueError
            If `upstream` is left out and `value` holds more than one number, or if it has
            another shape.

        Examples
        --------
        >>> a = Node([1.0, 2.0])
        >>> (a * a).backward([1, 10])
        >>> a.grad
        array([ 2., 40.])
        """
        if upstream is None:
            if self.value.size != 1:
                raise ValueError(
                    f"the node has shape {self.value.shape}: give its upstream gradient, "
                    "or make one number of it first, for example with .sum()"
                )
            upstream = np.ones_like(self.value)
        seed = as_float_array(upstream, "upstream")
        check_shape(seed, "upstream", self.value.shape, f"a node of shape {self.value.shape}")
        gradient = {node: np.zeros_like(node.value) for node in _below(self)}
        gradient[self] += seed
        # Each node comes after all that were computed from it, so its gradient is complete.
        for node, dy in gradient.items():
            node.grad += dy
            for child, part in zip(node.children, gradients_sent(node, dy), strict=True):
                gradient[child] += part

    def zero_grad(self) -> None:
        """Set `grad` of this node, and of each node below it, back to zero."""
        for node in _below(self):
            node.grad = np.zeros_like(node.value)

    def _operand(self, other: Operand) -> Node:
        if isinstance(other, Node):
            return other
        # A plain number takes this node's dtype, so that 2 * node stays float32 if node is.
        return Node(self.value.dtype.type(other) if isinstance(other, Real) else other)


def gradients_sent(node: Node, dy: FloatArray) -> tuple[FloatArray, ...]:
    """What a node passes on to its children when its own gradient is complete.

    Parameters
    ----------
    node : Node
        The result of an operation, or a leaf.
    dy : ndarray of the shape of the node's value
        Its gradient.

    Returns
    -------
    tuple of ndarray
        One gradient for each child, of the shape of the child's value.
    """
    parts = zip(node.children, node._local_gradients(dy), strict=True)
    return tuple(_unbroadcast(part, child.value.shape) for child, part in parts)


def _result(
    value: FloatArray, operation: str, children: tuple[Node, ...], local_gradients: LocalGradients
) -> Node:
    node = Node(value)
    node.operation, node.children, node._local_gradients = operation, children, local_gradients
    return node


def _below(root: Node) -> list[Node]:
    """Return `root` and all that it was computed from, each after every node that uses it."""
    children_first: list[Node] = []
    seen: set[Node] = set()
    stack = [(root, False)]  # no recursion: a long chain would exceed Python's limit
    while stack:
        node, finished = stack.pop()
        if finished:
            children_first.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((child, False) for child in node.children)
    return children_first[::-1]


def _unbroadcast(gradient: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Sum over the axes along which an operand of `shape` was repeated."""
    gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
    stretched = tuple(axis for axis, n in enumerate(shape) if n == 1)
    gradient = gradient.sum(axis=stretched, keepdims=True)
    return gradient


def _matmul_gradients(dy: FloatArray, a: Node, b: Node) -> tuple[FloatArray, FloatArray]:
    """For Y = A B: dA = dY B^T, dB = A^T dY. A vector is one row of A, or one column of B."""
    rows = a.value if a.value.ndim > 1 else a.value[None, :]
    columns = b.value if b.value.ndim > 1 else b.value[:, None]
    if b.value.ndim == 1:
        dy = dy[..., None]
    if a.value.ndim == 1:
        dy = dy[..., None, :]
    da = dy @ np.swapaxes(columns, -1, -2)
    db = np.swapaxes(rows, -1, -2) @ dy
    return (
        da[..., 0, :] if a.value.ndim == 1 else da,
        db[..., 0] if b.value.ndim == 1 else db,
    )
