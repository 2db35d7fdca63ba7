"""The products of a layer with stride 1 and many channels: one for each tap, and nothing is copied.

Write the pixels of a padded image one below the other: a matrix of H * W rows and C columns. What
tap (i, j) of the kernels meets is that same matrix, some rows further down::

    image, 4 wide   rows    tap (0, 0)   tap (0, 1)   tap (1, 0)   tap (1, 1)
    a b c d         a       a            b            e            f
    e f g h         b       b            c            f            g
    i j k l         c       c            d            g            h
                    d       d *          e *          h *          i *
                    e       e            f            i            j
                    ...

So a layer is a sum of products, one a tap, of shifted rows with the kernels at that tap. The rows
with a star lie across two rows of the image. They mean nothing and are dropped at the end; in a
wide image they are few. On the way back their upstream gradient is zero, and zero times what is not
finite is NaN, so gradients hold only where they are finite.

BLAS adds a product to what is there already, which numpy's ``matmul`` cannot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np

from convkit._arguments import FloatArray, Pair

FEWEST = 32
"""Channels, and filters, below which the products of single taps are too narrow to be fast."""

MOST_DROPPED = 0.1
"""Share of the rows that may be dropped; with more, strips are faster."""

_DTYPES = (np.float32, np.float64)


def suits(shape: tuple[int, ...], kernels: FloatArray, stride: Pair, dilation: Pair) -> bool:
    """Tell whether the products of single taps are the fastest way.

    Parameters
    ----------
    shape : tuple of int
        That of the padded batch: (N, H, W, C).
    kernels : ndarray of shape (kh, kw, C, F)
        In the dtype of the batch.
    stride, dilation : tuple of (int, int)
        Vertical and horizontal.
    """
    dropped = dilation[1] * (kernels.shape[1] - 1) / shape[2]
    return (
        stride == (1, 1)
        and kernels.dtype in _DTYPES
        and min(kernels.shape[2:]) >= FEWEST
        and dropped <= MOST_DROPPED
    )


def correlate(x: FloatArray, kernels: FloatArray, dilation: Pair, y: FloatArray) -> None:
    """Write the correlation of a batch (N, H, W, C) with `kernels` into `y` (N, Ho, Wo, F)."""
    _, rows, columns, filters = y.shape
    width = x.shape[2]
    sums = np.empty((rows * width, filters), x.dtype)
    for image, output in zip(x, y, strict=True):
        pixels = _pixels(image)
        sums[...] = 0
        for (i, j), shift in _taps(kernels, dilation, width):
            seen = pixels[shift : shift + len(sums)]
            _add_product(seen, kernels[i, j], sums[: len(seen)])
        output[...] = sums.reshape(rows, width, filters)[:, :columns]


def kernel_gradient(
    x: FloatArray, kernels: FloatArray, dilation: Pair, dy: FloatArray
) -> FloatArray:
    """Return the gradient to kernels (kh, kw, C, F), given that to outputs (N, Ho, Wo, F)."""
    dw = np.zeros(kernels.shape, kernels.dtype)
    for image, upstream in zip(x, _with_dropped_rows(dy, x.shape[2]), strict=True):
        pixels = _pixels(image)
        for (i, j), shift in _taps(kernels, dilation, x.shape[2]):
            seen = pixels[shift : shift + len(upstream)]
            _add_product(seen.T, upstream[: len(seen)], dw[i, j])
    return dw


def input_gradient(dy: FloatArray, kernels: FloatArray, dilation: Pair, size: Pair) -> FloatArray:
    """Return the gradient to a padded batch (N, H, W, C), where `size` is (H, W)."""
    dx = np.zeros((len(dy), *size, kernels.shape[2]), dy.dtype)
    for sums, upstream in zip(dx, _with_dropped_rows(dy, size[1]), strict=True):
        pixels = _pixels(sums)
        for (i, j), shift in _taps(kernels, dilation, size[1]):
            seen = pixels[shift : shift + len(upstream)]
            _add_product(upstream[: len(seen)], kernels[i, j].T, seen)
    return dx


def _pixels(image: FloatArray) -> FloatArray:
    """Return one pixel a row; a view if the image lies in one piece."""
    return np.ascontiguousarray(image).reshape(-1, image.shape[-1])


def _taps(kernels: FloatArray, dilation: Pair, width: int) -> Iterator[tuple[Pair, int]]:
    """Yield each tap, and how many rows further down it looks."""
    for i, j in np.ndindex(kernels.shape[0], kernels.shape[1]):
        yield (i, j), dilation[0] * i * width + dilation[1] * j


def _with_dropped_rows(dy: FloatArray, width: int) -> Iterator[FloatArray]:
    """Yield the upstream gradient of each image, one row for each pixel of whole image rows."""
    _, rows, columns, filters = dy.shape
    wide = np.zeros((rows, width, filters), dy.dtype)
    for upstream in dy:
        wide[:, :columns] = upstream
        yield wide.reshape(-1, filters)


def _add_product(a: FloatArray, b: FloatArray, out: FloatArray) -> None:
    """Add ``a @ b`` to `out`, which lies in one piece."""
    # BLAS counts along columns first, so it is given all three transposed, as they lie.
    first, second = _as_blas(b), _as_blas(a)
    _gemm(out.dtype)(
        1, first[0], second[0], 1, out.T, trans_a=first[1], trans_b=second[1], overwrite_c=1
    )


def _as_blas(matrix: FloatArray) -> tuple[Any, int]:
    """Return the transpose of a matrix as columns in one piece, and whether to turn it again."""
    return (matrix.T, 0) if matrix.flags.c_contiguous else (matrix, 1)


@cache
def _gemm(dtype: np.dtype) -> Callable[..., Any]:
    """Return BLAS's product; scipy is loaded by those alone who need it."""
    from scipy.linalg.blas import get_blas_funcs

    product: Callable[..., Any] = get_blas_funcs("gemm", dtype=dtype)
    return product
