"""Convolution as one matrix product, in two ways.

Either the *kernel* becomes a matrix and the image a vector: a Toeplitz matrix, mostly zeros, with
the same few numbers in every row. Or the *image* becomes a matrix, its windows as rows, and the
kernels are columns: im2col.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, SupportsIndex, overload

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from convkit._arguments import (
    FloatArray,
    IntOrPair,
    Padding,
    Pair,
    Sides,
    as_float_array,
    as_integer,
    as_padding,
    as_pair,
    check_shape,
)
from convkit.pad import fold_padding, pad_batch
from convkit.shapes import output_extent


@overload
def toeplitz_matrix(
    w: ArrayLike,
    n: SupportsIndex,
    stride: SupportsIndex = ...,
    padding: SupportsIndex | Literal["valid", "same"] = ...,
    sparse: Literal[False] = ...,
) -> FloatArray: ...
@overload
def toeplitz_matrix(
    w: ArrayLike,
    n: SupportsIndex,
    stride: SupportsIndex = ...,
    padding: SupportsIndex | Literal["valid", "same"] = ...,
    *,
    sparse: bool,
) -> Any: ...
def toeplitz_matrix(
    w: ArrayLike,
    n: SupportsIndex,
    stride: SupportsIndex = 1,
    padding: SupportsIndex | Literal["valid", "same"] = 0,
    sparse: bool = False,
) -> Any:
    """Return the matrix T with ``T @ x == correlate1d(x, w, stride, padding)``.

    Parameters
    ----------
    w : array_like of shape (k,)
        The kernel. Each row of the matrix holds it, as it is; the next row, `stride` further.
    n : int
        Length of x.
    stride : int, default 1
        Steps from one window to the next.
    padding : int, "valid" or "same", default 0
        Zeros that x would get at each end. Taps that meet them are left out of the matrix.
    sparse : bool, default False
        Return a ``scipy.sparse.csr_array`` of the entries that hold a tap.

    Returns
    -------
    ndarray or csr_array of shape (n_out, n)
        At stride 1 all diagonals are constant: a Toeplitz matrix.

    Raises
    ------
    ValueError
        If the kernel is longer than the padded signal.

    See Also
    --------
    conv_matrix2d : The same for images.

    Examples
    --------
    >>> toeplitz_matrix([1, 2, 3], 6)
    array([[1., 2., 3., 0., 0., 0.],
           [0., 1., 2., 3., 0., 0.],
           [0., 0., 1., 2., 3., 0.],
           [0., 0., 0., 1., 2., 3.]])
    """
    kernel = as_float_array(w, "w", "k")
    step = as_integer(stride, "stride", 1)
    if not isinstance(padding, str):
        padding = as_integer(padding, "padding", 0)
    sides = ((0, 0), as_padding(padding, (1, len(kernel)), (step, step))[1])
    size = (1, as_integer(n, "n", 1))
    return _matrix(kernel[np.newaxis], size, (1, step), sides, sparse)


@overload
def conv_matrix2d(
    k: ArrayLike,
    input_shape: Sequence[SupportsIndex],
    stride: IntOrPair = ...,
    padding: Padding = ...,
    sparse: Literal[False] = ...,
) -> FloatArray: ...
@overload
def conv_matrix2d(
    k: ArrayLike,
    input_shape: Sequence[SupportsIndex],
    stride: IntOrPair = ...,
    padding: Padding = ...,
    *,
    sparse: bool,
) -> Any: ...
def conv_matrix2d(
    k: ArrayLike,
    input_shape: Sequence[SupportsIndex],
    stride: IntOrPair = 1,
    padding: Padding = 0,
    sparse: bool = False,
) -> Any:
    """Return the matrix M with ``M @ x.ravel() == correlate2d(x, k, stride, padding).ravel()``.

    Parameters
    ----------
    k : array_like of shape (kh, kw)
        The kernel.
    input_shape : tuple of (int, int)
        Height and width of x.
    stride : int or pair of int, default 1
        Pixels from one window to the next.
    padding : int, pair of int, "valid" or "same", default 0
        Zeros that x would get on each side. Taps that meet them are left out of the matrix.
    sparse : bool, default False
        Return a ``scipy.sparse.csr_array`` of the entries that hold a tap.

    Returns
    -------
    ndarray or csr_array of shape (H_out * W_out, H * W)
        At stride 1 it is a Toeplitz matrix of blocks, and each block is the Toeplitz matrix of
        one row of the kernel: doubly blocked.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded image.

    See Also
    --------
    toeplitz_matrix : The same for one-dimensional signals.

    Notes
    -----
    The transpose of this matrix takes an upstream gradient to the gradient of the image.

    Examples
    --------
    >>> conv_matrix2d([[1, 2], [3, 4]], (3, 3))
    array([[1., 2., 0., 3., 4., 0., 0., 0., 0.],
           [0., 1., 2., 0., 3., 4., 0., 0., 0.],
           [0., 0., 0., 1., 2., 0., 3., 4., 0.],
           [0., 0., 0., 0., 1., 2., 0., 3., 4.]])
    """
    kernel = as_float_array(k, "k", "kh kw")
    if np.ndim(np.asarray(input_shape)) != 1 or len(input_shape) != 2:
        raise ValueError(f"input_shape must be (height, width), not {input_shape!r}")
    size = as_pair(input_shape, "input_shape", 1)
    stride = as_pair(stride, "stride", 1)
    sides = as_padding(padding, (kernel.shape[0], kernel.shape[1]), stride)
    return _matrix(kernel, size, stride, sides, sparse)


def _matrix(kernel: FloatArray, size: Pair, stride: Pair, sides: Sides, sparse: bool) -> Any:
    rows, columns = output_extent(size, (kernel.shape[0], kernel.shape[1]), stride, sides)
    r, c, i, j = np.ix_(*map(np.arange, (rows, columns, *kernel.shape)))
    # Where tap (i, j) of window (r, c) lies in the image before padding.
    y, x = r * stride[0] - sides[0][0] + i, c * stride[1] - sides[1][0] + j
    inside = (y >= 0) & (y < size[0]) & (x >= 0) & (x < size[1])
    row, column, tap = (
        np.broadcast_to(part, inside.shape)[inside]
        for part in (r * columns + c, y * size[1] + x, kernel)
    )
    shape = (rows * columns, size[0] * size[1])
    if sparse:
        from scipy.sparse import csr_array

        return csr_array((tap, (row, column)), shape=shape)
    matrix = np.zeros(shape, kernel.dtype)
    matrix[row, column] = tap
    return matrix


def im2col(
    x: ArrayLike,
    kernel: IntOrPair,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> FloatArray:
    """Return every window of a batch of images as one row of a matrix.

    Parameters
    ----------
    x : array_like of shape (N, H, W, C)
        The images.
    kernel : int or pair of int
        Height and width of a window.
    stride : int or pair of int, default 1
        Pixels from one window to the next.
    padding : int, pair of int, "valid" or "same", default 0
        Zeros added on each side.
    dilation : int or pair of int, default 1
        Pixels from one tap of a window to the next.

    Returns
    -------
    ndarray of shape (N * H_out * W_out, kh * kw * C)
        A row runs through its window as memory does: channels fastest, then columns, then rows.
        So ``im2col(x, k) @ w.reshape(-1, C_out)`` is `convkit.conv2d`, flattened.

    Raises
    ------
    ValueError
        If the kernel is larger than the padded images.

    See Also
    --------
    col2im : Its transpose.

    Notes
    -----
    The matrix is kh * kw times as large as the images at stride 1. `convkit.conv2d` gives the same
    numbers without it.

    Examples
    --------
    >>> import numpy as np
    >>> im2col(np.arange(6).reshape(1, 2, 3, 1), kernel=2)
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.]])
    """
    images = as_float_array(x, "x", "N H W C")
    (kh, kw), (sh, sw), (dh, dw), sides = _windows(kernel, stride, padding, dilation)
    output_extent(images.shape[1:3], (kh, kw), (sh, sw), sides, (dh, dw))
    padded = pad_batch(images, sides, "zeros")
    reach = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    # (N, Ho, Wo, C, reach, reach) -> (N, Ho, Wo, C, kh, kw)
    windows = sliding_window_view(padded, reach, axis=(1, 2))[:, ::sh, ::sw, :, ::dh, ::dw]
    n, rows, columns, channels = windows.shape[:4]
    # -> (N * Ho * Wo, kh * kw * C)
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * rows * columns, kh * kw * channels)


def col2im(
    columns: ArrayLike,
    input_shape: Sequence[SupportsIndex],
    kernel: IntOrPair,
    stride: IntOrPair = 1,
    padding: Padding = 0,
    dilation: IntOrPair = 1,
) -> FloatArray:
    """Add the rows of an im2col matrix back into a batch of images: the transpose of `im2col`.

    Parameters
    ----------
    columns : array_like of shape (N * H_out * W_out, kh * kw * C)
        One window a row.
    input_shape : tuple of (int, int, int, int)
        (N, H, W, C) of the images.
    kernel, stride, padding, dilation : see `im2col`
        Geometry of the windows.

    Returns
    -------
    ndarray of shape (N, H, W, C)
        Each pixel is the *sum* of what the windows that hold it have there. It is not the inverse:
        a pixel in four windows comes back four times.

    Raises
    ------
    ValueError
        If the matrix has not the shape that `im2col` would give.

    See Also
    --------
    im2col : The windows as rows.

    Examples
    --------
    >>> import numpy as np
    >>> col2im(np.ones((2, 4)), (1, 2, 3, 1), kernel=2)[0, :, :, 0]
    array([[1., 2., 1.],
           [1., 2., 1.]])
    """
    n, height, width, channels = _as_batch_shape(input_shape)
    (kh, kw), (sh, sw), (dh, dw), sides = _windows(kernel, stride, padding, dilation)
    rows, across = output_extent((height, width), (kh, kw), (sh, sw), sides, (dh, dw))
    matrix = as_float_array(columns, "columns", "N k")
    check_shape(
        matrix,
        "columns",
        (n * rows * across, kh * kw * channels),
        f"a batch of shape {(n, height, width, channels)} with kernel {(kh, kw)}",
    )
    windows = matrix.reshape(n, rows, across, kh, kw, channels)
    (top, bottom), (left, right) = sides
    padded = np.zeros((n, height + top + bottom, width + left + right, channels), matrix.dtype)
    # Taps in turn, all windows at once: within one tap no two windows meet the same pixel.
    for i in range(kh):
        for j in range(kw):
            down = slice(i * dh, i * dh + sh * (rows - 1) + 1, sh)
            along = slice(j * dw, j * dw + sw * (across - 1) + 1, sw)
            padded[:, down, along] += windows[:, :, :, i, j]
    return np.ascontiguousarray(fold_padding(padded, sides, "zeros"))


def _windows(
    kernel: IntOrPair, stride: IntOrPair, padding: Padding, dilation: IntOrPair
) -> tuple[Pair, Pair, Pair, Sides]:
    size, step = as_pair(kernel, "kernel", 1), as_pair(stride, "stride", 1)
    gap = as_pair(dilation, "dilation", 1)
    return size, step, gap, as_padding(padding, size, step, gap)


def _as_batch_shape(input_shape: Sequence[SupportsIndex]) -> tuple[int, int, int, int]:
    try:
        numbers = tuple(input_shape)
    except TypeError:
        raise TypeError(f"input_shape must be (N, H, W, C), not {input_shape!r}") from None
    if len(numbers) != 4:
        raise ValueError(f"input_shape must be (N, H, W, C), not {input_shape!r}")
    n, height, width, channels = (
        as_integer(number, f"input_shape[{i}]", 0 if i == 0 else 1)
        for i, number in enumerate(numbers)
    )
    return n, height, width, channels
