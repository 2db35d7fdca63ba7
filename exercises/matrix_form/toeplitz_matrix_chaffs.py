"""Known mistakes in ``toeplitz_matrix``."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


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
    rows = n - len(w) - 1
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


CHAFFS: Final = (
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
)
