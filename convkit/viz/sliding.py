"""A kernel that slides: where its window stands, what it multiplies, what comes out."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from convkit._arguments import PaddingMode
from convkit.pad import NUMPY_MODE
from convkit.viz.grids import cell_text
from convkit.viz.player import Steps
from convkit.viz.rows import STAR, Panel, place_rows
from convkit.viz.style import INK, MUTED, Picture, get_role, style

_MOST_TERMS_IN_A_ROW = 7


def sliding_kernel(
    x: Any,
    k: Any,
    stride: int = 1,
    padding: int = 0,
    padding_mode: PaddingMode = "zeros",
) -> Steps:
    """Show a kernel sliding over an image, and the feature map that grows.

    This is correlation: the kernel is not turned.  Under the matrices stands the dot product of
    the current step.

    Parameters
    ----------
    x : array_like of shape (H, W)
        The image.
    k : array_like of shape (kh, kw)
        The kernel.
    stride : int
        How far the window moves between two steps.
    padding : int
        Cells added on each side of the image.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the added cells hold.

    Returns
    -------
    Steps
        One step for each entry of the feature map.

    Raises
    ------
    ValueError
        If `x` or `k` is not a matrix, the kernel does not fit, or there are too many steps.

    Examples
    --------
    >>> x = np.arange(20).reshape(4, 5) % 6
    >>> picture = sliding_kernel(x, [[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    >>> len(picture)
    6
    """
    x, k = np.asarray(x), np.asarray(k)
    if x.ndim != 2 or k.ndim != 2:
        raise ValueError(
            f"x and k must be matrices (H, W) and (kh, kw); got shapes {x.shape} and {k.shape}"
        )
    return _Slide(x, k, stride, padding, padding_mode).steps()


def sliding_kernel_1d(
    x: Any,
    w: Any,
    stride: int = 1,
    padding: int = 0,
    padding_mode: PaddingMode = "zeros",
) -> Steps:
    """Show a kernel sliding along a signal, and the output that grows.

    Parameters
    ----------
    x : array_like of shape (n,)
        The signal.
    w : array_like of shape (k,)
        The kernel.
    stride : int
        How far the window moves between two steps.
    padding : int
        Entries added at each end.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}
        What the added entries hold.

    Returns
    -------
    Steps
        One step for each entry of the output.

    Raises
    ------
    ValueError
        If `x` or `w` is not a vector, the kernel does not fit, or there are too many steps.

    Examples
    --------
    >>> picture = sliding_kernel_1d([1, 2, 3, 4, 5], [1, 0, -1], stride=2)
    >>> len(picture)
    2
    """
    x, w = np.asarray(x), np.asarray(w)
    if x.ndim != 1 or w.ndim != 1:
        raise ValueError(
            f"x and w must be vectors (n,) and (k,); got shapes {x.shape} and {w.shape}"
        )
    return _Slide(x, w, stride, padding, padding_mode).steps()


class _Slide:
    """All numbers of a sliding kernel, in one or two dimensions, and how a step is drawn."""

    def __init__(
        self, x: np.ndarray, k: np.ndarray, stride: int, padding: int, padding_mode: PaddingMode
    ) -> None:
        if stride < 1 or padding < 0:
            raise ValueError(
                f"stride must be at least 1 and padding at least 0; got {stride} and {padding}"
            )
        if padding_mode not in NUMPY_MODE:
            raise ValueError(
                f"padding_mode must be one of {', '.join(NUMPY_MODE)}; not {padding_mode!r}"
            )
        padded = np.pad(x, padding, mode=NUMPY_MODE[padding_mode])
        if any(size > room for size, room in zip(k.shape, padded.shape, strict=True)):
            raise ValueError(
                f"a kernel of shape {k.shape} does not fit into an input of shape {x.shape} "
                f"with padding {padding}"
            )
        self.flat = x.ndim == 1
        self.x, self.k = np.atleast_2d(x), np.atleast_2d(k)
        self.padded = np.atleast_2d(padded)
        self.padding, self.padding_mode, self.stride = padding, padding_mode, stride
        windows = np.lib.stride_tricks.sliding_window_view(self.padded, self.k.shape)
        self.windows = windows[::stride, ::stride]
        self.output = np.einsum("ijab,ab->ij", self.windows, self.k)

    def steps(self) -> Steps:
        title = f"a {self._size(self.k)} kernel slides over a {self._size(self.x)} input"
        return Steps(self.draw, self.output.size, title=title)

    def draw(self, figure: Figure, step: int) -> None:
        i, j = divmod(step, self.output.shape[1])
        rows, columns = self.k.shape
        hidden = np.arange(self.output.size).reshape(self.output.shape) > step
        panels = [
            Panel(
                self.padded,
                self._input_title(),
                window=(i * self.stride, j * self.stride, rows, columns),
                fills=self._input_fills(),
            ),
            Panel(self.k, "kernel", role="kernel", before=STAR),
            Panel(
                self.output,
                "output" if self.flat else "feature map",
                role="output",
                before="=",
                hidden=hidden,
            ),
        ]
        lines = self.dot_product(i, j)
        below = 0.55 + 0.27 * len(lines)
        axes = place_rows(figure, [panels], cell=self._cell(), below=below, min_width=7.0)
        _mark_cell(axes[-1], i, j)
        where = f"[{j}]" if self.flat else f"[{i}, {j}]"
        height = figure.get_size_inches()[1]
        figure.text(
            0.5,
            (below - 0.1) / height,
            f"output{where}",
            ha="center",
            va="top",
            fontsize=12,
            color=get_role("output").line,
            fontweight="bold",
        )
        figure.text(
            0.5,
            (below - 0.38) / height,
            "\n".join(lines),
            ha="center",
            va="top",
            fontsize=12,
            family="DejaVu Sans Mono",
            color=INK,
            gid="dot product",
        )

    def dot_product(self, i: int, j: int) -> list[str]:
        """The sum of products of one step, one line for each row of the kernel."""
        window = self.windows[i, j]
        shown = window.shape[1] <= _MOST_TERMS_IN_A_ROW
        pairs = [
            [f"{_factor(a)}·{_factor(b)}" for a, b in zip(*rows, strict=True)]
            for rows in zip(window, self.k, strict=True)
        ]
        if not shown:
            pairs = [[*row[: _MOST_TERMS_IN_A_ROW - 1], "…"] for row in pairs]
        widths = [max(map(len, column)) for column in zip(*pairs, strict=True)]
        lines = [
            " + ".join(term.rjust(width) for term, width in zip(row, widths, strict=True))
            for row in pairs
        ]
        lines = ["  " + lines[0], *("+ " + line for line in lines[1:])]
        result = f" = {cell_text(self.output[i, j])}"
        return [line + " " * len(result) for line in lines[:-1]] + [lines[-1] + result]

    def _input_title(self) -> str:
        if not self.padding:
            return "input"
        return f"input, padding {self.padding} ({self.padding_mode})"

    def _input_fills(self) -> np.ndarray:
        fills = np.tile(to_rgb(get_role("padding").fill), (*self.padded.shape, 1))
        p = self.padding
        rows = slice(0, None) if self.flat else slice(p, p + self.x.shape[0])
        fills[rows, p : p + self.x.shape[1]] = to_rgb(get_role("input").fill)
        return fills

    def _cell(self) -> float:
        cells: int = self.padded.shape[1] + self.k.shape[1] + self.output.shape[1]
        return min(0.5, 8.0 / cells)

    def _size(self, matrix: np.ndarray) -> str:
        return str(matrix.shape[1]) if self.flat else f"{matrix.shape[0]}×{matrix.shape[1]}"


def _factor(value: Any) -> str:
    text = cell_text(value)
    return f"({text})" if text.startswith("−") else text


def _mark_cell(ax: Axes, i: int, j: int) -> None:
    ax.add_patch(
        Rectangle(
            (j - 0.5, i - 0.5),
            1,
            1,
            fill=False,
            edgecolor=get_role("output").line,
            lw=3.5,
            zorder=5,
            gid="current",
        )
    )


def window_positions(n: int, kernel: int, stride: int = 1, padding: int = 0) -> Figure:
    """Show where the windows of a 1-D kernel stand, and which entries no window reads.

    Parameters
    ----------
    n : int
        Length of the input.
    kernel : int
        Length of the kernel.
    stride : int
        Distance between two windows.
    padding : int
        Entries added at each end.

    Returns
    -------
    Figure
        The input as a row of cells, a bar for each window, crosses on the cells never read.

    Raises
    ------
    ValueError
        If a length or the stride is less than 1, the padding negative, or the kernel too long.

    Examples
    --------
    >>> picture = window_positions(5, 3, stride=3)
    >>> [text.get_text() for text in picture.axes[0].texts if text.get_gid() == "never read"]
    ['×', '×']
    """
    if min(n, kernel, stride) < 1 or padding < 0:
        raise ValueError(
            "n, kernel and stride must be at least 1 and padding at least 0; "
            f"got n={n}, kernel={kernel}, stride={stride}, padding={padding}"
        )
    length = n + 2 * padding
    if kernel > length:
        raise ValueError(f"a kernel of length {kernel} does not fit into {n} + 2·{padding} entries")
    starts = range(0, length - kernel + 1, stride)
    unread = length - (starts[-1] + kernel)
    remark = f"{len(starts)} window" + "s" * (len(starts) != 1)
    if unread:
        remark += (
            ", the last entry is never read" if unread == 1 else f", {unread} entries never read"
        )
    height = 1.1 + 0.28 * len(starts)
    width = max(length * 0.5 + 0.4, 6.6)
    with style():
        figure = Picture(figsize=(width, height))
        figure.text(
            0.2 / width,
            1 - 0.12 / height,
            f"kernel {kernel}, stride {stride}, padding {padding}: {remark}",
            va="top",
            size=12.5,
        )
        ax = figure.add_axes((0, 0, 1, 1 - 0.42 / height))
        _draw_line_of_cells(ax, n, padding, unread)
        _draw_windows(ax, starts, kernel)
        ax.set_xlim(-0.9, -0.9 + 2 * width)
        ax.set_ylim(-0.6 + 2 * (height - 0.42), -0.6)
        ax.set_axis_off()
    return figure


def _draw_line_of_cells(ax: Axes, n: int, padding: int, unread: int) -> None:
    length = n + 2 * padding
    for at in range(length):
        inside = padding <= at < padding + n
        role = get_role("input" if inside else "padding")
        ax.add_patch(
            Rectangle((at - 0.5, -0.5), 1, 1, facecolor=role.fill, edgecolor=role.line, lw=1.2)
        )
        text = str(at - padding) if inside else "pad"
        size = 12 if inside else 9
        ax.text(at, 0, text, ha="center", va="center_baseline", size=size, color=MUTED)
        if at >= length - unread:
            ax.text(
                at,
                0,
                "×",
                ha="center",
                va="center",
                fontsize=30,
                color=get_role("kernel").line,
                gid="never read",
            )


def _draw_windows(ax: Axes, starts: range, kernel: int) -> None:
    role = get_role("kernel")
    for number, start in enumerate(starts):
        ax.add_patch(
            Rectangle(
                (start - 0.45, 0.7 + 0.56 * number),
                kernel - 0.1,
                0.42,
                facecolor=role.fill,
                edgecolor=role.line,
                lw=1.8,
                gid="window",
            )
        )
        ax.text(
            start + (kernel - 1) / 2,
            0.91 + 0.56 * number,
            f"output[{number}]",
            ha="center",
            va="center",
            fontsize=10,
        )
