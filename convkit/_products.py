"""The products of a convolution layer, on padded batches, one group of channels at a time.

`correlate` gives the feature maps, `gradients` the gradients to batch and kernels, and
`input_gradient` the first of them alone, for the transposed layer.

NaN and infinity have to reach every sum that they are part of, and no other. But some products
are taken with zeros that only make the work faster, and zero times NaN is NaN. If d is NaN here,
so are both outputs, although the window of the first is [a b c]::

    joined windows  [a b c d]    kernels  u 0    outputs  first  = a u + b v + c w + d 0
                                          v u             second = a 0 + b u + c v + d w
                                          w v
                                          0 w

There are three kinds of such zeros. They are sorted out where something is not finite, so that
finite numbers, the usual case, cost no more than a look at them.

Zeros around the kernels of joined windows (see `convkit._wide`):

- In `correlate` they meet the batch. Windows are joined only if the whole batch is finite.
- In the gradient to the batch they meet the upstream gradient. If the result is not finite, it is
  computed again with one window at a time: `_undo_spreading`.
- In the gradient to the kernels they meet nothing: what belongs to them is never read.

Windows that lie across two rows (see `convkit._taps`), whose upstream gradient is zero: where a
gradient is not finite, it is computed again by strips.

Windows that lie across two strips (see `convkit._strips`), whose upstream gradient is zero:

- In `correlate` their outputs are cut off.
- In the gradient to the batch, zero meets the kernels. The shares of such windows are not added.
- In the gradient to the kernels, zero meets the batch. If the result is not finite, it is computed
  again from whole windows only: `_kernel_gradient`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convkit import _taps
from convkit._arguments import FloatArray, Pair
from convkit._strips import Block, Strips
from convkit._wide import Part, plain, split


def correlate(
    x: FloatArray, kernels: FloatArray, stride: Pair, dilation: Pair, y: FloatArray
) -> None:
    """Write the correlation of a padded batch with `kernels` into `y`.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        The batch.
    kernels : ndarray of shape (kh, kw, C, F)
        In the dtype of the batch.
    stride, dilation : tuple of (int, int)
        Vertical and horizontal.
    y : ndarray of shape (N, Ho, Wo, F)
        Any memory layout.
    """
    if _taps.suits(x.shape, kernels, stride, dilation):
        _taps.correlate(x, kernels, dilation, y)
        return
    x, step = _without_vertical_gaps(x, kernels.shape[0], stride[0], dilation[0], y.shape[1])
    stride, columns = (step, stride[1]), y.shape[2]
    parts = split(kernels, stride, dilation, columns)
    # Joined windows write the filters of neighboring columns side by side.
    packed = y.strides[2:] == (y.shape[3] * y.itemsize, y.itemsize)
    if parts[0].wide > 1 and not (packed and np.isfinite(x).all()):
        parts = [plain(kernels, stride, columns)]
    for part in parts:
        _correlate(x, part, dilation[1], y)


def _correlate(x: FloatArray, part: Part, gap: int, y: FloatArray) -> None:
    strips = _strips(x, part, gap, y.shape[1])
    matrix = np.ascontiguousarray(part.kernels).reshape(-1, strips.filters)
    _, phases = strips.layout
    turned = part.of(y).transpose(0, 2, 1, 3)
    memory = np.empty(0, y.dtype)
    for block in strips.read():
        size = len(block.windows[0]) * phases * strips.filters
        if memory.size < size:
            memory = np.empty(size, y.dtype)
        products = memory[:size].reshape(-1, phases, strips.filters)
        with np.errstate(invalid="ignore"):
            for p, windows in enumerate(block.windows):
                np.matmul(windows, matrix, out=products[:, p])
        target = turned[block.where]
        target[...] = products.reshape(*target.shape[:2], -1, strips.filters)[:, :, : strips.rows]


def gradients(
    x: FloatArray, kernels: FloatArray, stride: Pair, dilation: Pair, dy: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the gradients to a padded batch and to the kernels.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        The batch.
    kernels : ndarray of shape (kh, kw, C, F)
        In the dtype of the batch.
    stride, dilation : tuple of (int, int)
        Vertical and horizontal.
    dy : ndarray of shape (N, Ho, Wo, F)
        Upstream gradient, in the dtype of the batch.

    Returns
    -------
    dx : ndarray of shape (N, H, W, C)
        For every pixel the sum over its windows of the upstream gradient times the kernels.
    dw : ndarray of shape (kh, kw, C, F)
        The sum over all windows of the window times the upstream gradient.
    """
    if _taps.suits(x.shape, kernels, stride, dilation):
        dx = _taps.input_gradient(dy, kernels, dilation, x.shape[1:3])
        dw = _taps.kernel_gradient(x, kernels, dilation, dy)
        if np.isfinite(dx).all() and np.isfinite(dw).all():
            return dx, dw
    (kh, kw), rows = kernels.shape[:2], dy.shape[1]
    dense, step = _without_vertical_gaps(x, kh, stride[0], dilation[0], rows)
    dx, dw = np.zeros_like(dense), np.zeros_like(kernels)
    parts = split(kernels, (step, stride[1]), dilation, dy.shape[2])
    for part in parts:
        strips = _strips(dense, part, dilation[1], rows)
        upstream = _in_phases(part.of(dy), strips)
        with np.errstate(invalid="ignore"):
            dw += part.kernel_gradient(_kernel_gradient(strips, upstream), kw)
        _add_windows(dx, part, dilation[1], upstream, rows)
    _undo_spreading(dx, parts, kernels, dilation[1], dy)
    return _with_vertical_gaps(dx, kh, stride[0], dilation[0], x.shape[1], rows), dw


def input_gradient(
    dy: FloatArray, kernels: FloatArray, size: Pair, stride: Pair, dilation: Pair
) -> FloatArray:
    """Return the gradient to a padded batch alone: what a transposed convolution computes.

    Parameters
    ----------
    dy : ndarray of shape (N, Ho, Wo, F)
        Upstream gradient.
    kernels : ndarray of shape (kh, kw, C, F)
        In the dtype of `dy`.
    size : tuple of (int, int)
        Height and width of the padded batch.
    stride, dilation : tuple of (int, int)
        Of the forward pass.

    Returns
    -------
    ndarray of shape (N, size[0], size[1], C)
        Gradient to the padded batch.
    """
    n, rows, columns, _ = dy.shape
    kh, _, channels, _ = kernels.shape
    if _taps.suits((n, *size, channels), kernels, stride, dilation):
        dx = _taps.input_gradient(dy, kernels, dilation, size)
        if np.isfinite(dx).all():
            return dx
    height, step = (size[0], stride[0]) if dilation[0] == 1 else (rows * kh, kh)
    dx = np.zeros((n, height, size[1], channels), dy.dtype)
    parts = split(kernels, (step, stride[1]), dilation, columns)
    for part in parts:
        upstream = _in_phases(part.of(dy), _strips(dx, part, dilation[1], rows))
        _add_windows(dx, part, dilation[1], upstream, rows)
    _undo_spreading(dx, parts, kernels, dilation[1], dy)
    return _with_vertical_gaps(dx, kh, stride[0], dilation[0], size[0], rows)


def _strips(x: FloatArray, part: Part, gap: int, rows: int, writeable: bool = False) -> Strips:
    places = rows, (part.columns.stop - part.columns.start) // part.wide
    return Strips.of(x[:, :, part.first :], part.kernels, part.stride, gap, places, writeable)


def _in_phases(dy: FloatArray, strips: Strips) -> FloatArray:
    """Return the upstream gradient in the order of the windows: (N, Wo, count * phases, F).

    Windows that lie across two strips get a gradient of zeros.
    """
    n, rows, columns, filters = dy.shape
    count, phases = strips.layout
    ordered = np.empty((n, columns, count * phases, filters), dy.dtype)
    ordered[:, :, :rows] = dy.transpose(0, 2, 1, 3)
    ordered[:, :, rows:] = 0
    return ordered


def _with_upstream(
    blocks: Iterator[Block], strips: Strips, upstream: FloatArray
) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """Yield each phase of each block: its number, its windows and their upstream gradient."""
    _, phases = strips.layout
    for block in blocks:
        gradient = upstream[block.where].reshape(-1, phases, strips.filters)
        for p, windows in enumerate(block.windows):
            yield p, windows, gradient[:, p]


def _kernel_gradient(strips: Strips, upstream: FloatArray) -> FloatArray:
    """Sum window times gradient; without windows across two strips if that is not finite."""
    count, phases = strips.layout
    dw = np.zeros((strips.window_length, strips.filters), upstream.dtype)
    share = np.empty_like(dw)
    for _, windows, gradient in _with_upstream(strips.read(), strips, upstream):
        dw += np.matmul(windows.T, gradient, out=share)
    if np.isfinite(dw).all():
        return dw
    dw[...] = 0
    for p, windows, gradient in _with_upstream(strips.read(), strips, upstream):
        whole = np.arange(len(windows)) % count * phases + p < strips.rows
        dw += windows[whole].T @ gradient[whole]
    return dw


def _add_windows(dx: FloatArray, part: Part, gap: int, upstream: FloatArray, rows: int) -> None:
    """Add to each window its upstream gradient times the kernels."""
    strips = _strips(dx, part, gap, rows, writeable=True)
    count, phases = strips.layout
    length = strips.window_length
    matrix = np.ascontiguousarray(part.kernels).reshape(length, -1).T
    memory = np.empty((0, length), dx.dtype)
    for p, windows, gradient in _with_upstream(strips.add(), strips, upstream):
        if len(memory) < len(windows):
            memory = np.empty((len(windows), length), dx.dtype)
        shares = memory[: len(windows)]
        with np.errstate(invalid="ignore"):
            np.matmul(gradient, matrix, out=shares)
        whole = -(-(rows - p) // phases)
        # (strips * count, kh * kw * C) -> (strips, count, kh * kw * C)
        by_strip = windows.reshape(-1, count, length)
        by_strip[:, :whole] += shares.reshape(-1, count, length)[:, :whole]


def _undo_spreading(
    dx: FloatArray, parts: list[Part], kernels: FloatArray, gap: int, dy: FloatArray
) -> None:
    """Compute `dx` again without joined windows if their zeros have met NaN or infinity."""
    if parts[0].wide == 1 or np.isfinite(dx).all():
        return
    step = parts[0].stride[0], parts[0].stride[1] // parts[0].wide
    part = plain(kernels, step, dy.shape[2])
    dx[...] = 0
    rows = dy.shape[1]
    _add_windows(dx, part, gap, _in_phases(dy, _strips(dx, part, gap, rows)), rows)


def _without_vertical_gaps(
    x: FloatArray, kernel: int, stride: int, dilation: int, rows: int
) -> tuple[FloatArray, int]:
    """Return a batch where the rows of each window are neighbors, and the rows between windows."""
    if dilation == 1:
        return x, stride
    taps = np.add.outer(np.arange(rows) * stride, np.arange(kernel) * dilation)
    return x[:, taps.ravel()], kernel


def _with_vertical_gaps(
    dense: FloatArray, kernel: int, stride: int, dilation: int, height: int, rows: int
) -> FloatArray:
    """Add the rows of `_without_vertical_gaps` back to where they came from: its transpose."""
    if dilation == 1:
        return dense
    n, _, width, channels = dense.shape
    x = np.zeros((n, height, width, channels), dense.dtype)
    for i in range(kernel):
        first = i * dilation
        x[:, first : first + stride * (rows - 1) + 1 : stride] += dense[:, i::kernel]
    return x
