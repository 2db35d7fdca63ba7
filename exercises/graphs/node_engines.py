"""Engines that differentiate rightly, each built in another way."""

from __future__ import annotations

import numpy as np

from autograder.authoring import wheat


@wheat
class FunctionsOfTheUpstream:
    def __init__(self, value, children=(), operation="", local_gradients=lambda dy: ()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.children = children
        self.operation = operation
        self.local_gradients = local_gradients

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), "+", lambda dy: (dy, dy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), "-", lambda dy: (dy, -dy))

    def __mul__(self, other):
        a, b = self.value, other.value
        return type(self)(a * b, (self, other), "*", lambda dy: (dy * b, dy * a))

    def __matmul__(self, other):
        a, b = self.value, other.value

        def local_gradients(dy):
            return np.outer(dy, b) if b.ndim == 1 else dy @ b.T, a.T @ dy

        return type(self)(a @ b, (self, other), "@", local_gradients)

    def sum(self):
        shape = self.value.shape
        return type(self)(
            np.sum(self.value), (self,), "sum", lambda dy: (np.broadcast_to(dy, shape),)
        )

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in node.children:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = np.ones_like(self.value)
        for node in reversed(order):
            for child, part in zip(node.children, node.local_gradients(node.grad), strict=True):
                child.grad += np.sum(part) if child.value.shape == () else part


@wheat
class ClosuresThatAdd:
    def __init__(self, value, parents=()):
        self.value = np.asarray(value) * 1.0
        self.grad = 0 * self.value
        self.parents = list(parents)
        self.push = lambda: None

    def receive(self, gradient):
        while np.ndim(gradient) > np.ndim(self.value):
            gradient = gradient.sum(axis=0)
        self.grad = self.grad + gradient

    def made(self, value, push, *parents):
        out = type(self)(value, parents)
        out.push = lambda: push(out.grad)
        return out

    def __add__(self, other):
        def push(g):
            self.receive(g)
            other.receive(g)

        return self.made(self.value + other.value, push, self, other)

    def __sub__(self, other):
        def push(g):
            self.receive(g)
            other.receive(-g)

        return self.made(self.value - other.value, push, self, other)

    def __mul__(self, other):
        def push(g):
            self.receive(g * other.value)
            other.receive(g * self.value)

        return self.made(self.value * other.value, push, self, other)

    def __matmul__(self, other):
        def push(g):
            columns = other.value if other.value.ndim == 2 else other.value[:, None]
            self.receive(g.reshape(len(g), -1) @ columns.T)
            other.receive(self.value.T @ g)

        return self.made(self.value @ other.value, push, self, other)

    def sum(self):
        return self.made(
            self.value.sum(), lambda g: self.receive(g * np.ones(self.value.shape)), self
        )

    def backward(self):
        done: set = set()
        order: list = []

        def build(node):
            if id(node) in done:
                return
            done.add(id(node))
            for parent in node.parents:
                build(parent)
            order.insert(0, node)

        build(self)
        self.grad = np.ones(self.value.shape)
        for node in order:
            node.push()


@wheat
class TapeOfAllOperations:
    tape: tuple = ()

    def __init__(self, value):
        self.value = np.array(value, dtype=np.float64)
        self.grad = np.zeros(self.value.shape)

    def record(self, value, *steps):
        out = type(self)(value)
        type(self).tape += ((out, steps),)
        return out

    def __add__(self, other):
        return self.record(self.value + other.value, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other):
        return self.record(self.value - other.value, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other):
        return self.record(
            self.value * other.value,
            (self, lambda g: g * other.value),
            (other, lambda g: g * self.value),
        )

    def __matmul__(self, other):
        subscripts = "i,k->ik" if other.value.ndim == 1 else "ij,kj->ik"
        return self.record(
            self.value @ other.value,
            (self, lambda g: np.einsum(subscripts, g, other.value)),
            (other, lambda g: np.tensordot(self.value, g, axes=(0, 0))),
        )

    def sum(self):
        return self.record(
            np.add.reduce(self.value, axis=None), (self, lambda g: np.full(self.value.shape, g))
        )

    def backward(self):
        self.grad = np.ones(())
        recorded, type(self).tape = self.tape, ()
        for out, steps in reversed(recorded):
            for node, gradient in steps:
                part = gradient(out.grad)
                node.grad = node.grad + (part if node.value.shape else part.sum())


@wheat
class WaitsForAllItsUsers:
    def __init__(self, value, op=None, operands=()):
        self.value = np.asarray(value, dtype=float)
        self.grad = np.zeros_like(self.value)
        self.op = op
        self.operands = operands

    def __add__(self, other):
        return type(self)(self.value + other.value, "+", (self, other))

    def __sub__(self, other):
        return type(self)(self.value - other.value, "-", (self, other))

    def __mul__(self, other):
        return type(self)(self.value * other.value, "*", (self, other))

    def __matmul__(self, other):
        return type(self)(self.value @ other.value, "@", (self, other))

    def sum(self):
        return type(self)(self.value.sum(), "sum", (self,))

    def parts(self):
        values, g = [operand.value for operand in self.operands], self.grad
        if self.op == "+":
            return [g, g]
        if self.op == "-":
            return [g, -1 * g]
        if self.op == "*":
            return [g * values[1], g * values[0]]
        if self.op == "@" and values[1].ndim == 1:
            return [g[:, None] * values[1], g @ values[0]]
        if self.op == "@":
            return [g @ values[1].T, values[0].T @ g]
        return [g + np.zeros_like(values[0])] if self.op == "sum" else []

    def backward(self):
        uses, reached, waiting = dict.fromkeys([self], 0), {self}, [self]
        while waiting:
            for operand in waiting.pop().operands:
                uses[operand] = uses.get(operand, 0) + 1
                if operand not in reached:
                    reached.add(operand)
                    waiting.append(operand)
        self.grad, ready = np.ones_like(self.value), [self]
        while ready:
            node = ready.pop()
            for operand, part in zip(node.operands, node.parts(), strict=True):
                operand.grad = operand.grad + (part if operand.value.ndim else part.sum())
                uses[operand] -= 1
                if uses[operand] == 0:
                    ready.append(operand)


@wheat
class OldestLast:
    count = 0

    def __init__(self, value, operands=(), gradients=()):
        self.value = np.array(value, dtype=float)
        self.grad = np.zeros(self.value.shape)
        self.operands = operands
        self.gradients = gradients
        type(self).count += 1
        self.age = self.count

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, other), (np.copy, np.copy))

    def __sub__(self, other):
        return type(self)(self.value - other.value, (self, other), (np.copy, lambda g: 0 - g))

    def __mul__(self, other):
        gradients = (lambda g: g * other.value, lambda g: self.value * g)
        return type(self)(self.value * other.value, (self, other), gradients)

    def __matmul__(self, other):
        gradients = (
            lambda g: (np.atleast_2d(other.value.T).T @ np.atleast_2d(g.T)).T,
            lambda g: np.dot(g.T, self.value).T,
        )
        return type(self)(np.dot(self.value, other.value), (self, other), gradients)

    def sum(self):
        return type(self)(self.value.sum(), (self,), (lambda g: np.repeat(g, self.value.size),))

    def backward(self):
        self.grad = np.ones(self.value.shape)
        waiting = {self}
        while waiting:
            node = max(waiting, key=lambda each: each.age)
            waiting.remove(node)
            for operand, gradient in zip(node.operands, node.gradients, strict=True):
                part = gradient(node.grad)
                small = operand.value.shape == ()
                operand.grad += np.sum(part) if small else part.reshape(operand.grad.shape)
                waiting.add(operand)
