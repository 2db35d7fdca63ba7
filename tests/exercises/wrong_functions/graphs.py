"""Wrong answers to the functions and the class of the notebook on graphs."""

import numpy as np

from tests.exercises.wrong_functions.tagging import odd, pair, wrong


@wrong("forward", "the sum is squared, not each entry", "squares_the_sum")
def fw_square_of_sum(W, x):
    q = np.dot(W, x)
    total = 0
    for v in q:
        total += v
    return total**2


@wrong("forward", "the length, not its square", "takes_the_root")
def fw_length(W, x):
    q = W @ x
    return np.linalg.norm(q)


@wrong("forward", "W times x entry by entry", "multiplies_entry_by_entry")
def fw_entrywise(W, x):
    q = W * x
    return np.sum(q**2)


@wrong("forward", "the transpose of W", "vector_on_the_left")
def fw_transposed(W, x):
    m, n = W.shape
    s = 0.0
    for i in range(m):
        q = 0.0
        for j in range(n):
            q += W[j][i] * x[j]
        s += q * q
    return s


@wrong("forward", "not squared", "nothing_squared")
def fw_not_squared(W, x):
    return (W @ x).sum()


@pair(
    "forward", "the mean instead of the sum, and the root", "takes_the_root", "mean_of_the_squares"
)
def fw_root_mean(W, x):
    q = W.dot(x)
    return np.sqrt(np.mean(q**2))


@odd("forward", "returns the vector of squares", "squares_not_added")
def fw_vector(W, x):
    result = []
    for row in W:
        q = sum(row[j] * x[j] for j in range(len(x)))
        result.append(q * q)
    return np.array(result)


@odd("forward", "cut to a whole number")
def fw_int(W, x):
    return int(np.sum(np.square(W @ x)))


@wrong("backward", "the factor 2 is missing", "factor_two_missing")
def bw_no_two(W, x):
    q = W @ x
    dW = np.outer(q, x)
    dx = W.T @ q
    return dW, dx


@wrong("backward", "the outer product the wrong way round", "outer_product_turned_round")
def bw_outer(W, x):
    q = np.dot(W, x)
    dW = 2 * np.outer(x, q)
    dx = 2 * np.dot(W.T, q)
    return dW, dx


@wrong("backward", "W not transposed in dx", "matrix_not_transposed")
def bw_dx_not_transposed(W, x):
    q = W @ x
    m, n = W.shape
    dW = np.zeros((m, n))
    for i in range(m):
        for j in range(n):
            dW[i, j] = 2 * q[i] * x[j]
    return dW, 2 * W @ q


@wrong("backward", "the answers in the other order", "gradients_exchanged")
def bw_order(W, x):
    dq = 2 * (W @ x)
    return W.T @ dq, np.outer(dq, x)


@wrong(
    "backward", "whole numbers: arrays like W and x cut the fractions", "stored_as_whole_numbers"
)
def bw_like(W, x):
    q = W @ x
    dW = np.zeros_like(W)
    dx = np.zeros_like(x)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            dW[i, j] = 2 * q[i] * x[j]
            dx[j] = dx[j] + 2 * q[i] * W[i, j]
    return dW, dx


@wrong("backward", "assigned in dx: only the last row of W counts")
def bw_assigned(W, x):
    q = W @ x
    dW = np.zeros(W.shape)
    dx = np.zeros(x.shape)
    for i in range(W.shape[0]):
        for j in range(W.shape[1]):
            dW[i, j] = 2 * q[i] * x[j]
            dx[j] = 2 * q[i] * W[i, j]
    return dW, dx


@pair(
    "backward",
    "the factor 2 is missing, and W is not transposed in dx",
    "factor_two_missing",
    "matrix_not_transposed",
)
def bw_no_two_not_transposed(W, x):
    q = W @ x
    return q[:, None] * x[None, :], W @ q


@pair(
    "backward",
    "the outer product the wrong way round, and W not transposed in dx",
    "matrix_not_transposed",
    "outer_product_turned_round",
)
def bw_outer_not_transposed(W, x):
    q = W.dot(x)
    return 2 * x[:, np.newaxis] @ q[np.newaxis, :], 2 * W.dot(q)


@odd("backward", "the gradient to x as a column")
def bw_column(W, x):
    q = (W @ x).reshape(-1, 1)
    dW = 2 * q @ x.reshape(1, -1)
    dx = 2 * W.T @ q
    return dW, dx


@wrong("Node", "children in a set: a + a gets one of its two gradients", "OperandsInADictionary")
class NodeSet:
    def __init__(self, value, children=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = set(children)

    def _to(self, part):
        return part if part.shape == self.value.shape else np.sum(part)

    def __add__(self, other):
        return NodeSet(self.value + other.value, {(n, NodeSet.same) for n in (self, other)})

    def same(g):
        return g

    def __sub__(self, other):
        return NodeSet(self.value - other.value, [(self, lambda g: g), (other, lambda g: -g)])

    def __mul__(self, other):
        return NodeSet(
            self.value * other.value,
            [(self, lambda g: g * other.value), (other, lambda g: g * self.value)],
        )

    def __matmul__(self, other):
        def left(g):
            return np.outer(g, other.value) if other.value.ndim == 1 else g @ other.value.T

        return NodeSet(
            self.value @ other.value, [(self, left), (other, lambda g: self.value.T @ g)]
        )

    def sum(self):
        return NodeSet(np.sum(self.value), [(self, lambda g: g * np.ones_like(self.value))])

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if id(node) in seen:
                return
            seen.add(id(node))
            for child, _ in node.children:
                visit(child)
            order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, rule in node.children:
                child.grad = child.grad + child._to(np.asarray(rule(node.grad)))


@wrong("Node", "gradients assigned instead of added", "GradientsAssigned")
class NodeAssigned:
    def __init__(self, value, parents=()):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros(self.value.shape)
        self.parents = list(parents)

    def __add__(self, o):
        return NodeAssigned(self.value + o.value, [(self, lambda g: g), (o, lambda g: g)])

    def __sub__(self, o):
        return NodeAssigned(self.value - o.value, [(self, lambda g: g), (o, lambda g: -g)])

    def __mul__(self, o):
        return NodeAssigned(
            self.value * o.value, [(self, lambda g: g * o.value), (o, lambda g: g * self.value)]
        )

    def __matmul__(self, o):
        def to_self(g):
            if o.value.ndim == 1:
                return np.outer(g, o.value)
            return g @ o.value.T

        return NodeAssigned(
            self.value @ o.value, [(self, to_self), (o, lambda g: self.value.T @ g)]
        )

    def sum(self):
        return NodeAssigned(self.value.sum(), [(self, lambda g: np.full(self.value.shape, g))])

    def backward(self):
        topo, seen = [], []

        def build(v):
            if v not in seen:
                seen.append(v)
                for p, _ in v.parents:
                    build(p)
                topo.append(v)

        build(self)
        self.grad = np.array(1.0)
        for v in topo[::-1]:
            for p, rule in v.parents:
                g = rule(v.grad)
                p.grad = np.sum(g) if p.value.ndim == 0 else g


@wrong("Node", "walked in the order found, depth first, each node once", "VisitsANodeWhenItIsMet")
class NodeDepthFirst:
    def __init__(self, value, back=None, kids=()):
        self.value = np.array(value, float)
        self.grad = np.zeros_like(self.value)
        self._back = back
        self._kids = kids

    def _add(self, g):
        self.grad = self.grad + (np.sum(g) if self.value.shape == () else g)

    def __add__(self, other):
        out = NodeDepthFirst(self.value + other.value, kids=(self, other))

        def back():
            self._add(out.grad)
            other._add(out.grad)

        out._back = back
        return out

    def __sub__(self, other):
        out = NodeDepthFirst(self.value - other.value, kids=(self, other))

        def back():
            self._add(out.grad)
            other._add(-out.grad)

        out._back = back
        return out

    def __mul__(self, other):
        out = NodeDepthFirst(self.value * other.value, kids=(self, other))

        def back():
            self._add(out.grad * other.value)
            other._add(out.grad * self.value)

        out._back = back
        return out

    def __matmul__(self, other):
        out = NodeDepthFirst(self.value @ other.value, kids=(self, other))

        def back():
            if other.value.ndim == 1:
                self._add(np.outer(out.grad, other.value))
            else:
                self._add(out.grad @ other.value.T)
            other._add(self.value.T @ out.grad)

        out._back = back
        return out

    def sum(self):
        out = NodeDepthFirst(np.sum(self.value), kids=(self,))

        def back():
            self._add(np.ones_like(self.value) * out.grad)

        out._back = back
        return out

    def backward(self):
        self.grad = np.ones_like(self.value)
        stack, done = [self], []
        while stack:
            node = stack.pop()
            if node in done:
                continue
            done.append(node)
            if node._back is not None:
                node._back()
            for kid in node._kids:
                stack.append(kid)


@wrong("Node", "the sign of minus is lost on the way back", "MinusKeepsTheSign")
class NodeMinus:
    def __init__(self, value, edges=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.edges = edges

    def __add__(self, other):
        return NodeMinus(self.value + other.value, [(self, "same"), (other, "same")])

    def __sub__(self, other):
        return NodeMinus(self.value - other.value, [(self, "same"), (other, "same")])

    def __mul__(self, other):
        a, b = self.value, other.value
        return NodeMinus(a * b, [(self, lambda g: g * b), (other, lambda g: g * a)])

    def __matmul__(self, other):
        a, b = self.value, other.value
        return NodeMinus(
            a @ b,
            [
                (self, lambda g: np.outer(g, b) if b.ndim == 1 else g @ b.T),
                (other, lambda g: a.T @ g),
            ],
        )

    def sum(self):
        shape = self.value.shape
        return NodeMinus(self.value.sum(), [(self, lambda g: g * np.ones(shape))])

    def backward(self):
        order = []

        def go(n):
            if all(n is not m for m in order):
                for child, _ in n.edges:
                    go(child)
                order.append(n)

        go(self)
        self.grad = np.ones(())
        for n in reversed(order):
            for child, f in n.edges:
                g = n.grad if f == "same" else f(n.grad)
                if child.value.shape == ():
                    g = np.sum(g)
                child.grad = child.grad + g


@wrong("Node", "the gradient of a single number keeps the shape of the array", "NumberNotSummed")
class NodeNumber:
    def __init__(self, value, children=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children

    def __add__(self, other):
        return NodeNumber(self.value + other.value, ((self, lambda g: g), (other, lambda g: g)))

    def __sub__(self, other):
        return NodeNumber(self.value - other.value, ((self, lambda g: g), (other, lambda g: -g)))

    def __mul__(self, other):
        return NodeNumber(
            self.value * other.value,
            ((self, lambda g: g * other.value), (other, lambda g: g * self.value)),
        )

    def __matmul__(self, other):
        def one(g):
            return np.outer(g, other.value) if other.value.ndim == 1 else g @ other.value.T

        return NodeNumber(
            self.value @ other.value, ((self, one), (other, lambda g: self.value.T @ g))
        )

    def sum(self):
        return NodeNumber(self.value.sum(), ((self, lambda g: g * np.ones_like(self.value)),))

    def backward(self):
        order = []

        def visit(n):
            if n not in order:
                for c, _ in n.children:
                    visit(c)
                order.append(n)

        visit(self)
        self.grad = np.ones_like(self.value)
        while order:
            n = order.pop()
            for c, rule in n.children:
                c.grad = c.grad + rule(n.grad)


@wrong("Node", "whole numbers stay whole: values are not made floats")
class NodeInt:
    def __init__(self, value, children=()):
        whole = np.all(np.equal(np.mod(value, 1), 0))
        self.value = np.array(value, dtype=int) if whole else np.array(value)
        self.grad = np.zeros_like(self.value)
        self.children = children

    def __add__(self, other):
        return NodeInt(self.value + other.value, ((self, lambda g: g), (other, lambda g: g)))

    def __sub__(self, other):
        return NodeInt(self.value - other.value, ((self, lambda g: g), (other, lambda g: -g)))

    def __mul__(self, other):
        return NodeInt(
            np.multiply(self.value, other.value).astype(self.value.dtype),
            ((self, lambda g: g * other.value), (other, lambda g: g * self.value)),
        )

    def __matmul__(self, other):
        def one(g):
            return np.outer(g, other.value) if other.value.ndim == 1 else g @ other.value.T

        return NodeInt(self.value @ other.value, ((self, one), (other, lambda g: self.value.T @ g)))

    def sum(self):
        return NodeInt(self.value.sum(), ((self, lambda g: g * np.ones(self.value.shape)),))

    def backward(self):
        order = []

        def visit(n):
            if n not in order:
                for c, _ in n.children:
                    visit(c)
                order.append(n)

        visit(self)
        self.grad = np.ones(self.value.shape)
        for n in order[::-1]:
            for c, rule in n.children:
                g = rule(n.grad)
                c.grad = c.grad + (np.sum(g) if c.value.shape == () else g)


@pair(
    "Node",
    "assigned instead of added, and a product with the factors exchanged",
    "ProductByItsOwnValue",
    "GradientsAssigned",
)
class NodeTwo:
    def __init__(self, value, children=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children

    def __add__(self, other):
        return NodeTwo(self.value + other.value, ((self, lambda g: g), (other, lambda g: g)))

    def __sub__(self, other):
        return NodeTwo(self.value - other.value, ((self, lambda g: g), (other, lambda g: -g)))

    def __mul__(self, other):
        return NodeTwo(
            self.value * other.value,
            ((self, lambda g: g * self.value), (other, lambda g: g * other.value)),
        )

    def __matmul__(self, other):
        def one(g):
            return np.outer(g, other.value) if other.value.ndim == 1 else g @ other.value.T

        return NodeTwo(self.value @ other.value, ((self, one), (other, lambda g: self.value.T @ g)))

    def sum(self):
        return NodeTwo(self.value.sum(), ((self, lambda g: g * np.ones_like(self.value)),))

    def backward(self):
        order = []

        def visit(n):
            if n not in order:
                for c, _ in n.children:
                    visit(c)
                order.append(n)

        visit(self)
        self.grad = np.ones_like(self.value)
        for n in order[::-1]:
            for c, rule in n.children:
                g = rule(n.grad)
                c.grad = g.sum() if c.value.shape == () else g


@odd("Node", "backward starts from 2")
class NodeFromTwo:
    def __init__(self, value, children=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children

    def __add__(self, other):
        return NodeFromTwo(self.value + other.value, ((self, lambda g: g), (other, lambda g: g)))

    def __sub__(self, other):
        return NodeFromTwo(self.value - other.value, ((self, lambda g: g), (other, lambda g: -g)))

    def __mul__(self, other):
        return NodeFromTwo(
            self.value * other.value,
            ((self, lambda g: g * other.value), (other, lambda g: g * self.value)),
        )

    def __matmul__(self, other):
        def one(g):
            return np.outer(g, other.value) if other.value.ndim == 1 else g @ other.value.T

        return NodeFromTwo(
            self.value @ other.value, ((self, one), (other, lambda g: self.value.T @ g))
        )

    def sum(self):
        return NodeFromTwo(self.value.sum(), ((self, lambda g: g * np.ones_like(self.value)),))

    def backward(self):
        order = []

        def visit(n):
            if n not in order:
                for c, _ in n.children:
                    visit(c)
                order.append(n)

        visit(self)
        self.grad = np.full(self.value.shape, 2.0)
        for n in order[::-1]:
            for c, rule in n.children:
                g = rule(n.grad)
                c.grad = c.grad + (g.sum() if c.value.shape == () else g)


@pair(
    "forward",
    "the transpose of W, and the mean instead of the sum",
    "vector_on_the_left",
    "mean_of_the_squares",
)
def fw_transposed_mean(W, x):
    return np.mean((W.T @ x) ** 2)
