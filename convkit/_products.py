"""The three products of a convolution layer, on padded batches, one group of channels at a time.

`correlate` gives the feature maps, `kernel_gradient` and `input_gradient` the two gradients.
"""

from __future__ import annotations

import numpy as np

from convkit._arguments import Pair
from convkit._strips import Strips

NARROW = 16
"""What a product with few columns costs beyond its columns, counted in columns; measured."""


def correlate(
    x: np.ndarray, kernels: np.ndarray, stride: Pair, dilation: Pair, y: np.ndarray
) -> None:
    """Write the correlation of a padded batch with `kernels` into `y`.

    A matrix product with a handful of columns is slow. So with few filters, `wide` windows side by
    side are taken as one wider window, and the kernels stand in it at `wide` places.

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
    n, rows, columns, filters = y.shape
    wide = 1
    if dilation[1] == 1 and y.flags.c_contiguous:
        wide = _windows_at_once(kernels.shape[1], stride[1], columns, filters)
    joined = columns - columns % wide if wide > 1 else 0
    if joined:
        kernels_in_row = _in_a_row(kernels, stride[1], wide)
        # (N, Ho, joined, F) -> (N, Ho, joined / wide, wide * F), a view
        target = y[:, :, :joined].reshape(n, rows, joined // wide, wide * filters)
        _correlate(x, kernels_in_row, (stride[0], stride[1] * wide), dilation, target)
        if not np.isfinite(target).all():
            # The zeros between the kernels would spread NaN and infinity to their neighbors.
            joined = 0
    if joined < columns:
        _correlate(x[:, :, joined * stride[1] :], kernels, stride, dilation, y[:, :, joined:])


def _windows_at_once(kernel: int, stride: int, columns: int, filters: int) -> int:
    """Return how many neighboring windows make the cheapest product, by a rough count."""

    def cost(wide: int) -> float:
        joined = columns // wide * (kernel + (wide - 1) * stride) * (wide * filters + NARROW)
        return joined + columns % wide * kernel * (filters + NARROW)

    return min(range(1, min(columns, NARROW) + 1), key=cost)


def _in_a_row(kernels: np.ndarray, stride: int, wide: int) -> np.ndarray:
    """Return the kernels at `wide` places in a wider window: (kh, kw', C, wide * F)."""
    kh, kw, c, f = kernels.shape
    row = np.zeros((kh, kw + (wide - 1) * stride, c, wide, f), kernels.dtype)
    for place in range(wide):
        row[:, place * stride : place * stride + kw, :, place] = kernels
    return row.reshape(kh, -1, c, wide * f)


def _correlate(
    x: np.ndarray, kernels: np.ndarray, stride: Pair, dilation: Pair, y: np.ndarray
) -> None:
    strips = Strips.of(x, kernels, stride, dilation)
    filters = kernels.shape[3]
    matrix = np.ascontiguousarray(kernels).reshape(-1, filters)
    _, phases = strips.layout
    turned = y.transpose(0, 2, 1, 3)
    result = np.empty(0, y.dtype)
    for where, windows in strips.blocks():
        size = len(windows[0]) * phases * filters
        if result.size < size:
            result = np.empty(size, y.dtype)
        products = result[:size].reshape(-1, phases, filters)
        with np.errstate(invalid="ignore"):
            for p, window in enumerate(windows):
                np.matmul(window, matrix, out=products[:, p])
        target = turned[where]
        target[...] = products.reshape(*target.shape[:2], -1, filters)[:, :, : strips.rows]


def kernel_gradient(strips: Strips, dy: np.ndarray) -> np.ndarray:
    """Return the sum over all windows of window times upstream gradient.

    Parameters
    ----------
    strips : Strips
        The windows of the batch.
    dy : ndarray of shape (N, Ho, Wo, F)
        Upstream gradient, in the dtype of the batch.

    Returns
    -------
    ndarray of shape (kh, kw, C, F)
        Gradient to the kernels.
    """
    dw = _kernel_gradient(strips, dy, drop=False)
    if np.isfinite(dw).all():
        return dw
    return _kernel_gradient(strips, dy, drop=True)


def _kernel_gradient(strips: Strips, dy: np.ndarray, drop: bool) -> np.ndarray:
    """Sum window times gradient, where windows that lie across two strips count with zero.

    Zero times NaN or infinity is NaN, and would spread it to taps that never met it. `drop` copies
    the windows without those that lie across.
    """
    filters = dy.shape[3]
    count, phases = strips.layout
    turned = dy.transpose(0, 2, 1, 3)
    dw = np.zeros((strips.window_length, filters), dy.dtype)
    part = np.empty_like(dw)
    memory = np.zeros(0, dy.dtype)
    for where, windows in strips.blocks():
        source = turned[where]
        size = len(windows[0]) * phases * filters
        if memory.size < size:
            memory = np.zeros(size, dy.dtype)
        upstream = memory[:size].reshape(*source.shape[:2], count * phases, filters)
        upstream[:, :, : strips.rows] = source
        by_phase = upstream.reshape(-1, phases, filters)
        for p, window in enumerate(windows):
            gradient = by_phase[:, p]
            if drop:
                whole = np.arange(len(window)) % count * phases + p < strips.rows
                window, gradient = window[whole], gradient[whole]
            with np.errstate(invalid="ignore"):
                dw += np.matmul(window.T, gradient, out=part)
    return dw.reshape(*strips.kernel, -1, filters)


def input_gradient(
    dy: np.ndarray, kernels: np.ndarray, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    """Return the gradient to a padded batch; the inside of a transposed convolution.

    With stride 1 it is the full correlation of `dy` with the kernels turned by 180 degrees. With
    stride s, pixel s * a + b of the input meets only the taps b, b + s, b + 2s ...: every b has a
    small kernel of its own, and one correlation with stride 1 computes them all, as so many
    channels [1]_.

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

    References
    ----------
    .. [1] W. Shi et al., "Is the deconvolution layer the same as a convolutional layer?",
       arXiv:1609.07009, 2016.
    """
    dx = _by_cells(dy, kernels, size, stride, dilation)
    if stride == (1, 1) or np.isfinite(dx).all():
        return dx
    # The cells hold zeros, which would spread NaN and infinity to pixels that never met them.
    return _by_taps(dy, kernels, size, stride, dilation)


def _by_taps(
    dy: np.ndarray, kernels: np.ndarray, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    """Give every pixel its share of the upstream gradient, one tap of the kernel at a time."""
    n, rows, columns, _ = dy.shape
    (kh, kw, c, _), (sh, sw) = kernels.shape, stride
    dx = np.zeros((n, *size, c), dy.dtype)
    for i in range(kh):
        for j in range(kw):
            top, left = i * dilation[0], j * dilation[1]
            down = slice(top, top + sh * (rows - 1) + 1, sh)
            along = slice(left, left + sw * (columns - 1) + 1, sw)
            dx[:, down, along] += dy @ kernels[i, j].T
    return dx


def _by_cells(
    dy: np.ndarray, kernels: np.ndarray, size: Pair, stride: Pair, dilation: Pair
) -> np.ndarray:
    """See `input_gradient`."""
    for axis in (0, 1):
        if stride[axis] > 1 and dilation[axis] > 1:
            kernels = _with_gaps(kernels, axis, dilation[axis])
    dilation = (dilation[0] if stride[0] == 1 else 1, dilation[1] if stride[1] == 1 else 1)
    (sh, sw), (c, f) = stride, kernels.shape[2:]
    # The kernel in cells of sh x sw taps, the last ones filled up with zeros.
    jh, jw = -(-kernels.shape[0] // sh), -(-kernels.shape[1] // sw)
    gaps = [(0, jh * sh - kernels.shape[0]), (0, jw * sw - kernels.shape[1]), (0, 0), (0, 0)]
    cells = np.pad(kernels, gaps).reshape(jh, sh, jw, sw, c, f)[::-1, :, ::-1]
    # (jh, sh, jw, sw, C, F) -> (jh, jw, F, sh * sw * C)
    turned = cells.transpose(0, 2, 5, 1, 3, 4).reshape(jh, jw, f, sh * sw * c)

    n = dy.shape[0]
    places = -(-size[0] // sh), -(-size[1] // sw)
    top, left = dilation[0] * (jh - 1), dilation[1] * (jw - 1)
    padded = np.zeros((n, top + places[0], left + places[1], f), dy.dtype)
    padded[:, top : top + dy.shape[1], left : left + dy.shape[2]] = dy
    fine = np.empty((n, *places, sh * sw * c), dy.dtype)
    correlate(padded, turned, (1, 1), dilation, fine)
    if stride == (1, 1):
        return fine
    # (N, a, a', sh * sw * C) -> (N, a * sh, a' * sw, C)
    grid = fine.reshape(n, *places, sh, sw, c).transpose(0, 1, 3, 2, 4, 5)
    return grid.reshape(n, places[0] * sh, places[1] * sw, c)[:, : size[0], : size[1]]


def _with_gaps(kernels: np.ndarray, axis: int, dilation: int) -> np.ndarray:
    """Return the kernel with dilation - 1 zeros between its taps along `axis`."""
    shape = list(kernels.shape)
    shape[axis] = dilation * (shape[axis] - 1) + 1
    spread = np.zeros(shape, kernels.dtype)
    taps = (slice(None),) * axis + (slice(None, None, dilation),)
    spread[taps] = kernels
    return spread
