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

from convkit._arguments import FloatArray, Pair

BLOCK_BYTES = 4 << 20
"""Size of a block of strips. Small blocks stay in the cache, large ones make fewer products."""

PRODUCT_START = 50, 1_000_000
"""What starting a product costs, in rows of it, and in multiplications; rough measurements."""


@dataclass(frozen=True)
class Block:
    """Some strips of a batch, as matrices.

    Parameters
    ----------
    where : tuple of (slice, slice)
        Which images, and which columns of the output.
    windows : list of ndarray of shape (strips * count, kh * kw * C)
        One matrix for each phase. Phase p holds the windows p, p + phases, p + 2 * phases ... of
        each strip. The last of them may lie across two strips and mean nothing.
    """

    where: tuple[slice, slice]
    windows: list[FloatArray]


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
    apart : int
        Strips that far from each other share no pixel.
    """

    view: FloatArray
    kernel: Pair
    step: int
    rows: int
    filters: int
    apart: int

    @classmethod
    def of(
        cls,
        x: FloatArray,
        kernels: FloatArray,
        stride: Pair,
        gap: int,
        places: Pair,
        writeable: bool = False,
    ) -> Strips:
        """Return the strips of a padded batch.

        Parameters
        ----------
        x : ndarray of shape (N, H, W, C)
            The batch.
        kernels : ndarray of shape (kh, kw, C, F)
            Only their shape matters.
        stride : tuple of (int, int)
            Vertical and horizontal.
        gap : int
            Horizontal dilation. There is no vertical one.
        places : tuple of (int, int)
            Height and width of the output.
        writeable : bool, default False
            Whether `add` will be called.
        """
        kh, kw, _, filters = kernels.shape
        reach = gap * (kw - 1) + 1
        wide = sliding_window_view(x, reach, axis=2, writeable=writeable)
        view = wide[:, :, :: stride[1], :, ::gap][:, :, : places[1]].transpose(0, 2, 1, 4, 3)
        return cls(view, (kh, kw), stride[0], places[0], filters, -(-reach // stride[1]))

    @property
    def row_length(self) -> int:
        """Numbers in one row of a strip: kw * C."""
        channels: int = self.view.shape[4]
        return self.kernel[1] * channels

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

    def read(self) -> Iterator[Block]:
        """Yield block by block, filled from the view.

        The windows that lie across two strips hold numbers without meaning, and a block is
        overwritten by the next one.
        """
        for block, strips, source in self._blocks():
            np.copyto(strips, source)
            yield block

    def add(self) -> Iterator[Block]:
        """Yield block by block, filled with zeros; what a block then holds is added to the view."""
        for block, strips, target in self._blocks():
            strips[...] = 0
            yield block
            for first in range(min(self.apart, strips.shape[1])):
                target[:, first :: self.apart] += strips[:, first :: self.apart]

    def _blocks(self) -> Iterator[tuple[Block, FloatArray, FloatArray]]:
        """Yield a block, its strips (n, columns, height, kw, C), and where they are in the view."""
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
        memory = np.empty(images * across * strip + spacing + self.window_length, self.view.dtype)
        # What no window sees lies in windows without meaning; zeros raise no warnings there.
        memory[: images * across * strip].reshape(-1, strip)[:, self.height * row :] = 0
        memory[images * across * strip :] = 0
        for first in range(0, n, max(1, images)):
            for left in range(0, columns, across):
                where = slice(first, first + images), slice(left, left + across)
                part = self.view[where][:, :, : self.height]
                end = part.shape[0] * part.shape[1] * strip
                strips = memory[:end].reshape(*part.shape[:2], -1, *part.shape[3:])
                windows = [
                    memory[p * self.step * row :][:end].reshape(-1, spacing)
                    for p in range(min(phases, self.rows))
                ]
                block = Block(where, [window[:, : self.window_length] for window in windows])
                yield block, strips[:, :, : self.height], part
