"""``forward(W, x)``: the squared length of a matrix times a vector.

Given a matrix `W` of shape (m, n), not necessarily square, and a vector `x` of shape (n,), each of
whole numbers or of fractions. ``f(W, x) = sum over i of (W x)[i]**2`` is returned: one number.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    chaff,
    fractions,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .rules import FORBIDDEN, TOLERANCE

RUBRIC = (
    RubricLine("square", 2, "a square matrix"),
    RubricLine("not_square", 1, "a matrix that is not square"),
    RubricLine("integers", 1, "whole numbers and fractions"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs."""
    for n in (2, 3):
        yield Case("square", (generic(rng, n, n), generic(rng, n)))
    for m, n in [(4, 2), (2, 5), (1, 3)]:
        yield Case("not_square", (generic(rng, m, n), generic(rng, n)))
    yield Case("integers", (whole_numbers(rng, 3, 3), whole_numbers(rng, 3)))
    W = x = np.zeros(2)
    while not (W @ x % 1).any():
        W, x = whole_numbers(rng, 2, 2), generic(rng, 2)
    yield Case("integers", (W, x))


EXAMPLES = (
    call(np.array([[1, 2], [0, -1]]), np.array([3, 1])),
    call(np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([2.0, 4.0])),
    call(whole(50, 4, 3), whole(51, 3)),
    call(fractions(52, 2, 5), fractions(53, 5)),
    call(whole(54, 2, 3), fractions(55, 3)),
)


def squared_length(W: np.ndarray, x: np.ndarray) -> float:
    """The reference."""
    return float(np.sum((W @ x) ** 2))


@wheat
def product_then_sum_of_squares(W, x):
    q = W @ x
    return np.sum(q**2)


@wheat
def loops_over_every_entry(W, x):
    total = 0.0
    for row in W:
        q = 0.0
        for weight, entry in zip(row, x, strict=True):
            q += weight * entry
        total += q**2
    return total


@wheat
def product_with_itself(W, x):
    q = np.dot(W, x)
    return q @ q


@wheat
def length_squared(W, x):
    return np.linalg.norm(W @ x) ** 2


@wheat
def quadratic_form(W, x):
    column = np.reshape(x, (-1, 1))
    return (column.T @ W.T @ W @ column).item()


@chaff(
    says="You took the root: this is the length of the vector. The formula asks for the length "
    "squared.",
    breaks={"square", "not_square", "integers"},
)
def takes_the_root(W, x):
    return np.sqrt(np.sum((W @ x) ** 2))


@chaff(
    says="You add first and square the sum. Square every entry on its own, then add.",
    breaks={"square", "integers", "not_square"},
)
def squares_the_sum(W, x):
    return np.sum(W @ x) ** 2


@chaff(
    says="You multiply entry by entry. The product of a matrix and a vector also adds up each "
    "row before anything is squared.",
    breaks={"square", "not_square", "integers"},
)
def multiplies_entry_by_entry(W, x):
    return np.sum((W * x) ** 2)


@chaff(
    says="Your vector stands on the left, so the matrix is used with rows and columns exchanged. "
    "Each row of W meets the vector.",
    breaks={"square", "not_square", "integers"},
)
def vector_on_the_left(W, x):
    return np.sum((x @ W) ** 2)


@chaff(
    says="You divide by the number of entries: this is the mean of the squares, not their sum.",
    breaks={"square", "not_square", "integers"},
)
def mean_of_the_squares(W, x):
    return np.mean((W @ x) ** 2)


@chaff(
    says="You return the squares one by one. The result is their sum, a single number.",
    breaks={"square", "not_square", "integers"},
)
def squares_not_added(W, x):
    return (W @ x) ** 2


@chaff(
    says="Your fractions are cut off: the product is stored in an array of whole numbers, because "
    "its type was copied from W. Make an array of floats.",
    breaks={"integers"},
)
def stored_as_whole_numbers(W, x):
    q = np.zeros(len(W), dtype=W.dtype)
    for i in range(len(W)):
        q[i] = np.sum(W[i] * x)
    return np.sum(q**2)


@chaff(
    says="Nothing is squared: you add up the entries of the product as they are.",
    breaks={"square", "not_square", "integers"},
)
def nothing_squared(W, x):
    return np.sum(W @ x)


EXERCISE = Exercise(
    name="forward",
    oracle=squared_length,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        product_then_sum_of_squares,
        loops_over_every_entry,
        product_with_itself,
        length_squared,
        quadratic_form,
    ),
    misconceptions=(
        takes_the_root,
        squares_the_sum,
        multiplies_entry_by_entry,
        vector_on_the_left,
        mean_of_the_squares,
        squares_not_added,
        stored_as_whole_numbers,
        nothing_squared,
    ),
    covers=("B4",),
)
