"""Known mistakes in ``toeplitz_matrix``, as they are written with loops."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograder.authoring import chaff


@chaff(
    says="Your rows hold the kernel moved to the left. From row to row the window moves to the "
    "right.",
    breaks={"plain", "one_tap", "integers"},
)
def kernel_moves_to_the_left(w, n):
    rows = n - len(w) + 1
    matrix = np.zeros((rows, n))
    for i in range(rows):
        start = rows - 1 - i
        matrix[i, start : start + len(w)] = w
    return matrix


@chaff(
    says="Your matrix has its first window only; the other rows stay zero. Every window has a row.",
    breaks={"plain", "one_tap", "integers"},
)
def first_window_only(w, n):
    matrix = np.zeros((n - len(w) + 1, n))
    matrix[0, : len(w)] = w
    return matrix


@chaff(
    says="You have as many rows as the kernel is long. There is one row for every window of the "
    "signal.",
    breaks={"plain", "one_window", "one_tap", "integers"},
)
def a_row_for_every_tap(w, n):
    matrix = np.zeros((len(w), n))
    for i in range(min(len(w), n - len(w) + 1)):
        matrix[i, i : i + len(w)] = w
    return matrix


@chaff(
    says="One row too many: the last window would stick out of the signal by one number.",
    breaks={"plain", "one_window", "one_tap", "integers"},
)
def one_row_too_many(w, n):
    matrix = np.zeros((n - len(w) + 2, n))
    for i in range(len(matrix)):
        for a in range(len(w)):
            if i + a < n:
                matrix[i, i + a] = w[a]
    return matrix


LOOPS: Final = (
    kernel_moves_to_the_left,
    first_window_only,
    a_row_for_every_tap,
    one_row_too_many,
)
