"""Mean, variance and covariance of the columns of tall matrices: as fast as float32 allows, as
exact as if all sums were made in float64.

A float32 that is added to a large sum loses its last digits. So a column is cut into *pieces* of
`PIECE` numbers. Each has a *pivot*, its rough mean, and what is summed is small: how far the
numbers of the piece lie from its pivot. The pieces are then put together in float64 [1]_.

Short rows are slow, so some of them are *folded* into one long row, without a copy::

    [a b]
    [c d]   folded  [a b c d]    one step works on the first column of both [a e] and [c g]
    [e f]           [e f g h]
    [g h]

All pieces of a block of long rows are worked on at once, while the block stays in the cache.

References
----------
.. [1] T. F. Chan, G. H. Golub, R. J. LeVeque, "Algorithms for Computing the Sample Variance:
   Analysis and Recommendations", The American Statistician 37(3), 1983, pages 242-247.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from convkit._arguments import FloatArray

Blocks: TypeAlias = Iterator[list[FloatArray]]
Pair: TypeAlias = tuple[int, int]

LONG_ROW = 4096
"""Numbers in a long row; more where a row is longer as it is."""

PIECE = 64
"""Long rows in a block: how many numbers are summed in their own dtype."""


@dataclass(frozen=True)
class Moments:
    """Mean and variance of each column, in float64."""

    mean: FloatArray
    variance: FloatArray


def moments(x: FloatArray) -> Moments:
    """Return mean and variance of each column of a matrix with at least one row."""
    (mean,), (variance,) = _means_and_products([x], [(0, 0)])
    return Moments(mean, variance)


def moments_and_covariance(
    x: FloatArray, other: FloatArray
) -> tuple[Moments, FloatArray, FloatArray]:
    """Return the moments of one matrix, the means of another, and the covariance of their columns.

    They have the same shape and dtype, and at least one row.
    """
    means, (variance, covariance) = _means_and_products([x, other], [(0, 0), (0, 1)])
    return Moments(means[0], variance), means[1], covariance


def affine(x: FloatArray, mean: FloatArray, scale: FloatArray, shift: FloatArray) -> FloatArray:
    """Return ``(x - mean) * scale + shift``, column by column, in the dtype of the matrix."""
    out = np.empty_like(x)
    for block, result, head, factor, rest in _blocks_with_numbers(x, out, mean, scale, shift):
        np.subtract(block, head, out=result)
        result *= factor
        result += rest
    return out


def add_scaled(out: FloatArray, x: FloatArray, mean: FloatArray, scale: FloatArray) -> None:
    """Add ``(x - mean) * scale`` to `out`, column by column."""
    nothing = np.zeros_like(mean)
    for block, result, head, factor, rest in _blocks_with_numbers(x, out, mean, scale, nothing):
        share = block - head
        share *= factor
        share += rest
        result += share


def _blocks_with_numbers(
    x: FloatArray, out: FloatArray, mean: FloatArray, scale: FloatArray, shift: FloatArray
) -> Blocks:
    """Yield each block of two matrices, and the mean, scale and shift of its columns.

    They are in the dtype of the matrices, and the shift makes good what the mean has lost by that.
    """
    head = mean.astype(x.dtype)
    numbers = head, scale.astype(x.dtype), (shift - (mean - head) * scale).astype(x.dtype)
    for fold, blocks in _folded([x, out]):
        repeated = [np.tile(each, fold) for each in numbers]
        for block in blocks:
            yield [*block, *repeated]


def _folded(matrices: Sequence[FloatArray]) -> Iterator[tuple[int, Blocks]]:
    """Yield blocks of all matrices at once, and how many rows are folded into one of theirs.

    Most rows are folded as far as `LONG_ROW` says, those that are left over less far.
    """
    rows, columns = matrices[0].shape
    most, first = max(1, LONG_ROW // columns), 0
    while first < rows:
        fold = max(1, min(most, (rows - first) // PIECE))
        last = rows - (rows - first) % (fold * PIECE) if rows - first >= PIECE else rows
        yield fold, _blocks([each[first:last].reshape(-1, fold * columns) for each in matrices])
        first = last


def _blocks(folded: Sequence[FloatArray]) -> Blocks:
    for first in range(0, len(folded[0]), PIECE):
        yield [each[first : first + PIECE] for each in folded]


@dataclass(frozen=True)
class _Pieces:
    """What is known of each piece of each column, in float64.

    Parameters
    ----------
    count : ndarray of shape (pieces, 1)
        Numbers in each piece.
    pivots, off : ndarray of shape (matrices, pieces, columns)
        The pivots, and how far all numbers of a piece together lie off its pivot.
    products : ndarray of shape (pairs, pieces, columns)
        For two matrices each, the sum over a piece of the products of how far each lies off.
    """

    count: FloatArray
    pivots: FloatArray
    off: FloatArray
    products: FloatArray

    @classmethod
    def of(cls, matrices: Sequence[FloatArray], pairs: Sequence[Pair]) -> _Pieces:
        columns = matrices[0].shape[1]
        counts, found = [], []
        for fold, blocks in _folded(matrices):
            for block in blocks:
                ones = np.ones(len(block[0]), block[0].dtype)
                pivots = [ones @ each / ones.size for each in block]
                distances = [each - pivot for each, pivot in zip(block, pivots, strict=True)]
                off = [ones @ distance for distance in distances]
                # Where squares leave the range of the dtype, they are computed again.
                with np.errstate(over="ignore", invalid="ignore"):
                    products = [ones @ (distances[i] * distances[j]) for i, j in pairs]
                counts.append(np.full((fold, 1), ones.size))
                found.append(np.reshape([*pivots, *off, *products], (-1, fold, columns)))
        all_of_them = np.concatenate(found, axis=1).astype(np.float64)
        return cls(np.concatenate(counts), *np.split(all_of_them, np.cumsum([len(matrices)] * 2)))


def _means_and_products(
    matrices: Sequence[FloatArray], pairs: Sequence[Pair]
) -> tuple[FloatArray, FloatArray]:
    """Return the means of all matrices, and the covariances of those of each pair, by column."""
    pieces, rows = _Pieces.of(matrices, pairs), len(matrices[0])
    means = np.sum(pieces.count * pieces.pivots + pieces.off, axis=1) / rows
    apart = pieces.pivots - means[:, None]
    i, j = np.transpose(pairs)
    products = pieces.products + apart[i] * pieces.off[j] + apart[j] * pieces.off[i]
    covariances = np.sum(products + pieces.count * apart[i] * apart[j], axis=1) / rows
    _compute_again_where_out_of_range(matrices, pairs, means, covariances)
    return means, covariances


def _compute_again_where_out_of_range(
    matrices: Sequence[FloatArray],
    pairs: Sequence[Pair],
    means: FloatArray,
    products: FloatArray,
) -> None:
    """Work in float64 on columns whose squares may have been too small or large for their dtype."""
    limits = np.finfo(matrices[0].dtype)
    least, most = limits.tiny / limits.eps, limits.max * limits.eps
    lost = ~((products[0] > least) & np.all(np.abs(products) < most, axis=0))
    if not lost.any():
        return
    exact = [each[:, lost].astype(np.float64) for each in matrices]
    for mean, each in zip(means, exact, strict=True):
        mean[lost] = each.mean(0)
        each -= mean[lost]
    for product, (i, j) in zip(products, pairs, strict=True):
        product[lost] = np.mean(exact[i] * exact[j], 0)
