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
    chaff,
    generic,
    wheat,
    whole,
    whole_numbers,
)

from .rules import FORBIDDEN, TOLERANCE

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
    yield Case("one_tap", (generic(rng, 1), 4))
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


@chaff(
    says="Your kernel is turned round: this is the matrix of a true convolution. Each row holds "
    "the kernel as it is, its first number on the left.",
    breaks={"plain", "one_window", "integers"},
)
def kernel_turned_round(w, n):
    rows = np.arange(n - len(w) + 1)[:, None]
    matrix = np.zeros((len(rows), n))
    matrix[rows, rows + np.arange(len(w))] = w[::-1]
    return matrix


@chaff(
    says="Your matrix lies on its side: the kernel stands in the columns. Every window makes one "
    "number of the output, so every window is one row.",
    breaks={"plain", "one_window", "integers"},
)
def kernel_in_the_columns(w, n):
    rows = np.arange(n - len(w) + 1)[:, None]
    matrix = np.zeros((len(rows), n))
    matrix[rows, rows + np.arange(len(w))] = w
    return matrix.T


@chaff(
    says="Your last rows go round the end and begin again on the left. A window that sticks out of "
    "the signal has no row.",
    breaks={"plain", "one_window", "integers"},
)
def wraps_round_the_end(w, n):
    row = np.concatenate([w, np.zeros(n - len(w))])
    return np.stack([np.roll(row, i) for i in range(n)])


@chaff(
    says="You have a row for every entry of the signal, and cut the kernel off at the end. A "
    "window that sticks out of the signal has no row.",
    breaks={"plain", "one_window", "integers"},
)
def kernel_cut_off_at_the_end(w, n):
    return sum(weight * np.eye(n, k=a) for a, weight in enumerate(w))


@chaff(
    says="This is the matrix of the full convolution, with a row for every overlap. Here the "
    "kernel stays inside the signal.",
    breaks={"plain", "one_window", "integers"},
)
def every_overlap(w, n):
    rows = n + len(w) - 1
    return sum(weight * np.eye(rows, n, k=-a) for a, weight in enumerate(w))


@chaff(
    says="You have two rows too few. The windows start at 0, 1 and so on up to n minus k, and the "
    "first of these counts too. A sign in one course document is wrong here.",
    breaks={"plain", "one_window", "one_tap", "integers"},
)
def size_of_the_misprint(w, n):
    rows = max(n - len(w) - 1, 0)
    matrix = np.zeros((rows, n))
    for i in range(rows):
        matrix[i, i : i + len(w)] = w
    return matrix


@chaff(
    says="One row is missing at the end. A signal of 5 and a kernel of 3 have three windows: count "
    "them on paper, then check where your loop stops.",
    breaks={"plain", "one_window", "one_tap", "integers"},
)
def one_row_short(w, n):
    rows = n - len(w)
    matrix = np.zeros((rows, n))
    for i in range(rows):
        matrix[i, i : i + len(w)] = w
    return matrix


@chaff(
    says="All your rows are the same. The window moves by one from row to row, and the kernel "
    "moves with it.",
    breaks={"plain", "one_tap", "integers"},
)
def kernel_does_not_move(w, n):
    row = np.concatenate([w, np.zeros(n - len(w))])
    return np.tile(row, (n - len(w) + 1, 1))


@chaff(
    says="Your kernel moves by its own length from row to row. The windows overlap: it moves by "
    "one.",
    breaks={"plain", "integers"},
)
def windows_side_by_side(w, n):
    rows = n - len(w) + 1
    matrix = np.zeros((rows, n))
    for i in range(0, n // len(w)):
        matrix[i, i * len(w) : (i + 1) * len(w)] = w
    return matrix


@chaff(
    says="Your fractions are cut off: the matrix is made for whole numbers. Make it of floats.",
    breaks={"plain", "one_window", "one_tap"},
)
def stored_as_whole_numbers(w, n):
    rows = n - len(w) + 1
    matrix = np.zeros((rows, n), dtype=int)
    for i in range(rows):
        matrix[i, i : i + len(w)] = w
    return matrix


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
    misconceptions=(
        kernel_turned_round,
        kernel_in_the_columns,
        wraps_round_the_end,
        kernel_cut_off_at_the_end,
        every_overlap,
        size_of_the_misprint,
        one_row_short,
        kernel_does_not_move,
        windows_side_by_side,
        stored_as_whole_numbers,
    ),
    covers=("D2",),
)
