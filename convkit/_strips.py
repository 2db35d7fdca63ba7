"""The fast inside of every convolution: windows as rows of a matrix, with little copying.

The usual way (im2col) writes every window of the image out as one row of a large matrix, and
multiplies once. Each pixel is copied kh * kw times, and that costs more than the product itself.

Here a pixel is copied kw times only. A *strip* is what one column of windows can see: kw pixels
wide and as high as the image. Stored row by row, it is one run of memory, and so is each window in
it, from its first row to its last::

    strip   [row 0][row 1][row 2][row 3][row 4][row 5]...
    window 0 |-------------------|
    window 1        |-------------------|
    window 3                             |-------------...

Windows 0, 3, 6 ... do not overlap (for kh = 3). They are the rows of a matrix that lies in memory
already, and so are windows 1, 4, 7 ... A few products, one for each *phase*, give all windows.
A block of strips that fits into the cache is filled, multiplied and filled again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convkit._arguments import Pair

BLOCK_BYTES = 4 << 20
"""Size of a block of strips. Small blocks stay in the cache, large ones make fewer products."""

PRODUCT_START = 50, 1_000_000
"""What starting a product costs, in rows of it, and in multiplications; rough measurements."""


@dataclass(frozen=True)
class Strips:
    """All windows of a padded batch.

    Parameters
    ----------
    view : ndarray of shape (N, Wo, H, kw, C)
        A view into the batch: the strip of each output column, without a copy.
    kernel : tuple of (int, int)
        Height and width of a window.
    step : int
        Rows from one window of a strip to the next.
    rows : int
        Windows in a strip (Ho).
    filters : int
        Width of the matrix that the windows meet.
    """

    view: np.ndarray
    kernel: Pair
    step: int
    rows: int
    filters: int

    @classmethod
    def of(cls, x: np.ndarray, kernels: np.ndarray, stride: Pair, dilation: Pair) -> Strips:
        """Return the strips of a padded batch (N, H, W, C) for kernels (kh, kw, C, F)."""
        kernel = kernels.shape[0], kernels.shape[1]
        reach = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
        rows = (x.shape[1] - reach[0]) // stride[0] + 1
        step = stride[0]
        if dilation[0] > 1:
            # With the rows of each window side by side, the windows are dense and do not overlap.
            starts, taps = np.arange(rows) * stride[0], np.arange(kernel[0]) * dilation[0]
            x = x[:, np.add.outer(starts, taps).ravel()]
            step = kernel[0]
        windows = sliding_window_view(x, reach[1], axis=2)[:, :, :: stride[1], :, :: dilation[1]]
        return cls(windows.transpose(0, 2, 1, 4, 3), kernel, step, rows, kernels.shape[3])

    @property
    def row_length(self) -> int:
        """Numbers in one row of a strip: kw * C."""
        return self.view.shape[3] * self.view.shape[4]

    @property
    def window_length(self) -> int:
        """Numbers in one window: kh * kw * C."""
        return self.kernel[0] * self.row_length

    @property
    def height(self) -> int:
        """Rows of a strip that some window sees."""
        return (self.rows - 1) * self.step + self.kernel[0]

    @cached_property
    def layout(self) -> Pair:
        """How the windows of a strip are dealt out: (windows in a phase, phases).

        Many phases waste no work on windows that lie across the end of a strip, but make many
        small products. The cheapest by a rough count is taken.
        """
        dense = -(-self.kernel[0] // self.step)
        start = PRODUCT_START[0] + PRODUCT_START[1] / (self.window_length * self.filters)
        best = (np.inf, 1, 1)
        for count in range(1, self.rows + 1):
            phases = max(dense, -(-self.height // (count * self.step)))
            strip_bytes = count * phases * self.step * self.row_length * self.view.itemsize
            rows = count * max(1, BLOCK_BYTES // strip_bytes)
            cost = count * min(phases, self.rows) * (1 + start / rows)
            best = min(best, (cost, count, phases))
            if phases == dense:
                break
        return best[1], best[2]

    def blocks(self) -> Iterator[tuple[tuple[slice, slice], list[np.ndarray]]]:
        """Yield, block by block, where it lies in (N, Wo), and the matrix of each phase.

        Phase p holds the windows p, p + phases, ... of each strip of the block, as rows of length
        kh * kw * C. Its last windows may lie across two strips; they have no meaning. The
        matrices are overwritten by the next block.
        """
        n, columns = self.view.shape[:2]
        count, phases = self.layout
        row = self.row_length
        spacing = phases * self.step * row  # from one window of a phase to the next
        strip = count * spacing
        most = max(1, BLOCK_BYTES // (strip * self.view.itemsize))
        if most >= columns:
            images, across = min(n, most // columns), columns
        else:
            images, across = 1, -(-columns // -(-columns // most))
        tail = spacing + self.window_length
        memory = np.empty(images * across * strip + tail, self.view.dtype)
        # What no window sees lies in windows without meaning; zeros raise no warnings there.
        memory[: images * across * strip].reshape(-1, strip)[:, self.height * row :] = 0
        memory[images * across * strip :] = 0
        for first in range(0, n, max(1, images)):
            for left in range(0, columns, across):
                where = (
                    slice(first, min(n, first + images)),
                    slice(left, min(columns, left + across)),
                )
                source = self.view[where][:, :, : self.height]
                strips = source.shape[0] * source.shape[1]
                target = memory[: strips * strip].reshape(*source.shape[:2], -1, *source.shape[3:])
                np.copyto(target[:, :, : self.height], source)
                matrices = [
                    memory[p * self.step * row :][: strips * strip].reshape(-1, spacing)
                    for p in range(min(phases, self.rows))
                ]
                yield where, [matrix[:, : self.window_length] for matrix in matrices]
