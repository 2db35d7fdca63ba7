"""Engines that lose gradients on their way: what they add up, and in which order.

Each is written into the class of the notebook, as a student would leave it.
"""

from __future__ import annotations

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your engine keeps the operands of an operation in a set or a dictionary. When both "
    "operands are the same node, one of the two entries is lost, and with it one of the "
    "two gradients.",
    breaks={"reuse", "order", "ways"},
)
class OperandsInADictionary:
    def __init__(self, value, children=(), local_gradients=lambda dy: {}):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), lambda dy: {self: dy, other: dy})

    def __sub__(self, other):
        return type(self)(
            self.value - other.value, (self, other), lambda dy: {self: dy, other: -dy}
        )

    def __mul__(self, other):
        value = self.value * other.value
        return type(self)(
            value, (self, other), lambda dy: {self: dy * other.value, other: dy * self.value}
        )

    def __matmul__(self, other):
        def local_gradients(dy):
            vector = other.value.ndim == 1
            left = np.outer(dy, other.value) if vector else dy @ other.value.T
            return {self: left, other: self.value.T @ dy}

        return type(self)(self.value @ other.value, (self, other), local_gradients)

    def sum(self):
        ones = np.ones_like(self.value)
        return type(self)(np.sum(self.value), (self,), lambda dy: {self: dy * ones})

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
            for child, part in node.local_gradients(node.grad).items():
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="A node that is used twice gets two gradients, and your second one replaces the "
    "first. Add what arrives to what is there.",
    breaks={"reuse", "order", "ways"},
)
class GradientsAssigned:
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
                child.grad = part if child.value.shape else np.sum(part)


@chaff(
    says="Two of your nodes hold the very same array as their gradient, so what is added to "
    "one appears in the other. Give every node an array of its own before you add in "
    "place.",
    breaks={"reuse"},
)
class GradientsShareOneArray:
    def __init__(self, value, children=(), local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = None
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
                if not child.value.shape and np.shape(part):
                    part = np.array(np.sum(part))
                if child.grad is None:
                    child.grad = part
                else:
                    child.grad += part


@chaff(
    says="Your engine visits each node once, but some too early: as soon as it is met, and not "
    "when all nodes that use it are done. A node goes into the order after its operands, "
    "and the order is walked from its end.",
    breaks={"order"},
)
class VisitsANodeWhenItIsMet:
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
                order.append(node)
                for child in node.children:
                    visit(child)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in order:
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="Only the operands of the last operation get a gradient. Either the order of the "
    "nodes is built and never walked, or it is walked from the leaves to the result, when "
    "nothing has arrived yet.",
    breaks={
        "plus_minus",
        "times",
        "sum",
        "matrix_vector",
        "matrix_matrix",
        "reuse",
        "order",
        "number",
        "ways",
    },
)
class OnlyTheLastOperation:
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
        for node in order:
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)


@chaff(
    says="All gradients are zero. The walk starts with the gradient of the result to itself, "
    "and that is 1.",
    breaks={
        "plus_minus",
        "times",
        "sum",
        "matrix_vector",
        "matrix_matrix",
        "reuse",
        "order",
        "number",
        "ways",
    },
)
class NothingArrivesAtTheResult:
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
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += part if child.value.shape else np.sum(part)
