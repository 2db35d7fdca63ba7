"""Engines with a wrong rule for the matrix product.

Each is written into the class of the notebook, as a student would leave it.
"""

from __future__ import annotations

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="In your matrix product the matrices are not transposed on the way back. Look at the "
    "shapes: the gradient to the left matrix must have the shape of the left matrix.",
    breaks={"matrix_vector", "matrix_matrix"},
)
class MatrixNotTransposed:
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
            left = np.outer(dy, other.value) if vector else dy @ other.value
            return left, self.value @ dy

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
    says="In the gradients of your matrix product the two factors stand in the wrong order. On "
    "the left the upstream gradient comes first; on the right the transposed left matrix "
    "does.",
    breaks={"matrix_vector", "matrix_matrix"},
)
class MatrixFactorsExchanged:
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
            left = np.outer(other.value, dy) if vector else other.value.T @ dy
            return left, dy @ self.value.T

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
    says="A vector has no transpose: with a vector on the right your gradient to the matrix "
    "comes out as one number. It is the outer product of the upstream gradient and the "
    "vector.",
    breaks={"matrix_vector"},
)
class VectorTakenForAMatrix:
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
        return type(self)(
            self.value @ other.value,
            (self, other),
            lambda dy: (dy @ other.value.T, self.value.T @ dy),
        )

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
