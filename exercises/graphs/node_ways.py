"""Engines that pass the gradient of a node on more than once.

Each is written into the class of the notebook, as a student would leave it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff

ONCE: Final = (
    "Where a node is used more than once, your engine passes its gradient on more than once. Wait "
    "until everything has arrived, and pass it on once: in a chain of results that are used twice, "
    "the ways from the end to a leaf double with every step."
)


@chaff(says=ONCE, breaks={"ways"})
class FollowsEveryPath:
    def __init__(self, value, come_from=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.come_from = come_from

    def __add__(self, other):
        return type(self)(self.value + other.value, [(self, lambda g: g), (other, lambda g: g)])

    def __sub__(self, other):
        return type(self)(self.value - other.value, [(self, lambda g: g), (other, np.negative)])

    def __mul__(self, other):
        ways = [(self, lambda g: g * other.value), (other, lambda g: g * self.value)]
        return type(self)(self.value * other.value, ways)

    def __matmul__(self, other):
        def to_left(g):
            return np.outer(g, other.value) if g.ndim == 1 else g @ other.value.T

        ways = [(self, to_left), (other, lambda g: self.value.T @ g)]
        return type(self)(self.value @ other.value, ways)

    def sum(self):
        total = 0.0
        for number in self.value.flat:
            total += number
        return type(self)(total, [(self, lambda g: g * np.ones_like(self.value))])

    def backward(self, arriving=1.0):
        arriving = np.asarray(arriving)
        if self.value.ndim == 0:
            arriving = arriving.sum()
        self.grad = self.grad + arriving
        for node, gradient in self.come_from:
            node.backward(gradient(arriving))


@chaff(says=ONCE, breaks={"order", "ways"})
class PassesOnWhatHasArrivedSoFar:
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
        def spread(node):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad = child.grad + (part if child.value.shape else np.sum(part))
                spread(child)

        self.grad = np.ones_like(self.value)
        spread(self)


@chaff(says=ONCE, breaks={"order", "ways"})
class NodesListedAgainAndAgain:
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
            for child in node.children:
                visit(child)
            order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad = child.grad + (part if child.value.shape else np.sum(part))
