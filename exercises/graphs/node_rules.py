"""Engines with a wrong rule for one operation.

Each is written into the class of the notebook, as a student would leave it.
"""

from __future__ import annotations

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your minus passes its upstream gradient on unchanged to both sides. On its right "
    "side the sign turns: a bigger b makes a smaller difference.",
    breaks={"plus_minus", "sum", "reuse", "order", "number"},
)
class MinusKeepsTheSign:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), lambda dy: (dy, dy))

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(value, (self, other), lambda dy: (dy * other.value, dy * self.value))

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return left, self.value.T @ dy

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        ones = np.ones_like(self.value)
        return type(self)(np.sum(self.value), (self,), lambda dy: (dy * ones,))

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="In a product each side gets the value of the other side, times the upstream "
    "gradient. Yours gets its own.",
    breaks={"times", "sum", "matrix_vector", "matrix_matrix", "reuse", "order", "number", "ways"},
)
class ProductByItsOwnValue:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), lambda dy: (dy, -dy))

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(value, (self, other), lambda dy: (dy * self.value, dy * other.value))

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return left, self.value.T @ dy

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        ones = np.ones_like(self.value)
        return type(self)(np.sum(self.value), (self,), lambda dy: (dy * ones,))

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="Your product gives its local derivatives and forgets what arrives from above. The "
    "chain rule multiplies the two.",
    breaks={"times", "order", "ways"},
)
class ProductWithoutUpstream:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), lambda dy: (dy, -dy))

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(value, (self, other), lambda dy: (other.value, self.value))

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return left, self.value.T @ dy

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        ones = np.ones_like(self.value)
        return type(self)(np.sum(self.value), (self,), lambda dy: (dy * ones,))

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="The gradient of a sum reaches every entry: it must get the shape of what was summed. "
    "Yours stays a single number.",
    breaks={"sum", "matrix_matrix", "number", "matrix_vector"},
)
class SumNotSpread:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = 0.0
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), lambda dy: (dy, -dy))

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(value, (self, other), lambda dy: (dy * other.value, dy * self.value))

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return left, self.value.T @ dy

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        return type(self)(np.sum(self.value), (self,), lambda dy: (dy,))

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad = child.grad + (part if child.value.shape else np.sum(part))


@chaff(
    says="Your sum adds along the first axis only. Here it adds all entries up, whatever the "
    "shape, and gives one number.",
    breaks={"values", "sum", "matrix_matrix", "number"},
)
class SumAlongTheFirstAxis:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), lambda dy: (dy, -dy))

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(value, (self, other), lambda dy: (dy * other.value, dy * self.value))

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return left, self.value.T @ dy

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        ones = np.ones_like(self.value)
        return type(self)(np.sum(self.value, axis=0), (self,), lambda dy: (dy * ones,))

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="A single number that meets an array is used once for every entry, so its gradient is "
    "the sum over all of them. Yours has the shape of the array.",
    breaks={"number"},
)
class NumberNotSummed:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), lambda dy: (dy, -dy))

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(value, (self, other), lambda dy: (dy * other.value, dy * self.value))

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return left, self.value.T @ dy

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        ones = np.ones_like(self.value)
        return type(self)(np.sum(self.value), (self,), lambda dy: (dy * ones,))

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad = child.grad + part
