"""The three products of a convolution layer, on padded batches, one group of channels at a time.

`correlate` gives the feature maps, `kernel_gradient` and `input_gradient` the two gradients.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from convkit._arguments import Pair
from convkit._strips import Block, Strips
from convkit._wide import Part, plain, split


def correlate(
    x: np.ndarray, kernels: np.ndarray, stride: Pair, dilation: Pair, y: np.ndarray
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
    x, step = _without_vertical_gaps(x, kernels.shape[0], stride[0], dilation[0], y.shape[1])
    stride, columns = (step, stride[1]), y.shape[2]
    parts = split(kernels, stride, dilation, columns)
    # Joined windows need the filters of neighboring columns side by side in memory, and the zeros
    # of joined kernels would spread NaN and infinity to windows that do not hold them.
    packed = y.strides[2:] == (y.shape[3] * y.itemsize, y.itemsize)
    if parts[0].wide > 1 and not (packed and np.isfinite(x).all()):
        parts = [plain(kernels, stride, columns)]
    for part in parts:
        _correlate(x, part, dilation[1], y)


def _correlate(x: np.ndarray, part: Part, gap: int, y: np.ndarray) -> None:
    target = part.of(y).transpose(0, 2, 1, 3)
    places = target.shape[2], target.shape[1]
    strips = Strips.of(x[:, :, part.first :], part.kernels, part.stride, gap, places)
    matrix = np.ascontiguousarray(part.kernels).reshape(-1, strips.filters)
    _, phases = strips.layout
    memory = np.empty(0, y.dtype)
    for block in strips.read():
        size = len(block.windows[0]) * phases * strips.filters
        if memory.size < size:
            memory = np.empty(size, y.dtype)
        products = memory[:size].reshape(-1, phases, strips.filters)
        with np.errstate(invalid="ignore"):
            for p, windows in enumerate(block.windows):
                np.matmul(windows, matrix, out=products[:, p])
        shape = target[block.where].shape
        target[block.where] = products.reshape(*shape[:2], -1, shape[3])[:, :, : strips.rows]


def kernel_gradient(
    x: np.ndarray, kernels: np.ndarray, stride: Pair, dilation: Pair, dy: np.ndarray
) -> np.ndarray:
    """Return the sum over all windows of window times upstream gradient.

    Parameters
    ----------
    x : ndarray of shape (N, H, W, C)
        The padded batch.
    kernels : ndarray of shape (kh, kw, C, F)
        Only their shape matters.
    stride, dilation : tuple of (int, int)
        Vertical and horizontal.
    dy : ndarray of shape (N, Ho, Wo, F)
        Upstream gradient, in the dtype of the batch.

    Returns
    -------
    ndarray of shape (kh, kw, C, F)
        Gradient to the kernels.
    """
    x, step = _without_vertical_gaps(x, kernels.shape[0], stride[0], dilation[0], dy.shape[1])
    dw = np.zeros_like(kernels)
    for part in split(kernels, (step, stride[1]), dilation, dy.shape[2]):
        upstream = part.of(dy)
        pixels, places = x[:, :, part.first :], upstream.shape[1:3]
        strips = Strips.of(pixels, part.kernels, part.stride, dilation[1], places)
        joined = _kernel_gradient(strips, upstream, drop=False)
        if not np.isfinite(joined).all():
            joined = _kernel_gradient(strips, upstream, drop=True)
        with np.errstate(invalid="ignore"):
            dw += part.kernel_gradient(joined, kernels.shape[1])
    return dw


def _kernel_gradient(strips: Strips, dy: np.ndarray, drop: bool) -> np.ndarray:
    """Sum window times gradient, where windows that lie across two strips count with zero.

    Zero times NaN or infinity is NaN, and would spread it to taps that never met it. `drop` copies
    the windows without those that lie across.
    """
    count, phases = strips.layout
    dw = np.zeros((strips.window_length, strips.filters), dy.dtype)
    part = np.empty_like(dw)
    for block, upstream in _with_upstream(strips.read(), strips, dy):
        for p, windows in enumerate(block.windows):
            gradient = upstream[:, p]
            if drop:
                whole = np.arange(len(windows)) % count * phases + p < strips.rows
                windows, gradient = windows[whole], gradient[whole]
            with np.errstate(invalid="ignore"):
                dw += np.matmul(windows.T, gradient, out=part)
    return dw


def input_gradient(
    dy: np.ndarray, kernels: np.ndarray, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    """Return the gradient to a padded batch; the inside of a transposed convolution.

    The transpose of `correlate`, step by step: the upstream gradient of a window times the kernels
    is added to the window, and the strips are added to the batch.

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
    kh, rows = kernels.shape[0], dy.shape[1]
    if dilation[0] == 1:
        return _sum_of_windows(dy, kernels, size, stride, dilation)
    # As if the rows of each window were neighbors; then every row goes where it belongs.
    dense = _sum_of_windows(dy, kernels, (rows * kh, size[1]), (kh, stride[1]), dilation)
    dx = np.zeros((len(dy), *size, kernels.shape[2]), dy.dtype)
    for i in range(kh):
        first = i * dilation[0]
        dx[:, first : first + stride[0] * (rows - 1) + 1 : stride[0]] += dense[:, i::kh]
    return dx


def _sum_of_windows(
    dy: np.ndarray, kernels: np.ndarray, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    parts = split(kernels, stride, dilation, dy.shape[2])
    dx = np.zeros((len(dy), *size, kernels.shape[2]), dy.dtype)
    for part in parts:
        _add_windows(dx, part, dilation[1], dy)
    if parts[0].wide > 1 and not np.isfinite(dx).all():
        # The zeros of joined kernels spread NaN and infinity to pixels that never met them.
        dx[...] = 0
        _add_windows(dx, plain(kernels, stride, dy.shape[2]), dilation[1], dy)
    return dx


def _add_windows(dx: np.ndarray, part: Part, gap: int, dy: np.ndarray) -> None:
    upstreams = part.of(dy)
    pixels, places = dx[:, :, part.first :], upstreams.shape[1:3]
    strips = Strips.of(pixels, part.kernels, part.stride, gap, places, writeable=True)
    count, phases = strips.layout
    length = strips.window_length
    matrix = np.ascontiguousarray(part.kernels).reshape(length, -1).T
    memory = np.empty(0, dy.dtype)
    for block, upstream in _with_upstream(strips.add(), strips, upstreams):
        size = len(upstream) * length
        if memory.size < size:
            memory = np.empty(size, dy.dtype)
        shares = memory[:size].reshape(-1, length)
        for p, windows in enumerate(block.windows):
            with np.errstate(invalid="ignore"):
                np.matmul(upstream[:, p], matrix, out=shares)
            whole = -(-(strips.rows - p) // phases)
            # (strips * count, kh * kw * C) -> (strips, count, kh * kw * C)
            by_strip = windows.reshape(-1, count, length)
            by_strip[:, :whole] += shares.reshape(-1, count, length)[:, :whole]


def _with_upstream(
    blocks: Iterator[Block], strips: Strips, dy: np.ndarray
) -> Iterator[tuple[Block, np.ndarray]]:
    """Yield each block with its upstream gradient, of shape (strips * count, phases, F).

    Windows that lie across two strips have a gradient of zeros.
    """
    count, phases = strips.layout
    turned = dy.transpose(0, 2, 1, 3)
    memory = np.empty((0, count * phases, strips.filters), dy.dtype)
    for block in blocks:
        source = turned[block.where]
        number = source.shape[0] * source.shape[1]
        if len(memory) < number:
            memory = np.empty((number, count * phases, strips.filters), dy.dtype)
            memory[:, strips.rows :] = 0
        upstream = memory[:number]
        upstream.reshape(*source.shape[:2], -1, strips.filters)[:, :, : strips.rows] = source
        yield block, upstream.reshape(-1, phases, strips.filters)


def _without_vertical_gaps(
    x: np.ndarray, kernel: int, stride: int, dilation: int, rows: int
) -> tuple[np.ndarray, int]:
    """Return a batch where the rows of each window are neighbors, and the rows between windows."""
    if dilation == 1:
        return x, stride
    taps = np.add.outer(np.arange(rows) * stride, np.arange(kernel) * dilation)
    return x[:, taps.ravel()], kernel
