"""``toeplitz_matrix(w, n)``: the correlation with a kernel as a matrix.

Given a kernel `w` of shape (k,) and the length `n` of a signal, n at least k. The matrix T of shape
(n - k + 1, n) is returned for which ``T @ x`` is the correlation of every signal `x` of length n
with `w`, stride 1, no padding: ``T[i, i + a] = w[a]``, and 0 elsewhere. `w` may hold whole numbers
or fractions, and the matrix holds the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

import convkit
from autograder.authoring import (
    Case,
    Exercise,
    RubricLine,
    call,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .rules import FORBIDDEN, TOLERANCE
from .toeplitz_matrix_chaffs import CHAFFS
from .toeplitz_matrix_loops import LOOPS

RUBRIC = (
    RubricLine("plain", 3, "a kernel shorter than the signal"),
    RubricLine("one_window", 1, "a kernel as long as the signal"),
    RubricLine("one_tap", 1, "a kernel of one number"),
    RubricLine("integers", 1, "whole numbers in the kernel"),
)


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Hidden inputs; no matrix among the plain ones is square."""
    for k, n in [(3, 6), (4, 9), (2, 7)]:
        yield Case("plain", (generic(rng, k), n))
    yield Case("one_window", (generic(rng, 5), 5))
    for _ in range(2):
        yield Case("one_tap", (generic(rng, 1), int(rng.integers(4, 12))))
    # Increasing, so that turning the kernel round always shows.
    yield Case("integers", (whole_numbers(rng, 3).cumsum(), 8))


EXAMPLES = (
    call(np.array([1, 2, 3]), 5),
    call(np.array([0.5, -1.0]), 4),
    call(whole(39, 4), 4),
    call(np.array([7]), 3),
    call(np.array([1.5, 0.25, -2.0]), 8),
)


def oracle(w: np.ndarray, n: int) -> Any:
    """The matrix; convkit's own has options that the exercise does not ask for."""
    return convkit.toeplitz_matrix(w, n)


@wheat
def slice_of_every_row(w, n):
    k = len(w)
    matrix = np.zeros((n - k + 1, n))
    for i in range(n - k + 1):
        matrix[i, i : i + k] = w
    return matrix


@wheat
def entry_by_entry(w, n):
    return np.array(
        [
            [float(w[j - i]) if 0 <= j - i < len(w) else 0.0 for j in range(n)]
            for i in range(n - len(w) + 1)
        ]
    )


@wheat
def sum_of_diagonals(w, n):
    rows = n - len(w) + 1
    return sum(weight * np.eye(rows, n, k=a) for a, weight in enumerate(w))


@wheat
def broadcast_indices(w, n):
    rows = np.arange(n - len(w) + 1)[:, None]
    taps = np.arange(len(w))
    matrix = np.zeros((len(rows), n), dtype=w.dtype)
    matrix[rows, rows + taps] = w
    return matrix


@wheat
def reshape_of_a_repeated_row(w, n):
    rows = n - len(w) + 1
    row = np.concatenate([w, np.zeros(n - len(w) + 1)])
    return np.tile(row, rows)[: rows * n].reshape(rows, n)


@wheat
def answers_to_unit_signals(w, n):
    def correlation(x):
        return np.lib.stride_tricks.sliding_window_view(x, len(w)) @ w

    return np.stack([correlation(unit) for unit in np.eye(n)], axis=1)


EXERCISE = Exercise(
    name="toeplitz_matrix",
    oracle=oracle,
    cases=cases,
    examples=EXAMPLES,
    rubric=RUBRIC,
    forbidden=FORBIDDEN,
    rtol=TOLERANCE,
    atol=TOLERANCE,
    wheats=(
        slice_of_every_row,
        entry_by_entry,
        sum_of_diagonals,
        broadcast_indices,
        reshape_of_a_repeated_row,
        answers_to_unit_signals,
    ),
    misconceptions=(*CHAFFS, *LOOPS),
    covers=("D2",),
)
